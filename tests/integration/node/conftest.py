"""A node of each test's own, with its neighbours."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.node_harness import LocalHarness
from tests.support.node_process import APPS_PYTHON


@pytest.fixture
async def local(tmp_path: Path) -> AsyncIterator[LocalHarness]:
    """A running node; when the test is over it is told to stop, and must leave nothing running."""
    if not APPS_PYTHON.exists():
        pytest.skip("the apps' packages are not installed")
    async with LocalHarness.running(tmp_path) as running:
        yield running
