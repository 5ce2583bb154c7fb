"""Which screens there are: where each is, what must be seen before the picture is taken, and what is done before it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page, expect

Act = Callable[[Page], None]


@dataclass(frozen=True)
class Screen:
    """`seen`: a CSS or text selector that says that the screen is whole. `act`: what a person does on it first."""

    name: str
    path: str
    seen: str
    act: Act | None = None
    logged_in: bool = True


def _choose_failure(page: Page) -> None:
    row = page.get_by_role("table", name="Requests").get_by_text("/notes/import").first
    row.click()
    expect(page.get_by_text("KeyError").first).to_be_visible()


def _send(page: Page) -> None:
    if page.viewport_size and page.viewport_size["width"] < 1024:
        page.get_by_role("tab", name="Try it").or_(page.get_by_role("button", name="Try it")).first.click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("region", name="Response")).to_contain_text("200")


APP: Final = "/apps/notes-api"
SCREENS: Final = (
    Screen("signup", "/signup", "text=Create account", logged_in=False),
    Screen("login", "/login", "text=Log in", logged_in=False),
    Screen("apps", "/", "text=weather-proxy"),
    Screen("new", "/new", "text=Hello API"),
    Screen("editor", f"{APP}/edit", ".cm-content"),
    Screen("editor-sent", f"{APP}/edit", ".cm-content", _send),
    Screen("requests", APP, ':text("/notes/first")'),
    Screen("requests-failure", APP, ':text("/notes/import")', _choose_failure),
    Screen("logs", f"{APP}?tab=logs", "text=kept"),
    Screen("wakes", f"{APP}?tab=wakes", ':text("ms")'),
    Screen("settings-drawer", f"{APP}/edit?drawer=settings", "text=Variables"),
    Screen("versions-drawer", f"{APP}/edit?drawer=versions", "text=compared with"),
    Screen("differences", f"{APP}/edit?diff=app.py", "text=Discard"),
    Screen("trash", "/trash", "text=Recently deleted"),
    Screen("databases", "/databases", "text=notes-api"),
    Screen("documents", f"{APP}?tab=database&collection=notes", "text=Wake up"),
    Screen("database", f"{APP}?tab=database", "text=notes"),
    Screen("metrics", f"{APP}?tab=metrics", "canvas"),
    Screen("versions", f"{APP}?tab=versions", "text=v3"),
    Screen("settings", f"{APP}?tab=settings", "text=Secrets"),
)
