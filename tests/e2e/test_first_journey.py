"""The first journey in a real browser: sign up, take a template, deploy, send the request, let it sleep, send it again."""

import re
import time
from collections.abc import Iterator
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.browser import Watch, chromium, log_in, screenshot
from tests.support.account import PASSWORD, Account
from tests.support.platform import Platform


@pytest.fixture(scope="module")
def lea(platform: Platform, ada: Account) -> Account:
    """Somebody who made the first app some time ago."""
    lea = Account(platform, "lea")
    lea.create("first", template="hello")
    assert lea.deploy("first")["status"] == "succeeded"
    return lea


@pytest.fixture
def page(playwright: Playwright, home: str) -> Iterator[Page]:
    """A tab in a browser of its own, in which nobody is logged in; it fails the test when it misbehaves."""
    with chromium(playwright) as context:
        tab = context.new_page()
        watch = Watch(tab, home)
        yield tab
        assert watch.complaints == []


def test_sign_up_to_the_first_200(page: Page, home: str, ada: Account) -> None:
    """From nothing to an answered request, by the names that people see; well under a minute of machine time."""
    began = time.monotonic()
    page.goto(home)
    page.get_by_role("link", name="Make an account instead").click()
    expect(page).to_have_url(re.compile(r"/signup"))
    screenshot(page, "signup-dark")
    page.get_by_label("Username").fill("grace")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    template = page.get_by_role("button", name=re.compile("Hello API"))
    expect(template).to_be_visible()
    screenshot(page, "new-dark")
    template.click()
    expect(page).to_have_url(re.compile("/apps/[^/]+/edit"))
    expect(page.get_by_role("textbox", name="Code")).to_contain_text("FastAPI")
    page.get_by_role("button", name="Deploy", exact=False).first.click()
    progress = page.get_by_role("list", name="Deploy progress")
    expect(progress.get_by_role("listitem")).to_have_count(4)
    expect(progress).to_contain_text("ms")
    send = page.get_by_role("button", name="Send")
    expect(send).to_be_enabled()
    send.click()
    response = page.get_by_role("region", name="Response")
    expect(response).to_contain_text("200")
    screenshot(page, "editor-dark")
    assert time.monotonic() - began < 60


def test_the_call_after_sleep_is_marked(page: Page, home: str, lea: Account) -> None:
    """Asleep by a click, called from the editor: the answer and the request list both say what the wake cost."""
    lea.api("POST", "/apps/first/wake")
    log_in(page, home, "lea")
    page.goto(home)
    page.get_by_role("link", name="first", exact=True).click()
    expect(page).to_have_url(re.compile(r"/apps/first$"))
    page.get_by_role("button", name="Sleep").click()
    expect(page.get_by_text("Sleeping").first).to_be_visible()
    screenshot(page, "dashboard-sleeping-dark")
    page.goto(f"{home}/apps/first/edit")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("region", name="Response")).to_contain_text(re.compile(r"woke in \d+"))
    screenshot(page, "editor-woke-dark")
    page.goto(f"{home}/apps/first")
    table = page.get_by_role("table", name="Requests")
    expect(table).to_contain_text(re.compile(r"\d+ ms"))
    screenshot(page, "dashboard-dark")


def test_an_error_is_shown_on_its_line(page: Page, home: str, lea: Account) -> None:
    """A broken draft: Deploy fails, the finding is an alert with its words, and the old version is said to serve on."""
    log_in(page, home, "lea")
    page.goto(f"{home}/apps/first/edit")
    code = page.get_by_role("textbox", name="Code")
    expect(code).to_contain_text("FastAPI")
    code.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\nlimit = int('many')\n")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").first).to_contain_text("many")
    expect(page.get_by_text(re.compile(r"v1 keeps serving")).first).to_be_visible()
    screenshot(page, "editor-error-dark")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("region", name="Response")).to_contain_text("200")


def test_a_wrong_password_and_the_right_one(page: Page, home: str, lea: Account) -> None:
    """The wrong one says so beside the form; the right one leads to the apps."""
    page.goto(home)
    expect(page).to_have_url(re.compile(r"/login"))
    page.get_by_label("Username").fill("lea")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("link", name="first", exact=True)).to_be_visible()
    screenshot(page, "apps-dark")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_other_sizes_and_colours_hold_together(
    playwright: Playwright, home: str, lea: Account, scheme: Literal["light", "dark"], width: int
) -> None:
    """Nothing sticks out sideways on any screen, wide or narrow, light or dark."""
    with chromium(playwright, width, 800, scheme) as context:
        log_in(context, home, "lea")
        page = context.new_page()
        watch = Watch(page, home)
        for path, title, seen in [
            ("/", "apps", page.get_by_role("link", name="first", exact=True)),
            ("/new", "new", page.get_by_role("button", name="Hello API")),
            ("/apps/first", "dashboard", page.get_by_role("tab", name="Requests")),
            ("/apps/first/edit", "editor", page.get_by_role("textbox", name="Code")),
        ]:
            page.goto(f"{home}{path}")
            expect(seen).to_be_visible()
            expect(page.locator("[aria-busy=true], .skeleton")).to_have_count(0)
            screenshot(page, f"{title}-{scheme}-{width}")
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, f"{path} is {overflow} px too wide at {width}"
        assert watch.complaints == []


def test_a_log_in_from_a_terminal_is_approved_in_the_browser(page: Page, home: str, lea: Account) -> None:
    """The code that the terminal shows, who asks, and one button; a wrong code says so and can be mended."""
    log_in(page, home, "lea")
    begun = httpx.post(f"{home}/api/auth/device", json={"client": "fp on a laptop"}).json()
    page.goto(f"{home}/device?code=BBBB-BBBB")
    expect(page.get_by_role("alert")).to_be_visible()
    screenshot(page, "device-wrong")
    page.get_by_label("Code").fill(begun["user_code"])
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("fp on a laptop")).to_be_visible()
    screenshot(page, "device")
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("status")).to_contain_text("logged in")
    token = httpx.post(f"{home}/api/auth/device/token", json={"device_code": begun["device_code"]}).json()["token"]
    me = httpx.get(f"{home}/api/auth/me", headers={"Authorization": f"Bearer {token}"})
    assert me.json()["username"] == "lea"
