"""Where control groups may not be made: what one process may take is bounded, and the node says what is not."""

import resource
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cluster.base import Limits
from tests.support.greedy import GREEDY, Groups
from tests.support.node_harness import LocalHarness, apply, get, workload
from tests.support.node_ingest import until
from tests.support.node_process import APPS_PYTHON, alive

LIMITS = Limits(memory_mb=64, start_seconds=10.0, grace_seconds=5.0)


@pytest.fixture
async def local(tmp_path: Path) -> AsyncIterator[LocalHarness]:
    """A node that was told to do without control groups."""
    if not APPS_PYTHON.exists():
        pytest.skip("the apps' packages are not installed")
    async with LocalHarness.running(tmp_path, FP_CGROUPS="off") as running:
        yield running


async def test_the_node_says_what_is_limited_and_what_is_not(local: LocalHarness) -> None:
    words = Groups(local).words
    assert "private memory of each process, by rlimit" in words
    assert "CPU is not limited" in words
    assert "FP_CGROUPS=off" in words
    assert words in local.node.log()


async def test_an_app_that_eats_memory_gets_a_memory_error_and_serves_on(local: LocalHarness) -> None:
    await apply(local.cluster, workload("greedy", 1, GREEDY, limits=LIMITS))
    view = await local.follower.awake("greedy")
    bound, _ = resource.prlimit(int((await get(view)).split()[1]), resource.RLIMIT_DATA)
    assert bound == (64 + 320) * 1024 * 1024
    assert await get(view, "/eat") == "MemoryError"
    assert (await get(view)).startswith("pid ")


async def test_what_stays_in_its_session_does_not_outlive_the_app(local: LocalHarness) -> None:
    await apply(local.cluster, workload("greedy", 1, GREEDY, limits=LIMITS))
    view = await local.follower.awake("greedy")
    child = int((await get(view, "/child")).split()[2])
    assert alive(child)
    await local.cluster.scale("greedy", 0)
    await until(lambda: not alive(child))
