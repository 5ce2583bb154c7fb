"""The Metrics tab in a real browser: what a real app answered as figures, as charts that the keyboard reads, as a table."""

import re
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.axe import assert_accessible
from tests.e2e.browser import log_in, screenshot
from tests.support.account import Account
from tests.support.apps import HELLO
from tests.support.fleet import slept
from tests.support.platform import Platform, wait_for

GOOD, MISSING, BROKEN = 20, 6, 4
SLEPT_MINUTES = 15


@pytest.fixture(scope="module")
def app(platform: Platform, ada: Account) -> str:
    """An app that answered well, badly and not at all, all of it counted; deployed once, after some minutes asleep."""
    ada.publish("figures", HELLO)
    for path, times in (("/", GOOD), ("/nowhere", MISSING), ("/boom", BROKEN)):
        for _ in range(times):
            ada.call("figures", path)
    everything = GOOD + MISSING + BROKEN

    def all_counted() -> bool:
        found: int = ada.api("GET", "/apps/figures/metrics?range=1h")["totals"]["requests"]
        return found == everything

    wait_for(all_counted, 20, "the requests in the figures")
    slept(platform, ada.api("GET", "/apps/figures")["id"], SLEPT_MINUTES)
    return "figures"


@pytest.fixture(scope="module")
def browser(browser: BrowserContext, ada: Account, home: str) -> BrowserContext:
    """A browser in which Ada is logged in."""
    log_in(browser, home)
    return browser


def test_figures_and_table_agree(page: Page, home: str, app: str) -> None:
    """What is said above is what the steps add up to; the range and the table are in the address."""
    page.goto(f"{home}/apps/{app}")
    page.get_by_role("tab", name="Metrics").click()
    figures = page.locator("dl", has_text="Requests").first
    expect(figures).to_contain_text(str(GOOD + MISSING + BROKEN))
    expect(figures).to_contain_text(f"{BROKEN} of {GOOD + MISSING + BROKEN}")
    page.get_by_role("button", name="1 h", exact=True).click()
    page.get_by_role("button", name="Table").click()
    expect(page).to_have_url(re.compile("range=1h&table=true"))
    table = page.get_by_role("table", name="Figures over time")
    expect(table.get_by_role("row").nth(1)).to_contain_text(re.compile(r"\d\d:\d\d:00"))
    rows = [row.get_by_role("cell").all_inner_texts() for row in table.get_by_role("row").all()[1:]]
    sums = [sum(int(row[column]) for row in rows) for column in (1, 2, 3)]
    assert sums == [GOOD + MISSING + BROKEN, MISSING, BROKEN]
    page.reload()
    expect(page.get_by_role("button", name="1 h", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(table).to_be_visible()


def test_charts_are_read_by_keyboard_together(page: Page, home: str, app: str) -> None:
    """Arrow keys move the line through all charts at once, and a live region says what is there."""
    page.goto(f"{home}/apps/{app}?tab=metrics&range=1h")
    chart = page.get_by_role("slider", name=re.compile("^Requests over time"))
    expect(chart.locator("canvas")).to_be_visible()
    chart.focus()
    told = page.locator("figure", has=chart).get_by_role("status")
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
        if re.search(r"Answered [1-9]", told.inner_text()):
            break
    expect(told).to_have_text(re.compile(r"^\d\d:\d\d, Answered [1-9][\d.]*, 4xx [\d.]+, 5xx [\d.]+"))
    others = page.get_by_role("slider", name=re.compile("^Response time"))
    expect(others).to_have_attribute("aria-valuetext", chart.get_attribute("aria-valuetext") or "nothing")
    lines = page.locator(".u-cursor-x").evaluate_all(
        "all => all.map(one => new DOMMatrix(getComputedStyle(one).transform).e)"
    )
    assert len(lines) == page.get_by_role("slider").count() >= 4
    assert min(lines) > 0, "in every chart the line stands"
    page.keyboard.press("Home")
    expect(told).not_to_have_text(re.compile("Answered [1-9]"))
    screenshot(page, "metrics-keyboard")
    assert_accessible(page)


def test_a_closer_look_and_back(page: Page, home: str, app: str) -> None:
    """A part of a chart that is drawn over is the time looked at; it is in the address, and the way back is a click."""
    page.goto(f"{home}/apps/{app}?tab=metrics&range=6h")
    canvas = page.get_by_role("slider", name=re.compile("^Requests over time")).locator(".u-over")
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.99, box["y"] + 60, steps=5)
    page.mouse.up()
    expect(page).to_have_url(re.compile("from=.*to="))
    expect(page.get_by_role("button", name="6 h", exact=True)).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name=re.compile("Back to the range")).click()
    expect(page).not_to_have_url(re.compile("from="))


def test_errors_lead_to_their_request_and_events_tell_the_deploy(page: Page, home: str, ada: Account, app: str) -> None:
    page.goto(f"{home}/apps/{app}?tab=metrics")
    group = page.get_by_role("button", name=re.compile("KeyError"))
    expect(group).to_contain_text(str(BROKEN))
    expect(group).to_contain_text("app.py, line 29")
    expect(page.get_by_role("listitem").filter(has_text="Deployed v1")).to_be_visible()
    group.click()
    page.get_by_role("link", name="Last request").click()
    expect(page).to_have_url(re.compile("request="))
    expect(page.get_by_role("tab", name="Requests")).to_have_attribute("aria-selected", "true")
    page.goto(f"{home}/apps/{app}?tab=metrics")
    group.click()
    page.get_by_role("button", name="Resolved").click()
    expect(page.get_by_text("No errors")).to_be_visible()


def test_sleep_differs_from_silence(page: Page, home: str, app: str) -> None:
    """A minute that was slept through is told and drawn as asleep, in the colour that nothing else has."""
    page.goto(f"{home}/apps/{app}?tab=metrics&range=1h")
    chart = page.get_by_role("slider", name=re.compile("^Requests over time"))
    expect(chart.locator("canvas")).to_be_visible()
    chart.focus()
    told = page.locator("figure", has=chart).get_by_role("status")
    page.keyboard.press("End")
    for _ in range(SLEPT_MINUTES):
        if "asleep" in told.inner_text():
            break
        page.keyboard.press("ArrowLeft")
    expect(told).to_contain_text("asleep")
    indigo = chart.locator("canvas").evaluate(
        """canvas => {
            const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
            let found = 0
            for (let at = 0; at < data.length; at += 4)
                if (data[at] === 0x9d && data[at + 1] === 0x9d && data[at + 2] === 0xf5) found++
            return found
        }"""
    )
    assert indigo > 3
    screenshot(page, "metrics-asleep")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_other_sizes_and_colours(page: Page, home: str, app: str, scheme: Literal["light", "dark"], width: int) -> None:
    """Nothing sticks out, nothing is hard to read, and the charts take the theme's colours while the page is open."""
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{home}/apps/{app}?tab=metrics&range=1h")
    expect(page.locator("canvas").first).to_be_visible()
    page.emulate_media(color_scheme=scheme)
    for name in ("charts", "table"):
        screenshot(page, f"metrics-{name}-{scheme}-{width}")
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{overflow} px too wide"
        assert_accessible(page)
        page.get_by_role("button", name="Table").click()
