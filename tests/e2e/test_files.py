"""The editor's files in a real browser: the tree by mouse and keyboard, undo, drops from the desktop, search, differences."""

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.e2e.axe import assert_accessible
from tests.e2e.browser import Watch, chromium, screenshot
from tests.e2e.editor import code, drop, line, open_editor, saved, shown
from tests.support.account import Account
from tests.support.apps import HELLO

FILES = HELLO | {
    "notes/text.py": "def slug(text):\n    return text.lower()\n",
    "notes/__init__.py": "",
    "static/style.css": "body { color: black }\n",
    "readme.md": "# Slug\n\nMakes a slug of a text.\n",
}


def opened(browser: BrowserContext, ada: Account, name: str, search: str = "") -> Iterator[Page]:
    page = open_editor(browser, ada, name, search)
    watch = Watch(page, ada.platform.home)
    yield page
    page.close()
    assert watch.complaints == []


@pytest.fixture(scope="module")
def tree_app(ada: Account) -> str:
    ada.publish("tree", FILES)
    return "tree"


@pytest.fixture
def page(browser: BrowserContext, ada: Account, tree_app: str) -> Iterator[Page]:
    """The editor on an app that is deployed as FILES, with the draft made so again."""
    ada.save(tree_app, FILES)
    yield from opened(browser, ada, tree_app)


def draft(ada: Account, name: str = "tree") -> dict[str, str]:
    files: dict[str, str] = ada.api("GET", f"/apps/{name}/draft")["files"]
    return files


