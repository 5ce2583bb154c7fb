"""Scrolling through very many requests with the wheel: the time between one drawn frame and the next."""

from playwright.sync_api import Page, Playwright

from bench.measure import percentile
from bench.results import Found, Row
from bench.web.stage import APP, Place

FRAMES = """() => {
  const seen = (window.fpFrames = []);
  let last = performance.now();
  const next = now => { seen.push(now - last); last = now; requestAnimationFrame(next); };
  requestAnimationFrame(next);
}"""

BENEATH = "([x, y]) => document.elementFromPoint(x, y)?.closest('tr, [role=row]')?.textContent"


def scrolling(playwright: Playwright, place: Place, steps: int) -> Found:
    """So many turns of the wheel downwards over the list; beside it the frames of the same page at rest."""
    with place.browser(playwright) as (page, _told):
        page.goto(f"{place.home}/apps/{APP}")
        row = page.get_by_text("/items/").first
        row.wait_for()
        page.wait_for_timeout(1_000)
        resting = _frames(page, lambda: page.wait_for_timeout(1_000))
        box = row.bounding_box()
        if box is None:
            raise RuntimeError("the first request is not in sight")
        place_of_hand = (box["x"] + 20, box["y"] + 120)
        page.mouse.move(*place_of_hand)
        first = page.evaluate(BENEATH, place_of_hand)
        frames = _frames(page, lambda: _wheel(page, steps))
        if page.evaluate(BENEATH, place_of_hand) == first:
            raise RuntimeError("the list did not move")
    worst = max(frames)
    rows = Row(
        f"scrolling the list of requests, {steps} turns of the wheel: frames p50 / p99 / longest",
        f"{percentile(frames, 0.5):.1f} / {percentile(frames, 0.99):.1f} / {worst:.1f} ms",
        f"at rest p50 {percentile(resting, 0.5):.1f}, longest {max(resting):.1f} ms",
        "none over 50 ms",
        worst <= 50,
    )
    return Found([rows], [], {"frames": frames})


def _wheel(page: Page, steps: int) -> None:
    for _ in range(steps):
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(16)


def _frames(page: Page, act: object) -> list[float]:
    page.evaluate(FRAMES)
    assert callable(act)
    act()
    frames: list[float] = page.evaluate("() => window.fpFrames.slice(2)")
    return frames
