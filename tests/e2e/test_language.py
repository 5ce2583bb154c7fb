"""The code editor knows its languages: problems as you type, fixes, formatting, completion, definitions, over all files."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Literal

import httpx
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Playwright, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.e2e.axe import assert_accessible
from tests.e2e.browser import Watch, chromium, log_in, screenshot
from tests.support.account import Account
from tests.support.platform import wait_for

SECRET = "not to be shown"
LINTED_MS = 40_000
"""Compiling the linter takes a second, and many on a machine with other work."""
APP = """import json
import os

from fastapi import FastAPI
from notes.text import slugify

app = FastAPI()


@app.get("/notes/{title}")
def read(title: str):
    return {"slug": slugify(title),   "home": os.environ["HOME"]}
"""
TEXT = '''"""Words of notes."""


def slugify(text: str, limit: int = 40) -> str:
    """A short name of letters and hyphens."""
    return text.lower()[:limit]


class Shelf:
    """Where notes stand."""

    def place(self, note: str) -> int:
        return len(note)
'''
FILES = {
    "app.py": APP,
    "notes/__init__.py": "",
    "notes/text.py": TEXT,
    "templates/index.html": "{% for note in notes %}\n<p>{{ note }}</p>\n{% endfor %}\n",
}


@pytest.fixture(scope="module")
def tab(browser: BrowserContext, home: str, ada: Account) -> Iterator[Page]:
    """One tab for all of them, logged in."""
    log_in(browser, home)
    page = browser.new_page()
    watch = Watch(page, home)
    yield page
    assert watch.complaints == []


@pytest.fixture(scope="module")
def editor(tab: Page, home: str, ada: Account) -> Page:
    """The editor of one app, which every test fills anew: the linter is loaded once."""
    ada.create("language", FILES)
    ada.api("PATCH", "/apps/language/settings", json={"env": {"GREETING": "hello"}, "secrets": {"API_KEY": SECRET}})
    opened(tab, f"{home}/apps/language/edit")
    return tab


@pytest.fixture
def code(editor: Page) -> Locator:
    """The code of app.py as it began, and what the linter says of it."""
    editor.mouse.move(5, 5)
    editor.get_by_role("region", name="Files").get_by_role("button", name="app.py", exact=True).or_(
        editor.get_by_role("button", name=re.compile("^app.py"))
    ).first.click()
    code = editor.get_by_role("textbox", name="Code")
    code.press("Control+a")
    editor.keyboard.insert_text(APP)
    expect(code).to_contain_text("import json")
    expect(editor.locator(".cm-lintRange-warning")).to_have_text("json", timeout=LINTED_MS)
    expect(code.get_by_role("alert")).to_have_count(0)
    return code


def opened(page: Page, address: str) -> Locator:
    page.goto(address)
    code = page.get_by_role("textbox", name="Code")
    expect(code).to_contain_text("app = FastAPI()", timeout=20_000)
    expect(page.locator(".cm-lintRange-warning").first).to_be_visible(timeout=LINTED_MS)
    code.focus()
    return code


def at_end(code: Locator, text: str) -> None:
    """Type at the end of the file."""
    code.press("Control+End")
    code.press_sequentially(text)


def choose(page: Page, option: str) -> None:
    """Take a completion once it is offered; by mouse, because Enter counts only when the list has been there for a moment."""
    page.get_by_role("option").filter(has_text=option).first.click()


def words_of(code: Locator) -> str:
    """The text of the editor, without the lines that stand between those of the file."""
    text: str = code.evaluate(
        "editor => [...editor.querySelectorAll('.cm-line')].map(line => line.innerText).join('\\n')"
    )
    return text.replace("\n\n\n", "\n\n")


def test_problems_show_as_you_type(tab: Page, code: Locator) -> None:
    """An undefined name gets a squiggle at once and says so on hover; the import it wants is one of its fixes."""
    at_end(code, "\n\nshelf = Shelf()")
    wrong = tab.locator(".cm-lintRange-error")
    expect(wrong).to_have_text("Shelf")
    code.press("Escape")
    tooltip = tab.locator(".cm-tooltip-lint")

    def told() -> bool:
        # The squiggle may be drawn anew under the mouse, which then is over nothing until it moves.
        tab.mouse.move(5, 5)
        wrong.hover()
        with suppress(PlaywrightTimeout):
            tooltip.wait_for(timeout=2_000)
        return tooltip.is_visible()

    wait_for(told, 30, "the words of the problem")
    expect(tooltip).to_contain_text("Undefined name Shelf")
    screenshot(tab, "language-problem-dark")
    tooltip.get_by_role("button", name="Import Shelf from notes.text").click()
    expect(code).to_contain_text("from notes.text import slugify, Shelf")
    expect(wrong).to_have_count(0)


def test_a_fix_removes_an_unused_import(tab: Page, code: Locator) -> None:
    """Ctrl-. at the line offers what ruff would do, by keyboard alone, and it can be undone."""
    code.press("Control+Home")
    code.press("Control+.")
    menu = tab.get_by_role("menu", name="Quick fixes")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    assert_accessible(tab, without="header")
    screenshot(tab, "language-fixes-dark")
    menu.get_by_role("menuitem").first.press("Enter")
    expect(code).not_to_contain_text("import json")
    expect(tab.locator(".cm-lintRange-warning")).to_have_count(0)
    expect(code).to_be_focused()
    code.press("Control+z")
    expect(code).to_contain_text("import json")


def test_everything_safe_is_fixed_at_once(tab: Page, code: Locator) -> None:
    """Fix all takes the unused import away and sorts the others, the draft's own modules last."""
    tab.get_by_role("button", name="Code actions").click()
    tab.get_by_role("menuitem", name="Fix all problems").click()
    expect(code).not_to_contain_text("import json")
    assert "import os\n\nfrom fastapi import FastAPI\n\nfrom notes.text import slugify" in words_of(code)


