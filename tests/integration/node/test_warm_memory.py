"""Zygotes of apps' own are given up when the machine's memory gets scarce, not only when another one is made."""

import asyncio
import socket
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from cluster.local import warm as module
from cluster.local.app_zygote import AppZygote
from cluster.local.channel import Channel
from cluster.local.process import Process
from cluster.local.warden import Warden
from cluster.local.warm import Warm
from cluster.local.zygote import Zygote

PLENTY = "MemTotal: 1000 kB\nMemAvailable: 500 kB\n"
LITTLE = "MemTotal: 1000 kB\nMemAvailable: 90 kB\n"


async def test_they_make_room_when_memory_gets_scarce(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = tmp_path / "meminfo"
    memory.write_text(PLENTY)
    monkeypatch.setattr(module, "MEMORY", memory)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    tasks: list[asyncio.Task[None]] = []

    def spawn(work: Coroutine[Any, Any, None], name: str) -> None:
        tasks.append(asyncio.create_task(work, name=name))

    child = await asyncio.create_subprocess_exec("sleep", "60", start_new_session=True)
    process, (ours, theirs) = Process.open(child.pid), socket.socketpair()
    assert process is not None
    zygote = AppZygote(process, Channel(ours), None, lambda *_: None)
    warm = Warm(Zygote([]), Warden(tmp_path / "limits.json", "off", lambda: []), 128, spawn)
    warm._zygotes["app"] = ("digest", zygote)
    watching = asyncio.create_task(warm.run())
    with suppress(TimeoutError):
        await asyncio.wait_for(child.wait(), 0.3)
    assert child.returncode is None, "there was room for it"
    memory.write_text(LITTLE)
    await asyncio.wait_for(child.wait(), 10)
    assert zygote.ended
    watching.cancel()
    theirs.close()
    zygote.close()
