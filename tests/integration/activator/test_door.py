"""What passes the door and what does not: headers of ours, hosts that are not one host, paths, and HTTP/2."""

import asyncio

import pytest

from tests.support.activator_apps import ECHO
from tests.support.activator_door import Door


@pytest.fixture(scope="module")
async def app(door: Door) -> str:
    """An awake app."""
    await door.deploy("plain", ECHO)
    return "plain"


async def raw(door: Door, request: bytes) -> bytes:
    """Send bytes to Traefik and give all that comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(request)
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    return answer


async def test_no_header_of_ours_from_outside_reaches_an_app_awake_or_not(door: Door, app: str) -> None:
    forged = {"X-Fp-Cold-Start": "1", "x-fp-ticket": "stolen", "X-FP-UPSTREAM": "127.0.0.1:1", "X-Fp-Anything": "x"}
    async with door.client(app) as client:
        warm = await client.get("/", headers=forged)
        await door.sleep(app)
        cold = await client.get("/", headers=forged)
    for answer in (warm, cold):
        assert [name for name, _ in answer.json()["headers"] if name.startswith("x-fp-")] == []
    assert "server-timing" not in warm.headers
    assert "wake;dur=1," not in cold.headers["server-timing"] + ","


async def test_the_forwarding_headers_are_traefiks_and_not_the_clients(door: Door, app: str) -> None:
    forged = {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Host": "bank.example", "X-Forwarded-Proto": "https"}
    async with door.client(app) as client:
        headers = dict((await client.get("/", headers=forged)).json()["headers"])
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-host"] == f"{app}.localhost"
    assert headers["x-forwarded-proto"] == "http"
    assert headers["host"] == f"{app}.localhost"


@pytest.mark.parametrize(
    "head",
    [
        b"Host: plain.localhost\r\nHost: other.localhost\r\n",
        b"",
        b"Host: plain localhost\r\n",
        b"Host: plain.localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
        b"Host: plain.localhost\r\nX Fp-Ticket: a\r\n",
        b"Host: plain.localhost\r\n X-Fp-Ticket: a\r\n",
    ],
)
async def test_an_ambiguous_head_is_refused_before_it_is_routed(door: Door, app: str, head: bytes) -> None:
    answer = await raw(door, b"GET / HTTP/1.1\r\n" + head + b"Connection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")


async def test_a_body_with_two_lengths_is_no_way_to_smuggle_a_request(door: Door, app: str) -> None:
    answer = await raw(
        door,
        b"POST / HTTP/1.1\r\nHost: plain.localhost\r\nContent-Length: 44\r\nTransfer-Encoding: chunked\r\n"
        b"Connection: close\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: plain.localhost\r\n\r\n",
    )
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"/smuggled" not in answer


@pytest.mark.parametrize("host", ["PLAIN.localhost", "plain.localhost:8080", "Plain.LocalHost:1"])
async def test_a_host_is_found_however_it_is_written(door: Door, app: str, host: str) -> None:
    async with door.client(app) as client:
        assert (await client.get("/", headers={"Host": host})).json()["path"] == "/"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "a.plain.localhost", "plain.localhost.evil.example"])
async def test_every_other_host_is_controls(door: Door, app: str, host: str) -> None:
    async with door.client(app) as client:
        assert (await client.get("/", headers={"Host": host})).status_code == 418


@pytest.mark.parametrize("path", ["/a%2Fb", "/a%3Fb", "/a%23b", "/a%25b", "/a%3Bb", "/%E4%BD%A0", "/a;b=1"])
async def test_a_path_reaches_the_app_as_it_was_sent(door: Door, app: str, path: str) -> None:
    answer = await raw(
        door, f"GET {path}?q=%2F;x HTTP/1.1\r\nHost: plain.localhost\r\nConnection: close\r\n\r\n".encode()
    )
    assert f'"path": "{path}"'.encode() in answer


async def test_http2_without_tls_works_awake_and_asleep(door: Door, app: str) -> None:
    await door.sleep(app)
    for _ in range(2):
        process = await asyncio.create_subprocess_exec(
            *("curl", "-s", "--http2-prior-knowledge", "-o", "/dev/null", "-w", "%{http_version} %{http_code}"),
            *("-H", "Host: plain.localhost", f"http://127.0.0.1:{door.port}/"),
            stdout=asyncio.subprocess.PIPE,
        )
        output, _ = await process.communicate()
        assert output == b"2 200"
