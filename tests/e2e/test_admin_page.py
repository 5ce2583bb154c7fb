"""The administration and the account's page in a real browser: what is done there is so on the platform, and stays refused
to who may not. On a platform of its own, because it closes sign up and deletes people.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.e2e.axe import assert_accessible
from tests.e2e.browser import chromium, log_in, screenshot
from tests.e2e.conftest import QUICK
from tests.support.account import PASSWORD, Account
from tests.support.apps import HELLO
from tests.support.platform import Platform

SECTIONS = ("overview", "users", "apps", "settings", "templates", "audit", "backup")


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with Platform(tmp_path_factory.mktemp("admin") / "data", **QUICK) as running:
        yield running


@pytest.fixture(scope="module")
def browser(browser: BrowserContext, home: str, ada: Account) -> BrowserContext:
    """A browser in which Ada is logged in."""
    log_in(browser, home)
    return browser


@pytest.fixture
def elsewhere(playwright: Playwright) -> Iterator[Page]:
    """A tab of another browser, in which nobody is logged in."""
    with chromium(playwright) as context:
        yield context.new_page()


def test_a_user_goes_with_all_apps(page: Page, home: str, platform: Platform, ada: Account) -> None:
    """From the gear in the header; it says what goes along, and wants the name."""
    bob = Account(platform, "bob")
    bob.publish("bobs-shop", HELLO)
    bob.create("bobs-notes")
    page.goto(home)
    page.get_by_role("link", name="Administration").click()
    expect(page.get_by_role("list", name="Apps by status")).to_contain_text("Running")
    expect(page.get_by_role("list", name="Events")).to_contain_text("bobs-shop")
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Users").click()
    page.get_by_role("searchbox", name="Find users").fill("bo")
    expect(page).to_have_url(re.compile(r"q=bo"))
    row = page.get_by_role("row").filter(has_text="bob")
    expect(row.get_by_role("cell").nth(1)).to_have_text("2")
    page.get_by_role("button", name="Actions for bob").click()
    page.get_by_role("menuitem", name="Delete").click()
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text("2 apps (bobs-notes, bobs-shop)")
    confirm = asked.get_by_role("button", name="Delete bob")
    expect(confirm).to_be_disabled()
    asked.get_by_label("Type bob to confirm").fill("bob")
    confirm.click()
    expect(page.get_by_text("Nobody's name begins so")).to_be_visible()
    page.get_by_role("link", name="Apps", exact=True).click()
    expect(page.get_by_text("Nobody has an app yet")).to_be_visible()
    assert ada.http.get("/api/apps/bobs-shop").status_code == 404
    assert bob.http.get("/api/auth/me").status_code == 401
    assert bob.call("bobs-shop").status_code == 404


def test_users_are_made_raised_and_refused(page: Page, home: str, ada: Account) -> None:
    """The only administrator cannot step down: the refusal is beside the button."""
    page.goto(f"{home}/admin/users")
    page.get_by_role("button", name="New user").click()
    page.get_by_label("Username").fill("ada")
    page.get_by_label("First password").fill(PASSWORD)
    page.get_by_role("button", name="Create the user").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Username").fill("carla")
    page.get_by_role("button", name="Create the user").click()
    expect(page.get_by_role("row").filter(has_text="carla")).to_be_visible()
    page.get_by_role("button", name="Actions for ada").click()
    page.get_by_role("menuitem", name="Make an ordinary user").click()
    page.get_by_role("button", name="Make me an ordinary user").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("administrator")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Actions for carla").click()
    page.get_by_role("menuitem", name="Make an administrator").click()
    expect(page.get_by_role("row").filter(has_text="carla")).to_contain_text("Administrator")
    users = {user["username"]: user["admin"] for user in ada.api("GET", "/admin/users")["items"]}
    assert (users["ada"], users["carla"]) == (True, True)


def test_sign_up_is_closed_and_opened(page: Page, elsewhere: Page, home: str) -> None:
    page.goto(f"{home}/admin/settings")
    page.get_by_role("switch", name="Anybody may make an account").click()
    expect(page.get_by_text("1 change not saved")).to_be_visible()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Everything is saved")).to_be_visible()
    elsewhere.goto(f"{home}/signup")
    expect(elsewhere.get_by_text("Sign up is closed here")).to_be_visible()
    page.get_by_role("switch", name="Anybody may make an account").click()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Everything is saved")).to_be_visible()
    elsewhere.reload()
    expect(elsewhere.get_by_role("button", name="Create account")).to_be_visible()


def test_two_tabs_do_not_overwrite_each_other(page: Page, home: str, ada: Account) -> None:
    """The slower one keeps what was typed, sees what the other changed, and saves over that knowingly."""
    page.goto(f"{home}/admin/settings")
    other = page.context.new_page()
    other.goto(page.url)
    for tab, logs in ((page, "5"), (other, "9")):
        tab.get_by_label("Log lines, days").fill(logs)
    other.get_by_label("Wakes, days").fill("60")
    other.get_by_role("button", name="Save changes").click()
    expect(other.get_by_text("Everything is saved")).to_be_visible()
    other.close()
    page.get_by_label("Audit log, days").fill("90")
    page.get_by_role("button", name="Save changes").click()
    told = page.get_by_role("alert").filter(has_text="Somebody else changed the settings")
    expect(told).to_contain_text("Log lines, days: 9")
    expect(told).to_contain_text("Wakes, days: 60")
    expect(page.get_by_label("Log lines, days")).to_have_value("5")
    expect(page.get_by_label("Audit log, days")).to_have_value("90")
    expect(page.get_by_label("Wakes, days")).to_have_value("60")
    assert ada.api("GET", "/admin/settings")["logs_days"] == 9
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Everything is saved")).to_be_visible()
    kept = ada.api("GET", "/admin/settings")
    assert (kept["logs_days"], kept["wakes_days"], kept["audit_days"]) == (5, 60, 90)


def test_what_apps_may_import_and_must_not_do(page: Page, home: str, ada: Account) -> None:
    """A refusal stands beside its field; a list of packages and a switched-off pattern count for the next validation."""
    page.goto(f"{home}/admin/settings")
    page.get_by_label("Versions kept of each app").fill("99")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_label("Versions kept of each app")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Take back").click()
    page.get_by_role("switch", name="All that are installed").click()
    allowed = page.get_by_role("list", name="Allowed packages")
    expect(allowed).to_contain_text("fastapi")
    page.get_by_role("button", name="Do not allow httpx", exact=True).click()
    page.get_by_role("switch", name="shell", exact=True).click()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Everything is saved")).to_be_visible()
    code = "import os\n\nimport httpx\nfrom fastapi import FastAPI\n\napp = FastAPI()\nos.system('true')\n"
    body = {"files": {"app.py": code}, "entrypoint": "app.py"}
    assert [one["code"] for one in ada.api("POST", "/validate", json=body)["findings"]] == ["import_not_allowed"]
    page.get_by_role("switch", name="All that are installed").click()
    page.get_by_role("switch", name="shell", exact=True).click()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Everything is saved")).to_be_visible()
    assert [one["code"] for one in ada.api("POST", "/validate", json=body)["findings"]] == ["blocked_pattern"]


def test_templates_are_hidden_changed_and_restored(page: Page, home: str, ada: Account) -> None:
    first = ada.api("GET", "/templates")["items"][0]
    page.goto(f"{home}/admin/templates")
    page.get_by_role("button", name=f"Hide {first['name']}", exact=True).click()
    expect(page.get_by_role("button", name=f"Show {first['name']}", exact=True)).to_be_visible()
    page.get_by_role("button", name=first["name"], exact=True).click()
    expect(page).to_have_url(re.compile(rf"chosen={first['id']}"))
    drawer = page.get_by_role("dialog")
    drawer.get_by_label("One line about it").fill("What we begin with")
    drawer.get_by_label("app.py", exact=True).fill("this is no Python\n")
    drawer.get_by_role("button", name="Save the template").click()
    expect(drawer.get_by_role("alert")).to_contain_text("app.py, line 1")
    drawer.get_by_label("app.py", exact=True).fill(HELLO["app.py"])
    drawer.get_by_role("button", name="Save the template").click()
    expect(page.get_by_text(f"{first['name']} is saved")).to_be_visible()
    changed = ada.api("GET", f"/templates/{first['id']}")
    assert (changed["description"], changed["files"]["app.py"]) == ("What we begin with", HELLO["app.py"])
    drawer.get_by_role("button", name="Restore as it came").click()
    page.get_by_role("button", name="Restore it").click()
    expect(page.get_by_role("button", name=f"Hide {first['name']}", exact=True)).to_be_visible()
    assert ada.api("GET", f"/templates/{first['id']}")["files"] == first["files"]
    ada.create("begun", files=HELLO)
    page.get_by_role("button", name="Add from an app").click()
    page.get_by_label("App", exact=True).fill("begun")
    page.get_by_label("Name of the template").fill("Our beginning")
    page.get_by_role("button", name="Add the template").click()
    expect(page.get_by_role("button", name="Our beginning", exact=True)).to_be_visible()


def test_files_of_a_template_are_added_renamed_and_taken_out(page: Page, home: str, ada: Account) -> None:
    """What is saved is what is on screen, and the app starts in its file whatever that is called."""
    files = {"app.py": HELLO["app.py"], "static/old.css": "a {}\n", "notes.md": "# Notes\n"}
    made = ada.api("POST", "/templates", json={"name": "Many files", "files": files, "platform": True})
    page.goto(f"{home}/admin/templates?chosen={made['id']}")
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name="Add a file").click()
    name = drawer.get_by_label("New file")
    name.fill("../up.py")
    name.press("Enter")
    expect(drawer.get_by_role("alert")).to_contain_text("A plain path")
    name.fill("pages/new.html")
    name.press("Enter")
    expect(drawer.get_by_label("pages/new.html", exact=True)).to_be_focused()
    page.keyboard.type("<p>Hi</p>")
    for old, new in (("static/old.css", "static/site.css"), ("app.py", "main.py")):
        drawer.get_by_role("button", name=f"Rename {old}").click()
        drawer.get_by_label(f"New name of {old}").fill(new)
        drawer.get_by_label(f"New name of {old}").press("Enter")
        expect(drawer.get_by_label(new, exact=True)).to_be_focused()
    expect(drawer.get_by_role("button", name="Delete main.py")).to_have_count(0)
    drawer.get_by_role("button", name="Delete static/site.css").click()
    page.get_by_role("button", name="Undo").click()
    expect(drawer.get_by_label("static/site.css", exact=True)).to_have_value("a {}\n")
    drawer.get_by_role("button", name="Delete notes.md").click()
    expect(drawer.get_by_label("notes.md", exact=True)).to_have_count(0)
    screenshot(page, "admin-template-files")
    assert_accessible(page)
    drawer.get_by_role("button", name="Save the template").click()
    expect(page.get_by_text("Many files is saved")).to_be_visible()
    expect(drawer.get_by_role("button", name="Save the template")).to_be_disabled()
    after = ada.api("GET", f"/templates/{made['id']}")
    kept = {"main.py": HELLO["app.py"], "static/site.css": "a {}\n", "pages/new.html": "<p>Hi</p>"}
    assert (after["files"], after["entrypoint"]) == (kept, "main.py")


def test_the_log_is_narrowed_by_its_address(page: Page, home: str, platform: Platform, ada: Account) -> None:
    """Who did what from where; a link shows a colleague the same, and one entry whole."""
    dora = Account(platform, "dora")
    ada.create("not-hers")
    assert dora.http.delete("/api/apps/not-hers").status_code == 404
    page.goto(f"{home}/admin/audit")
    log = page.get_by_role("table", name="Audit log")
    expect(log).to_contain_text("Create app")
    page.get_by_role("searchbox", name="User").fill("dora")
    page.get_by_role("combobox", name="Outcome").click()
    page.get_by_role("option", name="Refused").click()
    expect(page).to_have_url(re.compile("(?=.*user=dora)(?=.*outcome=refused)"))
    expect(log.get_by_role("button")).to_have_text(["Delete app"])
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("button", name="Delete app").click()
    detail = other.get_by_role("dialog")
    expect(detail).to_contain_text("DELETE /api/apps/{key}")
    expect(detail).to_contain_text("127.0.0.1")
    other.close()
    page.get_by_role("searchbox", name="Operation").fill("Deploy")
    expect(page.get_by_text("Nothing of that kind is in the log")).to_be_visible()
    page.get_by_role("button", name="Show all of it").click()
    expect(log).to_contain_text("Create app")


def test_a_backup_is_downloaded(page: Page, home: str, tmp_path: Path) -> None:
    page.goto(f"{home}/admin/backup")
    with page.expect_download() as started:
        page.get_by_role("link", name="Download a backup").click()
    started.value.save_as(tmp_path / "backup.zip")
    assert (tmp_path / "backup.zip").read_bytes()[:2] == b"PK"
    assert re.fullmatch(r"fp-backup-[0-9-]+\.zip", started.value.suggested_filename)


def test_it_is_nobody_elses(elsewhere: Page, home: str, platform: Platform) -> None:
    Account(platform, "elsa")
    log_in(elsewhere, home, "elsa")
    elsewhere.goto(home)
    expect(elsewhere.get_by_role("button", name="Account of elsa")).to_be_visible()
    expect(elsewhere.get_by_role("link", name="Administration")).to_have_count(0)
    for section in ("users", "nonsense"):
        elsewhere.goto(f"{home}/admin/{section}")
        expect(elsewhere.get_by_role("heading", name="There is nothing at this address")).to_be_visible()


def test_a_token_works_until_it_is_revoked(page: Page, home: str, platform: Platform) -> None:
    page.goto(home)
    page.get_by_role("button", name="Account of ada").click()
    page.get_by_role("menuitem", name="Account").click()
    page.get_by_role("button", name="New token").click()
    page.get_by_label("Name").fill("CI of the shop")
    page.get_by_role("button", name="Make the token").click()
    secret = page.get_by_role("status").locator("code").inner_text()
    bearer = {"Authorization": f"Bearer {secret}"}
    me = httpx.get(f"{platform.url}/api/auth/me", headers=bearer)
    assert (me.json()["username"], me.json()["scope"]) == ("ada", "deploy")
    assert httpx.delete(f"{platform.url}/api/apps/any", headers=bearer).status_code == 403
    page.get_by_role("button", name="Done").click()
    assert secret not in page.content()
    page.get_by_role("button", name="Revoke CI of the shop").click()
    page.get_by_role("button", name="Revoke the token").click()
    expect(page.get_by_text("No token yet")).to_be_visible()
    assert httpx.get(f"{platform.url}/api/auth/me", headers=bearer).status_code == 401


def test_a_password_is_changed_and_an_account_ended(elsewhere: Page, home: str, platform: Platform) -> None:
    """The change ends other log-ins and says so; the end wants name and password, and takes the apps along."""
    finn = Account(platform, "finn")
    finn.create("finns-app")
    log_in(elsewhere, home, "finn")
    elsewhere.goto(f"{home}/account")
    expect(elsewhere.get_by_role("list", name="Log-ins")).to_contain_text("Chrome on Linux")
    expect(elsewhere.get_by_role("list", name="Log-ins").get_by_role("listitem")).to_have_count(2)
    elsewhere.get_by_label("Present password").fill("not this one")
    elsewhere.get_by_label("New password").fill("another long password")
    elsewhere.get_by_role("button", name="Change the password").click()
    expect(elsewhere.get_by_role("alert")).to_be_visible()
    elsewhere.get_by_label("Present password").fill(PASSWORD)
    elsewhere.get_by_role("button", name="Change the password").click()
    expect(elsewhere.get_by_text("Changed", exact=True)).to_be_visible()
    expect(elsewhere.get_by_role("list", name="Log-ins").get_by_role("listitem")).to_have_count(1)
    assert finn.http.get("/api/auth/me").status_code == 401
    elsewhere.get_by_role("button", name="Delete my account").click()
    elsewhere.get_by_label("Type finn to confirm").fill("finn")
    elsewhere.get_by_role("dialog").get_by_label("Password").fill("another long password")
    elsewhere.get_by_role("button", name="Delete everything").click()
    expect(elsewhere).to_have_url(f"{home}/login")
    login = {"username": "finn", "password": "another long password"}
    assert httpx.post(f"{platform.url}/api/auth/login", json=login).status_code == 401


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (360, "light")])
def test_every_section_fits_and_is_accessible(
    playwright: Playwright, home: str, ada: Account, width: int, scheme: str
) -> None:
    with chromium(playwright, width, 800, "dark" if scheme == "dark" else "light", touch=width < 500) as context:
        log_in(context, home)
        page = context.new_page()
        for path in (*(f"admin/{section}" for section in SECTIONS), "account"):
            page.goto(f"{home}/{path}")
            expect(page.locator("[aria-busy=true], .skeleton")).to_have_count(0)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert_accessible(page)
            screenshot(page, f"{path.replace('/', '-')}-{scheme}-{width}")
