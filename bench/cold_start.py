"""Cold start: request sent to last byte, for apps that sleep; each against a fresh `uvicorn app:app` process of the same app.

Five apps, from one that does nothing to one that imports pandas, each imported at every wake, and each kept imported by a
zygote of its own. They take turns, so that a noisy minute hits all; between a wake and the next there is nothing else going
on. Where a wake's time goes comes from what the activator tells the client (`Server-Timing`) and what the runner told the
node of its phases.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

from bench.apps import BARE, FASTHTML, PANDAS, ROUTES, TYPICAL
from bench.fresh import start_ms
from bench.measure import ask, percentile
from bench.results import Chart, Found, Row
from bench.stage import stage
from tests.support.account import Account
from tests.support.platform import ROOT, Platform, wait_for

PHASES: Final = ("process", "checkin", "imports", "startup")


@dataclass(frozen=True)
class Sleeper:
    """An app and what its wakes took, in milliseconds. `held`: of that, by the activator. `fresh`: a fresh process.

    `kept`: what wakes took where the app was kept imported, as far as it lets itself be.
    """

    name: str
    words: str
    source: str
    python: Path
    id: str = ""
    wakes: list[float] = field(default_factory=list)
    kept: list[float] = field(default_factory=list)
    held: list[float] = field(default_factory=list)
    fresh: list[float] = field(default_factory=list)
    phases: dict[str, float] = field(default_factory=dict)


def run(smoke: bool) -> Found:
    """100 wakes of each app either way (3 in the smoke run), and 12 fresh processes (1)."""
    light, heavy = ROOT / ".venv-apps/bin/python", ROOT / ".venv-bench-apps/bin/python"
    if not heavy.exists():
        raise RuntimeError("the packages of the heavy app are not installed: tools/ensure bench")
    sleepers = [
        Sleeper("bare", "bare ASGI", BARE, light),
        Sleeper("fastapi", "FastAPI", TYPICAL, light),
        Sleeper("routes", "FastAPI, 10 models, 20 routes", ROUTES, light),
        Sleeper("fasthtml", "FastHTML", FASTHTML, light),
    ]
    with_pandas = [Sleeper("pandas", "FastAPI and pandas", PANDAS, heavy)]
    rounds, fresh = (3, 1) if smoke else (100, 12)
    for some, python in ((sleepers, light), (with_pandas, heavy)):
        _measure(some, rounds, fresh, python)
        _measure_kept(some, rounds, python)
    sleepers += with_pandas
    return Found(
        rows=[row for one in sleepers for row in _rows(one)],
        charts=_charts(sleepers),
        data={
            one.name: {"wakes": one.wakes, "kept": one.kept, "held": one.held, "fresh": one.fresh, "phases": one.phases}
            for one in sleepers
        },
    )


def _measure(sleepers: Sequence[Sleeper], rounds: int, fresh: int, python: Path) -> None:
    with stage(FP_RUNNER_PYTHON=str(python), FP_WARM_MB="0") as (platform, account):
        for one in sleepers:
            account.publish(one.name, {"app.py": one.source})
        for number in range(rounds):
            for one in sleepers:
                account.api("POST", f"/apps/{one.name}/sleep")
            for one in sleepers:
                ms, held = _wake(platform, one)
                one.wakes.append(ms)
                one.held.append(held)
            if number % max(1, rounds // fresh) == 0 and len(sleepers[0].fresh) < fresh:
                for one in sleepers:
                    one.fresh.append(start_ms(one.python, one.source))
                # What the fresh processes leave to be tidied up is not the next wake's to pay for.
                time.sleep(1)
        for one in sleepers:
            one.phases.update(_phases(platform, account, one))


def _measure_kept(sleepers: Sequence[Sleeper], rounds: int, python: Path) -> None:
    with stage(FP_RUNNER_PYTHON=str(python), FP_WARM_MB="1024") as (platform, account):
        for one in sleepers:
            account.publish(one.name, {"app.py": one.source})
        wait_for(lambda: _decided(platform) >= len(sleepers), 60, "a zygote for each app")
        for _ in range(rounds):
            for one in sleepers:
                account.api("POST", f"/apps/{one.name}/sleep")
            for one in sleepers:
                one.kept.append(_wake(platform, one)[0])


def _decided(platform: Platform) -> int:
    """How many apps have a zygote of their own, or will have none."""
    told = (platform.data / "logs" / "node.log").read_text()
    return told.count('"an app has a zygote"') + told.count('"an app has no zygote"')


def _wake(platform: Platform, one: Sleeper) -> tuple[float, float]:
    """Milliseconds that it took, and those of them in which the activator held it."""
    answer = ask(platform.port, f"{one.name}.localhost")
    if answer.status != 200 or b"world" not in answer.body:
        raise RuntimeError(f"a wake of {one.name} answered {answer.status}: {answer.body[:200]!r}")
    return answer.ms, float(answer.headers["server-timing"].removeprefix("wake;dur="))


def _phases(platform: Platform, account: Account, one: Sleeper) -> dict[str, float]:
    """Where the median wake's time went, in milliseconds, in order."""
    app = account.api("GET", f"/apps/{one.name}")["id"]
    lines = map(json.loads, (platform.data / "logs" / "node.log").read_text().splitlines())
    told = [line["phases"] for line in lines if line["event"] == "instance ready" and line["app"] == app]
    # The first is the deploy's, which is no wake.
    phases = {name: median(phases.get(name, 0.0) for phases in told[1:]) for name in PHASES}
    held, whole = median(one.held), median(one.wakes)
    return {
        "asking, forking": max(0.0, held - sum(phases.values())),
        "process": phases["process"],
        "check-in": phases["checkin"],
        "imports": phases["imports"],
        "start-up": phases["startup"],
        "request and answer": whole - held,
    }


