"""What a person does on a screen before its picture is taken. Each waits for what it leads to."""

from typing import Final

from playwright.sync_api import Page, expect

from tests.support.account import PASSWORD
from tests.support.platform import wait_for
from tools.pictures.people import USER

WIDE: Final = 1024
"""From this width on the editor shows its three columns side by side; below, one at a time."""


def _narrow(page: Page) -> bool:
    return bool(page.viewport_size and page.viewport_size["width"] < WIDE)


def _tab(page: Page, name: str) -> None:
    if _narrow(page):
        page.get_by_role("navigation", name="Parts of the editor").get_by_role("button", name=name).click()


def _home(page: Page) -> str:
    return page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2]


def put_to_sleep(page: Page, app: str) -> None:
    """As its owner, behind the page's back; until it sleeps."""
    home = _home(page)
    url = f"{home}/api/apps/{app}"
    own = {cookie.get("name"): cookie.get("value") for cookie in page.context.cookies(home)}
    headers = {"Origin": home, "X-CSRF-Token": str(own["fp_csrf"])}
    assert page.request.post(f"{url}/sleep", headers=headers).ok
    wait_for(lambda: page.request.get(f"{url}/status").json()["status"] == "sleeping", 20, f"the sleep of {app}")


def scroll_down(page: Page) -> None:
    """To the end of what scrolls on the page."""
    page.evaluate(
        """() => {
          const tall = [...document.querySelectorAll("*")].filter((one) => one.scrollHeight > one.clientHeight + 40
            && /auto|scroll/.test(getComputedStyle(one).overflowY));
          tall.sort((a, b) => b.clientWidth * b.clientHeight - a.clientWidth * a.clientHeight);
          tall[0]?.scrollTo(0, tall[0].scrollHeight);
        }"""
    )


def see_alert(page: Page) -> None:
    """What went wrong is told."""
    expect(page.get_by_role("alert").first).to_be_visible()


# Getting in.


def sign_up_badly(page: Page) -> None:
    """A name and a password that are refused."""
    page.get_by_label("Username").fill("Ada Lovelace")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Create account").click()
    expect(page.locator('[aria-invalid="true"]').first).to_be_visible()


def log_in_badly(page: Page) -> None:
    """A password that is not the account's."""
    page.get_by_label("Username").fill("grace")
    page.get_by_label("Password").fill(PASSWORD[::-1])
    page.get_by_role("button", name="Log in").click()
    see_alert(page)


def ask_from_a_terminal(page: Page) -> None:
    """`fp login` somewhere shows a code; the link that it prints is opened."""
    home = _home(page)
    asked = page.request.post(f"{home}/api/auth/device", data={"client": "fp on lovelace"}, headers={"Origin": home})
    page.goto(f"{home}/device?code={asked.json()['user_code']}")
    expect(page.get_by_role("button", name="Allow")).to_be_visible()


# The fleet.


def open_row_menu(page: Page) -> None:
    """The three dots of an app."""
    page.get_by_role("button", name="Actions for weather-proxy").click()
    expect(page.get_by_role("menuitem", name="Rename")).to_be_visible()


def rename_app(page: Page) -> None:
    """The dialog for another name, with one that cannot be."""
    open_row_menu(page)
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("weather proxy")


def delete_app(page: Page) -> None:
    """The dialog before an app goes to the trash."""
    open_row_menu(page)
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def open_account_menu(page: Page) -> None:
    """Behind the initials."""
    page.get_by_role("button", name="Account of").click()
    expect(page.get_by_role("menuitem", name="Log out")).to_be_visible()


def open_palette(page: Page) -> None:
    """Everything that can be done from here."""
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option").first).to_be_visible()


def find_in_palette(page: Page) -> None:
    """What fits two letters."""
    open_palette(page)
    page.keyboard.type("no")


def find_file(page: Page) -> None:
    """The files of the draft."""
    page.keyboard.press("Control+p")
    expect(page.get_by_role("option").first).to_be_visible()


def open_shortcuts(page: Page) -> None:
    """The keys, by what they do."""
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


# The editor.


def show_files(page: Page) -> None:
    """The tree, with a folder's menu of files."""
    _tab(page, "Files")
    expect(page.get_by_role("tree", name="Files of the draft")).to_be_visible()


def send(page: Page) -> None:
    """The prefilled request, and its answer."""
    _tab(page, "Try it")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("region", name="Response")).to_contain_text("200")


def send_to_a_sleeper(page: Page) -> None:
    """The same while the app sleeps: the answer says what the wake took."""
    put_to_sleep(page, "notes-api")
    send(page)
    expect(page.get_by_text("woke in")).to_be_visible()


def search_files(page: Page) -> None:
    """A word in all files."""
    _tab(page, "Files")
    page.get_by_role("searchbox", name="Search for").or_(page.get_by_label("Search for")).first.fill("slug")
    expect(page.get_by_text("match").first).to_be_visible()


def _deploy(page: Page) -> None:
    page.get_by_role("button", name="Deploy", exact=True).or_(page.get_by_role("button", name="Deploy")).first.click()


def deploy(page: Page) -> None:
    """To the end of a deploy."""
    _deploy(page)
    expect(page.get_by_role("region", name="Deploy").get_by_role("link")).to_be_visible()


def fail_to_deploy(page: Page) -> None:
    """The end of a deploy that no version came of."""
    _deploy(page)
    expect(page.get_by_text("Deploy failed.")).to_be_visible()


def see_finding(page: Page) -> None:
    """The server has read the draft and found what will not do."""
    expect(page.get_by_role("alert").first).to_be_visible()


# The dashboard.


def choose_failure(page: Page) -> None:
    """A request that ended in an exception."""
    page.get_by_role("table", name="Requests").get_by_text("/notes/import").first.click()
    expect(page.get_by_text("KeyError").first).to_be_visible()


def open_app_menu(page: Page) -> None:
    """What can be done to the app."""
    page.get_by_role("button", name="More actions").click()
    expect(page.get_by_role("menuitem", name="Restart")).to_be_visible()


def choose_wake(page: Page) -> None:
    """Where the milliseconds of a wake went."""
    page.get_by_role("table", name="Wakes").get_by_role("button").first.click()
    expect(page.get_by_text("First byte").first).to_be_visible()


# What is one's own.


def new_database(page: Page) -> None:
    """The dialog for a database."""
    page.get_by_role("button", name="New database").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def make_token(page: Page) -> None:
    """The form for a token."""
    page.get_by_role("button", name="New token").click()
    expect(page.get_by_role("button", name="Make the token")).to_be_visible()


# The administration.


def new_user(page: Page) -> None:
    """The dialog for an account, refused."""
    page.get_by_role("button", name="New user").click()
    page.get_by_label("Username").fill(USER)
    page.get_by_label("First password").fill(PASSWORD)
    page.get_by_role("button", name="Create the user").click()
    see_alert(page)


def open_user_menu(page: Page) -> None:
    """What can be done to an account."""
    page.get_by_role("button", name="Actions for hedy").click()
    expect(page.get_by_role("menuitem", name="Set a password")).to_be_visible()


def open_template(page: Page) -> None:
    """A template's words and files."""
    page.get_by_role("button", name="Hello API", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("textbox").first).to_be_visible()


def open_audit_entry(page: Page) -> None:
    """One entry, whole."""
    page.get_by_role("table", name="Audit log").get_by_role("button").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
