"""What the keeper does about a death, in whatever order the API server tells its parts."""

from typing import Any, cast

import msgspec
import pytest

from cluster.base import Failure
from cluster.kubernetes import names, words
from cluster.kubernetes.api import Api
from cluster.kubernetes.keeper import Keeper
from cluster.kubernetes.kinds import (
    ContainerState,
    ContainerStatus,
    Deployment,
    DeploymentSpec,
    Metadata,
    Pod,
    PodStatus,
    Terminated,
)
from cluster.kubernetes.mirror import Mirror
from cluster.kubernetes.obituaries import Obituaries
from cluster.kubernetes.settings import KubernetesSettings
from cluster.kubernetes.wakes import Wakes

SETTINGS = KubernetesSettings(image="i", checkin="c:1", ingest="i:1", token="t")
PATHS = names.Paths("apps")
KILLED = Terminated(exit_code=137)


class Written(Api):
    """Takes every patch and keeps it; nobody listens at its address."""

    def __init__(self) -> None:
        self.patches: list[tuple[str, Any]] = []

    async def patch(self, path: str, body: Any, how: str = "merge") -> bytes:
        self.patches.append((path, body))
        return b"{}"


class Told(Obituaries):
    """Keeps what it would post."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def post(self, pod: Pod, text: str) -> None:
        self.lines.append(text)


class Parts:
    """A keeper, and a mirror that shows what a test puts into it."""

    def __init__(self) -> None:
        self.api, self.told = Written(), Told()
        self.mirror = Mirror(self.api, PATHS)
        wakes = Wakes(self.api, PATHS, self.mirror, SETTINGS)
        self.keeper = Keeper(self.api, PATHS, self.mirror, wakes=wakes, settings=SETTINGS, obituaries=self.told)

    def show(self, replicas: int, failure: Failure | None) -> None:
        """The app's Deployment."""
        text = msgspec.json.encode(failure).decode() if failure else ""
        notes = {names.DIGEST: "d1", names.FAILURE: text}
        metadata = Metadata("app-a", labels={names.APP: "a"}, annotations=notes)
        self.mirror.take_deployment(Deployment(metadata, DeploymentSpec(replicas)), False)

    def show_dead(self, name: str, made: str, death: Terminated | None) -> None:
        """A pod that has been taken out of its ReplicaSet."""
        labels = {names.APP: "a", names.ROLE: names.DEAD_ROLE, names.EDITION: names.edition("d1")}
        status = ContainerStatus(restart_count=1, last_state=ContainerState(terminated=death))
        metadata = Metadata(name, uid=name, labels=labels, creation_timestamp=made)
        self.mirror.take_pod(Pod(metadata, status=PodStatus(container_statuses=[status])), False)

    def explained(self) -> list[str]:
        """The codes of the failures that were written into the Deployment."""
        steps = [step for path, patch in self.api.patches if path == PATHS.deployment("a") for step in patch]
        written = [cast(str, step["value"]) for step in steps if step["op"] == "replace"]
        return [msgspec.json.decode(text, type=Failure).code for text in written]


@pytest.fixture
def parts() -> Parts:
    return Parts()


async def test_how_it_died_is_written_down_also_where_that_is_known_before_its_app_is_asleep(parts: Parts) -> None:
    parts.show(1, None)
    parts.show_dead("one", "2026-01-01T00:00:00Z", KILLED)
    await parts.keeper.look_at_app("a")
    assert parts.explained() == []
    parts.show(0, words.ENDED)
    await parts.keeper.look_at_app("a")
    assert parts.explained() == ["killed"]
    parts.show(0, Failure("killed", "told"))
    await parts.keeper.look_at_app("a")
    assert parts.explained() == ["killed"], "once"
    assert len(parts.told.lines) == 1


async def test_an_earlier_death_is_no_explanation(parts: Parts) -> None:
    parts.show(0, words.ENDED)
    parts.show_dead("one", "2026-01-01T00:00:00Z", KILLED)
    parts.show_dead("two", "2026-01-01T00:00:09Z", None)
    await parts.keeper.look_at_app("a")
    assert parts.explained() == []
    parts.show_dead("two", "2026-01-01T00:00:09Z", Terminated(exit_code=3))
    await parts.keeper.look_at_app("a")
    assert parts.explained() == ["exited"]


async def test_who_was_woken_meanwhile_has_no_failure_any_more(parts: Parts) -> None:
    parts.show(1, words.ENDED)
    parts.show_dead("one", "2026-01-01T00:00:00Z", KILLED)
    await parts.keeper.look_at_app("a")
    assert parts.explained() == []
