"""Requests, logs and wakes in a real browser: found by words, live as they come, and whole over a restart of the platform.

The page is driven as people drive it: by names, by keys, by touch on a narrow screen.
"""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Playwright, expect

from tests.e2e.axe import assert_accessible
from tests.e2e.browser import Watch, chromium, log_in, screenshot
from tests.support.account import Account
from tests.support.platform import Platform, wait_for

NOTES: Final = {
    "app.py": """\
import asyncio
import logging

from fastapi import FastAPI, HTTPException

from importer import load

app = FastAPI()
log = logging.getLogger("notes")


@app.get("/notes/{slug}")
def read(slug: str):
    if slug == "missing":
        raise HTTPException(404)
    return {"slug": slug}


@app.post("/import")
def import_notes():
    log.error("row 9 has no stars")
    return load([{"title": "a"}])


@app.get("/colours")
def colours():
    print("\\x1b[31mred\\x1b[0m \\x1b[1;4mbold\\x1b[0m \\x1b[38;5;21mblue\\x1b[0m <b>no markup</b>")
    return {}


@app.get("/count")
async def count(to: int, pause: float = 0.0):
    for number in range(to):
        print(f"number {number}")
        await asyncio.sleep(pause)
    return {}
""",
    "importer.py": """\
def load(rows):
    total = 0
    for row in rows:
        total += int(row["stars"])
    return total
""",
}


@pytest.fixture(scope="module")
def ada(ada: Account) -> Account:
    """With an app that has answered, failed, slept and woken."""
    ada.publish("notes", NOTES)
    for path in ("/notes/first", "/notes/missing", "/colours"):
        ada.call("notes", path)
    ada.api("POST", "/apps/notes/sleep")
    ada.call("notes", "/import", "POST")
    # The draft goes on: the failing line stands elsewhere in it now.
    ada.save("notes", {**NOTES, "importer.py": "# newer\n" + NOTES["importer.py"]})
    wait_for(lambda: len(ada.requests("notes")) == 4, 15, "the records")
    wait_for(lambda: ada.api("GET", "/apps/notes/wakes")["items"], 15, "the wake's record")
    return ada


@pytest.fixture(scope="module")
def browser(browser: BrowserContext, ada: Account, home: str) -> BrowserContext:
    """A browser in which Ada is logged in."""
    log_in(browser, home)
    return browser


@pytest.fixture
def page(browser: BrowserContext, home: str) -> Iterator[Page]:
    """A tab that fails the test when it misbehaves."""
    tab = browser.new_page()
    watch = Watch(tab, home)
    yield tab
    tab.close()
    # A connection that breaks because the platform restarts is said by the browser itself.
    assert [one for one in watch.complaints if "WebSocket" not in one] == []


def rows(page: Page) -> Locator:
    return page.get_by_role("table", name="Requests").get_by_role("row").filter(has=page.get_by_role("button"))


