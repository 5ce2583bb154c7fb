"""One platform for the whole end-to-end run, with short idle and start times; tests that break a platform start their own.

A module overrides `platform` to have one of its own, and `browser` to have somebody logged in; `home` and `page` follow.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from tests.e2e.browser import Watch, chromium
from tests.support.account import Account
from tests.support.platform import Platform

QUICK = {"FP_IDLE_SECONDS_PER_MINUTE": "2", "FP_START_SECONDS": "5"}
"""An idle minute lasts 2 s, so that the default of 15 minutes still is longer than any test; a start may take 5 s."""


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform shared by all tests that leave it as it is."""
    with Platform(tmp_path_factory.mktemp("fp") / "data", **QUICK) as running:
        yield running


@pytest.fixture(scope="module")
def ada(platform: Platform) -> Account:
    """Who administers the platform, for she came first."""
    return Account(platform)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """What drives browsers. It keeps an event loop running, so it ends with its module: other tests want loops of their own."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def home(platform: Platform) -> str:
    """The platform's address as a browser knows it."""
    return platform.home


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[BrowserContext]:
    """A browser in which nobody is logged in."""
    with chromium(playwright) as context:
        yield context


@pytest.fixture
def page(browser: BrowserContext, home: str) -> Iterator[Page]:
    """A tab that fails the test when it misbehaves."""
    tab = browser.new_page()
    watch = Watch(tab, home)
    yield tab
    tab.close()
    assert watch.complaints == []


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder of a test's own."""
    return tmp_path / "data"
