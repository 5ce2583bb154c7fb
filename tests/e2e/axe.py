"""axe-core in a page: what a person with a screen reader, or without good eyes, would stumble over."""

from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from playwright.sync_api import Page, expect

SOURCE: Final = Path(__file__).resolve().parents[2] / "frontend/node_modules/axe-core/axe.min.js"
RULES: Final = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}

GUARDS: Final = "[data-base-ui-focus-guard]"
"""Nobody stays on a focus guard: it passes the focus on, into the menu or out of it. axe takes it for a hidden control."""

THEMES: Final[tuple[Literal["dark", "light"], ...]] = ("light", "dark")

AT_REST: Final = """() => Promise.all(document.getAnimations()
  .filter(one => Number.isFinite(one.effect?.getComputedTiming().endTime ?? 0))
  .map(one => one.finished.catch(() => null)))"""


@cache
def _source() -> str:
    return SOURCE.read_text()


def violations(page: Page, without: str = "") -> list[str]:
    """One line for each rule that the page breaks: what, and where first. `without`: a selector of what is left out."""
    # Evaluated, not put into the page as a script: the page's policy has no place for scripts of others.
    page.evaluate(_source())
    # What fades in is no colour of the page's yet.
    page.evaluate(AT_REST)
    place = {"include": ["html"], "exclude": [GUARDS, without] if without else [GUARDS]}
    result: dict[str, Any] = page.evaluate("([place, rules]) => axe.run(place, rules)", [place, RULES])
    return [_line(found) for found in result["violations"]]


def assert_accessible(page: Page, without: str = "") -> None:
    """Fail with what axe found. `without`: a selector of what is left out."""
    found = violations(page, without)
    assert not found, "\n".join(found)


def assert_accessible_in_both_themes(page: Page) -> None:
    """The page as it is, in the light theme and then the dark one, which stays; it must follow the system's."""
    for scheme in THEMES:
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_attribute("data-theme", scheme)
        assert_accessible(page)


def _line(found: dict[str, Any]) -> str:
    nodes = found["nodes"]
    first = nodes[0]
    summary = str(first.get("failureSummary", "")).replace("\n", " ")
    return (
        f"{found['id']} ({found['impact']}), {len(nodes)} times: {found['help']}: {first['html'][:160]} {summary[:240]}"
    )
