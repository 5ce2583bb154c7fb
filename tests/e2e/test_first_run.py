"""First run in a real browser: by keyboard alone, by touch on a narrow screen, with sign up shut; and what tabs and the
connection do to someone who is typing.
"""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.axe import assert_accessible
from tests.e2e.browser import Watch, chromium, log_in, screenshot
from tests.e2e.conftest import QUICK
from tests.support.account import PASSWORD, Account
from tests.support.fleet import opened
from tests.support.platform import Platform

FOCUSED = """() => { const one = document.activeElement;
  return (one.getAttribute("aria-label") || document.getElementById(one.getAttribute("aria-labelledby"))?.textContent
    || one.textContent || "").trim() }"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform nobody has signed up on."""
    with Platform(tmp_path_factory.mktemp("first") / "data", **QUICK) as running:
        yield running


@pytest.fixture(scope="module")
def grace(platform: Platform) -> Account:
    """The administrator, with an app: who signs up by keyboard when that test runs before, and is made here otherwise."""
    grace = Account(platform, "grace")
    grace.create("garden")
    return grace


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab until what is called so has the focus, as somebody without a mouse does."""
    for _ in range(60):
        page.keyboard.press(key)
        if str(page.evaluate(FOCUSED)).startswith(name):
            return
    raise AssertionError(f"{name!r} cannot be reached by keyboard")


def test_the_first_journey_by_keyboard_alone(page: Page, home: str, record_property: Any) -> None:
    """Nobody has an account yet. Sign up, take a template, deploy, send, see 200: no mouse, and the time is told."""
    began = time.monotonic()
    page.goto(home)
    expect(page).to_have_url(re.compile(r"/signup$"))
    expect(page.get_by_label("Username")).to_be_focused()
    page.keyboard.type("grace")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Hello API")).to_be_visible()
    tab_to(page, "Hello API")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/apps/[^/]+/edit"))
    expect(page.get_by_role("textbox", name="Code")).to_contain_text("FastAPI")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Running").first).to_be_visible()
    expect(page.get_by_role("button", name="Send")).to_be_enabled(timeout=30_000)
    tab_to(page, "Send", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Response")).to_contain_text("200")
    seconds = time.monotonic() - began
    record_property("first_journey_seconds", round(seconds, 2))
    print(f"\nfirst journey by keyboard: {seconds:.2f} s")
    assert seconds < 60


def test_the_first_journey_by_touch_at_360_pixels(playwright: Playwright, home: str, grace: Account) -> None:
    """The same on a phone: everything is within reach of a thumb, and nothing sticks out."""
    with chromium(playwright, 360, 740, "light", touch=True) as context:
        page = context.new_page()
        watch = Watch(page, home)
        page.goto(f"{home}/signup")
        page.get_by_label("Username").tap()
        page.keyboard.type("lin")
        page.get_by_label("Password").tap()
        page.keyboard.type(PASSWORD)
        page.get_by_role("button", name="Create account").tap()
        template = page.get_by_role("button", name="Hello API")
        expect(template).to_be_visible()
        assert_accessible(page)
        template.tap()
        expect(page).to_have_url(re.compile("/apps/[^/]+/edit"))
        page.get_by_role("button", name=re.compile("^Deploy")).tap()
        expect(page.get_by_text("Running").first).to_be_visible()
        page.get_by_role("button", name="Try it").tap()
        send = page.get_by_role("button", name="Send")
        send.tap()
        expect(page.get_by_role("region", name="Response")).to_contain_text("200")
        page.goto(home)
        dots = page.get_by_role("button", name=re.compile("^Actions for"))
        expect(dots).to_be_visible()
        box = dots.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 40, "too small for a finger"
        dots.tap()
        page.get_by_role("menuitem", name="Sleep").tap()
        expect(page.get_by_role("table", name="Apps").get_by_text("Sleeping")).to_be_visible()
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0
        screenshot(page, "apps-touch-360")
        assert_accessible(page)
        assert watch.complaints == []


def test_six_templates_first_and_all_of_them_on_demand(page: Page, home: str, grace: Account) -> None:
    """Each card makes an app; a name that cannot be is refused beside its field, before anybody is asked."""
    log_in(page, home, "grace")
    page.goto(f"{home}/new")
    cards = page.get_by_role("list", name="Templates").get_by_role("button")
    expect(cards).to_have_count(6)
    page.get_by_role("button", name="All templates").click()
    expect(cards).to_have_count(12)
    page.get_by_label("Name").fill("9-lives")
    expect(page.get_by_role("alert")).to_contain_text("a letter first")
    page.get_by_label("Name").fill("ninelives")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert_accessible(page)
    page.get_by_role("button", name="Link shortener").click()
    expect(page).to_have_url(re.compile("/apps/ninelives/edit"))


def test_sign_up_that_is_shut_says_whom_to_ask(grace: Account, playwright: Playwright, home: str) -> None:
    """And a log-in that was tried too often says when to come back."""
    grace.api("PATCH", "/admin/settings", json={"signup_open": False})
    try:
        with chromium(playwright) as context:
            page = context.new_page()
            page.goto(f"{home}/signup")
            expect(page.get_by_text("Ask the administrator for an account")).to_be_visible()
            assert_accessible(page)
            page.goto(f"{home}/login")
            expect(page.get_by_role("link", name="Make an account instead")).to_have_count(0)
            page.get_by_label("Username").fill("nobody")
            page.get_by_label("Password").fill("wrong")
            alert = page.get_by_role("alert").filter(has_text=re.compile("."))
            for _ in range(30):
                page.get_by_role("button", name="Log in").click()
                expect(page.get_by_role("button", name="Log in")).to_be_enabled()
                if re.search("too many|again in", alert.inner_text(), re.IGNORECASE):
                    break
            expect(alert).to_contain_text(re.compile(r"too many|again in \d+", re.IGNORECASE))
    finally:
        grace.api("PATCH", "/admin/settings", json={"signup_open": True})


@pytest.mark.parametrize(("chosen", "system"), [("dark", "light"), ("light", "dark"), (None, "dark"), (None, "light")])
def test_the_theme_is_there_before_the_first_paint(
    playwright: Playwright, home: str, chosen: str | None, system: Any
) -> None:
    """What was chosen wins over the system, and what the page's body first sees is that theme; letters are our own."""
    with chromium(playwright, scheme=system) as context:
        page = context.new_page()
        watch = Watch(page, home)
        if chosen:
            page.add_init_script(f"localStorage.setItem('fp:theme', '{chosen}')")
        page.add_init_script("""new MutationObserver(() => { if (document.body && !window.firstTheme)
            window.firstTheme = document.documentElement.dataset.theme ?? "none" })
            .observe(document, { childList: true, subtree: true })""")
        page.goto(f"{home}/login")
        expect(page.get_by_label("Username")).to_be_visible()
        assert page.evaluate("window.firstTheme") == (chosen or system)
        page.evaluate("document.fonts.ready")
        fonts = page.evaluate("[...document.fonts].filter(one => one.status === 'loaded').map(one => one.family)")
        assert any("Inter Variable" in font for font in fonts), fonts
        assert watch.complaints == []


