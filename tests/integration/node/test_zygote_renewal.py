"""A zygote that grows gives way to another, and nobody who wants a process waits for that or is left out."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from cluster.local import zygote as module
from cluster.local.zygote import Fork, Zygote
from tests.support.node_process import APPS_PYTHON, ROOT
from tests.support.platform import wait_for

LEAKY = """\
import sys
sys.path.insert(0, {root!r})
from runner import zygote
leaks, carry_out = [], zygote.Zygote._carry_out
def leaking(self, line):
    leaks.append(b"x" * 40_000_000)
    carry_out(self, line)
zygote.Zygote._carry_out = leaking
zygote.run(int(sys.argv[1]))
"""
CALLS, MOST_CALLS = 12, 60


@pytest.fixture
async def leaky(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Zygote]:
    """A keeper of zygotes that grow by 40 MB with each order, looked at ten times a second."""
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.1)
    keeper = Zygote([str(APPS_PYTHON), "-I", "-c", LEAKY.format(root=str(ROOT))])
    running = asyncio.create_task(keeper.run())
    yield keeper
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def forked(keeper: Zygote, number: int, folder: Path) -> tuple[int, float]:
    """A process that has nothing to do (without a check-in it says so and ends), and the seconds that it took."""
    began = time.monotonic()
    fork = Fork(f"i-{number}", {}, str(folder / "native.log"), 512, 0)
    return await keeper.fork(f"i-{number}", lambda: (fork, []), 20.0), time.monotonic() - began


async def test_a_zygote_that_grows_is_replaced_and_every_order_is_carried_out_at_once(
    leaky: Zygote, tmp_path: Path
) -> None:
    pids: set[int] = set()
    zygotes: set[int] = set()
    waits: list[float] = []
    # How long it takes to have another one ready is the machine's affair; nobody may notice it.
    while len(pids) < CALLS or len(zygotes) < 2:
        number = len(pids)
        assert number < MOST_CALLS, "it was not replaced"
        pid, seconds = await forked(leaky, number, tmp_path)
        pids.add(pid)
        waits.append(seconds)
        zygotes.add(zygote_of(leaky))
        await asyncio.sleep(0.2)
    assert len(pids) == len(waits)
    # The first order waited for its zygote to have everything imported; no other did.
    assert max(waits[1:]) < waits[0] / 2, waits
    gone = zygotes - {zygote_of(leaky)}
    await asyncio.to_thread(wait_for, lambda: not any(Path(f"/proc/{pid}").exists() for pid in gone), 10, "their end")


def zygote_of(keeper: Zygote) -> int:
    """The pid of the one that it has now."""
    assert keeper._live is not None
    return keeper._live.process.pid
