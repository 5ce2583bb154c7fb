"""On what a result was made: the machine, the commit, and how much of the processors others took meanwhile."""

import platform as machine
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from tests.support.platform import ROOT


def commit() -> str:
    """The checkout's commit, short; with a `+` when files that git knows were changed since; `none` without git."""
    name = _git("rev-parse", "--short", "HEAD")
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs")
    return f"{name}{'+' if changed else ''}" if name else "none"


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


class Meanwhile:
    """Made when a bench begins; `words` when it has ended."""

    def __init__(self) -> None:
        self._before = _processor()

    def words(self) -> str:
        """Date, processors, memory, Python, system, and the share of the processors that other machines took."""
        cpus = [line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
        kilobytes = [int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")]
        what = f"{len(cpus)} x {cpus[0]}, {kilobytes[0] // 2**20} GB" if cpus and kilobytes else machine.platform()
        python = machine.python_version()
        return f"{datetime.now(UTC):%Y-%m-%d}, {what}, Python {python}, {machine.system()}{self._stolen()}"

    def _stolen(self) -> str:
        """Above some percent, figures mean little."""
        spent = [later - earlier for earlier, later in zip(self._before, _processor(), strict=True)]
        if len(spent) < 8 or not any(spent):
            return ""
        return f", {100 * spent[7] / sum(spent):.1f} % of the processors taken by other machines"


def _processor() -> list[int]:
    """Processor time by kind since the machine started, as /proc/stat counts it; empty where there is none."""
    return [int(number) for line in _lines("/proc/stat")[:1] for number in line.split()[1:]]


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []
