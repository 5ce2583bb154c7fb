"""What the runner costs a request: the same app asked directly, served by our runner and by plain uvicorn, in turns.

Control and MongoDB are held still meanwhile: the runner writes its records, and storing them is not the runner's time.
"""

import json
from statistics import median

from bench.apps import BARE
from bench.fresh import uvicorn
from bench.measure import ask, wrk
from bench.processes import held_still, listening_port, storing
from bench.results import Chart, Found, Row
from bench.stage import stage
from tests.support.platform import ROOT, wait_for


def run(smoke: bool) -> Found:
    """One connection, so that time per request is what differs; the difference of the medians of several rounds."""
    seconds, rounds = (1, 1) if smoke else (3, 7)
    with stage() as (platform, account), uvicorn(ROOT / ".venv-apps/bin/python", BARE) as plain:
        account.publish("bench-runner", {"app.py": BARE})
        ours = listening_port(json.loads(ask(platform.port, "bench-runner.localhost").body)["pid"])
        wait_for(lambda: _answers(plain), 30, "plain uvicorn")
        with held_still(*storing(platform)):
            pairs = [(_microseconds(ours, seconds), _microseconds(plain, seconds)) for _ in range(rounds)]
    mine, theirs = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    added = median(pair[0] - pair[1] for pair in pairs)
    against = f"plain uvicorn {theirs:.0f} us: {added:+.0f} us"
    return Found(
        [Row("time per request", f"{mine:.0f} us", against, "under +30 us", added < 30)],
        [_chart(pairs)],
        {"pairs": pairs},
    )


def _chart(pairs: list[tuple[float, float]]) -> Chart:
    return Chart(
        "runner",
        "Time per request on one connection, round by round",
        "Bars: microseconds per request of our runner and of plain uvicorn, in each round.",
        "bars",
        "microseconds",
        {"our runner": [pair[0] for pair in pairs], "plain uvicorn": [pair[1] for pair in pairs]},
        [f"round {number}" for number in range(1, len(pairs) + 1)],
    )


def _answers(port: int) -> bool:
    try:
        return ask(port, "localhost").status == 200
    except OSError:
        return False


def _microseconds(port: int, seconds: int) -> float:
    load = wrk(f"http://127.0.0.1:{port}/", "bench-runner.localhost", 1, seconds)
    if load.bad:
        raise RuntimeError(f"{load.bad} wrong answers on port {port}")
    return 1e6 / load.rps
