"""One data plane for all tests of this folder that do not break it; the others start their own."""

from collections.abc import AsyncIterator

import pytest

from tests.support.activator_door import Door


@pytest.fixture(scope="session")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    """Node, activator and Traefik."""
    async with Door(tmp_path_factory.mktemp("door") / "data") as running:
        yield running
