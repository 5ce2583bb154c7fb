"""One mongod and one api process for all tests here; each test has accounts and apps of its own."""

import secrets
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from tests.support.api_process import Api, sign_up
from tests.support.api_stack import APPS_PYTHON
from tests.support.control_mongo import MongoServer, control_mongod, mongo, opened_store

__all__ = ["control_mongod", "mongo", "opened_store"]

ADMIN = {"username": "admin", "password": "correct horse"}
PAGE = "<!doctype html><title>fp</title><script type=module src=/assets/app-1a2b.js></script>"


@pytest.fixture(scope="session")
def api(control_mongod: MongoServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("api")
    web = folder / "web"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_text(PAGE)
    (web / "assets" / "app-1a2b.js").write_text("console.log('fp')")
    (web / "assets" / "lint-3c4d.wasm").write_bytes(b"\0asm as it is")
    (web / "assets" / "lint-3c4d.wasm.br").write_bytes(b"the same, packed")
    (web / "favicon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "secret.txt").write_text("outside of the page")
    with Api(control_mongod, folder, FP_WEB_DIR=str(web), FP_RUNNER_PYTHON=str(APPS_PYTHON)) as running:
        running.start()
        # Whoever comes first administers the platform, whichever test that would be.
        httpx.post(f"{running.url}/api/auth/signup", json=ADMIN, trust_env=False).raise_for_status()
        yield running


@pytest.fixture(scope="session")
async def admin(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """The very first account of the platform."""
    async with api.client() as client:
        token = (await client.post("/api/auth/login", json=ADMIN)).raise_for_status().json()["token"]
    async with api.client(token) as client:
        yield client


@pytest.fixture
async def ada(api: Api, admin: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A fresh account that is no admin."""
    token = (await sign_up(api))["token"]
    async with api.client(token) as client:
        yield client


@pytest.fixture
async def bob(api: Api, admin: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody else."""
    token = (await sign_up(api))["token"]
    async with api.client(token) as client:
        yield client


@pytest.fixture
async def app(ada: httpx.AsyncClient) -> str:
    """The name of an app of Ada's."""
    name = f"app-{secrets.token_hex(4)}"
    answer = await ada.post("/api/apps", json={"name": name})
    assert answer.status_code == 201, answer.text
    return name
