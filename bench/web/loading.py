"""From an address to a page of use, with nothing in the cache: bytes on the wire, and milliseconds until work can begin."""

from typing import Any

from playwright.sync_api import CDPSession, Page, Playwright

from bench.measure import percentile
from bench.results import Found, Row
from bench.web.stage import APP, Place

Json = dict[str, Any]
KINDS = {"Document": "code", "Script": "code", "Stylesheet": "code", "Font": "fonts"}
# Tells the moment at which what is waited for was drawn first, by the page's own clock.
SEEN = """selector => new Promise(done => {
  const look = () => document.querySelector(selector)
    ? requestAnimationFrame(() => done(performance.now())) : setTimeout(look, 2);
  look();
})"""


def loading(playwright: Playwright, place: Place, rounds: int) -> Found:
    """The list and the editor, each in a browser of its own every time; in turns with a bare file from the same door."""
    listed, edited, bare = [], [], []
    first: dict[str, float] = {}
    second: dict[str, float] = {}
    for _ in range(rounds):
        with place.browser(playwright, cached=False) as (page, told):
            first, ms = _opened(page, told, f"{place.home}/", "a[href^='/apps/']")
            listed.append(ms)
        with place.browser(playwright, cached=False) as (page, told):
            second, ms = _opened(page, told, f"{place.home}/apps/{APP}/edit", ".cm-content[contenteditable=true]")
            edited.append(ms)
        with place.browser(playwright, cached=False) as (page, told):
            _, ms = _opened(page, told, f"{place.home}/favicon.svg", "svg")
            bare.append(ms)
    against = f"a bare file from the same door {percentile(bare, 0.5):.0f} ms"
    return Found(
        [
            Row("on the wire until the list is there", *_weight(first), "200 KB of code", first["code"] < 200),
            Row("on the wire until the editor is there", *_weight(second)),
            Row(f"address to a usable list: p50 / p95 of {rounds}", _both(listed), against),
            Row(f"address to a usable editor of 5,000 lines: p50 / p95 of {rounds}", _both(edited), against),
        ],
        [],
        {"list": listed, "editor": edited, "bare file": bare, "kilobytes": [first, second]},
    )


def _opened(page: Page, told: CDPSession, url: str, selector: str) -> tuple[dict[str, float], float]:
    """KB received as code (page, scripts, styles), as fonts and as all else, and ms until the selector's element was drawn."""
    kinds: dict[str, str] = {}
    received: dict[str, float] = {"code": 0, "fonts": 0, "rest": 0}

    def finished(event: Json) -> None:
        kind = KINDS.get(kinds.get(event["requestId"], ""), "rest")
        received[kind] += float(event["encodedDataLength"]) / 1024

    told.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    told.on("Network.loadingFinished", finished)
    page.goto(url, wait_until="commit")
    ms = float(page.evaluate(SEEN, selector))
    return received, ms


def _weight(received: dict[str, float]) -> tuple[str, str]:
    whole = ", ".join(f"{kind} {kilobytes:.0f}" for kind, kilobytes in received.items() if kind != "code")
    return f"{received['code']:.0f} KB of code", f"besides, in KB: {whole}"


def _both(values: list[float]) -> str:
    return f"{percentile(values, 0.5):.0f} / {percentile(values, 0.95):.0f} ms"
