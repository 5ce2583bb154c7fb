"""Deploying from the page: a failure mended on its line, a start cancelled, reloads and restarts in the middle survived."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.e2e.axe import assert_accessible
from tests.e2e.browser import chromium, screenshot
from tests.e2e.conftest import QUICK
from tests.e2e.editor import code, open_editor
from tests.support.account import Account
from tests.support.apps import HELLO, VERSION_TWO
from tests.support.platform import Platform, wait_for

PICTURES = Path(os.environ["FP_PICTURES"]) if "FP_PICTURES" in os.environ else None
STARTS_SLOWLY = {"app.py": "import time\n\n" + HELLO["app.py"] + "\n\ntime.sleep(4)\n"}


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[BrowserContext]:
    with chromium(playwright) as context:
        yield context


def stages(page: Page) -> list[str | None]:
    """The state of each stage on the rail."""
    items = page.get_by_role("list", name="Deploy progress").get_by_role("listitem")
    return [item.get_attribute("data-status") for item in items.all()]


def deploying(page: Page, stage: int) -> None:
    """Waits until that stage runs."""
    wait_for(lambda: (found := stages(page)) and found[stage] == "running", 20, f"stage {stage} to run")


def test_a_start_is_cancelled_and_the_old_version_serves_on(browser: BrowserContext, ada: Account) -> None:
    ada.publish("regret", HELLO)
    ada.save("regret", STARTS_SLOWLY)
    page = open_editor(browser, ada, "regret")
    page.keyboard.press("Control+Enter")
    deploying(page, 2)
    rail = page.get_by_role("region", name="Deploy")
    expect(rail).to_contain_text("v1 keeps serving until v2 is ready")
    screenshot(page, PICTURES, "deploy-running-dark")
    rail.get_by_role("button", name="Cancel").click()
    expect(rail.get_by_role("status")).to_contain_text("Cancelled. v1 keeps serving")
    screenshot(page, PICTURES, "deploy-cancelled-dark")
    assert_accessible(page)
    assert ada.call("regret").json()["hello"] == "world"
    assert ada.api("GET", "/apps/regret")["version"] == 1
    expect(page.get_by_role("button", name="Deploy", exact=True)).to_be_enabled()
    # Pointing at it keeps it.
    page.mouse.move(400, 300)
    expect(rail).to_be_hidden(timeout=15_000)
    page.close()


def test_a_reload_in_the_middle_finds_the_deploy(browser: BrowserContext, ada: Account) -> None:
    ada.create("reload", STARTS_SLOWLY)
    page = open_editor(browser, ada, "reload")
    page.keyboard.press("Control+Enter")
    deploying(page, 2)
    page.reload()
    rail = page.get_by_role("region", name="Deploy")
    expect(rail.get_by_role("listitem")).to_have_count(4)
    expect(rail.get_by_role("status")).to_contain_text("v1 is live at", timeout=20_000)
    expect(rail.get_by_role("link", name=ada.platform.app_url("reload"))).to_be_visible()
    assert stages(page) == ["done"] * 4
    page.close()


def test_what_others_deploy_is_shown_too(browser: BrowserContext, ada: Account) -> None:
    """By the command line, so fast that it is over before the page looks: it says who and what."""
    ada.publish("others", HELLO)
    page = open_editor(browser, ada, "others")
    expect(page.get_by_role("banner").get_by_text("Same as v1")).to_be_visible()
    ada.save("others", VERSION_TWO)
    assert ada.deploy("others")["status"] == "succeeded"
    rail = page.get_by_role("region", name="Deploy")
    expect(rail.get_by_role("status")).to_contain_text("Started by ada. v2 is live at")
    rail.get_by_role("button", name="Close the deploy").click()
    expect(rail).to_be_hidden()
    page.close()


@pytest.mark.parametrize("touch", [True, False], ids=["by touch", "by keyboard"])
def test_at_360_px_a_failing_deploy_is_mended(playwright: Playwright, ada: Account, touch: bool) -> None:
    """The finding is on its line, the old version serves on; the line is mended and the next deploy is live."""
    name = f"mend-{'touch' if touch else 'keys'}"
    ada.publish(name, HELLO)
    broken = HELLO["app.py"] + "\nlimit = int('many')\n"
    ada.save(name, {"app.py": broken})
    with chromium(playwright, 360, 740, "light" if touch else "dark") as context:
        page = open_editor(context, ada, name)
        deploy = page.get_by_role("button", name="Deploy", exact=True)
        if touch:
            deploy.click()
        else:
            deploy.focus()
            page.keyboard.press("Enter")
        rail = page.get_by_role("region", name="Deploy")
        expect(rail.get_by_role("status")).to_contain_text("Deploy failed. v1 keeps serving")
        expect(code(page).get_by_role("alert")).to_contain_text("many")
        expect(code(page)).to_be_focused()
        screenshot(page, PICTURES, f"mend-{'touch-light' if touch else 'keys-dark'}-360")
        assert_accessible(page)
        # The cursor is on the line of the finding already.
        page.keyboard.press("Home")
        page.keyboard.press("Shift+End")
        page.keyboard.insert_text("limit = 3")
        if touch:
            deploy.click()
        else:
            page.keyboard.press("Control+Enter")
        expect(rail.get_by_role("status")).to_contain_text("is live at", timeout=20_000)
        assert re.search(r"limit = 3$", ada.api("GET", f"/apps/{name}/draft")["files"]["app.py"].rstrip())
        page.get_by_role("button", name="Try it").click()
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("region", name="Response")).to_contain_text("200")


def test_a_restart_of_control_in_the_middle_is_survived(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The event stream breaks; the rail goes on by itself and ends with the address."""
    with Platform(tmp_path_factory.mktemp("restart") / "data", **QUICK) as platform, chromium(playwright) as context:
        grace = Account(platform)
        grace.create("steady", STARTS_SLOWLY)
        page = open_editor(context, grace, "steady")
        page.keyboard.press("Control+Enter")
        deploying(page, 2)
        platform.kill("control")
        expect(page.get_by_role("region", name="Deploy").get_by_role("status")).to_contain_text(
            "v1 is live at", timeout=40_000
        )
