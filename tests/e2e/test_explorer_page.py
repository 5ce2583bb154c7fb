"""The Database tab in a real browser: documents that a real app wrote, queries with mistakes in them, pages, trees, tables."""

import json
import re
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Playwright, expect

from tests.e2e.axe import assert_accessible
from tests.e2e.browser import chromium, log_in, screenshot
from tests.support.account import Account
from tests.support.platform import Platform

WRITER = """\
import datetime
import os

import bson
from fastapi import FastAPI
from pymongo import MongoClient

app = FastAPI()
db = MongoClient(os.environ["PLATFORM_MONGO_URI"]).get_default_database()


@app.post("/fill")
def fill():
    db.notes.insert_many(
        {
            "_id": number,
            "title": f"Note {number}",
            "stars": number % 5,
            "price": bson.Decimal128("1.10"),
            "long": bson.Int64(2**60),
            "at": datetime.datetime(2026, 1, 1 + number % 28, 12),
            "by": {"name": "Ada", "city": ["Rome", "Oslo", "Bonn"][number % 3]},
        }
        for number in range(130)
    )
    db.notes.create_index([("stars", 1), ("at", -1)])
    db.sessions.create_index("at", expireAfterSeconds=86400)
    db.big.insert_one({"_id": 1, "text": "x" * 2_000_000, "list": list(range(100_000))})
    return {"database": db.name}
"""


@pytest.fixture(scope="module")
def ida(platform: Platform) -> Account:
    """Whose databases no other test makes or counts."""
    return Account(platform, "ida")


@pytest.fixture(scope="module")
def database(ida: Account) -> str:
    """The name of the database that the app filled."""
    ida.publish("keeper", {"app.py": WRITER})
    name: str = ida.call("keeper", "/fill", "POST").json()["database"]
    return name


@pytest.fixture(scope="module")
def browser(browser: BrowserContext, ida: Account, home: str) -> BrowserContext:
    """A browser in which Ida is logged in."""
    log_in(browser, home, "ida")
    return browser


def write(page: Page, text: str) -> None:
    """Types a filter in the place of what is there, and asks."""
    box = page.get_by_role("textbox", name="Filter")
    box.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)
    page.get_by_role("button", name="Find").click()


def documents(page: Page) -> Locator:
    return page.get_by_role("list", name="Documents").get_by_role("listitem")


def test_from_the_tab_to_a_document(page: Page, home: str, database: str) -> None:
    """The bound database with what it holds, its collections, and documents with their types said."""
    page.goto(f"{home}/apps/keeper")
    page.get_by_role("tab", name="Database").click()
    expect(page.get_by_text("bound to this app")).to_be_visible()
    expect(page.get_by_text("Read-only")).to_be_visible()
    collections = page.get_by_role("table", name="Collections")
    expect(collections.get_by_role("row", name=re.compile("notes"))).to_contain_text("130")
    screenshot(page, "explorer-collections")
    collections.get_by_role("button", name="notes").click()
    first = documents(page).first
    expect(first).to_contain_text("1152921504606846976Long")
    expect(first).to_contain_text("1.10Decimal")
    expect(first).to_contain_text("2026-01-01T12:00:00ZDate")
    expect(page).to_have_url(re.compile("tab=database&collection=notes"))
    page.get_by_role("button", name="Indexes").click()
    expect(page.get_by_role("table", name="Indexes")).to_contain_text("stars ↑, at ↓")
    page.go_back()
    expect(documents(page)).to_have_count(50)


