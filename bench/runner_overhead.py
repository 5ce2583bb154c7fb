"""What the runner costs a request: the same app asked directly, served by our runner and by plain uvicorn, in turns.

Control and MongoDB are held still meanwhile: the runner writes its records, and storing them is not the runner's time.
"""

import json
import subprocess
import tempfile
from pathlib import Path
from statistics import median

from bench.apps import BARE
from bench.measure import Row, ask, held_still, listening_port, storing, wrk
from tests.support.account import Account
from tests.support.platform import ROOT, Platform, free_port, wait_for


def run(platform: Platform, account: Account, *, smoke: bool) -> list[Row]:
    """One connection, so that time per request is what differs; the difference of the medians of several rounds."""
    account.publish("bench-runner", {"app.py": BARE})
    ours = listening_port(json.loads(ask(platform.port, "bench-runner.localhost").body)["pid"])
    seconds, rounds = (1, 1) if smoke else (3, 7)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "app.py").write_text(BARE)
        plain = free_port()
        argv = [
            str(ROOT / ".venv-apps/bin/python"),
            "-m",
            "uvicorn",
            "app:app",
            "--port",
            str(plain),
            "--no-access-log",
        ]
        process = subprocess.Popen(argv, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(lambda: _answers(plain), 30, "plain uvicorn")
            with held_still(*storing(platform)):
                pairs = [(_microseconds(ours, seconds), _microseconds(plain, seconds)) for _ in range(rounds)]
        finally:
            process.kill()
            process.wait()
    mine, theirs = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    added = median(pair[0] - pair[1] for pair in pairs)
    return [
        Row(
            "time per request",
            f"{mine:.0f} us",
            f"plain uvicorn {theirs:.0f} us: {added:+.0f} us",
            "under +30 us",
            added < 30,
        )
    ]


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
