"""Deploying from the page: a failure mended on its line, a start cancelled, reloads and restarts in the middle survived."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.e2e.axe import assert_accessible
from tests.e2e.browser import chromium, screenshot
from tests.e2e.conftest import QUICK
from tests.e2e.editor import code, open_editor, saved
from tests.support.account import Account
from tests.support.apps import HELLO, VERSION_TWO
from tests.support.platform import Platform, wait_for

WAITS = """

import time
from pathlib import Path

while not Path({gate!r}).exists():
    time.sleep(0.05)
"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """One that gives a start as long as a test takes to do something meanwhile."""
    with Platform(tmp_path_factory.mktemp("deploys") / "data", **QUICK | {"FP_START_SECONDS": "60"}) as running:
        yield running


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """What starts_at(gate) waits for: a start goes on once this is touched."""
    return tmp_path / "gate"


def starts_at(gate: Path) -> dict[str, str]:
    return {"app.py": HELLO["app.py"] + WAITS.format(gate=str(gate))}


def stages(page: Page) -> list[str | None]:
    """The state of each stage on the rail."""
    items = page.get_by_role("list", name="Deploy progress").get_by_role("listitem")
    return [item.get_attribute("data-status") for item in items.all()]


def deploying(page: Page, stage: int) -> None:
    """Waits until that stage runs."""
    wait_for(lambda: (found := stages(page)) and found[stage] == "running", 20, f"stage {stage} to run")


def test_a_start_is_cancelled_and_the_old_version_serves_on(browser: BrowserContext, ada: Account, gate: Path) -> None:
    ada.publish("regret", HELLO)
    ada.save("regret", starts_at(gate))
    page = open_editor(browser, ada, "regret")
    page.keyboard.press("Control+Enter")
    deploying(page, 2)
    rail = page.get_by_role("region", name="Deploy")
    expect(rail).to_contain_text("v1 keeps serving until v2 is ready")
    screenshot(page, "deploy-running-dark")
    rail.get_by_role("button", name="Cancel").click()
    expect(rail.get_by_role("status")).to_contain_text("Cancelled. v1 keeps serving")
    screenshot(page, "deploy-cancelled-dark")
    assert_accessible(page)
    assert ada.call("regret").json()["hello"] == "world"
    assert ada.api("GET", "/apps/regret")["version"] == 1
    expect(page.get_by_role("button", name="Deploy", exact=True)).to_be_enabled()
    # Pointing at it keeps it; without that it goes after a while.
    page.clock.install()
    page.mouse.move(400, 300)
    page.clock.fast_forward("00:10")
    expect(rail).to_be_hidden()
    page.close()


def test_a_reload_in_the_middle_finds_the_deploy(browser: BrowserContext, ada: Account, gate: Path) -> None:
    ada.create("reload", starts_at(gate))
    page = open_editor(browser, ada, "reload")
    page.keyboard.press("Control+Enter")
    deploying(page, 2)
    page.reload()
    rail = page.get_by_role("region", name="Deploy")
    expect(rail.get_by_role("listitem")).to_have_count(4)
    gate.touch()
    expect(rail.get_by_role("status")).to_contain_text("v1 is live at")
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


def test_a_failure_elsewhere_is_on_its_line_until_the_draft_is_another(browser: BrowserContext, ada: Account) -> None:
    """With its rail closed and after a reload too; text put back to what was deployed has it again."""
    ada.publish("elsewhere", HELLO)
    ada.save("elsewhere", {"app.py": HELLO["app.py"] + "\nlimit = int('many')\n"})
    page = open_editor(browser, ada, "elsewhere")
    assert ada.deploy("elsewhere")["status"] == "failed"
    rail = page.get_by_role("region", name="Deploy")
    expect(rail.get_by_role("status")).to_contain_text("Started by ada")
    on_line = code(page).get_by_role("alert")
    expect(on_line).to_contain_text("many")
    rail.get_by_role("button", name="Close the deploy").click()
    expect(rail).to_be_hidden()
    expect(on_line).to_contain_text("many")
    page.reload()
    expect(on_line).to_contain_text("many")
    code(page).click()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("#")
    expect(on_line).to_have_count(0)
    saved(page)
    page.keyboard.press("Backspace")
    expect(on_line).to_contain_text("many")
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
        screenshot(page, f"mend-{'touch-light' if touch else 'keys-dark'}-360")
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


def test_a_restart_of_control_in_the_middle_is_survived(browser: BrowserContext, ada: Account, gate: Path) -> None:
    """The event stream breaks; the rail goes on by itself and ends with the address."""
    ada.create("steady", starts_at(gate))
    page = open_editor(browser, ada, "steady")
    page.keyboard.press("Control+Enter")
    deploying(page, 2)
    ada.platform.kill("control")
    gate.touch()
    status = page.get_by_role("region", name="Deploy").get_by_role("status")
    expect(status).to_contain_text("v1 is live at", timeout=40_000)
    page.close()
