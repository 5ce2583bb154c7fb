"""The editor in a browser for end-to-end tests: a window that is logged in, an app's editor in it, its parts by their names."""

import json
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.support.account import Account

expect.set_options(timeout=20_000)
PASSWORD = "correct horse battery"


def log_in(context: BrowserContext, account: Account, username: str = "ada") -> str:
    """Gives the window the account's cookies; answers the platform's address as browsers know it."""
    home = f"http://localhost:{account.platform.port}"
    answer = context.request.post(f"{home}/api/auth/login", data={"username": username, "password": PASSWORD})
    assert answer.ok, answer.text()
    return home


def open_editor(context: BrowserContext, account: Account, name: str, search: str = "") -> Page:
    """A new tab with that app's draft open."""
    home = log_in(context, account)
    page = context.new_page()
    page.goto(f"{home}/apps/{name}/edit{search}")
    # What differs is a dialog, behind which nothing else is to be seen.
    expect(page.get_by_role("dialog") if "diff=" in search else code(page)).to_be_visible()
    return page


def code(page: Page) -> Locator:
    """The text that is edited."""
    return page.get_by_role("textbox", name="Code")


def line(page: Page, name: str) -> Locator:
    """A line of the file tree, by the name that it begins with."""
    return page.get_by_role("tree").locator(f'[data-path="{name}"]')


def saved(page: Page) -> None:
    """Waits until the server has the draft."""
    expect(page.get_by_text("· saved", exact=True)).to_be_attached()


def drop(page: Page, target: str, files: dict[str, bytes]) -> None:
    """Drops files from the desktop onto the element of that selector."""
    given: list[Any] = [[name, list(data)] for name, data in files.items()]
    page.evaluate(
        """([selector, files]) => {
          const transfer = new DataTransfer();
          for (const [name, bytes] of files) transfer.items.add(new File([new Uint8Array(bytes)], name));
          const target = document.querySelector(selector);
          for (const type of ["dragenter", "dragover", "drop"])
            target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }));
        }""",
        [target, given],
    )


def shown(page: Page) -> list[str]:
    """The paths in the tree, from top to bottom."""
    found: list[str] = json.loads(
        page.evaluate(
            "JSON.stringify([...document.querySelectorAll('[role=tree] [data-path]')].map(e => e.dataset.path))"
        )
    )
    return found