def test_words_filter_and_a_wrong_one_says_so(page: Page, home: str) -> None:
    """The words are looked for by the server; a word that is wrong is marked, named, and filters nothing."""
    page.goto(f"{home}/apps/notes")
    expect(rows(page)).to_have_count(4)
    words = page.get_by_role("combobox", name="Filter requests")
    words.fill("status:>=400 path:/notes*")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("/notes/missing")
    assert "status" in page.url
    words.fill("trace:KeyError")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("/import")
    words.fill("status:often ms:<60000 ")
    expect(words).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("status: must be like 404, 5xx, >=400 or 400..429, not often")).to_be_visible()
    expect(rows(page)).to_have_count(4)
    words.fill("path:/nowhere")
    expect(page.get_by_text("No request matches")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    expect(rows(page)).to_have_count(4)


def test_the_words_are_completed_by_keyboard(page: Page, home: str) -> None:
    page.goto(f"{home}/apps/notes")
    words = page.get_by_role("combobox", name="Filter requests")
    words.press_sequentially("me")
    page.get_by_role("option", name=re.compile("^method:")).wait_for()
    for key in ("ArrowDown", "Enter", "ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(words).to_have_value("method:POST ")
    expect(rows(page)).to_have_count(1)
    page.get_by_role("button", name="Cold starts").click()
    expect(words).to_have_value("method:POST cold:true")
    expect(rows(page)).to_contain_text("/import")


def test_a_request_slides_in_by_itself(page: Page, home: str, ada: Account) -> None:
    page.goto(f"{home}/apps/notes")
    expect(rows(page).first).to_be_visible()
    before = rows(page).count()
    ada.call("notes", "/notes/live?by=itself")
    expect(rows(page).first).to_contain_text("/notes/live?by=itself")
    expect(rows(page)).to_have_count(before + 1)


def test_a_failure_is_shown_on_the_line_that_was_deployed(page: Page, home: str) -> None:
    """Opened by keys; the line is the deployed version's, and the link leads to where it stands in the draft."""
    page.goto(f"{home}/apps/notes?q=status:500")
    expect(rows(page)).to_have_count(1)
    page.keyboard.press("j")
    expect(rows(page).get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    detail = page.get_by_role("complementary", name="Request")
    expect(detail).to_contain_text("KeyError 'stars'")
    code = detail.get_by_role("region", name="importer.py as deployed")
    expect(code.locator("[aria-current]")).to_have_text(re.compile(r'^4\s*total \+= int\(row\["stars"\]\)$'))
    expect(detail).to_contain_text("called from app.py, line 22, in import_notes")
    expect(detail.get_by_role("list", name="Logs of this request")).to_contain_text("row 9 has no stars")
    expect(detail.get_by_role("list", name="Phases")).to_contain_text("First byte")
    expect(detail.get_by_label("Request headers")).to_contain_text("user-agent")
    expect(detail.get_by_label("Answer headers")).to_contain_text("content-type")
    screenshot(page, "request-dark")
    detail.get_by_label("Answer headers").scroll_into_view_if_needed()
    screenshot(page, "request-headers-dark")
    detail.get_by_role("link", name=re.compile("importer.py, line 4")).click()
    expect(page).to_have_url(re.compile(r"/edit\?.*line=5"))
    expect(page.get_by_role("textbox", name="Code")).to_contain_text("# newer")
    page.go_back()
    detail.get_by_role("button", name="Send again").click()
    expect(page).to_have_url(re.compile("/apps/notes/edit"))
    expect(page.get_by_role("textbox", name="Path")).to_have_value("/import")
    page.get_by_role("tab", name=re.compile("Headers")).click()
    expect(page.get_by_label("Header name 1")).to_have_value("user-agent")


def test_the_keys_go_from_request_to_request(page: Page, home: str) -> None:
    page.goto(f"{home}/apps/notes?q=path:/notes*")
    expect(rows(page).nth(1)).to_be_visible()
    rows(page).first.get_by_role("button").click()
    detail = page.get_by_role("complementary", name="Request")
    first = detail.get_by_role("heading", level=2).inner_text()
    page.keyboard.press("ArrowDown")
    expect(detail.get_by_role("heading", level=2)).not_to_have_text(first)
    page.keyboard.press("k")
    expect(detail.get_by_role("heading", level=2)).to_have_text(first)
    page.keyboard.press("Escape")
    expect(detail).to_be_hidden()
    assert "request=" not in page.url


def test_the_log_is_whole_over_a_restart_of_the_api(page: Page, home: str, ada: Account, platform: Platform) -> None:
    """An app prints numbers while the API is killed and comes back: all of them are on the page, once, in their order."""
    page.goto(f"{home}/apps/notes?tab=logs&q=number")
    expect(page.get_by_text("Live")).to_be_visible()
    total = 120
    printing = threading.Thread(target=ada.call, args=("notes", f"/count?to={total}&pause=0.05"))
    printing.start()
    log = page.get_by_role("log", name="Logs")
    expect(log).to_contain_text("number 10")
    platform.kill("control")
    printing.join()
    expect(log).to_contain_text(f"number {total - 1}", timeout=30_000)
    expect(page.get_by_text("Live")).to_be_visible()
    assert printed(log) == list(range(total))
    wait_for(platform.is_ready, 40, "a platform as whole as before")


def printed(log: Locator) -> list[int]:
    """The numbers on the page from the top to the bottom; only lines in sight exist, so it is scrolled through."""
    found: list[int] = []
    top = 0
    while True:
        log.evaluate("(at, top) => at.scrollTo(0, top)", top)
        log.page.wait_for_timeout(120)
        for text in log.get_by_text(re.compile(r"^number \d+$")).all_inner_texts():
            number = int(text.split()[1])
            if number not in found[-200:]:
                found.append(number)
        most = log.evaluate("at => at.scrollHeight - at.clientHeight")
        if top >= most:
            return found
        top += 300


def test_somebody_who_reads_is_left_in_peace(page: Page, home: str, ada: Account) -> None:
    """Scrolled up, new lines are counted and nothing moves; one press leads to them."""
    ada.call("notes", "/count?to=300")
    page.goto(f"{home}/apps/notes?tab=logs")
    log = page.get_by_role("log", name="Logs")
    expect(log).to_contain_text("number 299")
    log.hover()
    page.mouse.wheel(0, -1500)
    expect(log).not_to_contain_text("number 299")
    page.wait_for_timeout(300)
    at = log.evaluate("at => at.scrollTop")
    ada.call("notes", "/count?to=7")
    newer = page.get_by_role("button", name="7 new lines")
    newer.wait_for()
    assert log.evaluate("at => at.scrollTop") == at
    newer.click()
    expect(log.get_by_text("number 6", exact=True).last).to_be_visible()
    expect(newer).to_be_hidden()


def test_colours_are_drawn_and_markup_is_text(page: Page, home: str) -> None:
    page.goto(f"{home}/apps/notes?tab=logs&q=markup")
    log = page.get_by_role("log", name="Logs")
    expect(log.get_by_text("<b>no markup</b>")).to_have_count(0)  # found words are a part of their own
    expect(log.locator("mark")).to_have_text("markup")
    expect(log).to_contain_text("red bold blue <b>no markup</b>")
    error = page.evaluate("() => getComputedStyle(document.documentElement).getPropertyValue('--error').trim()")
    red = log.get_by_text("red", exact=True).evaluate("at => getComputedStyle(at).color")
    assert red == "rgb({}, {}, {})".format(*(int(error[at : at + 2], 16) for at in (1, 3, 5)))
    bold = log.get_by_text("bold", exact=True)
    assert bold.evaluate("at => [getComputedStyle(at).fontWeight, getComputedStyle(at).textDecorationLine]") == [
        "600",
        "underline",
    ]
    assert log.locator("b").count() == 0


def test_a_line_leads_to_its_request_and_the_log_can_be_kept(page: Page, home: str) -> None:
    page.goto(f"{home}/apps/notes?tab=logs&q=row%209&level=error")
    log = page.get_by_role("log", name="Logs")
    expect(log).to_contain_text("row 9 has no stars")
    page.get_by_role("button", name="Download").click()
    with page.expect_download() as kept:
        page.get_by_role("menuitem", name=re.compile("As text")).click()
    text = Path(kept.value.path()).read_text()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z error    row 9 has no stars\n", text)
    log.get_by_role("link", name="Its request").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name="Request")).to_contain_text("/import")


def test_a_time_can_be_jumped_to(page: Page, home: str) -> None:
    """The log is read on from then, and followed again at its end; the request list shows what came before."""
    page.goto(f"{home}/apps/notes?tab=logs&level=error")
    page.get_by_role("button", name="Jump to a time").click()
    page.get_by_role("button", name="1 h ago").click()
    log = page.get_by_role("log", name="Logs")
    expect(log).to_contain_text("row 9 has no stars")
    assert "at=" in page.url
    page.get_by_role("button", name="Follow from here").click()
    expect(page.get_by_text("Live")).to_be_visible()
    page.goto(f"{home}/apps/notes")
    page.get_by_role("button", name="Jump to a time").click()
    page.get_by_role("button", name="1 h ago").click()
    expect(page.get_by_text("No request matches")).to_be_visible()
    expect(page.get_by_text("Not live")).to_be_visible()
    page.get_by_role("button", name="Back to now").click()
    expect(rows(page).first).to_be_visible()


def test_wakes_say_what_they_cost(page: Page, home: str) -> None:
    page.goto(f"{home}/apps/notes?tab=wakes")
    table = page.get_by_role("table", name="Wakes")
    expect(table).to_contain_text("POST /import")
    table.get_by_role("button", name="POST /import").first.click()
    detail = page.get_by_role("complementary", name="Wake")
    expect(detail.get_by_role("list", name="Phases")).to_contain_text("Process started")
    page.keyboard.press("Escape")
    expect(detail).to_be_hidden()


def test_paused_and_resumed_from_the_menu(page: Page, home: str, ada: Account) -> None:
    page.goto(f"{home}/apps/notes")
    for item, word in (("Pause", "Paused"), ("Resume", "Sleeping"), ("Wake now", "Running")):
        page.get_by_role("button", name="More actions").click()
        page.get_by_role("menuitem", name=item).click()
        expect(page.locator("header span[data-status]")).to_have_text(word)
    assert ada.status("notes") == "running"


def test_read_on_a_phone(playwright: Playwright, ada: Account, home: str) -> None:
    """360 px wide, by touch: nothing sticks out; a request is a sheet with a way back; the log is read and searched."""
    with chromium(playwright, 360, 740, touch=True) as context:
        log_in(context, home)
        page = context.new_page()
        page.goto(f"{home}/apps/notes?q=status:500")
        rows(page).first.get_by_role("button").tap()
        detail = page.get_by_role("complementary", name="Request")
        expect(detail).to_contain_text("KeyError")
        expect(page.get_by_role("table", name="Requests")).to_be_hidden()
        screenshot(page, "request-phone")
        detail.get_by_role("button", name="Back", exact=True).tap()
        expect(rows(page).first).to_be_visible()
        page.get_by_role("tab", name="Logs").tap()
        log = page.get_by_role("log", name="Logs")
        expect(log.get_by_role("link", name="Its request").first).to_be_visible()
        page.get_by_role("searchbox", name="Search logs").fill("stars")
        expect(log.locator("mark")).to_have_text("stars")
        log.focus()
        expect(log).to_be_focused()
        screenshot(page, "logs-phone")
        for tab in ("Requests", "Logs", "Wakes"):
            page.get_by_role("tab", name=tab).tap()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab
            assert small(page) == [], tab


def small(page: Page) -> list[str]:
    """What can be pressed on this tab and has too little height for a finger."""
    found: list[str] = page.locator("main").evaluate(
        """main => [...main.querySelectorAll("button, a, input, [role=combobox]")]
          .filter(one => one.tabIndex >= 0 && !one.ariaHidden && one.checkVisibility())
          .map(one => {
            const after = getComputedStyle(one, "::after");
            const own = one.getBoundingClientRect().height;
            const more = after.position === "absolute" ? parseFloat(after.height) || 0 : 0;
            return [Math.round(Math.max(own, more)), one.getAttribute("aria-label") || one.textContent];
          })
          .filter(([height]) => height < 36)
          .map(String)"""
    )
    return found


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_everybody_can_read_it(playwright: Playwright, ada: Account, home: str, scheme: str) -> None:
    """No complaint of axe on any of the screens, in either theme."""
    failed = next(one["id"] for one in ada.requests("notes") if one["status"] == 500)
    wake = ada.api("GET", "/apps/notes/wakes")["items"][0]["id"]
    with chromium(playwright, scheme="light" if scheme == "light" else "dark") as context:
        log_in(context, home)
        page = context.new_page()
        for search, seen in (
            (f"request={failed}", "What went wrong"),
            ("q=status:never", "must be like"),
            ("tab=logs&q=markup", "no markup"),
            (f"tab=wakes&wake={wake}", "Where the time went"),
        ):
            page.goto(f"{home}/apps/notes?{search}")
            expect(page.locator("main")).to_contain_text(seen)
            assert_accessible(page)