def test_the_file_is_formatted(tab: Page, code: Locator) -> None:
    """By key, and with Ctrl-S where that is wanted; the setting outlives a reload and the cursor stays where it was."""
    at_end(code, "x = [1,2]")
    code.press("Shift+Alt+F")
    expect(code).to_contain_text("x = [1, 2]")
    expect(code).to_contain_text('return {"slug": slugify(title), "home"')
    code.press_sequentially("  # here")
    expect(code).to_contain_text("x = [1, 2]  # here")
    tab.get_by_role("button", name="Code actions").click()
    tab.get_by_role("menuitemcheckbox", name=re.compile("Format on")).click()
    tab.keyboard.press("Escape")
    code = opened(tab, tab.url)
    at_end(code, "\ny = {1:2}")
    code.press("Control+s")
    expect(code).to_contain_text("y = {1: 2}")
    expect(tab.get_by_text("· saved")).to_be_visible()
    tab.evaluate("localStorage.removeItem('fp:format-on-save')")


def test_completion_knows_the_other_files(tab: Page, code: Locator) -> None:
    """A class of another file is offered and brings its import; its members and a route's parameters are known."""
    options = tab.get_by_role("option")
    at_end(code, "\n\nshelf = She")
    choose(tab, "from notes.text")
    expect(code).to_contain_text("from notes.text import slugify, Shelf")
    code.press_sequentially("()\nshelf.")
    expect(options.first).to_contain_text("place")
    screenshot(tab, "language-completion-dark")
    code.press("Escape")
    code.press_sequentially("place('a')\n\n\n@app.pos")
    expect(options.first).to_contain_text("post")
    choose(tab, "post")
    code.press_sequentially('("/x", status')
    expect(options.first).to_contain_text("status_code=")
    choose(tab, "status_code=")
    expect(code).to_contain_text('@app.post("/x", status_code=')


def test_completion_knows_the_environment(tab: Page, code: Locator) -> None:
    """Names of variables and of secrets after os.environ, never a secret's value; modules after from."""
    at_end(code, '\nkey = os.environ["')
    options = tab.get_by_role("option")
    for known in ("API_KEY", "GREETING", "PLATFORM_MONGO_URI"):
        expect(options.filter(has_text=known)).to_be_visible()
    expect(tab.get_by_text(SECRET)).to_have_count(0)
    code.press("Escape")
    code.press("Control+Home")
    code.press_sequentially("from not")
    expect(options.filter(has_text="notes.text")).to_be_visible()
    code.press("Escape")


def test_a_name_leads_to_its_definition(tab: Page, code: Locator) -> None:
    """F12 and Ctrl-click go to the other file, Alt-Left comes back to where one was; hover tells what it is."""
    name = code.get_by_text("slugify", exact=False).last
    name.hover()
    expect(tab.locator(".cm-about")).to_contain_text("A short name of letters and hyphens.")
    tab.mouse.move(5, 5)
    expect(tab.locator(".cm-about")).to_have_count(0)
    name.click(modifiers=["Control"])
    expect(code).to_contain_text("Words of notes")
    assert tab.evaluate("getSelection().toString()") == "slugify"
    expect(tab.get_by_role("button", name="notes/text.py").first).to_be_visible()
    code.press("Alt+ArrowLeft")
    expect(code).to_contain_text("import json")
    code.press("Control+Home")
    for _ in range(4):
        code.press("ArrowDown")
    code.press("End")
    code.press("F12")
    expect(code).to_contain_text("Words of notes")
    assert tab.evaluate("getSelection().toString()") == "slugify"


