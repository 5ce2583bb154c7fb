"""Wake storm: a thousand clients at one sleeping app in the same moment, and a hundred sleeping apps hit at once.

Every body is checked against what its client asked and by which process it was made; how many wakes there were is the
activator's own count. Compared to the very same crowd at the same app once it is awake.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any, Final

from bench.apps import ECHO
from bench.burst import Reply, burst
from bench.measure import percentile
from bench.results import Chart, Found, Row
from bench.stage import metric, stage
from tests.support.account import Account
from tests.support.platform import Platform

CROWD: Final = "crowd"


def run(smoke: bool) -> Found:
    """Five storms of 1,000 clients and five of 100 apps (one of 100, one of 8 in the smoke run)."""
    clients, apps, rounds = (100, 8, 1) if smoke else (1000, 100, 5)
    with stage() as (platform, account):
        names = [f"storm-{number}" for number in range(apps)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda name: account.publish(name, {"app.py": ECHO}), [CROWD, *names]))
        wakes, asleep, awake = 0, [], []
        for _ in range(rounds):
            _sleep(account, [CROWD])
            before = metric(platform, "fp_wakes_total")
            asleep.append(_storm(platform, [CROWD] * clients, 1))
            wakes = max(wakes, round(metric(platform, "fp_wakes_total") - before))
            awake.append(_storm(platform, [CROWD] * clients, 1))
        many, woken = [], 0
        for _ in range(rounds):
            _sleep(account, names)
            before = metric(platform, "fp_wakes_total")
            many.append(_storm(platform, names, apps))
            woken = max(woken, round(metric(platform, "fp_wakes_total") - before))
    if wakes != 1 or woken != apps:
        raise RuntimeError(f"one app was woken {wakes} times by one storm, {apps} apps {woken} times")
    return Found(
        [
            _row(f"1 app, {clients:,} clients", asleep, f"the same crowd, the app awake: {_words(awake)}", wakes),
            _row(f"{apps} apps at once, one client each", many, "", woken),
        ],
        _charts(
            {f"1 sleeping app, {clients:,} clients": asleep, "the same app awake": awake, f"{apps} sleeping apps": many}
        ),
        {"asleep": asleep, "awake": awake, "apps": many, "wakes": wakes, "woken": woken},
    )


def _sleep(account: Account, names: Sequence[str]) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: account.api("POST", f"/apps/{name}/sleep"), names))


def _storm(platform: Platform, names: Sequence[str], processes: int) -> list[float]:
    """Milliseconds of each answer, sorted. Raises RuntimeError unless every one is right and from one process an app."""
    replies = burst(platform.port, [(f"{name}.localhost", f"/?client={index}") for index, name in enumerate(names)])
    wrong = [reply for index, reply in enumerate(replies) if not _right(reply, index)]
    if wrong:
        raise RuntimeError(f"{len(wrong)} of {len(replies)} answers were wrong, the first: {wrong[0]}")
    pids = {reply.body.split()[0] for reply in replies}
    if len(pids) != processes:
        raise RuntimeError(f"{len(pids)} processes answered, not {processes}")
    return sorted(reply.ms for reply in replies)


def _right(reply: Reply, index: int) -> bool:
    return reply.status == 200 and reply.body.split()[1:] == [f"client={index}".encode()]


def _words(storms: Sequence[Sequence[float]]) -> str:
    p50, slowest = (median(percentile(storm, share) for storm in storms) for share in (0.5, 1.0))
    return f"p50 {p50:,.0f}, slowest {slowest:,.0f} ms"


def _row(what: str, storms: Sequence[Sequence[float]], against: str, wakes: int) -> Row:
    answers = sum(map(len, storms))
    wake = "wake" if wakes == 1 else "wakes"
    return Row(
        f"{what}, {len(storms)} times",
        f"{_words(storms)}; {wakes} {wake} a storm, {answers:,} answers right, 0 failed",
        against,
        f"{wakes} {wake}, none lost",
        True,
    )


def _charts(storms: dict[str, list[list[float]]]) -> list[Chart]:
    return [
        Chart(
            "storm",
            "Share of clients that have their answer, by time",
            "Lines: how many percent of the clients had their answer after so many milliseconds, for each storm.",
            "lines",
            "clients answered, percent",
            {name: _curve(_typical(rounds)) for name, rounds in storms.items()},
            x_title="milliseconds after everybody sent",
        )
    ]


def _typical(rounds: list[list[float]]) -> list[float]:
    """The storm with the median slowest answer."""
    return sorted(rounds, key=lambda storm: storm[-1])[len(rounds) // 2]


def _curve(storm: Sequence[float]) -> list[Any]:
    return [[round(percentile(storm, share / 100), 1), share] for share in range(0, 101, 2)]
