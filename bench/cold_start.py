"""Cold start: request sent to response, for an app that sleeps; against a fresh `uvicorn app:app` process."""

import contextlib
import json
import subprocess
import tempfile
import time
from pathlib import Path

from bench.apps import TYPICAL
from bench.measure import Row, ask, percentile
from tests.support.account import Account
from tests.support.platform import ROOT, Platform, free_port


def run(platform: Platform, account: Account, *, smoke: bool) -> list[Row]:
    """50 wakes through the front door (5 in the smoke run), and 20 fresh processes (3)."""
    account.publish("bench-cold", {"app.py": TYPICAL})
    fresh: list[float] = []
    wakes: list[float] = []
    told: list[float] = []
    for number in range(5 if smoke else 50):
        account.api("POST", "/apps/bench-cold/sleep")
        answer = ask(platform.port, "bench-cold.localhost")
        if answer.status != 200 or json.loads(answer.body)["hello"] != "world":
            raise RuntimeError(f"a wake answered {answer.status}: {answer.body[:200]!r}")
        wakes.append(answer.ms)
        told.append(float(answer.headers["server-timing"].removeprefix("wake;dur=")))
        if number % 10 == 9 or smoke:
            fresh += [fresh_process() for _ in range(1 if smoke else 4)]
            # What the fresh processes leave to be tidied up is not the next wake's to pay for.
            time.sleep(1)
    p50, p95 = percentile(wakes, 0.5), percentile(wakes, 0.95)
    other, other95 = percentile(fresh, 0.5), percentile(fresh, 0.95)
    versus = f"fresh uvicorn {other:.0f} / {other95:.0f} ms: {other / p50:.1f} times as long"
    figures = f"{p50:.1f} / {p95:.1f} / {max(wakes):.1f} ms"
    held = f"{percentile(told, 0.5):.1f} / {percentile(told, 0.95):.1f} ms"
    return [
        Row(
            f"wake p50 / p95 / slowest of {len(wakes)}",
            figures,
            versus,
            "p50 40 ms, p95 100 ms",
            p50 <= 40 and p95 <= 100,
        ),
        Row("of that, held by the activator, p50 / p95", held, ""),
    ]


def fresh_process() -> float:
    """Milliseconds from starting `uvicorn app:app` to its first answer, asked again every millisecond."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "app.py").write_text(TYPICAL)
        port = free_port()
        argv = [str(ROOT / ".venv-apps/bin/python"), "-m", "uvicorn", "app:app", "--port", str(port), "--no-access-log"]
        began = time.perf_counter()
        process = subprocess.Popen(argv, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while time.perf_counter() - began < 60:
                with contextlib.suppress(OSError):
                    if ask(port, "localhost").status == 200:
                        return (time.perf_counter() - began) * 1000
                time.sleep(0.001)
        finally:
            process.kill()
            process.wait()
    raise RuntimeError("uvicorn did not answer within a minute")
