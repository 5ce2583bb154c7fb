"""The editor in a browser for end-to-end tests: an app's editor in a tab of its owner, its parts by their names."""

import json
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.browser import log_in
from tests.support.account import Account


def open_editor(context: BrowserContext, account: Account, name: str, search: str = "") -> Page:
    """A new tab with that app's draft open, of its owner, who is logged in."""
    log_in(context, account.platform.home, account.username)
    page = context.new_page()
    page.goto(f"{account.platform.home}/apps/{name}/edit{search}")
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
