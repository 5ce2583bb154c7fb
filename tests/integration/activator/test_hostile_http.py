"""What a hostile visitor may say: nothing of it reaches an app as another request than the one that the door saw.

Each is said to an awake app and to one that must be woken for it, over both data planes. The app keeps a list of what reached
it; whatever the door answers, what was hidden in a body or behind a head must not be on that list.
"""

import asyncio
from typing import Any

import pytest

from tests.support.activator_door import Door
from tests.support.raw_http import Wire, request

HOST = "wary.localhost"
APP = {
    "app.py": """
import json

seen = []


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    if scope["path"] != "/seen":
        headers = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in scope["headers"]]
        seen.append({"method": scope["method"], "path": scope["path"], "headers": headers})
    body = json.dumps(seen).encode()
    if scope["path"] == "/seen":
        seen.clear()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})
"""
}
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: wary.localhost\r\nX-Fp-Ticket: stolen\r\n\r\n"
CHUNKS = b"0\r\n\r\n" + HIDDEN
LENGTH = b"Content-Length: %d\r\n" % len(CHUNKS)


def post(*headers: bytes, body: bytes = CHUNKS) -> bytes:
    """A request whose head says those things, and a body that hides another request."""
    return b"POST /open HTTP/1.1\r\nHost: wary.localhost\r\n" + b"".join(headers) + b"\r\n" + body


