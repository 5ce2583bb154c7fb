"""A real Chromium for end-to-end tests: Debian's, driven by Playwright, with no word to the outside.

One process serves for as long as Playwright does, because a start takes a second or two; each window has its own profile.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, expect

from tests.support.account import PASSWORD

PICTURES: Final = Path(os.environ["FP_PICTURES"]) if "FP_PICTURES" in os.environ else None
"""Folder for screenshots; none are taken without it."""

PATIENCE_MS: Final = 20_000
"""How long anything may take to appear on a page; a machine that runs other tests beside this one is slow."""

expect.set_options(timeout=PATIENCE_MS)

QUIET: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium(
    playwright: Playwright,
    width: int = 1440,
    height: int = 900,
    scheme: Literal["dark", "light"] = "dark",
    *,
    touch: bool = False,
    motion: bool = False,
) -> Iterator[BrowserContext]:
    """A browser window of that size and colour scheme. `touch`: it has a touch screen, as a phone does; `motion`: things
    fade and slide as for somebody who has not asked for less of that.
    """
    context = _browser(playwright).new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        has_touch=touch,
        reduced_motion="no-preference" if motion else "reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    try:
        yield context
    finally:
        context.close()


@lru_cache(maxsize=1)
def _browser(playwright: Playwright) -> Browser:
    """The process. It ends with its Playwright."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "these tests need a Chromium: apt install chromium"
    return playwright.chromium.launch(executable_path=program, headless=True, args=QUIET)


class Watch:
    """What a page must not do: log errors, throw, or ask any other host for anything."""

    def __init__(self, page: Page, own: str) -> None:
        self.complaints: list[str] = []
        self._own = own
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"thrown: {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        # The browser itself reports every answer of 400 and above; those are part of some journeys.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self._own, "data:", "blob:")):
            self.complaints.append(f"asked another host: {request.url}")


def screenshot(page: Page, name: str) -> None:
    """A picture for people, where somebody asked for pictures."""
    if PICTURES is not None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png")


def log_in(tab: Page | BrowserContext, home: str, username: str = "ada", password: str = PASSWORD) -> None:
    """The cookies of the window are those of somebody who logged in; what is on screen stays as it is."""
    answer = tab.request.post(
        f"{home}/api/auth/login", data={"username": username, "password": password}, headers={"Origin": home}
    )
    assert answer.ok, answer.text()
