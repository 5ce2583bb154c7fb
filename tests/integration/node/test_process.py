"""Processes are told apart for certain, and their end is noticed with and without the system's help."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Iterator

import pytest

from cluster.local import process
from cluster.local.process import Process
from tests.support.node_ingest import until


async def _sleeper() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec("sleep", "60")


@pytest.fixture(params=["pidfd", "polling"])
def help_of_the_system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With pidfds where there are some, and as on a system that has none."""
    if request.param == "polling":
        monkeypatch.delattr(os, "pidfd_open", raising=False)
    elif not hasattr(os, "pidfd_open"):
        pytest.skip("this system has no pidfds")
    return str(request.param)


async def test_an_end_is_noticed_once(help_of_the_system: str) -> None:
    child = await _sleeper()
    opened = Process.open(child.pid)
    assert opened is not None
    ends: list[float] = []
    opened.watch(lambda: ends.append(time.monotonic()))
    began = time.monotonic()
    opened.signal(signal.SIGKILL)
    assert await child.wait() == -signal.SIGKILL
    await until(lambda: ends)
    assert ends[0] - began < 1.0
    opened.signal(signal.SIGTERM)
    opened.close()
    assert len(ends) == 1


async def test_another_identity_is_another_process(help_of_the_system: str) -> None:
    child = await _sleeper()
    try:
        opened = Process.open(child.pid)
        assert opened is not None
        assert Process.open(child.pid, "someone else") is None
        again = Process.open(child.pid, opened.identity)
        assert again is not None
        again.close()
        opened.close()
    finally:
        child.kill()
        await child.wait()
    assert Process.open(child.pid) is None


@pytest.fixture
def zombie() -> Iterator[int]:
    """A pid whose process ended and was not waited for."""
    pid = os.posix_spawn("/bin/true", ["true"], {})
    yield pid
    os.waitpid(pid, 0)


async def test_a_zombie_is_gone(zombie: int) -> None:
    await until(lambda: process.identify(zombie) is None)
    assert Process.open(zombie) is None


async def test_ps_tells_processes_apart_where_there_is_no_proc() -> None:
    if shutil.which("ps") is None:
        pytest.skip("no ps here")
    child = await _sleeper()
    try:
        first = process._identify_by_ps(child.pid)
        assert first
        assert process._identify_by_ps(child.pid) == first
    finally:
        child.kill()
        await child.wait()
    assert process._identify_by_ps(child.pid) is None
