"""An hour of live logs at 100 lines a second, told faster: whether the page's memory stays where it was."""

import time
from typing import Any

from playwright.sync_api import CDPSession, Playwright

from bench.results import Chart, Found, Row
from bench.web.stage import APP, Place

PARTS = 12
Json = dict[str, Any]


def living(playwright: Playwright, place: Place, lines: int) -> Found:
    """As many lines as an hour has, in twelve parts; the JavaScript heap after each, with its garbage collected."""
    with place.browser(playwright) as (page, told):
        place.tell([_line("first", 0)], "living")
        page.goto(f"{place.home}/apps/{APP}?tab=logs")
        page.get_by_text("line first-0").first.wait_for()
        heap = [_heap(told)]
        for part in range(PARTS):
            each = lines // PARTS
            for start in range(0, each, 500):
                place.tell([_line(f"p{part}", number) for number in range(start, min(start + 500, each))], "living")
                page.wait_for_timeout(50)
            page.get_by_text(f"line p{part}-{each - 1}").first.wait_for(timeout=60_000)
            heap.append(_heap(told))
    half = heap[PARTS // 2]
    words = ", ".join(f"{one:.0f}" for one in (heap[0], heap[1], half, heap[-1]))
    row = Row(
        f"JavaScript heap after 0, 1/12, 1/2 and all of {lines:,} live log lines",
        f"{words} MB",
        f"the second half adds {heap[-1] - half:+.1f} MB",
        "flat",
        heap[-1] - half < 0.1 * half,
    )
    chart = Chart(
        "web-heap", "The page's memory while an hour of logs goes by",
        "A line: megabytes of the page's heap after each twelfth of an hour's log lines.", "lines", "MB",
        {"heap": [[part * 5, one] for part, one in enumerate(heap)]}, x_title="minutes of 100 lines a second",
    )  # fmt: skip
    return Found([row], [chart], {"heap": heap})


def _line(part: str, number: int) -> Json:
    text = f"line {part}-{number}"
    return {"kind": "log", "id": f"{part}-{number}", "time": time.time(), "level": "info", "text": text}


def _heap(told: CDPSession) -> float:
    """Megabytes in use once the garbage is gone."""
    told.send("HeapProfiler.collectGarbage")
    return float(told.send("Runtime.getHeapUsage")["usedSize"]) / 2**20