def test_the_server_finds_what_no_linter_can(tab: Page, code: Locator) -> None:
    """Its finding stands below its line as an alert without anybody asking, marks the file, and goes when it is mended."""
    code.press("Control+Home")
    code.press_sequentially("from notes.text import missing\nmissing()\n")
    alert = code.get_by_role("alert")
    expect(alert).to_contain_text("missing")
    line = alert.evaluate("alert => alert.closest('.cm-finding').previousElementSibling.innerText")
    assert line == "from notes.text import missing"
    expect(tab.get_by_role("treeitem", name=re.compile("^app.py, .*has a finding"))).to_be_visible()
    screenshot(tab, "language-finding-dark")
    assert_accessible(tab, without="header")
    for _ in range(2):
        code.press("Control+Home")
        code.press("Shift+ArrowDown")
        code.press("Delete")
    expect(alert).to_have_count(0)


def test_a_syntax_error_is_told_once(tab: Page, code: Locator) -> None:
    """Ruff says it first; when the server says it too, its words stay and ruff's go."""
    at_end(code, "\ndef half(:\n    pass\n")
    expect(tab.locator(".cm-lintRange-error").first).to_be_visible()
    expect(code.get_by_role("alert")).to_have_count(1)
    expect(tab.locator(".cm-lintRange-error:not(.cm-told)")).to_have_count(0)


def test_the_linter_is_served_by_us_and_small(tab: Page, code: Locator, home: str) -> None:
    """A module worker and a WebAssembly file of our own, compressed, kept for ever, and asked for after the page."""
    with tab.expect_response(lambda response: response.url.endswith(".wasm")) as fetched:
        opened(tab, tab.url)
    program = fetched.value
    assert program.url.startswith(f"{home}/assets/")
    answer = httpx.get(program.url, headers={"Accept-Encoding": "br"})
    assert answer.headers["content-type"] == "application/wasm"
    assert answer.headers["content-encoding"] == "br"
    assert "immutable" in answer.headers["cache-control"]
    assert int(answer.headers["content-length"]) < 3_200_000


def test_without_the_linter_all_else_works(playwright: Playwright, home: str, ada: Account) -> None:
    """Where its file cannot be fetched there is no ruff, and nothing else is lost."""
    ada.create("no-linter", FILES)
    with chromium(playwright) as context:
        log_in(context, home)
        page = context.new_page()
        page.route("**/*.wasm", lambda route: route.abort())
        code = page.get_by_role("textbox", name="Code")
        with page.expect_event("requestfailed", lambda request: request.url.endswith(".wasm")):
            page.goto(f"{home}/apps/no-linter/edit")
            expect(code).to_contain_text("import json")
            code.focus()
        at_end(code, "\nshelf = She")
        choose(page, "from notes.text")
        expect(code).to_contain_text("import slugify, Shelf")
        code.press("Shift+Alt+F")
        expect(page.get_by_text("The formatter could not be loaded")).to_be_visible()


def test_escape_then_tab_leaves_the_code(tab: Page, code: Locator) -> None:
    """Tab indents; Escape first, and Tab moves on."""
    code.press("Control+Home")
    code.press("Tab")
    expect(code).to_be_focused()
    expect(code.locator(".cm-line").first).to_have_text("    import json")
    code.press("Control+z")
    code.press("Escape")
    code.press("Tab")
    expect(code).not_to_be_focused()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_it_is_accessible(
    playwright: Playwright, home: str, ada: Account, scheme: Literal["light", "dark"], width: int
) -> None:
    """Problems, and find and replace, in the other theme and on a phone; nothing sticks out sideways."""
    ada.create(f"axe-{scheme}", FILES)
    with chromium(playwright, width, 800, scheme) as context:
        log_in(context, home)
        page = context.new_page()
        code = opened(page, f"{home}/apps/axe-{scheme}/edit")
        at_end(code, "\nx = undefined_name\n")
        expect(page.locator(".cm-lintRange-error")).to_be_visible()
        code.press("Control+f")
        expect(page.get_by_role("textbox", name="Find")).to_be_focused()
        assert_accessible(page, without="header")
        screenshot(page, f"language-search-{scheme}-{width}")
        page.get_by_role("button", name="Code actions").click()
        expect(page.get_by_role("menuitem", name="Format file")).to_be_visible()
        screenshot(page, f"language-menu-{scheme}-{width}")
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0
