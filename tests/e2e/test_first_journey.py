"""The first journey in a real browser: sign up, take a template, deploy, send the request, let it sleep, send it again."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.e2e.browser import Watch, chromium, screenshot
from tests.e2e.conftest import QUICK
from tests.support.platform import Platform

PICTURES = Path(os.environ["FP_PICTURES"]) if "FP_PICTURES" in os.environ else None
"""Folder for screenshots; none are taken without it."""

PASSWORD = "a long enough password"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform nobody has signed up on."""
    with Platform(tmp_path_factory.mktemp("journey") / "data", **QUICK) as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright, platform: Platform) -> Iterator[BrowserContext]:
    with chromium(playwright) as context:
        yield context


@pytest.fixture(scope="module")
def home(platform: Platform) -> str:
    return f"http://localhost:{platform.port}"


@pytest.fixture
def page(browser: BrowserContext, home: str) -> Iterator[Page]:
    """A tab that fails the test when it misbehaves."""
    tab = browser.new_page()
    watch = Watch(tab, home)
    yield tab
    tab.close()
    assert watch.complaints == []


def test_sign_up_to_the_first_200(page: Page, home: str) -> None:
    """From nothing to an answered request, by the names that people see; well under a minute of machine time."""
    began = time.monotonic()
    page.goto(home)
    page.wait_for_url("**/signup")
    screenshot(page, PICTURES, "signup-dark")
    page.get_by_label("Username").fill("grace")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    template = page.get_by_role("button", name=re.compile("Hello API"))
    expect(template).to_be_visible()
    screenshot(page, PICTURES, "new-dark")
    template.click()
    page.wait_for_url("**/apps/*/edit")
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
    screenshot(page, PICTURES, "editor-dark")
    assert time.monotonic() - began < 60


def test_the_call_after_sleep_is_marked(page: Page, home: str) -> None:
    """Asleep by a click, called from the editor: the answer and the request list both say what the wake cost."""
    page.goto(home)
    page.get_by_role("link", name=re.compile("hello|-")).first.click()
    page.wait_for_url("**/apps/*")
    name = page.url.rsplit("/", 1)[1]
    page.get_by_role("button", name="Sleep").click()
    expect(page.get_by_text("Sleeping").first).to_be_visible()
    screenshot(page, PICTURES, "dashboard-sleeping-dark")
    page.goto(f"{home}/apps/{name}/edit")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("region", name="Response")).to_contain_text(re.compile(r"woke in \d+"))
    screenshot(page, PICTURES, "editor-woke-dark")
    page.goto(f"{home}/apps/{name}")
    table = page.get_by_role("table", name="Requests")
    expect(table).to_contain_text(re.compile(r"\d+ ms"))
    screenshot(page, PICTURES, "dashboard-dark")


def test_an_error_is_shown_on_its_line(page: Page, home: str) -> None:
    """A broken draft: Deploy fails, the finding is an alert with its words, and the old version is said to serve on."""
    page.goto(home)
    page.get_by_role("link", name=re.compile("hello|-")).first.click()
    page.wait_for_url("**/apps/*")
    page.goto(f"{page.url}/edit")
    code = page.get_by_role("textbox", name="Code")
    expect(code).to_contain_text("FastAPI")
    code.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\nlimit = int('many')\n")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").first).to_contain_text("many")
    expect(page.get_by_text(re.compile(r"v1 keeps serving")).first).to_be_visible()
    screenshot(page, PICTURES, "editor-error-dark")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("region", name="Response")).to_contain_text("200")


def test_logged_out_and_in_again(page: Page, home: str) -> None:
    """A wrong password says so beside the form; the right one leads to the apps."""
    page.context.clear_cookies()
    page.goto(home)
    page.wait_for_url("**/login*")
    page.get_by_label("Username").fill("grace")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(
        page.get_by_role("link", name="New app").or_(page.get_by_role("button", name="New app")).first
    ).to_be_visible()
    screenshot(page, PICTURES, "apps-dark")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_other_sizes_and_colours_hold_together(playwright: Playwright, home: str, scheme: str, width: int) -> None:
    """Nothing sticks out sideways on any screen, wide or narrow, light or dark."""
    with chromium(playwright, width, 800, "light" if scheme == "light" else "dark") as context:
        page = context.new_page()
        watch = Watch(page, home)
        page.goto(f"{home}/login")
        page.get_by_label("Username").fill("grace")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        link = page.get_by_role("link", name=re.compile("hello|-")).first
        expect(link).to_be_visible()
        name = (link.get_attribute("href") or "").rstrip("/").split("/apps/")[1].split("/")[0]
        for path, title in [
            ("/", "apps"),
            ("/new", "new"),
            (f"/apps/{name}", "dashboard"),
            (f"/apps/{name}/edit", "editor"),
        ]:
            page.goto(f"{home}{path}")
            page.wait_for_load_state("networkidle")
            screenshot(page, PICTURES, f"{title}-{scheme}-{width}")
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, f"{path} is {overflow} px too wide at {width}"
        assert watch.complaints == []


def test_a_log_in_from_a_terminal_is_approved_in_the_browser(page: Page, home: str) -> None:
    """The code that the terminal shows, who asks, and one button; a wrong code says so and can be mended."""
    begun = httpx.post(f"{home}/api/auth/device", json={"client": "fp on a laptop"}).json()
    page.goto(f"{home}/device?code=BBBB-BBBB")
    expect(page.get_by_role("alert")).to_be_visible()
    screenshot(page, PICTURES, "device-wrong")
    page.get_by_label("Code").fill(begun["user_code"])
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("fp on a laptop")).to_be_visible()
    screenshot(page, PICTURES, "device")
    waiting = httpx.post(f"{home}/api/auth/device/token", json={"device_code": begun["device_code"]})
    assert waiting.json()["code"] == "authorization_pending"
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("status")).to_contain_text("logged in")
    time.sleep(begun["interval"])
    token = httpx.post(f"{home}/api/auth/device/token", json={"device_code": begun["device_code"]}).json()["token"]
    me = httpx.get(f"{home}/api/auth/me", headers={"Authorization": f"Bearer {token}"})
    assert me.json()["username"] == "grace"
