"""`just screenshots`: takes the pictures, says what axe finds on each screen, and fails when it finds anything.

python -m tools.pictures [--out FOLDER] [--only NAME ...]
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import BrowserContext, Playwright, sync_playwright

from tests.e2e.axe import violations
from tests.e2e.browser import chromium, log_in
from tests.support.platform import Platform
from tools.pictures.screens import SCREENS, Screen
from tools.pictures.stage import USER, stage

Theme = Literal["dark", "light"]
THEMES: Final[tuple[Theme, ...]] = ("dark", "light")
HEIGHTS: Final = {1440: 900, 820: 1100, 360: 740}
"""The height of a screen of that width, pixels."""


def main() -> int:
    """0 when every screen could be shown and axe found nothing."""
    parser = argparse.ArgumentParser(description="Pictures of every screen in both themes and three widths.")
    parser.add_argument("--out", type=Path, default=Path(".fp/screenshots"), help="the folder they go to")
    parser.add_argument("--only", nargs="*", default=[], help="names of screens; all when absent")
    parser.add_argument("--themes", nargs="*", default=list(THEMES), choices=THEMES)
    parser.add_argument("--widths", nargs="*", type=int, default=list(HEIGHTS), choices=HEIGHTS)
    chosen = parser.parse_args()
    screens = [screen for screen in SCREENS if not chosen.only or screen.name in chosen.only]
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder)) as platform, sync_playwright() as playwright:
        found = 0
        for theme in chosen.themes:
            for width in chosen.widths:
                for complaint in _all(playwright, platform, screens, chosen.out, (theme, width)):
                    found += 1
                    print(complaint, flush=True)
    print(f"{len(screens)} screens, {found} complaints; pictures in {chosen.out}")
    return 1 if found else 0


def _all(
    playwright: Playwright, platform: Platform, screens: list[Screen], out: Path, look: tuple[Theme, int]
) -> Iterator[str]:
    theme, width = look
    with chromium(playwright, width, HEIGHTS[width], theme) as context:
        for screen in sorted(screens, key=lambda one: one.logged_in):
            yield from _one(context, platform, screen, out / f"{screen.name}-{theme}-{width}.png")


def _one(context: BrowserContext, platform: Platform, screen: Screen, picture: Path) -> Iterator[str]:
    home = platform.home
    page = context.new_page()
    try:
        if screen.logged_in:
            log_in(page, home, USER)
        page.goto(f"{home}{screen.path}")
        page.locator(screen.seen).first.wait_for()
        if screen.act:
            screen.act(page)
        page.wait_for_timeout(400)  # fades and charts come to rest
        page.screenshot(path=picture)
        yield from (f"{picture.stem}: {one}" for one in violations(page))
    except Exception as error:  # the other pictures are worth having
        page.screenshot(path=picture)
        yield f"{picture.stem}: {str(error).splitlines()[0]}"
    finally:
        page.close()


if __name__ == "__main__":
    sys.exit(main())
