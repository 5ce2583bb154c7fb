"""Time to first request: from a checkout with its packages fetched to an answer of an app of one's own.

Builds the web page from nothing, starts a platform in an empty data folder, signs up, takes a template, deploys, calls.
"""

import subprocess
import tempfile
import time
from pathlib import Path

from bench.measure import ask
from bench.results import Chart, Found, Row
from tests.support.account import Account
from tests.support.platform import ROOT, Platform


def run(smoke: bool) -> Found:
    """One run; the smoke run leaves the web build out."""
    with tempfile.TemporaryDirectory(prefix="fp-bench-") as folder:
        build = 0.0 if smoke else _build(Path(folder) / "dist")
        platform = Platform(Path(folder) / "data")
        try:
            up = platform.start()
            began = time.perf_counter()
            account = Account(platform)
            account.create("first", template="hello")
            ended = account.deploy("first")
            answer = ask(platform.port, "first.localhost")
            journey = time.perf_counter() - began
        finally:
            platform.stop()
    if ended["status"] != "succeeded" or answer.status != 200:
        raise RuntimeError(f"the first app answered {answer.status}: {ended}")
    total = build + up + journey
    words = f"{total:.1f} s (web build {build:.1f}, up {up:.1f}, sign up to answer {journey:.2f})"
    parts = {"web build": build, "up": up, "sign up, create, deploy, call": journey}
    row = Row("fresh checkout to 200", words, "", "under 30 s", None if smoke else total < 30)
    return Found([row], [_chart(parts)], {"parts": parts})


def _chart(parts: dict[str, float]) -> Chart:
    return Chart(
        "first",
        "From a fresh checkout to the first answer",
        "A stacked bar: seconds of the web build, of starting the platform, and of signing up to the first answer.",
        "stacked",
        "seconds",
        {name: [seconds] for name, seconds in parts.items()},
        ["first request"],
    )


def _build(target: Path) -> float:
    began = time.perf_counter()
    argv = ["npx", "vite", "build", "--outDir", str(target), "--logLevel", "error"]
    subprocess.run(argv, cwd=ROOT / "frontend", check=True, capture_output=True)
    return time.perf_counter() - began
