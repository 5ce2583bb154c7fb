"""Screens in their other states: with nothing in them, with names as long as may be, and when something went wrong."""

from typing import Final

from playwright.sync_api import Page, expect

from tools.pictures.acts import put_to_sleep
from tools.pictures.people import ADMIN, LONGEST, LONGEST_APP, NEWCOMER
from tools.pictures.screen import Screen


def _unreachable(page: Page) -> None:
    """Nothing that the page asks for arrives."""
    page.route("**/api/fleet?*", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("button", name="Try again").first).to_be_visible(timeout=40_000)


def _offline(page: Page) -> None:
    """The connection breaks while the page is open."""
    page.route("**/api/**", lambda route: route.abort())
    expect(page.get_by_text("Connection lost")).to_be_visible(timeout=40_000)


def _wake_slowly(page: Page) -> None:
    """Somebody opens an app that sleeps and takes its time: the loading page."""
    home = page.url.rstrip("/")
    put_to_sleep(page, "slow-start")
    page.goto(home.replace("localhost", "slow-start.localhost"))
    expect(page.get_by_text("is waking up").first).to_be_visible()


def _choose_long_failure(page: Page) -> None:
    page.get_by_role("table", name="Requests").get_by_text("/fail").first.click()
    expect(page.get_by_text("ReconciliationError").first).to_be_visible()


NOTES: Final = "/apps/notes-api"
DRAFT: Final = "/apps/scratch"
LONG: Final = f"/apps/{LONGEST_APP}"

_EMPTY: Final = (
    Screen("empty-apps", "/", "text=Hello API", viewer=NEWCOMER),
    Screen("empty-trash", "/trash", "text=Nothing was deleted", viewer=NEWCOMER),
    Screen("empty-databases", "/databases", "text=No databases yet", viewer=NEWCOMER),
    Screen("empty-account", "/account", "text=No token yet", viewer=NEWCOMER),
    Screen("empty-search", "/?q=zebra", "text=No app matches"),
    Screen("empty-requests", "/apps/course-week-4", "text=No requests yet"),
    Screen("empty-requests-words", f"{NOTES}?q=status:599", "text=No request matches"),
    Screen("empty-logs", "/apps/course-week-4?tab=logs", "text=Nothing printed yet"),
    Screen("empty-logs-words", f"{NOTES}?tab=logs&q=zebra", "text=No line matches"),
    Screen("empty-wakes", "/apps/course-week-4?tab=wakes", "text=No wakes yet"),
    Screen("empty-metrics", "/apps/course-week-4?tab=metrics", "canvas"),
    Screen(
        "empty-documents", f"{NOTES}?tab=database&collection=notes&filter=%7Bstars:99%7D", "text=No document matches"
    ),
    Screen("draft-requests", DRAFT, "text=Nothing is live yet"),
    Screen("draft-metrics", f"{DRAFT}?tab=metrics", ':text("eploy")'),
    Screen("draft-database", f"{DRAFT}?tab=database", ':text("eploy")'),
    Screen("draft-versions", f"{DRAFT}?tab=versions", ':text("eploy")'),
    Screen("draft-settings", f"{DRAFT}?tab=settings", "text=Secrets"),
)
_LONG: Final = (
    Screen("long-apps", "/", f"text={LONGEST_APP}", viewer=LONGEST),
    Screen("long-requests", LONG, ':text("/reconcile")', viewer=LONGEST),
    Screen("long-failure", LONG, ':text("/fail")', _choose_long_failure, viewer=LONGEST),
    Screen("long-logs", f"{LONG}?tab=logs", "text=reconciled", viewer=LONGEST),
    Screen("long-metrics", f"{LONG}?tab=metrics", "canvas", viewer=LONGEST),
    Screen("long-editor", f"{LONG}/edit", ".cm-content", viewer=LONGEST),
    Screen("long-collections", f"{LONG}?tab=database", "text=reconciliation_", viewer=LONGEST),
    Screen("long-settings", f"{LONG}?tab=settings", "text=Secrets", viewer=LONGEST),
    Screen("long-versions", f"{LONG}?tab=versions", "text=v1", viewer=LONGEST),
    Screen("long-databases", "/databases", "table >> text=default of new apps", viewer=LONGEST),
    Screen("long-account", "/account", "text=Log-ins", viewer=LONGEST),
    Screen("long-admin-users", "/admin/users?q=bart", f"text={LONGEST}", viewer=ADMIN),
    Screen("long-admin-apps", "/admin/apps?q=quarterly", f"text={LONGEST_APP}", viewer=ADMIN),
)
_WRONG: Final = (
    Screen("error-apps", "/", "text=weather-proxy", _unreachable),
    Screen("error-offline", "/", "text=weather-proxy", _offline),
    Screen("error-app", "/apps/shop-webhooks", "text=Error"),
    Screen("error-versions", "/apps/shop-webhooks?tab=versions", "text=Deploys"),
    Screen("error-no-app", "/apps/nothing-here", "text=There is nothing at this address"),
    Screen("error-query", f"{NOTES}?tab=database&collection=notes&filter=%7Bstars", "text=The query was not run"),
)
_VISITED: Final = (
    Screen("visit-waking", "/", "text=slow-start", _wake_slowly, viewer=ADMIN),
    Screen("visit-unknown", "/", "body", app="nobody-has-this", viewer=None),
    Screen("visit-broken", "/", "body", app="shop-webhooks", viewer=None),
    Screen("visit-paused", "/", "body", app="summer-fair", viewer=None),
)
SCREENS: Final = (*_EMPTY, *_LONG, *_WRONG, *_VISITED)
