"""Time to first request: from a checkout with its packages fetched to an answer of an app of one's own.

Builds the web page from nothing, starts a platform in an empty data folder, signs up, takes a template, deploys, calls.
"""

import subprocess
import tempfile
import time
from pathlib import Path

from bench.measure import Row, ask
from tests.support.account import Account
from tests.support.platform import ROOT, Platform


def run(_platform: Platform, _account: Account, *, smoke: bool) -> list[Row]:
    """One run; the smoke run leaves the web build out."""
    with tempfile.TemporaryDirectory() as folder:
        build = 0.0 if smoke else _build(Path(folder) / "dist")
        with Platform(Path(folder) / "data") as platform:
            up = (
                float(platform.said().split("fp is ready at ")[1].split("(")[1].split(" s")[0])
                if "(" in platform.said()
                else 0.0
            )
            began = time.perf_counter()
            account = Account(platform)
            account.create("first", template="hello")
            ended = account.deploy("first")
            answer = ask(platform.port, "first.localhost")
            journey = time.perf_counter() - began
        if ended["status"] != "succeeded" or answer.status != 200:
            raise RuntimeError(f"the first app answered {answer.status}: {ended}")
    total = build + up + journey
    words = f"{total:.1f} s (web build {build:.1f}, up {up:.1f}, sign up to answer {journey:.2f})"
    return [Row("fresh checkout to 200", words, "", "under 30 s", None if smoke else total < 30)]


def _build(target: Path) -> float:
    began = time.perf_counter()
    argv = ["npx", "vite", "build", "--outDir", str(target), "--logLevel", "error"]
    subprocess.run(argv, cwd=ROOT / "frontend", check=True, capture_output=True)
    return time.perf_counter() - began
