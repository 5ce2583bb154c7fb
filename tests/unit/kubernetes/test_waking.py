"""What a wake answers, and when."""

import asyncio
from typing import Any

import msgspec

from cluster.kubernetes import names
from cluster.kubernetes.api import Api, Invalid
from cluster.kubernetes.kinds import Deployment, DeploymentSpec, Metadata, Secret
from cluster.kubernetes.mirror import Mirror
from cluster.kubernetes.settings import KubernetesSettings
from cluster.kubernetes.wakes import Wakes

SETTINGS = KubernetesSettings(image="i", checkin="c:1", ingest="i:1", token="t")
PATHS = names.Paths("apps")


def deployment(replicas: int, generation: int) -> Deployment:
    metadata = Metadata("app-a", labels={names.APP: "a"}, annotations={names.DIGEST: "d1"}, generation=generation)
    return Deployment(metadata, DeploymentSpec(replicas))


class One(Api):
    """Has one Deployment, which may be asked to want an instance if it does not."""

    def __init__(self) -> None:
        self.has = deployment(0, 7)

    async def get(self, path: str, kind: Any) -> Any:
        return Secret(Metadata(), {names.BUNDLE_KEY: ""}) if kind is Secret else self.has

    async def patch(self, path: str, body: Any, how: str = "merge") -> bytes:
        if self.has.spec.replicas:
            raise Invalid("the test of its replicas does not hold")
        self.has = deployment(1, self.has.metadata.generation + 1)
        return msgspec.json.encode(self.has)


async def test_that_a_start_began_is_answered_once_everything_before_it_has_been_told() -> None:
    api = One()
    mirror = Mirror(api, PATHS)
    mirror.take_deployment(deployment(1, 6), False)
    waking = asyncio.create_task(Wakes(api, PATHS, mirror, SETTINGS).wake("a"))
    for late in (deployment(1, 6), deployment(0, 7)):
        await asyncio.sleep(0.01)
        mirror.take_deployment(late, False)
        assert not waking.done()
    await asyncio.sleep(0.01)
    assert not waking.done()
    mirror.take_deployment(api.has, False)
    assert await waking is True


async def test_who_finds_an_instance_wanted_already_is_told_so_at_once() -> None:
    api = One()
    api.has = deployment(1, 7)
    mirror = Mirror(api, PATHS)
    mirror.take_deployment(api.has, False)
    assert await Wakes(api, PATHS, mirror, SETTINGS).wake("a") is False
