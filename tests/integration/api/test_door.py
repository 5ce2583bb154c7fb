"""The test panel through a real Traefik: what an app gets, and what its owner is told, whatever the app does."""

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator

import pytest

from control.api import door as door_module
from control.api.door import Door
from control.api.problems import ApiError
from fp.api.see import TestRequest as Wanted
from tests.support.api_door import FrontDoor
from tests.support.ports import free_port

HOST = "todo.localhost"


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontDoor]:
    with FrontDoor(tmp_path_factory.mktemp("door"), HOST) as running:
        yield running


@pytest.fixture
async def door(front: FrontDoor) -> AsyncIterator[Door]:
    made = Door(front.port)
    yield made
    await made.aclose()


async def test_the_app_gets_what_was_typed(door: Door) -> None:
    told = await door.send(HOST, Wanted("PUT", "/echo?q=a%20b&x=ü", {"X-Mine": "yes"}, '{"a": 1}'))
    lines = told.body.split("\n")
    assert lines[:2] == ["PUT", "/echo?q=a%20b&x=%C3%BC"]
    assert f"host: {HOST}:{door.port}" in lines
    assert "x-mine: yes" in lines
    assert lines[-1] == '{"a": 1}'
    assert (told.status, told.encoding, told.truncated, told.cold_start_ms) == (200, "utf-8", False, None)
    assert told.ms > 0


async def test_no_app_sees_anothers_cookies(door: Door) -> None:
    first = await door.send(HOST, Wanted(path="/echo"))
    assert ("set-cookie", "who=me; Path=/") in [(name.lower(), value) for name, value in first.headers]
    assert "who=me" not in (await door.send(HOST, Wanted(path="/echo"))).body


async def test_a_redirect_is_shown_not_followed(door: Door) -> None:
    told = await door.send(HOST, Wanted(path="/moved"))
    assert (told.status, told.redirect) == (307, "/elsewhere?x=1")
    assert (await door.send(HOST, Wanted(path="/echo"))).redirect is None


async def test_a_cold_start_is_read_from_the_answer(door: Door) -> None:
    told = await door.send(HOST, Wanted(path="/woken"))
    assert told.cold_start_ms == 41.5
    assert [phase.name for phase in told.phases if phase.name != "connect"] == ["send", "wake", "app", "download"]
    assert sum(phase.ms for phase in told.phases) <= told.ms + 5, (
        "a wake that the app made up is no longer than the wait"
    )


async def test_the_time_is_told_by_parts(door: Door) -> None:
    told = await door.send(HOST, Wanted(path="/slow"))
    phases = {phase.name: phase.ms for phase in told.phases}
    assert list(phases) == ["connect", "send", "app", "download"]
    # The door starts its clock a little after the app does, and on a busy machine it hears of the head a little late.
    assert phases["app"] >= 140
    assert phases["app"] + phases["download"] >= 240
    assert phases["download"] > 0
    assert sum(phases.values()) <= told.ms
    assert "connect" not in [phase.name for phase in (await door.send(HOST, Wanted(path="/echo"))).phases]


async def test_the_records_id_is_the_runners_word_and_no_visitors_header(door: Door) -> None:
    told = await door.send(HOST, Wanted(path="/named"))
    assert told.request_id == "inst-1a"
    assert [value for name, value in told.headers if name.lower() == "fp-request-id"] == ["the app's own"]
    assert (await door.send(HOST, Wanted(path="/echo"))).request_id is None


async def test_an_app_that_does_not_answer_is_given_up(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door_module, "LIMIT_SECONDS", 0.3)
    with pytest.raises(ApiError) as refused:
        await door.send(HOST, Wanted(path="/silent"))
    assert (refused.value.code, "within 0.3 s" in refused.value.detail) == ("app_failed", True)
    assert refused.value.hint


async def test_copied_as_curl_it_is_the_same_request(door: Door) -> None:
    """curl itself sends what the line says, and the app gets what it got from the panel."""
    body = base64.b64encode(bytes(range(256))).decode()
    for wanted in (
        Wanted("PUT", "/echo/../x?q=[1-3]&y=it's%20$HOME", {"X-Mine": "a 'b' \"c\" `d`", "X-Empty": ""}, "@file\n$(x)"),
        Wanted("POST", "/echo?binary", {"Content-Type": "application/x-mine"}, body, "base64"),
        Wanted("POST", "/echo?long", {}, "ü" * 80_000),
        Wanted(path="/echo"),
    ):
        told = await door.send(HOST, wanted)
        resolve = told.curl.replace("curl ", f"curl -s --noproxy '*' --resolve {HOST}:{door.port}:127.0.0.1 ", 1)
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec("sh", stdin=pipe, stdout=pipe)
        by_curl, _ = await process.communicate(resolve.encode())
        by_panel = told.body.encode() if told.encoding == "utf-8" else base64.b64decode(told.body)
        assert seen(by_curl) == seen(by_panel)
        assert process.returncode == 0


def seen(echo: bytes) -> tuple[list[bytes], bytes]:
    """What the app saw of a request but for what a client says of itself: first lines and headers, and the body."""
    head, _, body = echo.partition(b"--body--\n")
    ours = (b"user-agent", b"accept", b"fp-request-id", b"x-forwarded", b"x-real-ip", b"traceparent")
    return sorted(line for line in head.split(b"\n") if not line.startswith(ours)), body


async def test_a_long_body_is_cut_between_characters(door: Door) -> None:
    told = await door.send(HOST, Wanted(path="/long"))
    assert told.truncated
    assert told.body == "ü" * (512 * 1024)


async def test_bytes_that_are_no_text_come_as_base64(door: Door) -> None:
    told = await door.send(HOST, Wanted(path="/binary"))
    assert told.encoding == "base64"
    assert base64.b64decode(told.body) == bytes(range(256))


async def test_an_answer_that_never_ends_is_told_as_far_as_it_came(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door_module, "LIMIT_SECONDS", 0.5)
    told = await door.send(HOST, Wanted(path="/drip"))
    assert (told.body, told.truncated) == ("first", True)


async def test_a_host_that_is_no_app_is_the_doors_own_answer(door: Door) -> None:
    assert (await door.send("nobody.localhost", Wanted())).status == 404
    assert await door.answers("nobody.localhost", "/", 5.0) == 404


async def test_a_door_that_is_shut_is_unavailable() -> None:
    shut = Door(free_port())
    with pytest.raises(ApiError) as refused:
        await shut.send(HOST, Wanted())
    assert refused.value.code == "unavailable"
    await shut.aclose()
