"""An app's address in a chat: title and picture are set, deployed, found in its page, and gone back from with a version."""

import re

from tests.support.account import Account

PAGE = """\
from fasthtml.common import *

app, rt = fast_app()


@rt("/")
def get():
    return Titled("Notes", P("hello"))
"""


def tags(ada: Account) -> dict[str, str]:
    """The tags for chats that the app's page has."""
    answer = ada.call("shared")
    assert answer.status_code == 200
    assert len(answer.content) == int(answer.headers["content-length"])
    return dict(re.findall(r'<meta property="(og:\w+)" content="([^"]*)">', answer.text))


def test_a_shared_address_shows_title_and_picture(ada: Account) -> None:
    ada.publish("shared", {"app.py": PAGE})
    assert tags(ada) == {}
    sharing = {"title": 'Ada\'s "notes"', "picture": "/static/og.png"}
    settings = ada.api("PATCH", "/apps/shared/settings", json={"sharing": sharing})
    assert settings["undeployed"] == ["sharing.picture", "sharing.title"]
    assert tags(ada) == {}, "what an instance contains counts from the next deploy on"
    assert ada.deploy("shared")["status"] == "succeeded"
    origin = f"http://shared.localhost:{ada.platform.port}"
    shown = {
        "og:type": "website",
        "og:title": "Ada&#x27;s &quot;notes&quot;",
        "og:url": f"{origin}/",
        "og:image": f"{origin}/static/og.png",
    }
    assert tags(ada) == shown
    ada.api("POST", "/apps/shared/sleep")
    assert tags(ada) == shown, "also after a wake"
    back = ada.api("POST", "/apps/shared/rollback", json={"version": 1})
    assert ada.deployed(back["id"])["status"] == "succeeded"
    assert tags(ada) == {}
    assert ada.api("GET", "/apps/shared/settings")["sharing"]["title"] is None
