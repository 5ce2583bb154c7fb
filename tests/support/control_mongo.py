"""A real mongod for tests: with authentication, a one-member replica set, made ready by the platform's own bootstrap.

`control_mongod` is one server for a whole folder of tests; `store` is a `Store` on it with every collection emptied.
Tests that kill a server or change its port start a `MongoServer` of their own.
"""

import base64
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
from pymongo import AsyncMongoClient

from control.domain.accounts import User
from control.domain.apps import App
from control.domain.clock import utc_now
from control.domain.deploys import Deploy, Source
from control.domain.ids import new_id
from control.store import Store, open_store
from control.store.bootstrap import bootstrap
from fp.local.programs import mongod
from tests.support.ports import free_port

ROOT_USER = "fp"
SECRET_KEY = bytes(range(32))
HELLO = Source({"app.py": "from fastapi import FastAPI\n\napp = FastAPI()\n"}, "app.py")


class MongoServer:
    """One mongod in `folder`. `start` and `stop` may be called in turns; the data stays. `parameters`: `name=value` each."""

    def __init__(self, folder: Path, *parameters: str) -> None:
        self.folder = folder
        self.parameters = ("diagnosticDataCollectionEnabled=false", *parameters)
        self.port = free_port()
        self.password = secrets.token_urlsafe(12)
        self.process: subprocess.Popen[bytes] | None = None
        (folder / "db").mkdir(parents=True)
        key = folder / "key"
        key.write_text(base64.b64encode(secrets.token_bytes(96)).decode())
        key.chmod(0o600)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def uri(self) -> str:
        return f"mongodb://{ROOT_USER}:{self.password}@{self.address}/?authSource=admin&directConnection=true"

    def launch(self) -> None:
        """Starts the process only."""
        argv = [str(mongod()), "--dbpath", str(self.folder / "db"), "--port", str(self.port), "--nounixsocket"]
        argv += ["--bind_ip", "127.0.0.1", "--replSet", "fp", "--keyFile", str(self.folder / "key"), "--quiet"]
        argv += ["--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "64"]
        argv += ["--setParameter", "diagnosticDataCollectionEnabled=false"]
        # As the platform's own, only sooner: what a killed process had begun to write holds others up that long.
        argv += ["--setParameter", "transactionLifetimeLimitSeconds=2"]
        for parameter in self.parameters:
            argv += ["--setParameter", parameter]
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(argv, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        log.close()

    def start(self) -> Self:
        self.launch()
        bootstrap(self.address, ROOT_USER, self.password)
        return self

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Ends the process and waits until it is gone; SIGKILL is how a power cut looks."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(30)
            self.process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def environ(self, **more: str) -> dict[str, str]:
        """The environment of one of control's processes that uses this server."""
        root = Path(__file__).resolve().parents[2]
        ours = {
            "PYTHONPATH": os.pathsep.join([str(root), str(root / "cli")]),
            "FP_MONGO_URI": self.uri,
            "FP_SECRET_KEY": base64.urlsafe_b64encode(SECRET_KEY).decode(),
        }
        return {key: value for key, value in os.environ.items() if not key.startswith("FP_")} | ours | more


@pytest.fixture(scope="session")
def control_mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MongoServer]:
    with MongoServer(tmp_path_factory.mktemp("mongod")) as server:
        yield server.start()


@pytest.fixture(scope="session")
async def mongo(control_mongod: MongoServer) -> AsyncIterator[AsyncMongoClient[dict[str, Any]]]:
    """The bare driver with the root user's rights, to look past the store."""
    async with AsyncMongoClient[dict[str, Any]](control_mongod.uri, tz_aware=True) as client:
        yield client


@pytest.fixture(scope="session")
async def opened_store(control_mongod: MongoServer) -> AsyncIterator[Store]:
    async with open_store(control_mongod.uri, SECRET_KEY) as opened:
        yield opened


@pytest.fixture
async def store(opened_store: Store, mongo: AsyncMongoClient[dict[str, Any]]) -> Store:
    """The store, empty but for its indexes and migrations."""
    platform = mongo["platform"]
    for name in await platform.list_collection_names():
        if name != "migrations":
            await platform[name].delete_many({})
    return opened_store


@pytest.fixture
async def ada(store: Store) -> User:
    """A user, the first one and so the admin."""
    user = User(id=new_id(), username="ada", password_hash="x", admin=False, created_at=utc_now())
    return await store.users.create(user)


async def make_app(store: Store, owner: User, name: str = "", source: Source = HELLO) -> App:
    """A stored app with a draft."""
    now = utc_now()
    app = App(id=new_id(), owner=owner.id, owner_name=owner.username, name=name, created_at=now, updated_at=now)
    app, _ = await store.create_app(app, source)
    return app


async def claimed_deploy(store: Store, app: App, source: Source = HELLO, lease_seconds: float = 60.0) -> Deploy:
    """A deploy of the app that the caller holds."""
    await store.request_deploy(app, "ada", source, utc_now())
    deploy = await store.deploys.claim(new_id(), lease_seconds)
    assert deploy is not None
    assert deploy.app == app.id
    return deploy


def run_module(module: str, environ: dict[str, str], cwd: Path) -> subprocess.Popen[bytes]:
    """Starts `python -m module`; its standard error goes to `<cwd>/<module>.log`."""
    with (cwd / f"{module}.log").open("ab") as log:
        return subprocess.Popen([sys.executable, "-m", module], env=environ, cwd=cwd, stdout=log, stderr=log)


def stopped(process: subprocess.Popen[bytes], seconds: float = 15.0) -> int:
    """Asks the process to end, unless it has, and answers its exit code; one that does not end in time is killed."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