def test_a_mistake_is_told_at_its_place_and_mended(page: Page, home: str, database: str) -> None:
    """One's own and the server's, each in words with the letters underlined; what is written in the shell's way works."""
    page.goto(f"{home}/apps/keeper?tab=database&collection=notes")
    expect(documents(page)).to_have_count(50)
    write(page, "{stars: {$gte: 3}, title: Note}")
    alert = page.get_by_role("alert")
    expect(alert).to_have_text("Note is no value; a text has quotes around it")
    expect(page.locator(".cm-squiggle")).to_have_text("Note")
    assert "filter=" not in page.url
    write(page, "{stars: {$gt3: 3}}")
    expect(alert).to_have_text("unknown operator: $gt3")
    expect(page.locator(".cm-squiggle").first).to_have_text(re.compile(r"\$gt"))
    screenshot(page, "explorer-refused")
    write(page, '{$where: "this.stars > 3"}')
    expect(alert).to_have_text("not allowed here: it runs JavaScript")
    assert_accessible(page)
    write(page, "{stars: {$gte: 3}}")
    expect(page.get_by_text("52 match")).to_be_visible()
    expect(alert).to_have_count(0)
    page.reload()
    expect(page.get_by_role("textbox", name="Filter")).to_have_text("{stars: {$gte: 3}}")
    expect(page.get_by_text("52 match")).to_be_visible()


def test_a_click_on_a_value_filters_and_the_past_is_kept(page: Page, home: str, database: str) -> None:
    page.goto(f"{home}/apps/keeper?tab=database&collection=notes")
    documents(page).nth(3).get_by_role("button", name="2026-01-04T12:00:00Z").click()
    expect(documents(page)).to_have_count(5)
    expect(page.get_by_role("textbox", name="Filter")).to_contain_text('{"at": {"$date":"2026-01-04T12:00:00.000Z"}}')
    documents(page).first.get_by_role("button", name=re.compile("^by")).click()
    documents(page).first.get_by_role("button", name='"Rome"').click()
    expect(page).to_have_url(re.compile(r"by\.city"))
    expect(documents(page)).to_have_count(2)
    page.get_by_role("button", name="Last queries").click()
    page.get_by_role("menuitem").nth(1).click()
    expect(documents(page)).to_have_count(5)


def test_pages_forth_and_back_and_from_a_link(page: Page, home: str, database: str) -> None:
    """Every document once in the order asked for; the link of a page in the middle shows that page."""
    page.goto(f"{home}/apps/keeper?tab=database&collection=notes&sort=%7B_id%3A-1%7D")
    seen: list[str] = []
    for number, count in ((1, 50), (2, 50), (3, 30)):
        expect(page.get_by_text(f"Page {number}, {count} documents")).to_be_visible()
        seen += re.findall(r"title: \"(Note \d+)\"", "\n".join(documents(page).all_inner_texts()))
        if number < 3:
            page.get_by_role("button", name="Next page").click()
    assert seen == [f"Note {number}" for number in reversed(range(130))]
    expect(page.get_by_role("button", name="Next page")).to_be_disabled()
    page.get_by_role("button", name="Previous page").click()
    expect(documents(page).first).to_contain_text("Note 79")
    page.goto(page.url)
    expect(documents(page).first).to_contain_text("Note 79")
    page.get_by_role("button", name="Previous page").click()
    expect(documents(page).first).to_contain_text("Note 129")


def test_as_a_table_and_as_a_file(page: Page, home: str, database: str) -> None:
    """The same filter in the table, in the count and in the file."""
    page.goto(f"{home}/apps/keeper?tab=database&collection=notes&view=table&filter=%7B%22stars%22%3A4%7D")
    table = page.get_by_role("table", name="Documents")
    expect(table.get_by_role("row")).to_have_count(27)
    expect(table.get_by_role("columnheader").first).to_have_text("_id")
    expect(table.get_by_role("row").nth(1)).to_contain_text("{ 2 }")
    expect(page.get_by_text("26 documents; 26 match")).to_be_visible()
    screenshot(page, "explorer-table")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="What matches, every type kept").click()
    lines = [json.loads(line) for line in download.value.path().read_text().splitlines()]
    assert len(lines) == 26
    assert {line["stars"]["$numberInt"] for line in lines} == {"4"}
    assert lines[0]["long"] == {"$numberLong": str(2**60)}


