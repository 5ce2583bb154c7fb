"""`python -m bench [--smoke] [NAME ...]`: runs the benchmarks and writes their tables into docs/benchmarks.md."""

import argparse
import platform as machine
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from bench import cold_start, first_request, memory, runner_overhead, warm_path
from bench.measure import Row
from tests.support.account import Account
from tests.support.platform import ROOT, Platform

REPORT: Final = ROOT / "docs" / "benchmarks.md"
MARK: Final = "<!-- results: everything below is written by `just bench` -->"


class Bench(Protocol):
    """One benchmark: asks the platform whatever it likes, and raises RuntimeError on a wrong answer."""

    def __call__(self, platform: Platform, account: Account, /, *, smoke: bool) -> list[Row]: ...


BENCHES: Final[dict[str, tuple[str, Bench]]] = {
    "memory": ("Memory (proportional set size)", memory.run),
    "cold": ("Cold start: request sent to response, FastAPI", cold_start.run),
    "warm": ("Warm path: an awake app through the door", warm_path.run),
    "runner": ("Runner: what it adds to a request", runner_overhead.run),
    "first": ("Time to first request", first_request.run),
}


def main(arguments: list[str]) -> int:
    """0 unless an answer was wrong."""
    parser = argparse.ArgumentParser(prog="just bench", description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="small and quick; writes no report")
    parser.add_argument("name", nargs="*", choices=[[], *BENCHES], help="all of them when none is named")
    options = parser.parse_args(arguments)
    chosen = options.name or list(BENCHES)
    before = _processor()
    sections = _run(chosen, options.smoke)
    text = "\n".join([_machine(_stolen(before, _processor())), *sections])
    print(text)
    if not options.smoke and chosen == list(BENCHES):
        head = REPORT.read_text().split(MARK)[0]
        REPORT.write_text(f"{head}{MARK}\n\n{text}\n")
    print(f"{len(chosen)} passed, 0 failed")
    return 0


def _run(chosen: list[str], smoke: bool) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="fp-bench-") as folder, Platform(Path(folder) / "data") as platform:
        account = Account(platform)
        return [
            line
            for name in chosen
            for line in _section(*BENCHES[name], lambda run: run(platform, account, smoke=smoke))
        ]


def _section(title: str, bench: Bench, call: Callable[[Bench], list[Row]]) -> list[str]:
    print(f"... {title}", file=sys.stderr, flush=True)
    rows = [f"| {row.what} | {row.ours} | {row.against} | {row.target} | {_verdict(row.met)} |" for row in call(bench)]
    return ["", f"## {title}", "", "| what | ours | against | target | met |", "|---|---|---|---|---|", *rows]


def _verdict(met: bool | None) -> str:
    return "" if met is None else "yes" if met else "**no**"


def _processor() -> list[int]:
    """Processor time by kind since the machine started, as /proc/stat counts it; empty where there is none."""
    return [int(number) for line in _lines("/proc/stat")[:1] for number in line.split()[1:]]


def _stolen(before: list[int], after: list[int]) -> str:
    """How much of the processors other virtual machines took meanwhile: above some percent, figures mean little."""
    spent = [later - earlier for earlier, later in zip(before, after, strict=True)]
    if len(spent) < 8 or not any(spent):
        return ""
    return f", {100 * spent[7] / sum(spent):.1f} % of the processors taken by other machines"


def _machine(stolen: str) -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    cpus = [line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    memory_gb = next(
        (int(line.split()[1]) // 2**20 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0
    )
    what = f"{len(cpus)} x {cpus[0]}, {memory_gb} GB" if cpus else machine.platform()
    python = machine.python_version()
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit or 'none'}, {what}, Python {python}, {machine.system()}{stolen}."
    )


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
