"""One zygote and one check-in listener for all tests here; each test's apps end with it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.integration.runner.harness import Activator, Platform, Zygote


@pytest.fixture(scope="session")
async def activator() -> AsyncIterator[Activator]:
    listener = Activator()
    await listener.start()
    yield listener
    await listener.stop()


@pytest.fixture(scope="session")
async def zygote() -> AsyncIterator[Zygote]:
    process = Zygote()
    await process.start()
    yield process
    await process.stop()


@pytest.fixture
async def platform(activator: Activator, zygote: Zygote, tmp_path: Path) -> AsyncIterator[Platform]:
    made = Platform(activator, zygote, tmp_path)
    yield made
    await made.close()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
        yield client
