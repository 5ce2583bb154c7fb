"""The test panel in a real browser: routes from the app's own OpenAPI, doubts before sending, answers as what they are."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Playwright, expect

from tests.e2e.axe import assert_accessible_in_both_themes
from tests.e2e.browser import Watch, chromium, log_in, screenshot
from tests.support.account import Account
from tests.support.platform import wait_for

APP = """
from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

app = FastAPI()
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf"
    "c0f01f0005000ffffe1a05b40000000049454e44ae426082"
)


class Note(BaseModel):
    title: str = Field(min_length=1, examples=["Wake up"])
    stars: int = Field(default=3, ge=0, le=5)


@app.get("/", summary="Hello")
def index():
    return {"hello": "visitor"}


@app.post("/notes", status_code=201, summary="Create a note")
def create(note: Note):
    return note


@app.get("/page", response_class=HTMLResponse)
def page():
    return "<h1>Shown</h1><script>document.body.innerHTML = 'ran'</script>"


@app.get("/picture")
def picture():
    return Response(PIXEL, media_type="image/png")


@app.get("/old")
def old():
    return RedirectResponse("/?from=old")
"""


@pytest.fixture(scope="module")
def app(ada: Account) -> str:
    ada.publish("panel", {"app.py": APP})
    return "panel"


@pytest.fixture
def page(playwright: Playwright, home: str, app: str) -> Iterator[Page]:
    """A tab with the editor of the app, in a browser of its own that remembers no request."""
    with chromium(playwright) as context:
        log_in(context, home)
        tab = context.new_page()
        watch = Watch(tab, home)
        tab.goto(f"{home}/apps/{app}/edit")
        yield tab
        # A page that an app answered runs in a frame without rights, and the browser says so.
        assert [one for one in watch.complaints if "about:srcdoc" not in one] == []


def response(page: Page) -> Locator:
    return page.get_by_role("region", name="Response")


def test_from_a_route_to_an_answer_that_is_saved(page: Page, ada: Account, app: str) -> None:
    """A press on a route makes its body; what would be refused is said before it is sent; what works is kept."""
    routes = page.get_by_role("region", name="Routes")
    routes.get_by_role("button", name=re.compile("Create a note")).click()
    body = page.get_by_role("textbox", name="Body")
    expect(body).to_have_value(re.compile('"title": "Wake up"'))
    body.fill('{"title": "", "stars": 9}')
    doubts = page.get_by_role("status").filter(has_text="refuse")
    expect(doubts).to_contain_text("Body title")
    expect(doubts).to_contain_text("Body stars")
    screenshot(page, "try-doubts")
    page.get_by_role("button", name="Send").click()
    expect(response(page)).to_contain_text("422")
    body.fill('{"title": "Night shift"}')
    expect(doubts).to_have_count(0)
    page.get_by_role("button", name="Send").click()
    expect(response(page)).to_contain_text("201")
    expect(response(page)).to_contain_text("Night shift")
    screenshot(page, "try-answer")
    page.get_by_role("button", name="Save this request").click()
    page.get_by_role("textbox", name="Name of the saved request").fill("Mine")
    page.keyboard.press("Enter")
    saved = page.get_by_role("region", name="Saved")
    expect(saved.get_by_role("button", name=re.compile("POST Mine"))).to_be_visible()
    wait_for(
        lambda: "Mine" in [one["name"] for one in ada.api("GET", f"/apps/{app}/examples")["items"]], 10, "it is saved"
    )
    assert_accessible_in_both_themes(page)
    page.reload()
    expect(page.get_by_role("textbox", name="Body")).to_have_value('{"title": "Night shift"}')
    saved.get_by_role("button", name="Forget Mine").click()
    wait_for(
        lambda: "Mine" not in [one["name"] for one in ada.api("GET", f"/apps/{app}/examples")["items"]],
        10,
        "it is gone",
    )


def test_a_sleeping_app_is_woken_and_the_time_is_told(page: Page, ada: Account, app: str) -> None:
    ada.api("POST", f"/apps/{app}/sleep")
    page.get_by_role("textbox", name="Path").fill("/?a=b")
    page.get_by_role("button", name="Send").click()
    expect(response(page)).to_contain_text(re.compile(r"woke in \d+"))
    response(page).get_by_role("tab", name="Timing").click()
    expect(response(page)).to_contain_text("Wake")
    page.get_by_role("tab", name="Query").click()
    expect(page.get_by_role("textbox", name="Query value 1")).to_have_value("b")
    page.get_by_role("textbox", name="Query value 1").fill("c d")
    expect(page.get_by_role("textbox", name="Path")).to_have_value("/?a=c+d")


def test_answers_are_shown_as_what_they_are(page: Page) -> None:
    """A page in a frame that runs nothing, a picture, where a redirect leads."""
    path = page.get_by_role("textbox", name="Path")
    path.fill("/page")
    page.keyboard.press("Enter")
    frame = page.frame_locator("iframe[title='The page']")
    expect(frame.get_by_role("heading")).to_have_text("Shown")
    path.fill("/picture")
    page.keyboard.press("Enter")
    picture = response(page).get_by_role("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("one => one.naturalWidth") == 1
    path.fill("/old")
    page.keyboard.press("Enter")
    response(page).get_by_role("button", name="/?from=old").click()
    expect(path).to_have_value("/?from=old")
    assert_accessible_in_both_themes(page)


def test_on_a_phone_send_again_shows_the_request_and_the_address_names_the_pane(
    playwright: Playwright, home: str, ada: Account, app: str
) -> None:
    """360 px wide there is room for one pane: it is the one that was asked for, after a reload too."""
    ada.call(app, "/?again=1")
    wait_for(lambda: [one for one in ada.requests(app) if one["query"] == "again=1"], 15, "the record")
    with chromium(playwright, 360, 740, touch=True) as context:
        log_in(context, home)
        page = context.new_page()
        page.goto(f"{home}/apps/{app}")
        page.get_by_role("table", name="Requests").get_by_role("button", name=re.compile("again=1")).tap()
        page.get_by_role("complementary", name="Request").get_by_role("button", name="Send again").tap()
        path = page.get_by_role("textbox", name="Path")
        expect(path).to_have_value("/?again=1")
        expect(path).to_be_visible()
        expect(page).to_have_url(re.compile(r"[?&]pane=try"))
        page.reload()
        expect(path).to_be_visible()
        panes = page.get_by_role("navigation", name="Parts of the editor")
        panes.get_by_role("button", name="Code").tap()
        expect(page.get_by_role("textbox", name="Code")).to_be_visible()
        expect(path).to_be_hidden()
        expect(page).not_to_have_url(re.compile("pane="))
