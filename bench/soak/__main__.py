"""`python -m bench.soak [CYCLES] [--plane P] [--signal S]`: exit code 0 when nothing failed that may not."""

import argparse
import asyncio
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from typing import get_args

from bench.soak import checks
from bench.soak.app import SOAKED
from bench.soak.deaths import Deaths, Signals
from bench.soak.load import Load
from bench.soak.sleeps import Sleeps
from bench.stage import PLANES
from tests.support.account import Account
from tests.support.platform import Platform

TELL_SECONDS = 10.0


def main(arguments: list[str]) -> int:
    """0 when nothing failed that may not, 1 with everything that did."""
    parser = argparse.ArgumentParser(prog="just soak", description=__doc__)
    parser.add_argument(
        "cycles", nargs="?", type=int, default=10_000, help="times an app is put to sleep, all together"
    )
    parser.add_argument("--plane", choices=PLANES, default="plugin")
    parser.add_argument("--signal", choices=get_args(Signals), default="mixed", help="how processes are ended")
    parser.add_argument("--apps", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="fp-soak-") as folder:
        data = Path(folder) / "data"
        # All visitors come from one address, which stands for as many as there are.
        with Platform(data, FP_DATA_PLANE=options.plane, FP_CLIENT_WAKES_PER_MINUTE="1000000") as platform:
            wrong = asyncio.run(_soak(platform, options))
        wrong += checks.left_over(data)
    for line in wrong[:50]:
        print(f"  {line}")
    print("1 passed, 0 failed" if not wrong else f"0 passed, 1 failed: {len(wrong)} things are wrong")
    return 1 if wrong else 0


async def _soak(platform: Platform, options: argparse.Namespace) -> list[str]:
    account = Account(platform)
    names = [f"soak-{number}" for number in range(options.apps)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: account.publish(name, SOAKED), names))
    apps = {name: account.api("GET", f"/apps/{name}")["id"] for name in names}
    # Traefik's own proxy cuts about one answer in a thousand to a request with a body (docs/data-plane.md).
    load = Load(platform.port, names, options.seed, bodies=options.plane == "plugin")
    deaths, sleeps = Deaths(platform, options.signal, options.seed), Sleeps(platform, apps, options.cycles)
    began, stop = monotonic(), asyncio.Event()
    early: dict[str, float] = {}
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(load.run(stop), name="load")
        tasks.create_task(deaths.run(stop), name="deaths")
        cycling = tasks.create_task(sleeps.run(), name="sleeps")
        while not cycling.done():
            await asyncio.wait({cycling}, timeout=TELL_SECONDS)
            early = early or await checks.memory(platform)
            _tell(sleeps, load, deaths, monotonic() - began)
        stop.set()
    late = await checks.memory(platform)
    wrong = checks.failures(load, options.plane, deaths.away)
    print(f"  {checks.excused(load, options.plane, deaths.away)} requests failed of what was killed under them")
    wrong += await asyncio.to_thread(_settled, account, names, load)
    return [*wrong, *checks.strangers(platform), *checks.grown(early, late)]


def _settled(account: Account, names: list[str], load: Load) -> list[str]:
    return [*checks.stuck(account, names), *checks.unrecorded(account, load)]


def _tell(sleeps: Sleeps, load: Load, deaths: Deaths, seconds: float) -> None:
    answered = ", ".join(f"{count:,} {kind}" for kind, count in sorted(load.answered.items()))
    print(
        f"  {seconds:5.0f} s: {sleeps.cycles:,} of {sleeps.goal:,} cycles; answered {answered}; "
        f"{len(load.failures)} failed; {len(deaths.away)} processes ended",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
