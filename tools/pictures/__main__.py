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

from tests.e2e.axe import AT_REST, violations
from tests.e2e.browser import chromium, log_in
from tests.support.platform import Platform
from tools.pictures.screen import Screen
from tools.pictures.screens import SCREENS
from tools.pictures.stage import stage

Theme = Literal["dark", "light"]
THEMES: Final[tuple[Theme, ...]] = ("dark", "light")
HEIGHTS: Final = {1440: 900, 820: 1100, 360: 740}
"""The height of a screen of that width, pixels."""

TOUCHED: Final = 500
"""Below this width a screen is one that fingers touch."""


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
    for viewer in sorted({screen.viewer for screen in screens}, key=str):
        # A narrow screen is a phone's, where fingers press.
        with chromium(playwright, width, HEIGHTS[width], theme, touch=width < TOUCHED) as context:
            if viewer:
                log_in(context, platform.home, viewer)
            for screen in (one for one in screens if one.viewer == viewer):
                yield from _one(context, platform, screen, out / f"{screen.name}-{theme}-{width}.png")


def _one(context: BrowserContext, platform: Platform, screen: Screen, picture: Path) -> Iterator[str]:
    host = f"{screen.app}.localhost" if screen.app else "localhost"
    page = context.new_page()
    try:
        page.goto(f"http://{host}:{platform.port}{screen.path}")
        page.locator(screen.seen).first.wait_for()
        if screen.act:
            screen.act(page)
        page.wait_for_timeout(400)  # charts come to rest
        page.evaluate(AT_REST)
        page.screenshot(path=picture)
        yield from (f"{picture.stem}: {one}" for one in violations(page))
    except Exception as error:  # the other pictures are worth having
        page.screenshot(path=picture)
        yield f"{picture.stem}: {str(error).splitlines()[0]}"
    finally:
        page.close()


if __name__ == "__main__":
    sys.exit(main())
