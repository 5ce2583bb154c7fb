"""The Apps screen in a real browser: found, sorted and worked on by mouse and keyboard, deleted and had back."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.axe import assert_accessible
from tests.e2e.browser import log_in, screenshot
from tests.support.account import Account
from tests.support.apps import HELLO
from tests.support.fleet import count
from tests.support.platform import Platform


@pytest.fixture(scope="module")
def fay(platform: Platform, ada: Account) -> Account:
    """Somebody with three apps: one that runs, one that was never deployed, one that fails."""
    fay = Account(platform, "fay")
    fay.publish("harbour", HELLO)
    count(platform, fay.api("GET", "/apps/harbour")["id"], [5] * 20 + [0, 0, 40, 80])
    fay.create("lantern")
    fay.create("broken", files={"app.py": "raise RuntimeError('no')\n"})
    assert fay.deploy("broken")["status"] == "failed"
    return fay


@pytest.fixture(scope="module")
def browser(browser: BrowserContext, home: str, fay: Account) -> BrowserContext:
    """A browser in which Fay is logged in."""
    log_in(browser, home, "fay")
    return browser


@pytest.fixture
def page(page: Page, home: str) -> Page:
    """A tab on the Apps screen."""
    page.goto(home)
    expect(rows(page).first).to_be_visible()
    return page


def rows(page: Page) -> Locator:
    return page.get_by_role("table", name="Apps").locator("[data-index]")


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def choose(page: Page, app: str, action: str) -> None:
    page.get_by_role("button", name=f"Actions for {app}", exact=True).click()
    page.get_by_role("menuitem", name=action).click()


def test_the_list_is_found_sorted_and_narrowed_by_its_address(page: Page, home: str) -> None:
    """Figures of the day, counts by status; what is chosen is in the address, and the address shows the same to anybody."""
    harbour = row(page, "harbour")
    expect(harbour).to_contain_text("220")
    expect(harbour.get_by_role("img")).to_have_accessible_name("220 requests in 24 hours")
    expect(page.get_by_text("1 error")).to_be_visible()
    page.get_by_label("Sort by").select_option("Name")
    expect(rows(page)).to_have_text(["broken", "harbour", "lantern"])
    page.get_by_role("button", name="Draft", exact=True).click()
    expect(rows(page)).to_have_text(["lantern"])
    page.get_by_role("button", name="All").click()
    page.keyboard.press("/")
    page.keyboard.type("an te")
    expect(rows(page)).to_have_text(["lantern"])
    expect(page).to_have_url(re.compile(r"q=an.te"))
    other = page.context.new_page()
    other.goto(page.url)
    expect(rows(other)).to_have_text(["lantern"])
    other.close()
    page.get_by_role("searchbox", name="Search apps").fill("no such app")
    page.get_by_role("button", name="Show all 3").click()
    expect(rows(page)).to_have_count(3)


def test_it_is_accessible_in_both_themes(page: Page) -> None:
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        expect(page.locator("html")).to_have_attribute("data-theme", scheme)
        assert_accessible(page)
        screenshot(page, f"fleet-{scheme}")
        page.keyboard.press("Control+k")
        expect(page.get_by_role("option").first).to_be_visible()
        assert_accessible(page)
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_contain_text("Next app")
        assert_accessible(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_rows_are_walked_and_worked_on_by_keyboard(page: Page, home: str) -> None:
    page.goto(f"{home}/?sort=name")
    expect(rows(page).first).to_have_text("broken")
    page.keyboard.press("j")
    expect(rows(page).nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(rows(page).nth(1)).to_be_focused()
    page.keyboard.press("s")
    expect(row(page, "harbour")).to_contain_text("Sleeping")
    page.keyboard.press("w")
    expect(row(page, "harbour")).to_contain_text("Running")
    page.keyboard.press("p")
    expect(row(page, "harbour")).to_contain_text("Paused")
    page.keyboard.press("p")
    expect(row(page, "harbour")).to_contain_text("Sleeping")
    page.keyboard.press("k")
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile("/apps/broken/edit"))
    page.go_back()
    expect(rows(page)).to_have_count(3)
    page.keyboard.press("j")
    page.keyboard.press("End")
    expect(rows(page).nth(2)).to_be_focused()
    page.keyboard.press("k")
    expect(rows(page).nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/apps/harbour$"))


def test_deleted_by_name_and_had_back_twice(page: Page, home: str, fay: Account) -> None:
    """Once by the toast's Undo, once from the list of deleted ones, where its name was taken meanwhile."""
    fay.create("leaf")
    page.reload()
    expect(row(page, "leaf")).to_be_visible()
    choose(page, "leaf", "Delete")
    confirm = page.get_by_role("button", name="Delete leaf")
    expect(confirm).to_be_disabled()
    page.get_by_label("Type leaf to confirm").fill("leaf")
    confirm.click()
    expect(row(page, "leaf")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "leaf")).to_be_visible()
    choose(page, "leaf", "Delete")
    page.get_by_label("Type leaf to confirm").fill("leaf")
    confirm.click()
    expect(row(page, "leaf")).to_have_count(0)
    fay.create("leaf")
    page.get_by_role("link", name="Recently deleted").click()
    expect(page).to_have_url(re.compile(r"/trash$"))
    page.get_by_role("button", name="Restore").click()
    page.get_by_label("leaf is taken by now").fill("leaf-back")
    assert_accessible(page)
    screenshot(page, "trash-taken")
    page.get_by_role("button", name="Restore as leaf-back").click()
    expect(page.get_by_text("Nothing was deleted")).to_be_visible()
    assert fay.api("GET", "/apps/leaf-back")["status"] == "draft"
    fay.api("DELETE", "/apps/leaf")
    fay.api("DELETE", "/apps/leaf-back")


