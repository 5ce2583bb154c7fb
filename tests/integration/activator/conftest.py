"""Each data plane once for all tests of this folder that do not break it; the others start their own."""

from collections.abc import AsyncIterator
from typing import get_args

import pytest

from fp.local.traefik import DataPlane
from tests.support.activator_door import Door


@pytest.fixture(scope="session", params=get_args(DataPlane))
async def door(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    """Node, activator and Traefik, with either data plane."""
    async with Door(tmp_path_factory.mktemp("door") / "data", request.param, FP_CLIENT_ROOM_SIZE="2000") as running:
        yield running
