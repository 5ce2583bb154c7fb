"""The test panel through a real Traefik: what an app gets, and what its owner is told, whatever the app does."""

import base64
from collections.abc import AsyncIterator, Iterator

import pytest

from control.api import door as door_module
from control.api.door import Door
from control.api.problems import ApiError
from fp.api.see import TestRequest as Wanted
from tests.support.api_door import FrontDoor
from tests.support.control_mongo import free_port

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
    assert (await door.send(HOST, Wanted(path="/moved"))).status == 307


async def test_a_cold_start_is_read_from_the_answer(door: Door) -> None:
    assert (await door.send(HOST, Wanted(path="/woken"))).cold_start_ms == 41.5


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
