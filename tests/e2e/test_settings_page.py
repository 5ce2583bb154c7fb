"""Settings and versions in a real browser: variables, secrets that never come back, another database, and the way back."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Request, expect

from tests.e2e.axe import assert_accessible
from tests.e2e.browser import chromium, log_in, screenshot
from tests.support.account import Account
from tests.support.platform import wait_for

SECRET = "sesame-9f2c41"
APP = """
import os

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def index():
    return {"number": 1, "word": os.environ.get("WORD"), "key": bool(os.environ.get("KEY"))}
"""


@pytest.fixture(scope="module")
def app(ada: Account) -> str:
    ada.publish("tuned", {"app.py": APP})
    return "tuned"


@pytest.fixture(scope="module")
def browser(browser: BrowserContext, home: str, ada: Account) -> BrowserContext:
    """A browser in which Ada is logged in."""
    log_in(browser, home)
    return browser


def settings_of(page: Page, home: str, app: str) -> None:
    page.goto(f"{home}/apps/{app}?tab=settings")
    expect(page.get_by_role("heading", name="Variables")).to_be_visible()


def test_variables_and_secrets_reach_the_next_version_and_no_page(
    page: Page, home: str, ada: Account, app: str
) -> None:
    """A wrong name is said at once; a secret is sent once and is in no answer that the page ever gets."""
    bodies: list[str] = []

    def keep(request: Request) -> None:
        answer = request.response()
        if answer is not None and "/api/" in request.url:
            bodies.append(answer.text())

    page.on("requestfinished", keep)
    settings_of(page, home, app)
    name = page.get_by_role("textbox", name="Name of variable 1")
    name.fill("1WORD")
    expect(page.get_by_role("alert")).to_contain_text("digit first")
    name.fill("WORD")
    page.get_by_role("textbox", name="Value of WORD").fill("hello")
    section = page.get_by_role("region", name="Variables")
    section.get_by_role("button", name="Save").click()
    expect(section.get_by_role("status")).to_have_text("Saved")
    page.get_by_role("button", name="Add a secret").click()
    page.get_by_label("Name", exact=True).fill("KEY")
    page.get_by_label("Value", exact=True).fill(SECRET)
    page.get_by_role("button", name="Save the secret").click()
    expect(page.get_by_role("list", name="Secrets")).to_contain_text("KEY")
    expect(page.get_by_role("status").filter(has_text="still runs without")).to_contain_text("secrets.KEY")
    screenshot(page, "settings")
    assert_accessible(page)
    settings_of(page, home, app)
    expect(page.get_by_role("list", name="Secrets")).to_contain_text("KEY")
    page.remove_listener("requestfinished", keep)
    assert any("KEY" in body for body in bodies)
    assert not [body for body in bodies if SECRET in body]
    assert SECRET not in page.content()
    assert ada.deploy(app)["status"] == "succeeded"
    assert ada.call(app).json() == {"number": 1, "word": "hello", "key": True}
    expect(page.get_by_role("status").filter(has_text="still runs without")).to_have_count(0)


def test_another_database_is_bound_and_can_be_had_back(page: Page, home: str, ada: Account, app: str) -> None:
    first = ada.api("GET", f"/apps/{app}/settings")["database"]
    settings_of(page, home, app)
    page.get_by_role("button", name="New database").click()
    page.get_by_role("textbox", name="What the new database is for").fill("Trials")
    page.get_by_role("button", name="Make and bind it").click()
    wait_for(lambda: ada.api("GET", f"/apps/{app}/settings")["database"] != first, 15, "the new binding")
    page.get_by_role("button", name="Undo").click()
    wait_for(lambda: ada.api("GET", f"/apps/{app}/settings")["database"] == first, 15, "the old binding")


def test_a_version_is_looked_into_and_gone_back_to(page: Page, home: str, ada: Account, app: str) -> None:
    """What differs between two versions; going back makes a new one of the old code, and the draft stays."""
    changed = APP.replace('"number": 1', '"number": 2')
    ada.save(app, {"app.py": changed})
    ended = ada.deploy(app)
    assert ended["status"] == "succeeded"
    page.goto(f"{home}/apps/{app}?tab=versions")
    versions = page.get_by_role("list", name="Versions")
    expect(versions.get_by_role("button").first).to_contain_text(f"v{ended['version']}")
    expect(page.get_by_role("list", name="Changed files")).to_contain_text("app.py")
    expect(page.get_by_text('"number": 2').first).to_be_visible()
    screenshot(page, "versions")
    assert_accessible(page)
    versions.get_by_role("button", name=re.compile("^v1 ")).click()
    page.get_by_role("button", name="Go back to v1").click()
    page.get_by_role("dialog").get_by_role("button", name="Go back to v1").click()
    expect(versions.get_by_role("button").first).to_contain_text("back to v1", timeout=30_000)
    wait_for(lambda: ada.call(app).json()["number"] == 1, 30, "the old code")
    assert '"number": 2' in ada.api("GET", f"/apps/{app}/draft")["files"]["app.py"]


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_both_hold_together_when_narrow(playwright: Playwright, home: str, app: str, scheme: str) -> None:
    with chromium(playwright, 360, 740, "light" if scheme == "light" else "dark") as context:
        log_in(context, home)
        page = context.new_page()
        for tab in ("settings", "versions"):
            page.goto(f"{home}/apps/{app}?tab={tab}")
            expect(page.get_by_text("Live" if tab == "versions" else "Secrets", exact=True).first).to_be_visible()
            screenshot(page, f"{tab}-{scheme}-360")
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
            assert_accessible(page)
