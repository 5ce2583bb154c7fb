"""The api is killed at each write of each mutation in turn: afterwards it was done or was not, as far as anybody can see.

A fail point of MongoDB's holds a write, the process gets SIGKILL and never hears of it, another one is started. What its
owner then sees must be as before, or as after the same mutation undisturbed; where it was not done, asking once more does it.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from pymongo import AsyncMongoClient

from control.api.application import make_api
from control.api.openapi import make_openapi
from tests.support.api_process import Api, new_name, sign_up
from tests.support.control_mongo import MongoServer

WRITES = [
    "insert", "update", "delete", "findAndModify", "commitTransaction", "createUser", "updateUser", "dropUser", "dropDatabase",
]  # fmt: skip
MOST = 8
"""So many writes of a mutation are tried; none has more of its own."""
HELD_MS = 300
SECONDS = 30.0
EXAMPLE = {"name": "hello", "method": "GET", "path": "/", "headers": {}, "body": ""}
MUTATIONS: dict[str, dict[str, Any]] = {
    "POST /api/apps": {"json": {"name": "{me}-new"}},
    "PATCH /api/apps/{key}": {"json": {"name": "{me}-other"}},
    "DELETE /api/apps/{key}": {},
    "POST /api/apps/{key}/clone": {"json": {"name": "{me}-copy"}},
    "PUT /api/apps/{key}/draft": {"json": {"files": {"app.py": "app = 1\n"}, "entrypoint": "app.py"}},
    "PUT /api/apps/{key}/examples": {"json": {"items": []}},
    "PATCH /api/apps/{key}/settings": {"json": {"idle_minutes": 7, "env": {"A": "1"}, "secrets": {"B": "2"}}},
    "POST /api/apps/{key}/deploy": {"headers": {"Idempotency-Key": "once"}},
    "POST /api/apps/{key}/pause": {},
    "POST /api/apps/{key}/resume": {},
    "POST /api/trash/{app_id}/restore": {"json": {}},
    "DELETE /api/trash/{app_id}": {},
    "POST /api/databases": {"json": {"label": "second"}},
    "DELETE /api/databases/{database}": {"params": {"name": "{database_name}"}},
    "POST /api/templates": {"json": {"app": "{me}-app", "name": "Theirs", "description": "Of an app"}},
    "PATCH /api/templates/{template_id}": {"json": {"name": "Renamed"}},
    "DELETE /api/templates/{template_id}": {},
    "POST /api/auth/tokens": {"json": {"name": "for a script", "scope": "read"}},
    "DELETE /api/auth/tokens/{token_id}": {},
}
"""What is asked, with the names of `Owner` in it."""
ELSEWHERE = {
    "POST /api/apps/import": "makes an app as POST /api/apps does",
    "POST /api/apps/{key}/rollback": "queues a deploy as POST /api/apps/{key}/deploy does",
    "POST /api/deploys/{deploy_id}/cancel": "one update; what the worker makes of it: test_deploying",
    "POST /api/apps/{key}/wake": "asks the cluster; writes an event",
    "POST /api/apps/{key}/sleep": "asks the cluster; writes an event",
    "POST /api/apps/{key}/restart": "asks the cluster; writes an event",
    "POST /api/apps/{key}/test": "asks the app; writes nothing",
    "POST /api/apps/{key}/validate": "writes nothing",
    "POST /api/validate": "writes nothing",
    "POST /api/apps/{key}/errors/{fingerprint}/resolve": "one update",
    "PATCH /api/admin/settings": "one update",
    "POST /api/admin/users": "one insert",
    "PATCH /api/admin/users/{user_id}": "an account, then its sessions: test_accounts",
    "DELETE /api/admin/users/{user_id}": "closes an account: the worker goes on where it stopped, test_closing",
    "DELETE /api/auth/me": "closes an account: the worker goes on where it stopped, test_closing",
    "POST /api/auth/signup": "an account, then its session: who is in between logs in",
    "POST /api/auth/login": "one insert",
    "POST /api/auth/logout": "one delete",
    "POST /api/auth/password": "an account, then its sessions: test_accounts",
    "DELETE /api/auth/sessions": "one delete",
    "DELETE /api/auth/sessions/{session_id}": "one delete",
    "POST /api/auth/device": "one insert",
    "POST /api/auth/device/token": "one update, then a session: who is in between logs in again",
    "POST /api/auth/device/{user_code}": "one update",
}
"""Mutations that are not killed here, and why not."""
BETWEEN = {"DELETE /api/databases/{database}": {"database first": 409}}
"""What may be seen in between: a database that is marked as being deleted stays so until its owner asks again."""
OF_APPS = ("drafts", "examples")
"""Collections whose documents have the id of their app."""
Client = httpx.AsyncClient


class Owner:
    """A new account with something of everything; `names`: what stands for it in MUTATIONS."""

    def __init__(self, me: str, token: str) -> None:
        self.me, self.token = me, token
        self.names = {"me": me, "key": f"{me}-app"}

    @classmethod
    async def make(cls, api: Api) -> "Owner":
        me = new_name("o")
        owner = cls(me, (await sign_up(api, me))["token"])
        async with api.client(owner.token) as client:
            await owner._fill(client)
        return owner

    async def _fill(self, client: Client) -> None:
        app = f"/api/apps/{self.me}-app"
        await ask(client, "POST", "/api/apps", json={"name": f"{self.me}-app"})
        await ask(client, "PUT", f"{app}/examples", json={"items": [EXAMPLE]})
        gone = await ask(client, "POST", "/api/apps", json={"name": f"{self.me}-gone"})
        await ask(client, "DELETE", f"/api/apps/{self.me}-gone")
        template = {"app": f"{self.me}-app", "name": "Mine", "description": "Of my own"}
        made = await ask(client, "POST", "/api/templates", json=template)
        database = await ask(client, "POST", "/api/databases", json={"label": "first"})
        token = await ask(client, "POST", "/api/auth/tokens", json={"name": "mine", "scope": "read"})
        self.names |= {
            "app_id": gone["id"], "template_id": made["id"], "token_id": token["token"]["id"],
            "database": database["id"], "database_name": database["name"],
        }  # fmt: skip

    def request(self, label: str) -> dict[str, Any]:
        """Arguments for httpx."""
        method, _, path = label.partition(" ")
        filled: dict[str, Any] = self._filled({"url": path, **MUTATIONS[label]})
        return {"method": method, **filled}

    def _filled(self, given: Any) -> Any:
        if isinstance(given, dict):
            return {name: self._filled(value) for name, value in given.items()}
        if isinstance(given, list):
            return [self._filled(value) for value in given]
        if isinstance(given, str):
            for name, value in self.names.items():
                given = given.replace(f"{{{name}}}", value)
        return given


async def ask(client: Client, method: str, path: str, **given: Any) -> Any:
    answer = await client.request(method, path, **given)
    assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
    return answer.json() if answer.content else None


async def seen(client: Client, me: str) -> dict[str, Any]:
    """All that its owner can see, without what differs each time."""
    found: dict[str, Any] = {}
    for app in (await ask(client, "GET", "/api/apps"))["items"]:
        of = f"/api/apps/{app['id']}"
        settings, draft = await ask(client, "GET", f"{of}/settings"), await ask(client, "GET", f"{of}/draft")
        found[f"app {app['name'].removeprefix(me)}"] = (
            app["status"], settings["idle_minutes"], settings["env"], settings["secrets"], draft["files"],
            [one["name"] for one in (await ask(client, "GET", f"{of}/examples"))["items"]],
            [one["status"] for one in (await ask(client, "GET", f"{of}/deploys"))["items"]],
        )  # fmt: skip
    found["trash"] = [one["name"].removeprefix(me) for one in (await ask(client, "GET", "/api/trash"))["items"]]
    for database in (await ask(client, "GET", "/api/databases"))["items"]:
        answer = await client.get(f"/api/databases/{database['id']}/collections")
        found[f"database {database['label']}"] = answer.status_code
    found["tokens"] = [one["name"] for one in (await ask(client, "GET", "/api/auth/tokens"))["items"]]
    templates = (await ask(client, "GET", "/api/templates"))["items"]
    found["templates"] = [one["name"] for one in templates if one["owner"] == me]
    return found


class Breakpoints:
    """Holds the api's writes in MongoDB."""

    def __init__(self, client: AsyncMongoClient[dict[str, Any]]) -> None:
        self._admin = client.admin

    async def hold(self, skip: int) -> int:
        """Holds every write behind the first `skip` ones; answers what `held` wants to know."""
        data = {"failCommands": WRITES, "blockConnection": True, "blockTimeMS": HELD_MS, "appName": "fp-control"}
        mode = {"skip": skip}
        told = await self._admin.command({"configureFailPoint": "failCommand", "mode": mode, "data": data})
        return int(told["count"])

    async def held(self, since: int) -> None:
        """Returns once a write is held."""
        await self._admin.command(
            {"waitForFailPoint": "failCommand", "timesEntered": since + 1, "maxTimeMS": int(SECONDS * 1000)}
        )

    async def release(self) -> None:
        await self._admin.command({"configureFailPoint": "failCommand", "mode": "off"})

    async def ownerless(self) -> list[str]:
        """Code and saved requests of apps that there are not."""
        platform = self._admin.client["platform"]
        apps = await platform["apps"].distinct("_id")
        return [name for name in OF_APPS if await platform[name].find_one({"_id": {"$nin": apps}}) is not None]


