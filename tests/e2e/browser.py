"""A real Chromium for end-to-end tests: Debian's, driven by Playwright, with a fresh profile and no word to the outside."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Playwright, Request

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
    playwright: Playwright, width: int = 1440, height: int = 900, scheme: Literal["dark", "light"] = "dark"
) -> Iterator[BrowserContext]:
    """A browser window of that size and colour scheme."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "these tests need a Chromium: apt install chromium"
    with tempfile.TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=program,
            headless=True,
            args=QUIET,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
        )
        context.set_default_timeout(20_000)
        try:
            yield context
        finally:
            context.close()


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


def screenshot(page: Page, folder: Path | None, name: str) -> None:
    """A picture for people, where somebody asked for pictures."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png")