def name_it(page: Page, label: str, name: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(name)
    field.press("Enter")


def test_by_keyboard_files_are_opened_renamed_deleted_and_had_back(page: Page, ada: Account) -> None:
    assert shown(page) == [
        "app.py", "notes", "notes/__init__.py", "notes/text.py", "static", "static/style.css", "readme.md",
    ]  # fmt: skip
    line(page, "app.py").focus()
    page.keyboard.press("ArrowDown")
    expect(line(page, "notes")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(line(page, "notes")).to_have_attribute("aria-expanded", "false")
    expect(line(page, "notes/text.py")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("r")
    expect(line(page, "readme.md")).to_be_focused()
    page.keyboard.press("F2")
    name_it(page, "New name of readme.md", "docs/about.md")
    expect(line(page, "docs/about.md")).to_be_focused()
    page.keyboard.press("Enter")
    expect(code(page)).to_contain_text("Makes a slug")
    line(page, "docs/about.md").focus()
    page.keyboard.press("Delete")
    expect(line(page, "docs/about.md")).to_have_count(0)
    expect(page.get_by_role("tree").locator(":focus")).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(line(page, "docs/about.md")).to_be_visible()
    saved(page)
    after = draft(ada)
    assert (after["docs/about.md"], "readme.md" in after) == (FILES["readme.md"], False)
    line(page, "app.py").focus()
    page.keyboard.press("Delete")
    expect(line(page, "app.py")).to_be_visible()


def test_menus_make_move_copy_and_delete(page: Page, ada: Account) -> None:
    page.get_by_role("button", name="Add a file").click()
    name_it(page, "New file", "../x.py")
    expect(page.get_by_role("alert").first).to_contain_text("A plain path")
    name_it(page, "New file", "util.py")
    expect(page.get_by_role("navigation", name="Open files")).to_contain_text("util.py")
    line(page, "notes").click(button="right")
    page.get_by_role("menuitem", name="New folder here").click()
    name_it(page, "New folder", "deep")
    expect(line(page, "notes")).to_have_count(1)
    expect(line(page, "deep").or_(line(page, "notes/deep"))).to_be_visible()
    line(page, "util.py").hover()
    page.get_by_role("button", name="More for util.py").click()
    screenshot(page, "files-menu-dark")
    page.get_by_role("menuitem", name="Move to a folder").click()
    assert_accessible(page)
    page.get_by_role("list", name="Folders").get_by_role("button", name="notes/deep").click()
    expect(line(page, "notes/deep/util.py")).to_be_visible()
    line(page, "notes/deep/util.py").click(button="right")
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(line(page, "notes/deep/util_2.py")).to_be_visible()
    line(page, "static/style.css").drag_to(line(page, "notes"))
    expect(line(page, "notes/style.css")).to_be_visible()
    line(page, "notes").click(button="right")
    page.get_by_role("menuitem", name="Delete").click()
    expect(line(page, "notes/text.py")).to_have_count(0)
    page.get_by_role("button", name="Undo").first.click()
    expect(line(page, "notes/text.py")).to_be_visible()
    saved(page)
    assert {"notes/deep/util.py", "notes/deep/util_2.py", "notes/style.css", "notes/text.py"} <= draft(ada).keys()


def archive(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return buffer.getvalue()


def test_what_is_dropped_is_judged_before_it_is_taken(page: Page, ada: Account) -> None:
    """A ZIP with a bomb, a path out, a binary and good files: what goes in and what does not is said, each with its reason."""
    bad = archive(
        {
            "shop/app.py": b"app = None\n",
            "shop/prices.py": b"VAT = 19\n",
            "shop/bomb.txt": b"0" * 30_000_000,
            "shop/logo.png": b"\x89PNG",
            "shop/latin.txt": "é".encode("latin-1"),
            "../evil.py": b"x = 1\n",
        }
    )
    drop(page, "[role=tree]", {"shop.zip": bad})
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("list", name="To be added (2)")).to_contain_text("prices.py")
    refused = dialog.get_by_role("list", name=re.compile("Not taken"))
    for words in (
        "bomb.txt",
        "over 100 KB",
        "logo.png",
        "kind",
        "latin.txt",
        "no text",
        "evil.py",
        "out of the archive",
    ):
        expect(refused).to_contain_text(words)
    screenshot(page, "files-drop-dark")
    assert_accessible(page)
    dialog.get_by_role("button", name="Take nothing").click()
    drop(page, '[data-path="static"]', {"site.js": b"let x\n", "more.css": b"a {}\n"})
    expect(line(page, "static/more.css")).to_be_visible()
    expect(page.get_by_text("Added 2 files")).to_be_visible()
    good = archive({"app.py": FILES["app.py"].encode() + b"\n# new\n", "extra.py": b"y = 1\n"})
    drop(page, "[role=tree]", {"good.zip": good})
    expect(page.get_by_role("list", name=re.compile("To be added"))).to_contain_text("replaces yours")
    page.get_by_role("button", name="Add 1, replace 1").click()
    expect(line(page, "extra.py")).to_be_visible()
    saved(page)
    assert "# new" in draft(ada)["app.py"]
    line(page, "extra.py").focus()
    page.keyboard.press("Control+z")
    expect(line(page, "extra.py")).to_have_count(0)
    saved(page)
    after = draft(ada)
    assert (after["app.py"], after["static/site.js"]) == (FILES["app.py"], "let x\n")


def test_a_zip_of_three_files_adds_two_and_replaces_one(page: Page, ada: Account) -> None:
    """The open file shows its new text, its folder has the added ones, nothing else changes; one undo takes all of it back."""
    line(page, "notes/text.py").click()
    expect(code(page)).to_contain_text("text.lower()")
    three = {
        "notes/text.py": b"def slug(text):\n    return text.casefold()\n",
        "notes/words.py": "STOP = ['the', 'é']\n".encode(),
        "static/site.js": b"let x\n",
    }
    drop(page, "[role=tree]", {"three.zip": archive(three)})
    dialog = page.get_by_role("dialog")
    added = dialog.get_by_role("list", name="To be added (3)")
    expect(added.get_by_role("listitem").filter(has_text="replaces yours")).to_have_count(1)
    expect(added.get_by_role("listitem").filter(has_text="replaces yours")).to_contain_text("notes/text.py")
    assert draft(ada) == FILES
    dialog.get_by_role("button", name="Add 2, replace 1").click()
    expect(dialog).to_be_hidden()
    expect(line(page, "notes/words.py")).to_be_visible()
    expect(line(page, "static/site.js")).to_be_visible()
    expect(code(page)).to_contain_text("text.casefold()")
    saved(page)
    assert draft(ada) == FILES | {name: data.decode() for name, data in three.items()}
    line(page, "notes/words.py").focus()
    page.keyboard.press("Control+z")
    expect(code(page)).to_contain_text("text.lower()")
    expect(line(page, "notes/words.py")).to_have_count(0)
    saved(page)
    assert draft(ada) == FILES


def test_a_search_goes_through_all_files_and_replaces_with_a_way_back(page: Page, ada: Account) -> None:
    code(page).click()
    page.keyboard.press("Control+Shift+f")
    panel = page.get_by_role("region", name="Search in files")
    panel.get_by_label("Search for").fill("slug")
    expect(panel.get_by_role("status")).to_contain_text("3 matches in 2 files")
    panel.get_by_role("button", name="Match case").click()
    expect(panel.get_by_role("status")).to_contain_text("2 matches in 2 files")
    panel.get_by_role("button", name=re.compile(r"notes.text\.py, line 1")).click()
    expect(code(page)).to_contain_text("def slug")
    expect(page).to_have_url(re.compile(r"side=search"))
    screenshot(page, "search-dark")
    assert_accessible(page)
    panel.get_by_label("Replace by").fill("handle")
    panel.get_by_role("button", name="Replace all").click()
    expect(code(page)).to_contain_text("def handle")
    saved(page)
    assert "Makes a handle" in draft(ada)["readme.md"]
    page.get_by_role("button", name="Undo").first.click()
    expect(code(page)).to_contain_text("def slug")
    saved(page)
    assert draft(ada) == FILES


def test_an_expression_that_would_take_for_ever_is_ended_and_the_editor_stays_free(page: Page, ada: Account) -> None:
    ada.save("tree", FILES | {"long.txt": "a" * 60 + "!\n"})
    page.reload()
    line(page, "app.py").click()
    page.keyboard.press("Control+Shift+f")
    panel = page.get_by_role("region", name="Search in files")
    panel.get_by_role("button", name="Regular expression").click()
    panel.get_by_label("Search for").fill("(a+)+$")
    expect(panel.get_by_role("status")).to_contain_text("Searching")
    code(page).click()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("# typed meanwhile\n")
    expect(code(page)).to_contain_text("typed meanwhile")
    expect(panel.get_by_role("status")).to_contain_text("This expression takes too long")
    expect(panel.get_by_role("button", name="Replace all")).to_be_disabled()
    panel.get_by_label("Search for").fill(r"def (slug)\(")
    expect(panel.get_by_role("status")).to_contain_text("1 match in 1 file")
    panel.get_by_label("Replace by").fill("def new_$1(")
    panel.get_by_role("button", name="Replace all").click()
    expect(page.get_by_text("Replaced 1 match in 1 file")).to_be_visible()
    saved(page)
    after = draft(ada)
    assert "def new_slug(text)" in after["notes/text.py"]
    assert after["app.py"].startswith("# typed meanwhile\n")


def test_what_differs_is_shown_and_discarded_file_by_file(page: Page, ada: Account, playwright: Playwright) -> None:
    ada.save("tree", FILES | {"notes/text.py": "def slug(text):\n    return text.upper()\n", "new.md": "new\n"})
    ada.api("PATCH", "/apps/tree/settings", json={"env": {"GREETING": "hi"}})
    page.reload()
    page.get_by_role("button", name="2 files differ from v1").click()
    drawer = page.get_by_role("dialog", name="What differs from v1")
    expect(drawer.get_by_role("list", name="Changed files")).to_contain_text("new")
    expect(drawer).to_contain_text("Variable GREETING was added: “hi”")
    drawer.get_by_role("button", name=re.compile(r"notes.text\.py")).click()
    expect(drawer.get_by_label("notes/text.py, v1")).to_contain_text("text.lower()")
    expect(drawer.get_by_label("notes/text.py, draft")).to_contain_text("text.upper()")
    screenshot(page, "diff-dark")
    assert_accessible(page)
    drawer.get_by_role("button", name="One beneath the other").click()
    expect(drawer.get_by_label("notes/text.py, draft")).to_contain_text("text.lower()")
    drawer.get_by_role("button", name="Discard this file's changes").click()
    expect(drawer.get_by_role("list", name="Changed files")).not_to_contain_text("text.py")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="1 file differs from v1")).to_be_visible()
    page.get_by_role("button", name="Undo").first.click()
    saved(page)
    assert "upper" in draft(ada)["notes/text.py"]
    with chromium(playwright, 360, 780, "light") as context:
        other = open_editor(context, ada, "tree", "?diff=notes%2Ftext.py")
        expect(other.get_by_role("dialog").get_by_label("notes/text.py, draft")).to_contain_text("text.upper()")
        screenshot(other, "diff-light-360")
        assert_accessible(other)
    ada.api("PATCH", "/apps/tree/settings", json={"env": {"GREETING": None}})


def test_open_files_are_kept_and_closed(page: Page) -> None:
    line(page, "readme.md").click()
    line(page, "static/style.css").click()
    tabs = page.get_by_role("navigation", name="Open files")
    expect(tabs).to_contain_text("style.css")
    page.reload()
    expect(tabs).to_contain_text("readme.md")
    expect(code(page)).to_contain_text("color: black")
    expect(page).to_have_url(re.compile(r"file=static%2Fstyle.css"))
    page.keyboard.press("Alt+w")
    expect(tabs).not_to_contain_text("style.css")
    tabs.get_by_role("button", name="readme.md", exact=True).click(button="middle")
    expect(tabs).not_to_contain_text("readme.md")
    expect(code(page)).not_to_contain_text("Makes a slug")


def test_limits_are_said_before_saving(page: Page, ada: Account) -> None:
    drop(page, "[role=tree]", {f"f{number}.txt": b"x" * 99_000 for number in range(4)})
    expect(page.get_by_text("Added 4 files")).to_be_visible()
    line(page, "f0.txt").click()
    code(page).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("y" * 103_000)
    alert = page.get_by_role("region", name="Files").get_by_role("alert")
    expect(alert).to_contain_text("f0.txt is over 100 KB")
    expect(page.get_by_text("Not saved yet, kept on this device")).to_be_visible()
    screenshot(page, "limits-dark")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("small")
    saved(page)
    assert draft(ada)["f0.txt"] == "small"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_accessible_in_both_themes_and_when_narrow(
    playwright: Playwright, ada: Account, tree_app: str, scheme: str, width: int
) -> None:
    ada.save(tree_app, FILES | {f"notes/a/very/deep/folder/with-{'a-long-' * 8}name.py": "x = 1\n"})
    with chromium(playwright, width, 780, "light" if scheme == "light" else "dark") as context:
        page = open_editor(context, ada, tree_app)
        if width == 360:
            page.get_by_role("button", name="Files", exact=True).click()
        expect(line(page, "readme.md")).to_be_visible()
        screenshot(page, f"files-{scheme}-{width}")
        assert_accessible(page)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0
        if width == 360:
            page.get_by_role("button", name="Search in files").click()
            page.get_by_label("Search for").fill("slug")
            page.get_by_role("button", name=re.compile(r"notes.text\.py, line 1")).click()
            expect(code(page)).to_contain_text("def slug")
