"""Ten thousand apps on a platform of their own: one list, of which no more exists in the page than is in sight."""

import time
from pathlib import Path

from playwright.sync_api import Page, Playwright, expect

from tests.e2e.browser import Watch, chromium, log_in
from tests.e2e.conftest import QUICK
from tests.support.account import Account
from tests.support.fleet import fill
from tests.support.platform import Platform

APPS = 10_000
PATIENCE_MS = 30_000
"""A machine that runs other tests beside this one may need long to fill and read so many; the page must only get there."""


def test_ten_thousand_apps_are_one_list(playwright: Playwright, data: Path) -> None:
    """The first screen comes at once, the last app is a drag or a key away, and a search finds among all of them."""
    with Platform(data, **QUICK) as platform, chromium(playwright) as context:
        Account(platform, "max")
        fill(platform, "max", APPS)
        log_in(context, platform.home, "max")
        page = context.new_page()
        watch = Watch(page, platform.home)
        first, last = (page.get_by_role("link", name=f"fleet-{number:05}", exact=True) for number in (0, APPS - 1))
        began = time.monotonic()
        page.goto(f"{platform.home}/?sort=name")
        expect(first).to_be_visible(timeout=PATIENCE_MS)
        print(f"\n{APPS} apps, to the first row: {time.monotonic() - began:.2f} s")
        drag_to_the_end(page)
        expect(last).to_be_visible(timeout=PATIENCE_MS)
        assert page.get_by_role("row").count() < 80
        expect(page.get_by_role("table", name="Apps")).to_have_attribute("aria-rowcount", str(APPS + 1))
        page.keyboard.press("/")
        page.keyboard.type("5000")
        expect(page.get_by_role("table", name="Apps").locator("[data-index]")).to_have_text(
            ["fleet-05000"], timeout=PATIENCE_MS
        )
        page.keyboard.press("Control+A")
        page.keyboard.press("Delete")
        expect(first).to_be_visible(timeout=PATIENCE_MS)
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        expect(first).to_be_focused(timeout=PATIENCE_MS)
        page.keyboard.press("End")
        expect(last).to_be_focused(timeout=PATIENCE_MS)
        assert watch.complaints == []


def drag_to_the_end(page: Page) -> None:
    scroller = page.locator("main").locator("..")
    for share in (0.25, 0.5, 0.75, 1):
        scroller.evaluate(f"box => box.scrollTo(0, box.scrollHeight * {share})")
