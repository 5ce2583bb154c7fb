"""What a bench finds, as data: rows of a table, charts, and on which machine and commit; kept as JSON in bench/results.

The charts are data as well, so that what draws them needs nothing of ours and what measures needs nothing that draws.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from tests.support.platform import ROOT

FOLDER: Final = ROOT / "bench" / "results"


@dataclass(frozen=True)
class Row:
    """One line of a result table: what was measured, the figures in words, whether the target is met (None: no target)."""

    what: str
    ours: str
    against: str = ""
    target: str = ""
    met: bool | None = None


@dataclass(frozen=True)
class Chart:
    """One picture. `name` is its file's; `alt` says in a sentence what it shows, for who cannot see it.

    `bars` and `stacked`: `x` are the groups' names, each series has a value a group (None: nothing to show there).
    `lines`: each series is a list of `[x, y]`; with `log_x`, x is drawn logarithmic and every point has its value beside it.
    `y` names the axis with its unit. `target`: a level to draw across.
    """

    name: str
    title: str
    alt: str
    kind: Literal["bars", "stacked", "lines"]
    y: str
    series: dict[str, list[Any]]
    x: list[str] = field(default_factory=list)
    x_title: str = ""
    log_x: bool = False
    target: float | None = None


@dataclass(frozen=True)
class Found:
    """What one bench found. `data`: the figures behind it, for whoever reads the JSON."""

    rows: list[Row]
    charts: list[Chart] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """A bench's finding with its title, the machine in words, and the commit it was made of."""

    name: str
    title: str
    commit: str
    machine: str
    found: Found


def save(result: Result, folder: Path = FOLDER) -> None:
    """Write a result down as `<folder>/<name>.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    text = msgspec.json.format(msgspec.json.encode(result), indent=1)
    (folder / f"{result.name}.json").write_bytes(text)


def load(name: str, folder: Path = FOLDER) -> Result | None:
    """The last result of a bench; None when there is none that can be read."""
    try:
        return msgspec.json.decode((folder / f"{name}.json").read_bytes(), type=Result)
    except (OSError, msgspec.DecodeError):
        return None