def _rows(one: Sleeper) -> list[Row]:
    fresh = percentile(one.fresh, 0.5)
    typical = one.name == "fastapi"
    return [
        _row(one.words, one.wakes, fresh, (40, 100) if typical else None),
        _row(f"{one.words}, kept imported", one.kept, fresh, (13, None) if typical else None),
    ]


def _row(words: str, wakes: list[float], fresh: float, target: tuple[float, float | None] | None) -> Row:
    p50, p95, p99 = (percentile(wakes, share) for share in (0.5, 0.95, 0.99))
    most50, most95 = target or (0.0, None)
    return Row(
        f"{words}: p50 / p95 / p99 of {len(wakes)}",
        f"{p50:.1f} / {p95:.1f} / {p99:.1f} ms",
        f"fresh uvicorn {fresh:.0f} ms: {fresh / p50:.1f} times as long",
        f"p50 {most50:g} ms" + (f", p95 {most95:g} ms" if most95 else "") if target else "",
        p50 <= most50 and (most95 is None or p95 <= most95) if target else None,
    )


def _charts(sleepers: Sequence[Sleeper]) -> list[Chart]:
    words = [one.words for one in sleepers]
    whole = Chart(
        "cold",
        "A request to a sleeping app",
        "Bars: milliseconds from request to answer of a sleeping app at p50, p95 and p99, and of one that is kept imported,"
        " beside a fresh uvicorn process.",
        "bars",
        "milliseconds",
        {f"p{share * 100:.0f}": [percentile(one.wakes, share) for one in sleepers] for share in (0.5, 0.95, 0.99)}
        | {"kept imported, p50": [percentile(one.kept, 0.5) for one in sleepers]}
        | {"fresh uvicorn, p50": [percentile(one.fresh, 0.5) for one in sleepers]},
        words,
    )
    parts = Chart(
        "cold-phases",
        "Where the median wake's time goes",
        "Stacked bars: milliseconds of each phase of a wake, for each app.",
        "stacked",
        "milliseconds",
        {phase: [one.phases[phase] for one in sleepers] for phase in sleepers[0].phases},
        words,
    )
    return [whole, parts]
