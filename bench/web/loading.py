"""From an address to a page of use, with nothing in the cache: bytes on the wire, and milliseconds until work can begin."""

from typing import Any

from playwright.sync_api import CDPSession, Page, Playwright

from bench.measure import percentile
from bench.results import Found, Row
from bench.web.stage import APP, Place

Json = dict[str, Any]
# Tells the moment at which what is waited for was drawn first, by the page's own clock.
SEEN = """selector => new Promise(done => {
  const look = () => document.querySelector(selector)
    ? requestAnimationFrame(() => done(performance.now())) : setTimeout(look, 2);
  look();
})"""


def loading(playwright: Playwright, place: Place, rounds: int) -> Found:
    """The list and the editor, each in a browser of its own every time; in turns with a bare file from the same door."""
    listed, edited, bare, kilobytes = [], [], [], [0.0, 0.0]
    for _ in range(rounds):
        with place.browser(playwright, cached=False) as (page, told):
            kilobytes[0], ms = _opened(page, told, f"{place.home}/", "a[href^='/apps/']")
            listed.append(ms)
        with place.browser(playwright, cached=False) as (page, told):
            kilobytes[1], ms = _opened(page, told, f"{place.home}/apps/{APP}/edit", ".cm-content[contenteditable=true]")
            edited.append(ms)
        with place.browser(playwright, cached=False) as (page, told):
            _, ms = _opened(page, told, f"{place.home}/favicon.svg", "svg")
            bare.append(ms)
    against = f"a bare file from the same door {percentile(bare, 0.5):.0f} ms"
    return Found(
        [
            Row("on the wire until the list is there", f"{kilobytes[0]:.0f} KB", "", "200 KB", kilobytes[0] < 200),
            Row("on the wire until the editor is there", f"{kilobytes[1]:.0f} KB"),
            Row(f"address to a usable list: p50 / p95 of {rounds}", _both(listed), against),
            Row(f"address to a usable editor of 5,000 lines: p50 / p95 of {rounds}", _both(edited), against),
        ],
        [],
        {"list": listed, "editor": edited, "bare file": bare, "kilobytes": kilobytes},
    )


def _opened(page: Page, told: CDPSession, url: str, selector: str) -> tuple[float, float]:
    """KB received and ms until the selector's element was drawn."""
    received: list[float] = []
    told.on("Network.loadingFinished", lambda event: received.append(float(event["encodedDataLength"])))
    page.goto(url, wait_until="commit")
    ms = float(page.evaluate(SEEN, selector))
    return sum(received) / 1024, ms


def _both(values: list[float]) -> str:
    return f"{percentile(values, 0.5):.0f} / {percentile(values, 0.95):.0f} ms"
