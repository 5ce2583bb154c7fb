"""The page in a real Chromium: what it loads and how soon it is of use, typing, scrolling, and an hour of live logs.

Chromium's own counters and tracing tell all of it. Beside each figure stands the least that a browser can do: a bare file from
the same door, the same keys in a bare text area.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.results import Found
from bench.web.living import living
from bench.web.loading import loading
from bench.web.scrolling import scrolling
from bench.web.stage import stage
from bench.web.typing import typing


def run(smoke: bool) -> Found:
    """All four on one platform; the smoke run has less of everything."""
    records, apps = (2_000, 20) if smoke else (100_000, 200)
    with (
        tempfile.TemporaryDirectory(prefix="fp-bench-") as folder,
        sync_playwright() as playwright,
        stage(Path(folder), records, apps) as place,
    ):
        found = [
            loading(playwright, place, rounds=1 if smoke else 9),
            typing(playwright, place, keys=20 if smoke else 300),
            scrolling(playwright, place, steps=20 if smoke else 400),
            living(playwright, place, lines=2_400 if smoke else 360_000),
        ]
    return Found(
        [row for one in found for row in (_untargeted(one) if smoke else one).rows],
        [chart for one in found for chart in one.charts],
        {key: value for one in found for key, value in one.data.items()},
    )


def _untargeted(found: Found) -> Found:
    """Without verdicts: a smoke run judges answers, never speed."""
    rows = [type(row)(row.what, row.ours, row.against, row.target, None) for row in found.rows]
    return Found(rows, found.charts, found.data)