def test_two_tabs_agree(playwright: Playwright, home: str, grace: Account) -> None:
    """The theme that one chooses is the other's too, and so is logging out; logged in again in one, the other goes on."""
    with chromium(playwright) as context:
        log_in(context, home, "grace")
        one, two = context.new_page(), context.new_page()
        one.goto(home)
        two.goto(f"{home}/?sort=name")
        expect(two.get_by_role("table", name="Apps")).to_be_visible()
        one.get_by_role("button", name="Account of grace").click()
        one.get_by_role("menuitemradio", name="Light").click()
        expect(two.locator("html")).to_have_attribute("data-theme", "light")
        one.keyboard.press("Escape")
        one.keyboard.press("Control+k")
        one.get_by_role("combobox", name="Command palette").fill("log out")
        one.keyboard.press("Enter")
        expect(one).to_have_url(re.compile(r"/login$"))
        expect(two).to_have_url(re.compile(r"/login\?next="))
        one.get_by_label("Username").fill("grace")
        one.get_by_label("Password").fill(PASSWORD)
        one.get_by_role("button", name="Log in").click()
        expect(two).to_have_url(re.compile(r"/\?sort=name$"))
        expect(two.get_by_role("table", name="Apps")).to_be_visible()


def test_nothing_typed_is_lost_when_the_log_in_runs_out(
    page: Page, platform: Platform, home: str, grace: Account
) -> None:
    """It runs out in the middle of a line: the line is written to its end, then the dialog asks, then the draft is saved."""
    hugo = Account(platform, "hugo")
    hugo.create("typing", files={"app.py": "from fastapi import FastAPI\n\napp = FastAPI()\n"})
    log_in(page, home, "hugo")
    page.goto(f"{home}/apps/typing/edit")
    code = page.get_by_role("textbox", name="Code")
    expect(code).to_contain_text("FastAPI")
    code.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("# before, ", delay=10)
    with opened(platform) as database:
        owner = database["users"].find_one({"username": "hugo"})["_id"]
        database["sessions"].delete_many({"user": owner})
    page.keyboard.type("in the middle of a line that goes on and on for longer than a save takes, ", delay=40)
    expect(page.get_by_role("dialog", name="Log in again")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("dialog").get_by_role("button", name="Log in").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    code.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("and after", delay=10)
    page.keyboard.press("Control+s")
    expect(page.get_by_text(re.compile("saved")).first).to_be_visible()
    text = Account(platform, "hugo").api("GET", "/apps/typing/draft")["files"]["app.py"]
    assert text.endswith(
        "# before, in the middle of a line that goes on and on for longer than a save takes, and after"
    ), text


def test_a_lost_connection_is_told_and_comes_back_by_itself(page: Page, home: str, grace: Account) -> None:
    """A bar for as long as it lasts; afterwards everything is asked for again, without a hand."""
    log_in(page, home, "grace")
    page.goto(home)
    expect(page.get_by_role("link", name="garden", exact=True)).to_be_visible()
    bar = page.get_by_text("Connection lost, trying again")
    expect(bar).to_have_count(0)
    # An answer that is on its way still says that there is a connection.
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    try:
        expect(bar).to_be_visible()
        grace.create("meanwhile")
    finally:
        page.context.set_offline(False)
    expect(bar).to_have_count(0)
    expect(page.get_by_role("link", name="meanwhile", exact=True)).to_be_visible()
    assert_accessible(page)