def test_a_large_document_does_not_hold_the_page_up(page: Page, home: str, database: str) -> None:
    """2 MB of text and 100,000 items: cut, opened a part at a time, and the page answers meanwhile."""
    page.goto(f"{home}/apps/keeper?tab=database&collection=big")
    expect(page.get_by_text("1,999,700 more")).to_be_visible()
    # The longest that the page was busy at one go, in milliseconds.
    longest = page.evaluate(
        """() => new Promise(resolve => {
            let worst = 0, last = performance.now(), end = last + 1500
            const tick = () => {
                const now = performance.now()
                worst = Math.max(worst, now - last); last = now
                now < end ? setTimeout(tick, 0) : resolve(worst)
            }
            tick()
            document.querySelectorAll("li button").forEach(one => /more|list/.test(one.textContent) && one.click())
        })"""
    )
    expect(page.get_by_text("1,979,700 more")).to_be_visible()
    expect(page.get_by_text("99,900 more")).to_be_visible()
    assert longest < 1500, f"busy for {longest:.0f} ms"


def test_databases_of_the_account(page: Page, home: str, ida: Account, database: str) -> None:
    """Made, found from the account's menu, and dropped by its name; one that an app uses stays, and says why."""
    page.goto(home)
    page.get_by_role("button", name=re.compile("Account of ida")).click()
    page.get_by_role("menuitem", name="Databases").click()
    table = page.get_by_role("table", name="Databases")
    expect(table.get_by_role("row", name=re.compile(database))).to_contain_text("keeper")
    page.get_by_role("button", name="New database").click()
    page.get_by_label("Label").fill("Shop")
    page.get_by_role("button", name="Make it").click()
    row = table.get_by_role("row", name=re.compile("Shop"))
    expect(row).to_be_visible()
    screenshot(page, "databases")
    row.get_by_role("link").first.click()
    expect(page.get_by_text("PLATFORM_MONGO_URI", exact=False).first).to_be_visible()
    page.go_back()
    for name, kept in ((database, True), (row.get_by_role("link").first.inner_text(), False)):
        page.get_by_role("button", name=f"Drop {name}").click()
        page.get_by_label(f"Type {name} to confirm").fill(name)
        page.get_by_role("button", name="Drop database").click()
        if kept:
            expect(page.get_by_role("alert")).to_contain_text("keeper")
            page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text(re.compile("is gone"))).to_be_visible()
    expect(row).to_have_count(0)
    assert [one["name"] for one in ida.api("GET", "/databases")["items"]] == [database]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_other_sizes_and_colours(
    page: Page, home: str, database: str, scheme: Literal["light", "dark"], width: int
) -> None:
    """Nothing sticks out, and nothing is hard to read."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 740})
    place = "/apps/keeper?tab=database&collection=notes&size=20"
    for path, name in [
        ("/apps/keeper?tab=database", "collections"),
        (place, "tree"),
        (f"{place}&view=table", "table"),
        ("/databases", "databases"),
    ]:
        page.goto(f"{home}{path}")
        expect(page.get_by_role("table").or_(page.get_by_role("list", name="Documents")).first).to_be_visible()
        screenshot(page, f"explorer-{name}-{scheme}-{width}")
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{path} is {overflow} px too wide"
        assert_accessible(page)


def test_what_is_somebody_elses_is_not_there(playwright: Playwright, home: str, ida: Account, database: str) -> None:
    Account(ida.platform, "eve")
    with chromium(playwright) as context:
        log_in(context, home, "eve")
        page = context.new_page()
        page.goto(f"{home}/databases/{database}")
        expect(page.get_by_role("heading", name="There is nothing at this address")).to_be_visible()
        page.goto(f"{home}/databases")
        expect(page.get_by_text("No databases yet")).to_be_visible()
