"""What objects of the API server's mean: views, tickets, deaths, in words for people."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from cluster.base import Failure
from cluster.kubernetes import names, state, wakes, words
from cluster.kubernetes.kinds import Deployment, Pod

EDITION = names.edition("d1")


def deployment(replicas: int = 1, **notes: str) -> Deployment:
    """An app's; `notes` are annotations without their prefix."""
    given = {
        "name": "notes",
        "live-version": "v1",
        "number": "1",
        "digest": "d1",
        "hosts": '["a.x"]',
        "idle-minutes": "15",
    }
    return msgspec.convert(
        {
            "metadata": {
                "name": "app-a",
                "labels": {names.APP: "a"},
                "annotations": {
                    names.PREFIX + name.replace("_", "-"): value for name, value in (given | notes).items()
                },
            },
            "spec": {"replicas": replicas},
        },
        Deployment,
    )


def pod(name: str = "p1", edition: str = EDITION, **parts: Any) -> Pod:
    """One of its pods, ready unless `parts` say otherwise."""
    metadata = {
        "name": name,
        "uid": f"uid-{name}",
        "labels": {names.APP: "a", names.ROLE: "app", names.EDITION: edition},
        "annotations": {names.UPSTREAM: "10.0.0.1:8000"},
        "creationTimestamp": "2026-01-31T12:00:00Z",
        **parts.pop("metadata", {}),
    }
    spec = {"containers": [{"env": [{"name": "FP_TICKET", "value": "$(FP_POD_UID).s3cret"}]}], **parts.pop("spec", {})}
    return msgspec.convert({"metadata": metadata, "spec": spec, "status": parts}, Pod)


def ended(code: int, reason: str = "Error", message: str = "") -> dict[str, Any]:
    """A container status whose process ended."""
    return {
        "containerStatuses": [{"lastState": {"terminated": {"exitCode": code, "reason": reason, "message": message}}}]
    }


def test_an_awake_apps_view() -> None:
    view = state.view(deployment(), [pod()])
    assert (view.app, view.name, view.version, view.number, view.digest) == ("a", "notes", "v1", 1, "d1")
    assert (view.hosts, view.replicas, view.closed, view.blocked, view.failure) == (["a.x"], 1, False, "", None)
    assert (view.upstream, view.instance, view.ticket) == ("10.0.0.1:8000", "p1", "uid-p1.s3cret")


@pytest.mark.parametrize(
    "other",
    [
        pod(edition="another"),
        pod(metadata={"annotations": {}}),
        pod(metadata={"deletionTimestamp": "2026-01-01T00:00:00Z"}),
        pod(metadata={"annotations": {names.UPSTREAM: "10.0.0.1:8000", names.DEAD: "yes"}}),
        pod(metadata={"annotations": {names.UPSTREAM: "10.0.0.1:8000", names.FAILED: "{}"}}),
        pod(phase="Failed"),
        pod(**ended(1)),
    ],
    ids=["another version", "not ready", "leaving", "dead", "failed", "evicted", "ended"],
)
def test_what_does_not_serve(other: Pod) -> None:
    assert state.view(deployment(), [other]).upstream is None
    assert state.view(deployment(), [other, pod("p2")]).instance == "p2"


def test_a_pod_of_the_pool_counts_from_when_it_was_taken_and_not_from_when_it_was_made() -> None:
    """It may have waited for days: it is not late, and it is newer than an instance that was made meanwhile."""
    taken = datetime(2026, 1, 31, 13, tzinfo=UTC)
    patch = {str(step["path"]): step.get("value") for step in wakes.reservation(deployment(), taken)}
    notes = {names.UPSTREAM: "10.0.0.2:8000", names.CLAIMED: patch[names.pointer(names.CLAIMED)]}
    old = pod("p1", metadata={"annotations": notes, "creationTimestamp": "2026-01-01T00:00:00Z"})
    assert state.wanted_since(old) == taken
    assert state.wanted_since(pod()) == datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert state.view(deployment(), [pod("p2"), old]).instance == "p1"


def test_nobody_serves_for_an_app_that_is_asleep() -> None:
    assert state.view(deployment(0), [pod()]).upstream is None


def test_gate_block_and_failure_are_told() -> None:
    failure = Failure("exited", "Process exited with code 3")
    view = state.view(deployment(0, gate="closed", blocked="paused", failure=msgspec.json.encode(failure).decode()), [])
    assert (view.closed, view.blocked, view.failure) == (True, "paused", failure)


@pytest.mark.parametrize(
    "shown", ["", "s3cret", "uid-p2.s3cret", "uid-p1.other", "uid-p1.s3cre", "$(FP_POD_UID).s3cret", "ü"]
)
def test_only_its_own_ticket_counts(shown: str) -> None:
    assert state.shows_its_ticket(pod(), "uid-p1.s3cret")
    assert not state.shows_its_ticket(pod(), shown)


def test_a_pod_without_a_ticket_has_none_to_show() -> None:
    assert not state.shows_its_ticket(pod(spec={"containers": []}), "")


@pytest.mark.parametrize(
    ("status", "code", "words_of"),
    [
        (ended(3), "exited", "Process exited with code 3"),
        (ended(137), "killed", "SIGKILL"),
        (ended(139), "killed", "SIGSEGV"),
        (ended(137, "OOMKilled"), "out_of_memory", "memory"),
    ],
)
def test_deaths_in_words(status: dict[str, Any], code: str, words_of: str) -> None:
    dead = pod(**status)
    assert dead.death is not None
    failure = words.death(dead, dead.death)
    assert failure.code == code
    assert words_of in failure.message


def test_a_death_carries_the_last_lines() -> None:
    dead = pod(**ended(1, message="one\n\ntwo\n"))
    assert dead.death is not None
    assert words.death(dead, dead.death).traceback == "one\ntwo"


NO_ROOM = "0/3 nodes are available: 3 Insufficient memory. preemption: 0/3 nodes are available."


def test_where_a_pod_is_on_its_way() -> None:
    assert "gate" not in words.progress(pod(spec={"schedulingGates": [{"name": "x"}]}))
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": NO_ROOM}
    waiting = pod(conditions=[condition])
    assert words.progress(waiting) == "Waiting for room on a node: 0/3 nodes are available: 3 Insufficient memory"
    late = words.too_late(waiting, 30)
    assert (late.code, "preemption" in late.message, late.hint is None) == ("no_room", False, False)


@pytest.mark.parametrize("reason", ["ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull"])
def test_an_image_that_is_not_there(reason: str) -> None:
    stuck = pod(containerStatuses=[{"state": {"waiting": {"reason": reason, "message": "not found"}}}])
    obstacle = words.obstacle(stuck)
    assert obstacle is not None
    assert obstacle.code == "image_missing"
    assert "not found" in obstacle.message


def test_a_quota_that_is_used_up() -> None:
    failure = words.refusal('pods "x" is forbidden: exceeded quota: apps, requested: pods=1, used: pods=2')
    assert failure.code == "quota_exceeded"
    assert failure.hint