def test_renamed_cloned_taken_out_and_brought_in(page: Page, home: str, fay: Account, tmp_path: Path) -> None:
    fay.create("seed", files={"app.py": "x = 1\n", "static/note.txt": "kept"})
    page.reload()
    choose(page, "seed", "Rename")
    page.get_by_role("textbox", name="Name").fill("Not A Name")
    expect(page.get_by_role("alert")).to_contain_text("Lower-case")
    page.get_by_role("textbox", name="Name").fill("harbour")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("alert")).to_contain_text("harbour")
    page.get_by_role("textbox", name="Name").fill("willow")
    page.get_by_role("button", name="Rename").click()
    expect(row(page, "willow")).to_be_visible()
    choose(page, "willow", "Clone")
    expect(page.get_by_role("textbox", name="Name")).to_have_value("willow-copy")
    assert_accessible(page)
    page.get_by_role("button", name="Clone").click()
    expect(row(page, "willow-copy")).to_be_visible()
    page.get_by_role("button", name="Actions for willow", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Export ZIP").click()
    archive = tmp_path / "willow.zip"
    download.value.save_as(archive)
    assert "static/note.txt" in zipfile.ZipFile(io.BytesIO(archive.read_bytes())).namelist()
    page.goto(f"{home}/new")
    page.get_by_role("textbox", name="Name").fill("sapling")
    page.get_by_label("ZIP to import").set_input_files(archive)
    expect(page).to_have_url(re.compile("/apps/sapling/edit"))
    assert fay.api("GET", "/apps/sapling/draft")["files"]["static/note.txt"] == "kept"
    for name in ("willow", "willow-copy", "sapling"):
        fay.api("DELETE", f"/apps/{name}")


def test_a_file_that_is_no_zip_is_refused_where_it_was_given(page: Page, home: str) -> None:
    page.goto(f"{home}/new")
    page.get_by_label("ZIP to import").set_input_files(
        {"name": "notes.zip", "mimeType": "application/zip", "buffer": b"not a zip at all"}
    )
    expect(page.get_by_role("alert")).to_contain_text(re.compile("zip", re.IGNORECASE))
    expect(page.get_by_role("button", name="Hello API")).to_be_enabled()


def test_everything_is_found_by_a_few_letters(page: Page, home: str, fay: Account) -> None:
    """The palette: an app, then its files, a command of the screen, a theme; Cmd-P has the files alone."""
    field = page.get_by_role("combobox", name="Command palette")
    page.keyboard.press("Control+k")
    field.fill("hrb")
    expect(page.get_by_role("option", name="harbour").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/apps/harbour$"))
    expect(page.get_by_role("tab", name="Requests")).to_be_visible()
    page.keyboard.press("Control+k")
    field.fill("edit code")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/apps/harbour/edit"))
    code = page.get_by_role("textbox", name="Code")
    expect(code).to_be_visible()
    fay.save("harbour", HELLO | {"helpers/words.py": "HELLO = 'found me'\n"})
    page.reload()
    expect(code).to_be_visible()
    code.click()
    page.keyboard.press("Control+p")
    page.get_by_role("combobox", name="Go to file").fill("wrd")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(code).to_contain_text("found me")
    page.keyboard.press("Control+k")
    field.fill("theme light")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.keyboard.press("Control+k")
    field.fill("theme like the system")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+k")
    field.fill("wake")
    expect(page.get_by_role("option", name="Wake", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    field.fill("zzzz")
    expect(page.get_by_role("status").filter(has_text="Nothing fits")).to_be_visible()
