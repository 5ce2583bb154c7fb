"""Typing in a file of 5,000 lines: what one key costs the page's main thread, beside the same key in a bare text area."""

from playwright.sync_api import CDPSession, Page, Playwright

from bench.measure import percentile
from bench.results import Found, Row
from bench.web.stage import APP, Place, long_file
from bench.web.tracing import traced, work_per_key

WORDS = "total = value + other  # what is typed\n"


def typing(playwright: Playwright, place: Place, keys: int) -> Found:
    """So many keys, at a speed that leaves each its own time."""
    with place.browser(playwright) as (page, told):
        page.goto(f"{place.home}/apps/{APP}/edit?file=app.py")
        code = page.get_by_role("textbox", name="Code")
        code.wait_for()
        page.wait_for_timeout(3_000)  # the linter's program is there, everything has settled
        code.click()
        for _ in range(40):
            page.keyboard.press("PageDown")
        ours = _typed(page, told, keys)
        if WORDS.strip()[:20] not in code.inner_text():
            raise RuntimeError("what was typed is not in the editor")
        page.goto("about:blank")
        page.set_content("<textarea style='width:900px;height:700px'></textarea>")
        page.evaluate("text => { document.querySelector('textarea').value = text }", long_file())
        page.locator("textarea").click()
        bare = _typed(page, told, keys)
    p95, bare_p95 = percentile(ours, 0.95), percentile(bare, 0.95)
    row = Row(
        f"a key in 5,000 lines, main thread: p50 / p95 / p99 of {len(ours)}",
        f"{percentile(ours, 0.5):.1f} / {p95:.1f} / {percentile(ours, 0.99):.1f} ms",
        f"bare text area p50 {percentile(bare, 0.5):.1f}, p95 {bare_p95:.1f} ms: ratio {p95 / bare_p95:.2f}",
        "p95 16 ms, or what a bare text area takes here",
        p95 < max(16, bare_p95),
    )
    return Found([row], [], {"typing": ours, "typing, bare": bare})


def _typed(page: Page, told: CDPSession, keys: int) -> list[float]:
    with traced(told, page) as events:
        for number in range(keys):
            page.keyboard.press(_key(WORDS[number % len(WORDS)]))
            page.wait_for_timeout(60)
    return work_per_key(events)


def _key(letter: str) -> str:
    return {" ": "Space", "\n": "Enter"}.get(letter, letter)
