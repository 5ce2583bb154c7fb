"""A platform with a history: some accounts, the fleet deployed, its day told, and each app left as its picture wants it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.account import PASSWORD, Account
from tests.support.platform import Platform, wait_for
from tools.pictures.asleep import watch
from tools.pictures.extremes import others
from tools.pictures.fleet import FLEET, NOTES, Seed, small
from tools.pictures.history import tell
from tools.pictures.people import USER


@contextmanager
def stage(folder: Path) -> Iterator[Platform]:
    """The platform, up and filled; ends with the block."""
    with Platform(folder / "data", FP_SIGNUP="open") as platform:
        others(platform)
        ada = Account(platform, USER, PASSWORD)
        awake = [_put(platform, ada, seed, number) for number, seed in enumerate(FLEET)]
        watch(platform, dict(awake))
        _belongings(ada)
        _notes(ada)
        _leave(ada)
        yield platform


def _put(platform: Platform, ada: Account, seed: Seed, number: int) -> tuple[str, frozenset[int]]:
    """Its id, and the minutes of the last day that it was awake."""
    app = ada.create(seed.name, seed.files)
    if seed.left != "draft":
        ada.deploy(seed.name)
    return app["id"], tell(platform, app["id"], seed.busy, number)


def _belongings(ada: Account) -> None:
    """What is not an app: a database of its own, a token, and an app in the trash."""
    ada.api("POST", "/databases", json={"label": "Archive"})
    ada.api("POST", "/auth/tokens", json={"name": "CI of the shop", "scope": "deploy", "expires_days": 90})
    ada.publish("old-poll", small("Poll"))
    ada.api("DELETE", "/apps/old-poll")


def _notes(ada: Account) -> None:
    """The app that the pictures look into: two more versions, notes in its database, and a request that fails."""
    for words in ("Wake up", "First light", "Night shift", "Shopping for Sunday", "What the sea said"):
        body = {"title": words, "body": f"All about it: {words.lower()}.", "stars": len(words) % 5}
        assert ada.call("notes-api", "/notes", "POST", json=body).status_code == 201
    for limit in (30, 50):
        changed = NOTES["app.py"].replace("limit: int = 20", f"limit: int = {limit}")
        ada.save("notes-api", NOTES | {"app.py": changed})
        assert ada.deploy("notes-api")["status"] == "succeeded"
    ada.api("PATCH", "/apps/notes-api/settings", json={"env": {"GREETING": "hello"}, "secrets": {"API_KEY": "s3cret"}})
    ada.api("POST", "/apps/notes-api/sleep")
    assert ada.call("notes-api", "/notes").status_code == 200
    rows = [{"title": "One", "stars": 3}, {"title": "Two"}]
    assert ada.call("notes-api", "/notes/import", "POST", json=rows).status_code == 500
    for path in ("/", "/notes/first-light", "/notes/nothing", "/openapi.json"):
        ada.call("notes-api", path)
    # A draft that is ahead of what is deployed.
    ada.save("notes-api", NOTES | {"app.py": NOTES["app.py"].replace("limit: int = 20", "limit: int = 100")})
    wait_for(lambda: any(one["status"] == 500 for one in ada.requests("notes-api")), 20, "the failed request's record")


def _leave(ada: Account) -> None:
    for seed in FLEET:
        if seed.left == "sleeping":
            ada.api("POST", f"/apps/{seed.name}/sleep")
