"""Warm path: an awake app through our door, once for each data plane, against a bare Traefik route and forwardAuth.

All lead to processes that run the same app. Rounds take turns, so that a noisy minute hits all. Control and MongoDB are
held still meanwhile: storing the request records would take the processor from everyone, and hide the difference.
"""

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from statistics import median
from typing import Final

from bench.apps import BARE
from bench.beside import AUTH, comparisons
from bench.beside import BARE as BARE_HOST
from bench.measure import Load, ask, wrk
from bench.processes import held_still, listening_port, storing
from bench.results import Chart, Found, Row
from bench.stage import planes, stage

OURS: Final = "bench-warm.localhost"
CONNECTIONS: Final = (1, 50, 200)
Path = tuple[int, str]
"""Port and host."""


def run(smoke: bool) -> Found:
    """Rounds of `wrk` at 1, 50 and 200 connections, every path in turns."""
    seconds, rounds = (1, 1) if smoke else (4, 5)
    with ExitStack() as stack:
        paths: dict[str, Path] = {}
        still: list[int] = []
        upstream = 0
        for plane in planes():
            platform, account = stack.enter_context(stage(FP_DATA_PLANE=plane))
            account.publish("bench-warm", {"app.py": BARE})
            pid = json.loads(ask(platform.port, OURS).body)["pid"]
            upstream = upstream or listening_port(pid)
            paths[plane] = (platform.port, OURS)
            still += storing(platform)
        port = stack.enter_context(comparisons(upstream))
        paths |= {"bare route": (port, BARE_HOST), "forwardAuth": (port, AUTH)}
        stack.enter_context(held_still(*still))
        loads = {count: _loads(paths, count, seconds, rounds) for count in CONNECTIONS}
    rows = [_row(plane, count, loads[count]) for plane in planes() for count in CONNECTIONS]
    rows += [_beside(count, loads[count]) for count in CONNECTIONS]
    return Found(
        rows, _charts(loads), {str(count): {path: asdict(one) for path, one in loads[count].items()} for count in loads}
    )


def _loads(paths: Mapping[str, Path], connections: int, seconds: int, rounds: int) -> dict[str, Load]:
    seen: dict[str, list[Load]] = {name: [] for name in paths}
    for _ in range(rounds):
        for name, (port, host) in paths.items():
            load = wrk(f"http://127.0.0.1:{port}/", host, connections, seconds)
            if load.bad:
                raise RuntimeError(f"{load.bad} wrong answers of {name} at {connections} connections")
            seen[name].append(load)
            time.sleep(0.2)
    return {name: _median(rounds_of) for name, rounds_of in seen.items()}


def _median(loads: Sequence[Load]) -> Load:
    return Load(
        median(load.rps for load in loads), median(load.p50 for load in loads), median(load.p99 for load in loads), 0
    )


def _words(load: Load) -> str:
    return f"{load.rps:,.0f}/s, p50 {load.p50:.2f}, p99 {load.p99:.2f} ms"


def _at(connections: int) -> str:
    return f"{connections} connection{'s' if connections > 1 else ''}"


def _row(plane: str, connections: int, loads: Mapping[str, Load]) -> Row:
    ours, bare = loads[plane], loads["bare route"]
    ratio, added = ours.rps / bare.rps, ours.p50 - bare.p50
    return Row(
        f"`{plane}`, {_at(connections)}",
        _words(ours),
        f"bare route {_words(bare)}: ratio {ratio:.2f}, p50 {added:+.2f} ms",
        "ratio 0.9" + (", p50 +0.1 ms" if connections == 1 else ""),
        ratio >= 0.9 and (added <= 0.1 or connections > 1),
    )


def _beside(connections: int, loads: Mapping[str, Load]) -> Row:
    auth, bare = loads["forwardAuth"], loads["bare route"]
    return Row(
        f"for comparison: forwardAuth to a server that says yes, {_at(connections)}",
        _words(auth),
        f"ratio to the bare route {auth.rps / bare.rps:.2f}, p50 {auth.p50 - bare.p50:+.2f} ms",
    )


def _charts(loads: Mapping[int, Mapping[str, Load]]) -> list[Chart]:
    names, groups = list(loads[1]), [_at(count) for count in loads]
    rate = Chart(
        "warm-throughput",
        "Throughput as a share of the bare route's",
        "Bars: requests a second of each path as a share of a bare Traefik route, at 1, 50 and 200 connections.",
        "bars",
        "share of the bare route",
        {name: [by[name].rps / by["bare route"].rps for by in loads.values()] for name in names},
        groups,
        target=0.9,
    )
    time_ = Chart(
        "warm-p99",
        "The slowest hundredth",
        "Bars: p99 of each path in milliseconds, at 1, 50 and 200 connections.",
        "bars",
        "p99, milliseconds",
        {name: [by[name].p99 for by in loads.values()] for name in names},
        groups,
    )
    return [rate, time_]
