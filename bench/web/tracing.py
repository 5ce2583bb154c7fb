"""Chromium's tracing: how long the page's main thread worked on each key."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, Final

from playwright.sync_api import CDPSession, Page

CATEGORIES: Final = "toplevel,devtools.timeline,disabled-by-default-devtools.timeline"
Event = dict[str, Any]


@contextmanager
def traced(told: CDPSession, page: Page) -> Iterator[list[Event]]:
    """The events of the block, there once it has ended."""
    events: list[Event] = []
    done: list[bool] = []
    told.on("Tracing.dataCollected", lambda part: events.extend(part["value"]))
    told.on("Tracing.tracingComplete", lambda _: done.append(True))
    told.send("Tracing.start", {"categories": CATEGORIES, "transferMode": "ReportEvents"})
    yield events
    told.send("Tracing.end")
    while not done:
        page.wait_for_timeout(20)


def work_per_key(events: list[Event]) -> list[float]:
    """Milliseconds of main-thread tasks from each key down to the next, the last one left out."""
    keys = [one for one in events if one.get("name") == "EventDispatch" and _kind(one) == "keydown"]
    if not keys:
        raise RuntimeError("Chromium's trace has no key in it")
    thread = (keys[0]["pid"], keys[0]["tid"])
    tasks = [
        one
        for one in events
        # Each task is told once by this name and once more, around it, by its controller's.
        if one.get("name") == "RunTask" and (one["pid"], one["tid"]) == thread
    ]
    starts = sorted(one["ts"] for one in keys)
    spent = []
    for start, end in pairwise(starts):
        spent.append(sum(_inside(task, start, end) for task in tasks) / 1000)
    return spent


def _kind(event: Event) -> str:
    return str(event.get("args", {}).get("data", {}).get("type", ""))


def _inside(task: Event, start: float, end: float) -> float:
    """Microseconds of the task between both."""
    begin, finish = task["ts"], task["ts"] + task.get("dur", 0)
    return float(max(0, min(finish, end) - max(begin, start)))
