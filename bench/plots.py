"""`python -m bench.plots RESULT.json FOLDER`: draws a result's charts as SVG files. Runs where matplotlib is, and needs no more.

Quiet on purpose: a card that reads the same on a white and on a dark page, one warm colour for ours, cool ones for the rest,
every bar with its value. Text stays text, so files are small and can be searched.
"""

import json
import logging
import math
import sys
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

# The product's colours: surface, lines and text; the accent, then its status colours.
CARD: Final = "#ffffff"
LINE: Final = "#e6e3dd"
TEXT: Final = "#1b1d23"
MUTED: Final = "#646a78"
COLOURS: Final = ["#f5a524", "#5b5bd6", "#15803d", "#0b6bcb", "#9d3ea6", "#c62a2f"]
GREY: Final = "#b9b5ac"
COMPARED: Final = ("fresh", "bare", "plain", "awake", "program files")
"""A series whose name has one of these is what we are compared to, and is drawn in grey."""

STYLE: Final = {
    "svg.fonttype": "none",
    "svg.hashsalt": "fp",
    "font.family": ["Inter", "Helvetica Neue", "Arial", "DejaVu Sans"],
    "font.size": 10,
    "text.color": TEXT,
    "axes.edgecolor": LINE,
    "axes.labelcolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "grid.color": LINE,
}
WIDTH: Final = 8.2
MOST_ABREAST: Final = 5
"""Names of a legend in one line; more take two, of the same length."""


def main(result: Path, folder: Path) -> None:
    """Draw every chart of one result into `folder`."""
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    mpl.use("svg")
    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(STYLE):
        for chart in json.loads(result.read_text())["found"]["charts"]:
            figure = draw(chart)
            figure.savefig(folder / f"{chart['name']}.svg", metadata={"Date": None}, transparent=True)
            pyplot.close(figure)


def draw(chart: dict[str, Any]) -> Figure:
    """One chart as a figure; `chart` is a `bench.results.Chart` as JSON."""
    rows = len(chart["x"])
    height = {"lines": 4.0, "bars": 1.5 + rows * (0.24 * len(chart["series"]) + 0.22), "stacked": 1.6 + 0.42 * rows}
    figure, axes = pyplot.subplots(figsize=(WIDTH, height[chart["kind"]]), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.2, h_pad=0.16)
    _card(figure)
    axes.set_facecolor("none")
    {"bars": _bars, "stacked": _stacked, "lines": _lines}[chart["kind"]](axes, chart)
    if len(chart["series"]) > 1:
        names = len(chart["series"]) + (chart["target"] is not None)
        columns = names if names <= MOST_ABREAST else math.ceil(names / 2)
        figure.legend(loc="outside lower left", ncols=columns, frameon=False, labelcolor=MUTED, handlelength=1)
    figure.suptitle(chart["title"], x=0.03, ha="left", fontsize=12, fontweight="bold")
    return figure


def _card(figure: Figure) -> None:
    box = FancyBboxPatch(
        (0.004, 0.008), 0.992, 0.984, boxstyle="round,pad=0,rounding_size=0.02", mutation_aspect=WIDTH / 4
    )
    box.set(transform=figure.transFigure, facecolor=CARD, edgecolor=LINE, zorder=-1)
    figure.patches.append(box)


def _colours(names: list[str]) -> list[str]:
    bright = iter(COLOURS)
    return [GREY if any(word in name for word in COMPARED) else next(bright) for name in names]


def number(value: float) -> str:
    """A value as people read it: three figures at most."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _bars(axes: Axes, chart: dict[str, Any]) -> None:
    names, groups = list(chart["series"]), chart["x"]
    thick = 0.8 / len(names)
    for index, (name, colour) in enumerate(zip(names, _colours(names), strict=True)):
        places = [place + (index - (len(names) - 1) / 2) * thick for place in range(len(groups))]
        bars = axes.barh(places, chart["series"][name], height=thick * 0.86, color=colour, label=name)
        axes.bar_label(bars, [number(value) for value in chart["series"][name]], padding=4, fontsize=8.5, color=MUTED)
    _rows(axes, chart)


def _stacked(axes: Axes, chart: dict[str, Any]) -> None:
    names, groups = list(chart["series"]), chart["x"]
    lefts = [0.0] * len(groups)
    for name, colour in zip(names, _colours(names), strict=True):
        values = chart["series"][name]
        axes.barh(range(len(groups)), values, left=lefts, height=0.62, color=colour, label=name)
        lefts = [left + value for left, value in zip(lefts, values, strict=True)]
    for place, whole in enumerate(lefts):
        axes.text(whole, place, f"  {number(whole)}", va="center", fontsize=8.5, color=MUTED)
    _rows(axes, chart)


def _rows(axes: Axes, chart: dict[str, Any]) -> None:
    """Groups from top to bottom, the value along the bottom."""
    axes.set_yticks(range(len(chart["x"])), chart["x"])
    axes.tick_params(axis="y", length=0, labelcolor=TEXT)
    axes.invert_yaxis()
    axes.set_xlabel(chart["y"])
    axes.margins(x=0.1)
    axes.grid(axis="x", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    if chart["target"] is not None:
        axes.axvline(chart["target"], color=COLOURS[5], linewidth=1, linestyle=(0, (4, 3)), label="target")


def _lines(axes: Axes, chart: dict[str, Any]) -> None:
    names = list(chart["series"])
    for name, colour in zip(names, _colours(names), strict=True):
        xs, ys = zip(*chart["series"][name], strict=True)
        axes.plot(xs, ys, color=colour, label=name, linewidth=2, marker="o" if chart["log_x"] else None, markersize=4)
        if chart["log_x"]:
            for x, y in zip(xs, ys, strict=True):
                axes.annotate(
                    number(y), (x, y), (0, 6), textcoords="offset points", ha="center", fontsize=8.5, color=MUTED
                )
    if chart["log_x"]:
        axes.set_xscale("log")
        marks = [x for x, _ in chart["series"][names[0]]]
        axes.set_xticks(marks, [f"{mark:,}" for mark in marks], minor=False)
        axes.minorticks_off()
        axes.margins(x=0.08, y=0.2)
    if chart["target"] is not None:
        axes.axhline(chart["target"], color=COLOURS[5], linewidth=1, linestyle=(0, (4, 3)), label="target")
    axes.set_ylim(bottom=0)
    axes.set_xlabel(chart["x_title"])
    axes.set_ylabel(chart["y"])
    axes.grid(axis="y", linewidth=0.8)
    axes.set_axisbelow(True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
