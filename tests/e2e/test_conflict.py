"""Two people, one draft; and one person whose server went away: whatever happens, no text that somebody typed is lost."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.e2e.axe import assert_accessible
from tests.e2e.browser import chromium, screenshot
from tests.e2e.editor import code, line, open_editor, saved
from tests.support.account import Account
from tests.support.apps import HELLO
from tests.support.platform import wait_for

TEXT = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n"


@pytest.fixture(scope="module")
def another(playwright: Playwright) -> Iterator[BrowserContext]:
    with chromium(playwright, scheme="light") as context:
        yield context


def draft(ada: Account, name: str) -> dict[str, str]:
    files: dict[str, str] = ada.api("GET", f"/apps/{name}/draft")["files"]
    return files


def write(page: Page, text: str) -> None:
    code(page).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def both_edit(first: Page, second: Page) -> None:
    """The first saves a change of the first line, then the second one of the last."""
    for page in (first, second):
        line(page, "text.md").click()
        expect(code(page)).to_contain_text("seven")
    write(first, TEXT.replace("one", "ONE of the first"))
    saved(first)
    write(second, TEXT.replace("seven", "SEVEN of the second"))
    expect(second.get_by_role("dialog", name="This draft was also changed elsewhere")).to_be_visible()


def test_two_windows_on_one_draft_are_merged_piece_by_piece(
    browser: BrowserContext, another: BrowserContext, ada: Account
) -> None:
    ada.create("windows", HELLO | {"text.md": TEXT, "other.md": "other\n"})
    first, second = open_editor(browser, ada, "windows"), open_editor(another, ada, "windows")
    line(first, "other.md").click()
    write(first, "changed by the first\n")
    saved(first)
    both_edit(first, second)
    dialog = second.get_by_role("dialog")
    expect(dialog.get_by_label("text.md, elsewhere")).to_contain_text("ONE of the first")
    expect(dialog.get_by_label("text.md, to be saved")).to_contain_text("SEVEN of the second")
    screenshot(second, "conflict-light")
    assert_accessible(second)
    dialog.get_by_role("button", name="Take this").first.focus()
    second.keyboard.press("Enter")
    expect(dialog.get_by_label("text.md, to be saved")).to_contain_text("ONE of the first")
    dialog.get_by_role("button", name="Save this text").click()
    saved(second)
    merged = TEXT.replace("one", "ONE of the first").replace("seven", "SEVEN of the second")
    assert draft(ada, "windows")["text.md"] == merged
    assert draft(ada, "windows")["other.md"] == "changed by the first\n"
    first.close()
    second.close()


def test_the_side_that_was_not_chosen_is_still_there(
    browser: BrowserContext, another: BrowserContext, ada: Account
) -> None:
    ada.create("sides", HELLO | {"text.md": TEXT})
    first, second = open_editor(browser, ada, "sides"), open_editor(another, ada, "sides")
    both_edit(first, second)
    assert "ONE of the first" in draft(ada, "sides")["text.md"], "nothing is written before somebody chose"
    second.reload()
    expect(second.get_by_role("dialog", name="This draft was also changed elsewhere")).to_be_visible()
    second.get_by_role("button", name="All as elsewhere").click()
    second.get_by_role("button", name="Save this text").click()
    expect(code(second)).to_contain_text("ONE of the first")
    second.get_by_role("button", name="Back to this window's").click()
    expect(code(second)).to_contain_text("SEVEN of the second")
    saved(second)
    assert "SEVEN of the second" in draft(ada, "sides")["text.md"]
    first.close()
    second.close()


def test_nothing_typed_is_lost_while_the_server_is_away(browser: BrowserContext, ada: Account) -> None:
    """Nobody listens, text is typed, the tab is closed: the next tab has it, and saves it."""
    ada.create("away", HELLO | {"text.md": TEXT})
    page = open_editor(browser, ada, "away", "?file=text.md")
    expect(code(page)).to_contain_text("seven")
    with ada.platform.shut():
        write(page, TEXT + "typed while nobody listened\n")
        expect(page.get_by_role("alert").first).to_contain_text("Not saved yet, kept on this device")
        screenshot(page, "not-saved-dark")
        page.close()
    assert "typed" not in draft(ada, "away")["text.md"]
    page = open_editor(browser, ada, "away", "?file=text.md")
    expect(code(page)).to_contain_text("typed while nobody listened")
    wait_for(lambda: "typed while nobody listened" in draft(ada, "away")["text.md"], 30, "the saved text")
    saved(page)
    page.close()
