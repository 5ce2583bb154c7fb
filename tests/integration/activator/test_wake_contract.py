"""Whatever HTTP allows, a sleeping app answers as an awake one: methods, bodies, versions, heads, connections.

Each promise is tried on an app that is awake and on the same one asleep, with the same bytes, so that what the hold changes
shows by itself.
"""

import asyncio
import hashlib

import pytest

from tests.support.activator_apps import ECHO
from tests.support.activator_door import Door
from tests.support.raw_http import Answer, Wire, request

HOST = "shapes.localhost"
BIG = bytes(range(256)) * 40960


@pytest.fixture(scope="module", params=["awake", "asleep"])
def state(request: pytest.FixtureRequest) -> str:
    """What the app does when the request comes."""
    word: str = request.param
    return word


@pytest.fixture(scope="module")
async def deployed(door: Door) -> None:
    """The app that everything is asked of."""
    await door.deploy("shapes", ECHO)


@pytest.fixture
async def port(door: Door, deployed: None, state: str) -> int:
    """Where to ask it, awake or asleep as the test wants it."""
    if state == "asleep":
        await door.sleep("shapes")
        await door.until_view("shapes", replicas=0, upstream=None)
    else:
        await door.internal.post("/apps/shapes/wake")
    return door.port


async def ask(port: int, data: bytes, method: str = "GET") -> Answer:
    """One request on a connection of its own."""
    wire = await Wire.to(port)
    try:
        return await wire.ask(data, method=method)
    finally:
        wire.close()


@pytest.mark.parametrize("method", ["GET", "DELETE", "OPTIONS", "PATCH", "PUT", "PROPFIND"])
async def test_any_method_reaches_the_app_with_its_body(port: int, method: str) -> None:
    answer = await ask(port, request(HOST, method, "/a?b=c", body=b"what a GET should not have"))
    told = answer.json()
    assert (answer.status, told["method"], told["path"]) == (200, method, "/a")
    assert told["sha256"] == hashlib.sha256(b"what a GET should not have").hexdigest()


async def test_head_is_answered_with_the_heads_of_get_and_nothing_after_them(port: int) -> None:
    wire = await Wire.to(port)
    head = await wire.ask(request(HOST, "HEAD"), method="HEAD")
    after = await wire.ask(request(HOST))
    wire.close()
    assert (head.status, head.headers["content-type"], head.body) == (200, "application/json", b"")
    assert after.json()["method"] == "GET"


async def test_options_of_a_browsers_preflight_reaches_the_app(port: int) -> None:
    headers = [("Origin", "https://elsewhere.example"), ("Access-Control-Request-Method", "PUT")]
    told = (await ask(port, request(HOST, "OPTIONS", headers=headers))).json()
    assert ["access-control-request-method", "PUT"] in told["headers"]


async def test_http_1_0_is_answered_and_its_connection_closed(port: int) -> None:
    wire = await Wire.to(port)
    wire.send(f"GET /old HTTP/1.0\r\nHost: {HOST}\r\n\r\n".encode())
    answer = await wire.answer()
    assert (answer.status, answer.json()["path"]) == (200, "/old")
    assert await wire.cut_off()


async def test_a_body_of_ten_megabytes_in_chunks_arrives_whole(port: int) -> None:
    wire = await Wire.to(port)
    wire.send(f"POST / HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
    for begin in range(0, len(BIG), 65536):
        part = BIG[begin : begin + 65536]
        wire.send(b"%x\r\n%b\r\n" % (len(part), part))
        await wire.sent()
    wire.send(b"0\r\n\r\n")
    answer = await wire.answer()
    wire.close()
    assert (answer.status, answer.json()["sha256"]) == (200, hashlib.sha256(BIG).hexdigest())


async def test_who_expects_continue_is_told_to_go_on_and_the_body_arrives(port: int) -> None:
    wire = await Wire.to(port)
    wire.send(f"PUT / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {len(BIG)}\r\nExpect: 100-continue\r\n\r\n".encode())
    status, _ = await wire.head()
    assert status == 100
    wire.send(BIG)
    answer = await wire.answer()
    wire.close()
    assert (answer.status, answer.json()["sha256"]) == (200, hashlib.sha256(BIG).hexdigest())


async def test_a_body_that_comes_slowly_is_waited_for(port: int) -> None:
    wire = await Wire.to(port)
    wire.send(f"POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 30\r\n\r\n".encode())
    for _ in range(30):
        wire.send(b"x")
        await wire.sent()
        await asyncio.sleep(0.02)  # the slowness is what is tried
    answer = await wire.answer()
    wire.close()
    assert (answer.status, answer.json()["size"]) == (200, 30)


async def test_sixty_four_kilobytes_of_headers_reach_the_app(port: int) -> None:
    headers = [(f"X-Long-{number}", f"{number:04d}" * 250) for number in range(64)]
    answer = await ask(port, request(HOST, headers=[*headers, ("Cookie", "session=" + "c" * 8000)]))
    told = dict(answer.json()["headers"])
    assert answer.status == 200
    assert [told[name.lower()] for name, _ in headers] == [value for _, value in headers]
    assert len(told["cookie"]) == 8008


@pytest.mark.parametrize("name", ["User-Agent", "Accept", "Accept-Language", "Purpose", "Sec-Fetch-Mode"])
async def test_a_header_that_the_door_reads_may_be_long_too(port: int, name: str) -> None:
    answer = await ask(port, request(HOST, headers=[(name, "l" * 60_000)]))
    assert answer.status == 200
    assert len(dict(answer.json()["headers"])[name.lower()]) == 60_000


async def test_an_address_of_eight_kilobytes_reaches_the_app(port: int) -> None:
    path = "/" + "p" * 8000
    assert (await ask(port, request(HOST, path=path + "?" + "q" * 8000))).json()["path"] == path


async def test_a_header_that_comes_twice_comes_twice_to_the_app(port: int) -> None:
    told = (await ask(port, request(HOST, headers=[("X-Two", "one"), ("X-Two", "other")]))).json()
    assert [value for name, value in told["headers"] if name == "x-two"] in (["one", "other"], ["one, other"])


async def test_requests_sent_one_behind_the_other_are_answered_in_order(port: int) -> None:
    wire = await Wire.to(port)
    last = request(HOST, "POST", "/4", body=b"bbbb")
    wire.send(b"".join([*(request(HOST, "POST", f"/{number}", body=b"") for number in range(4)), last]))
    told = [(await wire.answer()).json() for _ in range(5)]
    wire.close()
    assert [(one["path"], one["size"]) for one in told] == [(f"/{number}", number // 4 * 4) for number in range(5)]


async def test_a_connection_that_is_kept_outlives_the_apps_sleep(door: Door, port: int) -> None:
    wire = await Wire.to(port)
    first = await wire.ask(request(HOST))
    await door.sleep("shapes")
    second = await wire.ask(request(HOST, "POST", body=b"still here"))
    wire.close()
    assert (first.status, second.status, second.json()["size"]) == (200, 200, 10)


async def test_a_large_body_over_http2_arrives_whole(port: int) -> None:
    process = await asyncio.create_subprocess_exec(
        *("curl", "-s", "--http2-prior-knowledge", "--data-binary", "@-", "-H", f"Host: {HOST}"),
        f"http://127.0.0.1:{port}/",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate(BIG)
    assert hashlib.sha256(BIG).hexdigest().encode() in output
