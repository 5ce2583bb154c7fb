"""The web page: hashed files for ever, the page for every address of its own, nothing from outside the folder."""

import httpx
import pytest

from tests.integration.api.checks import problem
from tests.integration.api.conftest import PAGE
from tests.support.api_process import Api
from tests.support.control_mongo import MongoServer


@pytest.mark.parametrize("path", ["/", "/login", "/apps/todo/edit", "/apps/todo?tab=logs"])
async def test_addresses_of_the_page_get_the_page_afresh(ada: httpx.AsyncClient, path: str) -> None:
    answer = await ada.get(path)
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["cache-control"] == "no-cache"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy


async def test_hashed_files_may_be_kept_for_ever(ada: httpx.AsyncClient) -> None:
    answer = await ada.get("/assets/app-1a2b.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.text == "console.log('fp')"


async def test_what_the_build_packed_is_sent_packed(ada: httpx.AsyncClient) -> None:
    """To those who take it, with its own type and tag; the others get the file as it is."""
    headers = {"Accept-Encoding": "gzip, deflate, br"}
    async with ada.stream("GET", "/assets/lint-3c4d.wasm", headers=headers) as packed:
        assert b"".join([part async for part in packed.aiter_raw()]) == b"the same, packed"
        assert packed.headers["content-encoding"] == "br"
    async with ada.stream("GET", "/assets/lint-3c4d.wasm", headers={"Accept-Encoding": "gzip"}) as plain:
        assert b"".join([part async for part in plain.aiter_raw()]) == b"\0asm as it is"
        assert "content-encoding" not in plain.headers
    assert {packed.headers["content-type"], plain.headers["content-type"]} == {"application/wasm"}
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.headers["vary"] == "accept-encoding"


async def test_what_did_not_change_is_not_sent_again(ada: httpx.AsyncClient) -> None:
    tag = (await ada.get("/favicon.svg")).headers["etag"]
    answer = await ada.get("/favicon.svg", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")


async def test_head_is_get_without_the_body(ada: httpx.AsyncClient) -> None:
    answer = await ada.head("/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("text/html")


async def test_a_missing_file_is_not_the_page(ada: httpx.AsyncClient) -> None:
    problem(await ada.get("/assets/gone-9f.js"), 404, "not_found")
    problem(await ada.get("/robots.txt"), 404, "not_found")
    problem(await ada.post("/login"), 405, "method_not_allowed")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/%2e%2e%5csecret.txt",
        "/a%00.txt",
        "//etc/passwd",
    ],
)
async def test_nothing_outside_of_the_folder(api: Api, path: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        url = httpx.URL(scheme="http", host="127.0.0.1", port=api.port, raw_path=path.encode())
        answer = await client.get(url)
    assert "outside" not in answer.text
    assert "root:" not in answer.text
    assert answer.status_code in {200, 404}


async def test_without_a_build_it_says_how_to_make_one(
    control_mongod: MongoServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Api(control_mongod, tmp_path_factory.mktemp("bare"), FP_WEB_DIR="/nowhere") as bare:
        bare.start()
        async with bare.client() as client:
            answer = await client.get("/")
            assert answer.status_code == 503
            assert "npm run build" in answer.text
            assert (await client.get("/api/health")).status_code == 200
        assert bare.stop() == 0
