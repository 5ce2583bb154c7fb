"""The client when connections break, streams end early and strangers answer."""

from datetime import UTC, datetime

import msgspec
import pytest

from fp.api.deploys import STAGES, Deploy, DeployEvent, DeployStatus, Stage
from fp.api.problems import Problem
from fp.client import Client
from fp.errors import BadAnswer, FpError, NotFound, NotLoggedIn, Unreachable
from tests.integration.cli.broken_server import HANG_UP, answer, serving, stream

NOW = datetime(2026, 1, 2, tzinfo=UTC)
EVENTS, STATE = "GET /api/deploys/d1/events", "GET /api/deploys/d1"


def deploy(status: DeployStatus, message: str = "") -> Deploy:
    stages = [Stage(name, "running", message=message) for name in STAGES]
    return Deploy("d1", "todo", status, stages, [], None, "http://todo.localhost", NOW)


def event(seq: int, status: DeployStatus) -> bytes:
    data = msgspec.json.encode(DeployEvent(seq, deploy(status, str(seq))))
    return b"id: %d\nevent: deploy\ndata: %s\n\n" % (seq, data)


def encoded(value: object) -> bytes:
    return answer(200, msgspec.json.encode(value))


def followed(address: str) -> list[tuple[DeployStatus, str]]:
    """Status and message of each step of the deploy that the client tells."""
    with Client(address, "t") as client:
        client.poll_seconds = 0.01
        return [(step.status, step.stages[0].message) for step in client.follow_deploy("d1")]


def asked_who(address: str) -> str:
    with Client(address, "t") as client:
        return client.me().username


def test_a_stream_that_breaks_is_resumed_after_the_last_event() -> None:
    """Each event is told once; the second connection says what was seen."""
    with serving(
        {EVENTS: [stream(event(1, "running") + event(2, "running")), stream(event(3, "succeeded"))]}
    ) as server:
        assert followed(server.address) == [("running", "1"), ("running", "2"), ("succeeded", "3")]
    assert "last-event-id" not in server.seen[0].lower()
    assert "last-event-id: 2" in server.seen[1].lower()


def test_an_event_cut_in_half_is_asked_for_again() -> None:
    """Half an event is none."""
    with serving(
        {EVENTS: [stream(event(1, "running") + event(2, "failed")[:-9]), stream(event(2, "failed"))]}
    ) as server:
        assert followed(server.address) == [("running", "1"), ("failed", "2")]


@pytest.mark.parametrize("broken", [HANG_UP, stream(b": nothing\n\n"), answer(502, b"Bad Gateway"), answer(204, b"")])
def test_without_a_stream_the_deploy_is_asked_for(broken: bytes) -> None:
    """The end is known all the same."""
    states = [encoded(deploy("running")), encoded(deploy("running")), encoded(deploy("succeeded", "end"))]
    with serving({EVENTS: [broken], STATE: states}) as server:
        assert followed(server.address)[-1] == ("succeeded", "end")
    assert server.count(EVENTS) == 3


def test_a_platform_that_goes_away_for_good() -> None:
    """The client gives up in the end, and says that the connection was lost."""
    answers = {EVENTS: [stream(event(1, "running")), HANG_UP], STATE: [HANG_UP]}
    with serving(answers) as server, pytest.raises(Unreachable) as caught:
        followed(server.address)
    assert server.address in caught.value.message


def test_reading_is_tried_again() -> None:
    """A connection lost twice does not matter to a GET."""
    user = encoded({"id": "u", "username": "ada", "admin": True, "created_at": NOW})
    with serving({"GET /api/auth/me": [HANG_UP, HANG_UP, user]}) as server, Client(server.address, "secret") as client:
        assert client.me().username == "ada"
    assert all("authorization: bearer secret" in request.lower() for request in server.seen)


def test_a_deploy_sent_twice_has_one_key() -> None:
    """The answer was lost: it is sent again with the same Idempotency-Key, and the next deploy has another."""
    accepted = answer(202, msgspec.json.encode(deploy("running")))
    with serving({"POST /api/apps/todo/deploy": [HANG_UP, accepted]}) as server, Client(server.address, "t") as client:
        assert client.deploy("todo").id == "d1"
        client.deploy("todo")
    keys = [
        line for request in server.seen for line in request.splitlines() if line.lower().startswith("idempotency-key")
    ]
    assert len(keys) == 3
    assert keys[0] == keys[1] != keys[2]


def test_saving_and_making_are_not_sent_twice() -> None:
    """What could act twice fails instead: nobody knows whether it was done."""
    lost = {"PUT /api/apps/todo/draft": [HANG_UP], "POST /api/apps": [HANG_UP], "DELETE /api/apps/todo": [HANG_UP]}
    with serving(lost) as server, Client(server.address, "t") as client:
        for call in (
            lambda: client.save_draft("todo", {"app.py": ""}, "app.py", "e1"),
            lambda: client.create_app("todo"),
            lambda: client.delete_app("todo"),
        ):
            with pytest.raises(Unreachable):
                call()
    assert len(server.seen) == 3
    assert 'if-match: "e1"' in server.seen[0].lower()


@pytest.mark.parametrize(
    ("status", "code", "kind", "exit_code"),
    [(401, "not_logged_in", NotLoggedIn, 3), (404, "not_found", NotFound, 4), (500, "internal", FpError, 1)],
)
def test_problems_become_errors(status: int, code: str, kind: type[FpError], exit_code: int) -> None:
    """The platform's code chooses the class, its detail and hint are kept."""
    problem = {"type": "about:blank", "title": "T", "status": status, "code": code, "detail": "D", "hint": "H"}
    answers = {"GET /api/auth/me": [answer(status, msgspec.json.encode(problem))]}
    with serving(answers) as server, pytest.raises(kind) as caught:
        asked_who(server.address)
    assert (caught.value.message, caught.value.code, caught.value.exit_code) == ("D", code, exit_code)
    assert caught.value.hint
    assert isinstance(getattr(caught.value, "problem", None), Problem)


@pytest.mark.parametrize(
    "strange",
    [
        answer(200, b"<html>It works!</html>", "text/html"),
        answer(200, b'{"id": 5}'),
        answer(404, b"404 page not found", "text/plain"),
        answer(502, b"Bad Gateway", "text/plain"),
        answer(307, b"", "text/plain"),
        answer(400, b'{"code": "a new one"}'),
    ],
)
def test_strangers_answers(strange: bytes) -> None:
    """Something that is no fp platform answers: said so, with the address."""
    with serving({"GET /api/auth/me": [strange]}) as server, pytest.raises(BadAnswer) as caught:
        asked_who(server.address)
    assert server.address in caught.value.message


@pytest.mark.parametrize("garbage", [b"SSH-2.0-OpenSSH\r\n", answer(200, b"{", missing=10)])
def test_bytes_that_are_no_http(garbage: bytes) -> None:
    """Another protocol, or an answer that ends early."""
    with serving({"GET /api/auth/me": [garbage]}) as server, pytest.raises(Unreachable):
        asked_who(server.address)
