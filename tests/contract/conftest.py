"""The clusters that the contract is checked on. Each is started once and shared; every test has apps of its own.

On this machine by default; `FP_TEST_CLUSTER=kubernetes` checks the cluster that KUBECONFIG names instead.
"""

import itertools
import os
from collections.abc import AsyncIterator

import pytest

from tests.support.node_harness import Harness, LocalHarness
from tests.support.node_process import APPS_PYTHON
from tests.support.pods import PodHarness

_numbers = itertools.count(1)


@pytest.fixture(scope="session", params=[os.environ.get("FP_TEST_CLUSTER", "local")])
async def harness(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Harness]:
    """A running cluster with its neighbours."""
    if request.param == "kubernetes":
        async with PodHarness.running() as pods:
            yield pods
        return
    if not APPS_PYTHON.exists():
        pytest.skip("the apps' packages are not installed")
    async with LocalHarness.running(tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.fixture
async def app(harness: Harness) -> AsyncIterator[str]:
    """The id of an app of this test's own, deleted in the end."""
    name = f"app-{next(_numbers)}"
    yield name
    await harness.cluster.delete(name)
