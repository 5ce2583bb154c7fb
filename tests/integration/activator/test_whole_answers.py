"""A visitor who sends a body gets the whole answer, however quickly the app has it.

Traefik's server closes a request's body the moment the answer begins, and its transport, which still looks for that body's end,
takes this for a broken request. Without what each data plane does about it, up to one answer in fifty ends behind its head.
"""

import asyncio

import pytest

from tests.support.activator_apps import ECHO
from tests.support.activator_door import Door
from tests.support.raw_http import Answer, Wire, request

HOST = "whole.localhost"
TIMES = 1000
SECONDS = 20.0
EARLY = {
    "app.py": """
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"so far ", "more_body": True})
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message["body"]), message["more_body"]
    await send({"type": "http.response.body", "body": b"%d bytes" % size})
"""
}
"""An app that answers while it reads."""


@pytest.fixture(scope="module")
async def awake(door: Door) -> Door:
    """A data plane with an app that is awake and answers at once, in chunks."""
    await door.deploy("whole", ECHO)
    await door.internal.post("/apps/whole/wake")
    return door


async def all_answers(port: int, data: bytes, times: int) -> list[Answer]:
    """One after the other on one connection, or the next one where the door has closed it. Raises EOFError at one that is cut."""
    answers: list[Answer] = []
    wire = await Wire.to(port)
    while len(answers) < times:
        answers.append(await wire.ask(data, method="POST"))
        if answers[-1].headers.get("connection") == "close":
            wire.close()
            wire = await Wire.to(port)
    wire.close()
    return answers


async def test_no_answer_to_a_request_with_a_body_is_cut(awake: Door) -> None:
    answers = await all_answers(awake.port, request(HOST, "POST", body=b"body"), TIMES)
    assert {(answer.status, answer.json()["size"]) for answer in answers} == {(200, 4)}


async def test_an_answer_that_begins_before_the_body_has_ended_arrives_whole(awake: Door) -> None:
    """The same without chance: the body ends while the answer is on its way. With the plugin its head waits for that end."""
    await awake.deploy("early", EARLY)
    await awake.internal.post("/apps/early/wake")
    wire = await Wire.to(awake.port)
    wire.send(request("early.localhost", "POST", body=b"all but the end.")[:-1])
    async with asyncio.timeout(SECONDS):
        if awake.plane == "routes":
            status, headers = await wire.head()
            assert (status, headers["transfer-encoding"]) == (200, "chunked")
        wire.send(b".")
        told = b""
        while not told.endswith(b"0\r\n\r\n"):
            part = await wire.read(1024)
            assert part, f"cut after {told!r}"
            told += part
    wire.close()
    assert b"16 bytes" in told


async def test_a_connection_is_closed_for_that_where_there_is_a_body_and_no_plugin(awake: Door) -> None:
    with_body, without = request(HOST, "POST", body=b"b"), request(HOST, "POST", body=b"")
    assert [one.headers.get("connection") for one in await all_answers(awake.port, without, 3)] == [None] * 3
    expected = "close" if awake.plane == "routes" else None
    assert [one.headers.get("connection") for one in await all_answers(awake.port, with_body, 3)] == [expected] * 3
