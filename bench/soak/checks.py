"""What must be true when the load has ended: nothing stuck, nothing lost, nothing left over, nothing grown."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Final

from bench.processes import family, memory_mb
from bench.soak.deaths import Away
from bench.soak.load import Failure, Load
from tests.support.account import Account
from tests.support.platform import Platform, wait_for

SETTLED_SECONDS: Final = 30.0
RECORDS_SECONDS: Final = 120.0
MOST_RECORDS: Final = 20_000
"""Beyond that many requests an app, only the newest are looked for: a page has 200, and each takes a call."""
GROWTH_MB: Final = 60.0


def failures(load: Load, plane: str, away: list[Away]) -> list[str]:
    """What failed and may not have."""
    return [_told(one, away) for one in load.failures if one.wrong or not _excused(one, plane, away)]


def excused(load: Load, plane: str, away: list[Away]) -> int:
    """How many failed of something that was killed under them."""
    return sum(not one.wrong and _excused(one, plane, away) for one in load.failures)


def _excused(failure: Failure, plane: str, away: list[Away]) -> bool:
    return any(one.excuses(plane, failure.began, failure.ended) for one in away)


def _told(failure: Failure, away: list[Away]) -> str:
    near = [
        f"{one.victim} {one.number.name}"
        for one in away
        if one.since - 2 < failure.ended and one.until + 2 > failure.began
    ]
    took = failure.ended - failure.began
    return f"{failure.app} {failure.kind}: {failure.what} after {took:.2f} s ({', '.join(near) or 'nobody was away'})"


def stuck(account: Account, apps: list[str]) -> list[str]:
    """Apps that do not come to rest."""
    found = []
    for app in apps:
        try:
            wait_for(lambda app=app: account.status(app) in ("running", "sleeping"), SETTLED_SECONDS, app)  # type: ignore[misc]
        except AssertionError:
            found.append(f"{app} stays {account.status(app)}")
    return found


def unrecorded(account: Account, load: Load) -> list[str]:
    """Answered requests without a record, and records that there are twice."""
    found = []
    for app, markers in load.markers.items():
        wanted = set(markers[-MOST_RECORDS // 2 :])
        seen: Counter[str] = Counter()

        def complete(app: str = app, wanted: set[str] = wanted, seen: Counter[str] = seen) -> bool:
            seen.clear()
            seen.update(_recorded(account, app, MOST_RECORDS))
            return wanted <= seen.keys()

        try:
            wait_for(complete, RECORDS_SECONDS, "records")
        except AssertionError:
            found.append(f"{app}: {len(wanted - seen.keys())} of {len(wanted)} answered requests have no record")
        found += [f"{app}: {marker} is recorded {count} times" for marker, count in seen.items() if count > 1]
    return found


def _recorded(account: Account, app: str, most: int) -> list[str]:
    queries: list[str] = []
    cursor = ""
    while len(queries) < most:
        page = account.api(
            "GET", f"/apps/{app}/requests", params={"limit": 200} | ({"cursor": cursor} if cursor else {})
        )
        queries += [item["query"] for item in page["items"] if item["query"]]
        cursor = page["next"]
        if not cursor:
            break
    return queries


async def memory(platform: Platform) -> dict[str, float]:
    """Megabytes by process, its own alone; what descends from the node is apps and counts for nothing here."""
    running = platform.processes()
    return await asyncio.to_thread(lambda: {name: memory_mb(pid, "Pss_Anon") for name, pid in running.items()})


def grown(before: dict[str, float], after: dict[str, float]) -> list[str]:
    """Processes that take far more memory than early in the soak. MongoDB fills its cache and is left out."""
    return [
        f"{name} grew from {before[name]:.0f} to {after[name]:.0f} MB"
        for name in before.keys() & after.keys() - {"mongodb"}
        if after[name] > before[name] + GROWTH_MB
    ]


def strangers(platform: Platform) -> list[str]:
    """Processes below the supervisor that nobody accounts for: neither the platform's own, nor an app's or a zygote's."""
    assert platform.process is not None
    known = set(family(platform.process.pid))
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
        except OSError:
            continue
        if str(platform.data).encode() in environment and int(process.name) not in known:
            found.append(f"process {process.name} is nobody's")
    return found


def left_over(data: Path) -> list[str]:
    """Processes that still mention the data folder once the platform has stopped."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            said = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        except OSError:
            continue
        if f"FP_DATA={data}".encode() in said or f"FP_SPOOL={data}".encode() in said:
            found.append(f"process {process.name} is left over")
    return found
