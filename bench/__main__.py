"""`python -m bench [--smoke] [--resume] [NAME ...]`: runs benches; each writes its own section of docs/benchmarks.md."""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from bench import (
    api,
    cluster,
    cold_start,
    counting,
    first_request,
    ingest,
    machine,
    memory,
    report,
    results,
    runner_overhead,
    scale,
    storm,
    validation,
    warm_path,
    web,
)
from tests.support.platform import ROOT

Bench = Callable[[bool], results.Found]
"""Runs one benchmark, small when told so. Raises RuntimeError on a wrong answer."""

BENCHES: Final[dict[str, tuple[str, Bench]]] = {
    "cold": ("Cold start: request sent to response", cold_start.run),
    "storm": ("Wake storm: everybody at once", storm.run),
    "warm": ("Warm path: an awake app through the door", warm_path.run),
    "scale": ("Scale: 10 to 10,000 known apps", scale.run),
    "memory": ("Memory (proportional set size)", memory.run),
    "counting": ("Counting: what it adds to storing records", counting.run),
    "runner": ("Runner: what it adds to a request", runner_overhead.run),
    "api": ("The API on 10,000 apps", api.run),
    "ingest": ("Records and log lines: stored, and followed", ingest.run),
    "validation": ("Validation: checking an app's files", validation.run),
    "web": ("The page in Chromium: loading, typing, scrolling, an hour of logs", web.run),
    "first": ("Time to first request", first_request.run),
    "cluster": ("Kubernetes: wakes, warm path, memory", cluster.run),
}
ELSEWHERE: Final = frozenset({"cluster"})
"""Needs more than this machine: only when it is named."""
PAINTER: Final = ROOT / ".venv-bench" / "bin" / "python"


def main(arguments: list[str]) -> int:
    """0 unless an answer was wrong."""
    parser = argparse.ArgumentParser(prog="just bench", description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="small and quick; writes no report")
    parser.add_argument("--resume", action="store_true", help="leave out what has a result of this commit already")
    parser.add_argument("name", nargs="*", choices=[[], *BENCHES], help="all of them when none is named")
    options = parser.parse_args(arguments)
    chosen = options.name or [name for name in BENCHES if name not in ELSEWHERE]
    commit = machine.commit()
    if options.resume:
        chosen = [name for name in chosen if (last := results.load(name)) is None or last.commit != commit]
    with ExitStack() as stack:
        # The smoke run writes and draws everything as well, only where nobody keeps it.
        aside = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fp-bench-"))) if options.smoke else None
        for name in chosen:
            _run(name, commit, aside)
    print(f"{len(chosen)} passed, 0 failed")
    return 0


def _run(name: str, commit: str, aside: Path | None) -> None:
    title, bench = BENCHES[name]
    print(f"... {title}", file=sys.stderr, flush=True)
    began, meanwhile = time.monotonic(), machine.Meanwhile()
    found = bench(aside is not None)
    result = results.Result(name, title, commit, meanwhile.words(), found)
    results.save(result, aside or results.FOLDER)
    _draw(name, aside or results.FOLDER, aside or report.PICTURES)
    if aside is None:
        report.write(result)
    print(report.section(result), end="\n\n")
    print(f"    took {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


def _draw(name: str, numbers: Path, pictures: Path) -> None:
    if not PAINTER.exists():
        raise RuntimeError("what draws the plots is not installed: tools/ensure bench")
    subprocess.run(
        [str(PAINTER), "-m", "bench.plots", str(numbers / f"{name}.json"), str(pictures)], cwd=ROOT, check=True
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