SMUGGLED = {
    "length and chunks": post(LENGTH, b"Transfer-Encoding: chunked\r\n"),
    "chunks and length": post(b"Transfer-Encoding: chunked\r\n", LENGTH),
    "two codings": post(LENGTH, b"Transfer-Encoding: chunked, identity\r\n"),
    "identity first": post(LENGTH, b"Transfer-Encoding: identity, chunked\r\n"),
    "an unknown coding": post(LENGTH, b"Transfer-Encoding: xchunked\r\n"),
    "a coding in quotes": post(LENGTH, b'Transfer-Encoding: "chunked"\r\n'),
    "a coding after a tab": post(LENGTH, b"Transfer-Encoding:\x0bchunked\r\n"),
    "the coding twice": post(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", LENGTH),
    "a space before the colon": post(LENGTH, b"Transfer-Encoding : chunked\r\n"),
    "a folded coding": post(LENGTH, b"Transfer-Encoding:\r\n chunked\r\n"),
    "a folded header": post(b"X-Long: a\r\n Transfer-Encoding: chunked\r\n", LENGTH),
    "a bare carriage return": post(b"X-Long: a\rTransfer-Encoding: chunked\r\n", LENGTH),
    "a bare line feed": post(b"X-Long: a\nTransfer-Encoding: chunked\r\n", LENGTH),
    "two lengths": post(b"Content-Length: 0\r\n", LENGTH),
    "lengths in one": post(b"Content-Length: 0, %d\r\n" % len(CHUNKS)),
    "a length with a sign": post(b"Content-Length: +0\r\n"),
    "a length below zero": post(b"Content-Length: -1\r\n"),
    "a length in hexadecimal": post(b"Content-Length: 0x0\r\n"),
    "a length beyond all": post(b"Content-Length: 99999999999999999999\r\n"),
    "an empty length": post(b"Content-Length:\r\n"),
    "a chunk in octal": post(b"Transfer-Encoding: chunked\r\n", body=b"0x0\r\n\r\n" + HIDDEN),
    "a chunk below zero": post(b"Transfer-Encoding: chunked\r\n", body=b"-1\r\n\r\n" + HIDDEN),
    "a chunk that overflows": post(b"Transfer-Encoding: chunked\r\n", body=b"10000000000000000\r\n\r\n" + HIDDEN),
    "a chunk without its end": post(b"Transfer-Encoding: chunked\r\n", body=b"3\r\nabcX0\r\n\r\n" + HIDDEN),
    "no coding in HTTP/1.0": post(b"Transfer-Encoding: chunked\r\n").replace(b"1.1", b"1.0", 1),
}
"""Heads that two readers could understand in two ways."""
UPGRADES = {
    "HTTP/2": b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
    "a WebSocket of no version": b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 777\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
    "anything": b"Connection: Upgrade\r\nUpgrade: telnet\r\n",
}


@pytest.fixture(scope="module")
async def wary(door: Door) -> Door:
    """The door before an app that remembers what reached it."""
    await door.deploy("wary", APP)
    return door


@pytest.fixture(params=["awake", "asleep"])
async def port(request: pytest.FixtureRequest, wary: Door) -> int:
    """Of the door; the app is awake or must be woken."""
    if request.param == "asleep":
        await wary.sleep("wary")
    else:
        await seen(wary.port)
    return wary.port


async def seen(port: int) -> list[dict[str, Any]]:
    """What reached the app since this was asked, or since it woke."""
    wire = await Wire.to(port)
    found: list[dict[str, Any]] = (await wire.ask(request(HOST, path="/seen"))).json()
    wire.close()
    return found


async def said(port: int, data: bytes) -> bytes:
    """All that the door answers to these bytes until it hangs up, or says no more."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    told = bytearray()
    try:
        async with asyncio.timeout(1.0):
            while part := await reader.read(65536):
                told += part
    except (TimeoutError, ConnectionError):
        pass
    writer.transport.abort()
    return bytes(told)


@pytest.mark.parametrize("data", SMUGGLED.values(), ids=SMUGGLED.keys())
async def test_a_request_hidden_in_another_ones_body_reaches_nobody(port: int, data: bytes) -> None:
    """Refused, or read in one way by all: as a body, or as a request that the door has seen and taken our headers from."""
    answer = await said(port, data)
    reached = await seen(port)
    assert all(not name.startswith("x-fp-") for one in reached for name, _ in one["headers"])
    hidden = [one for one in reached if one["path"] == "/hidden"]
    assert len(hidden) <= max(answer.count(b"HTTP/1.1 200") - 1, 0), "what reached the app was answered by the door"


@pytest.mark.parametrize("headers", UPGRADES.values(), ids=UPGRADES.keys())
async def test_no_tunnel_opens_to_an_app_that_speaks_no_such_thing(port: int, headers: bytes) -> None:
    """What comes behind is one more request to the door, which takes from it what is ours."""
    answer = await said(port, b"GET /open HTTP/1.1\r\nHost: wary.localhost\r\n" + headers + b"\r\n" + HIDDEN)
    assert b" 101 " not in answer
    assert all(not name.startswith("x-fp-") for one in await seen(port) for name, _ in one["headers"])


@pytest.mark.parametrize(
    "first",
    [
        b"GET /open",
        b"GET /open HTTP/0.9",
        b"GET /open HTTP/2.0",
        b"GET /open HTTP/1.1 HTTP/1.1",
        b"GET\x00 /open HTTP/1.1",
        b"GET /open\x00 HTTP/1.1",
        b"/open HTTP/1.1",
        b"",
    ],
)
async def test_what_is_no_request_is_refused(port: int, first: bytes) -> None:
    answer = await said(port, first + b"\r\nHost: wary.localhost\r\n\r\n")
    assert answer == b"" or answer.split(b" ")[1][:1] in (b"4", b"5")
    assert await seen(port) == []


@pytest.mark.parametrize("target", ["http://other.localhost/open", "http://wary.localhost@other.localhost/open"])
async def test_an_absolute_address_decides_and_not_the_host_beside_it(port: int, target: str) -> None:
    """As RFC 9112 (3.2.2) has it. Whoever looks at one of the two sees the same host."""
    answer = await said(port, request(HOST, path=target, headers=[("Connection", "close")]))
    assert b"200 OK" not in answer
    assert await seen(port) == []
    assert b"200 OK" in await said(port, request("other.localhost", path=f"http://{HOST}/absolute"))
    (reached,) = await seen(port)
    assert (reached["path"], dict(reached["headers"])["host"]) == ("/absolute", HOST)


async def test_what_belongs_to_one_hop_ends_at_the_door(port: int) -> None:
    """Also what a visitor declares to, and what it declares to that is ours or the door's own word."""
    headers = [
        ("Connection", "close, X-Secret, X-Forwarded-For, X-Fp-Ticket, Keep-Alive"),
        ("X-Secret", "between us"),
        ("Keep-Alive", "timeout=5"),
        ("Proxy-Connection", "keep-alive"),
        ("Proxy-Authorization", "Basic YTpi"),
        ("TE", "deflate"),
        ("X-Fp-Ticket", "stolen"),
        ("X-Kept", "yes"),
    ]
    assert b"200 OK" in await said(port, request(HOST, path="/hops", headers=headers))
    (one,) = await seen(port)
    reached = dict(one["headers"])
    gone = {"x-secret", "keep-alive", "proxy-connection", "proxy-authorization", "x-fp-ticket", "te"}
    assert gone.isdisjoint(reached)
    assert (reached["x-kept"], reached["x-forwarded-for"], reached["host"]) == ("yes", "127.0.0.1", HOST)


async def test_heads_without_an_end_are_cut_off_at_a_megabyte(port: int) -> None:
    """Many headers, or one that does not end: refused with 431, and nothing reaches the app."""
    many = b"".join(b"X-Many-%d: %s\r\n" % (number, b"v" * 1000) for number in range(1500))
    for flood in (many, b"X-Long: " + b"v" * 1_500_000):
        answer = await said(port, b"GET /open HTTP/1.1\r\nHost: wary.localhost\r\n" + flood)
        assert answer == b"" or b" 431 " in answer.split(b"\r\n")[0]
    assert await seen(port) == []
