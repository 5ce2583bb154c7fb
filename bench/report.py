"""docs/benchmarks.md: each bench's section lies between two marks and is replaced by that bench's run, the rest is prose."""

import re
from pathlib import Path
from typing import Final

from bench.results import Chart, Result
from tests.support.platform import ROOT

REPORT: Final = ROOT / "docs" / "benchmarks.md"
PICTURES: Final = ROOT / "docs" / "images" / "bench"


def write(result: Result, path: Path = REPORT) -> None:
    """Put the result's section in place of its last one; a bench that has none yet goes to the end."""
    text = path.read_text()
    begin, end = f"<!-- bench {result.name} -->", f"<!-- /bench {result.name} -->"
    block = f"{begin}\n{section(result)}\n{end}"
    if begin in text:
        text = re.sub(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: block, text, flags=re.DOTALL)
    else:
        text = f"{text.rstrip()}\n\n{block}\n"
    path.write_text(text)


def section(result: Result) -> str:
    """A bench's section as Markdown: where and when, the table, the pictures."""
    rows = [
        f"| {row.what} | {row.ours} | {row.against} | {row.target} | {_verdict(row.met)} |" for row in result.found.rows
    ]
    lines = [f"## {result.title}", "", f"Commit {result.commit}; {result.machine}.", ""]
    lines += ["| what | ours | against | target | met |", "|---|---|---|---|---|", *rows]
    for chart in result.found.charts:
        lines += ["", _picture(chart)]
    return "\n".join(lines)


def _picture(chart: Chart) -> str:
    return f"![{chart.alt}](images/bench/{chart.name}.svg)"


def _verdict(met: bool | None) -> str:
    return "" if met is None else "yes" if met else "**no**"