@pytest.fixture(scope="module")
def mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MongoServer]:
    with MongoServer(tmp_path_factory.mktemp("breaking"), "enableTestCommands=1") as server:
        yield server.start()


@pytest.fixture(scope="module")
def mortal(mongod: MongoServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The process that is killed and started."""
    with Api(mongod, tmp_path_factory.mktemp("mortal")) as api:
        yield api.start()


@pytest.fixture
async def breakpoints(mongod: MongoServer) -> AsyncIterator[Breakpoints]:
    async with AsyncMongoClient[dict[str, Any]](mongod.uri, appname="a test") as client:
        yield Breakpoints(client)


async def killed_at(api: Api, breakpoints: Breakpoints, owner: Owner, label: str, skip: int) -> bool:
    """Asks and kills the process at the write behind the first `skip` ones; false where there are no more of them."""
    async with api.client(owner.token) as client:
        since = await breakpoints.hold(skip)
        asking = asyncio.create_task(client.request(**owner.request(label)))
        holding = asyncio.create_task(breakpoints.held(since))
        await asyncio.wait([asking, holding], return_when=asyncio.FIRST_COMPLETED)
        was_held = not asking.done()
        if was_held:
            await asyncio.to_thread(api.stop, signal.SIGKILL)
        else:
            holding.cancel()
        await breakpoints.release()
        await asyncio.gather(asking, holding, return_exceptions=True)
    if was_held:
        await asyncio.to_thread(api.start)
    return was_held


@pytest.mark.parametrize("label", MUTATIONS)
async def test_a_mutation_is_done_or_is_not(mortal: Api, breakpoints: Breakpoints, label: str) -> None:
    first = await Owner.make(mortal)
    async with mortal.client(first.token) as client:
        before = await seen(client, first.me)
        answer = await client.request(**first.request(label))
        assert answer.is_success, answer.text
        done = await seen(client, first.me)
    for skip in range(MOST):
        owner = await Owner.make(mortal)
        if not await killed_at(mortal, breakpoints, owner, label, skip):
            assert skip > 0, "no write was held at all"
            return
        async with mortal.client(owner.token) as client:
            then = await seen(client, owner.me)
            assert then in (before, done, before | BETWEEN.get(label, {})), f"killed at write {skip + 1}"
            again = await client.request(**owner.request(label))
            assert again.status_code < 500, f"killed at write {skip + 1}: {again.text}"
            if then != done:
                assert await seen(client, owner.me) == done, f"killed at write {skip + 1}: {again.text}"
        assert await breakpoints.ownerless() == [], f"killed at write {skip + 1}"
    raise AssertionError(f"it writes more than {MOST} times")


def test_no_mutation_is_forgotten() -> None:
    paths = make_openapi(make_api(None))["paths"]
    there = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods if method != "get"}
    assert there == set(MUTATIONS) | set(ELSEWHERE)
    assert not set(MUTATIONS) & set(ELSEWHERE)
