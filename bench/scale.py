"""Scale: 10, 100, 1,000 and 10,000 known apps, all asleep but the ones that are measured; each beside 10 in the same run.

Nobody deploys ten thousand apps to measure this: a node's folder is written as the node itself would write it, and a real
node, activator and Traefik with the plugin come up over it. All sizes are up at the same time and take turns, so that a
noisy minute hits all. Memory is resident size, because what processes share differs with who runs beside them.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Final

import msgspec

from bench import scale_report
from bench.apps import BARE
from bench.measure import Load, ask, wrk
from bench.processes import cpu_ms, memory_mb
from bench.results import Found
from bench.scale_report import Size
from cluster.base import Workload
from cluster.local.store import Store
from tests.support.activator_door import Door

SETTLE_SECONDS: Final = 0.05
"""So long a change has to go round before its cost is read; it takes a few milliseconds."""


def run(smoke: bool) -> Found:
    """The sizes in turns: 7 rounds of load, 30 wakes, 100 changes each (1, 2 and 3 in the smoke run)."""
    with tempfile.TemporaryDirectory(prefix="fp-bench-") as folder:
        sizes = asyncio.run(_run(Path(folder), smoke))
    data = {str(size.apps): _data(size) for size in sizes}
    return Found(scale_report.rows(sizes), scale_report.charts(sizes), data)


async def _run(folder: Path, smoke: bool) -> list[Size]:
    counts, rounds, wakes, changes = ((10, 40), 1, 2, 3) if smoke else ((10, 100, 1000, 10_000), 7, 30, 100)
    sizes: list[Size] = []
    async with AsyncExitStack() as stack:
        for count in counts:
            data = folder / str(count)
            prepare(data / "node", count)
            began = time.monotonic()
            size = Size(count, await stack.enter_async_context(Door(data)))
            size.up = time.monotonic() - began
            size.memory = {name: memory_mb(pid, "Rss") for name, pid in size.processes.items()}
            sizes.append(size)
        await asyncio.sleep(1 if smoke else 5)
        await _idle(sizes, 1 if smoke else 5)
        for _ in range(rounds):
            for size in sizes:
                size.loads.append(await asyncio.to_thread(_load, size, 1 if smoke else 3))
        for number in range(wakes):
            for size in sizes:
                size.wakes.append(await _wake(size, 1 + number % 8))
        for number in range(changes):
            for size in sizes:
                size.changes.append(await _change(size, number))
    return sizes


def prepare(node: Path, count: int) -> None:
    """A node's folder that knows `count` apps: `app-0`, `app-1` and so on."""
    store = Store(node)
    store.open()
    for number in range(count):
        name = f"app-{number}"
        workload = _workload(name)
        code = store.unpack(workload)
        store.save(msgspec.structs.replace(workload, files={}), code)
    store.close()


def _workload(name: str) -> Workload:
    return Workload(
        app=name,
        name=name,
        version=f"{name}-1",
        number=1,
        digest=f"{name}-1",
        files={"app.py": BARE},
        entrypoint="app.py",
        env={},
        hosts=[f"{name}.localhost"],
    )


async def _idle(sizes: Sequence[Size], seconds: int) -> None:
    before = [cpu_ms(size.processes.values()) for size in sizes]
    await asyncio.sleep(seconds)
    for size, used in zip(sizes, before, strict=True):
        size.idle = (cpu_ms(size.processes.values()) - used) / seconds


def _load(size: Size, seconds: int) -> Load:
    if ask(size.door.port, "app-0.localhost").status != 200:
        raise RuntimeError("the app did not answer")
    load = wrk(f"http://127.0.0.1:{size.door.port}/", "app-0.localhost", 50, seconds)
    if load.bad:
        raise RuntimeError(f"{load.bad} wrong answers with {size.apps} apps")
    return load


async def _wake(size: Size, number: int) -> float:
    name = f"app-{number}"
    await size.door.sleep(name)
    answer = await asyncio.to_thread(ask, size.door.port, f"{name}.localhost")
    if answer.status != 200 or "server-timing" not in answer.headers:
        raise RuntimeError(f"a wake answered {answer.status}: {answer.body[:200]!r}")
    return answer.ms


async def _change(size: Size, number: int) -> float:
    """Processor milliseconds that all processes spent on one changed setting of one app."""
    pids = list(size.processes.values())
    before = cpu_ms(pids)
    await size.door.cluster.configure("app-9", idle_minutes=20 + number % 2, blocked="", hosts=["app-9.localhost"])
    await asyncio.sleep(SETTLE_SECONDS)
    return cpu_ms(pids) - before - size.idle * SETTLE_SECONDS


def _data(size: Size) -> dict[str, object]:
    figures = {name: getattr(size, name) for name in ("up", "memory", "idle", "wakes", "changes")}
    return figures | {"loads": [asdict(load) for load in size.loads]}
