"""`fp logs` and `fp requests`: filters, one request in whole, and a log followed as it is printed."""

import base64
import hashlib
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fp.api.problems import Problem
from fp.api.see import LogLine
from fp.api.tail import TailDropped, TailLines, TailLive, TailPing, TailProblem
from fp.client import Client
from fp.commands._follow import follow
from fp.commands._when import wire_time
from fp.errors import NotFound, UsageError
from fp.tail import live
from fp.websocket import MAX_BYTES, SocketBroken, messages
from tests.integration.cli.conftest import Fp, environment
from tests.integration.cli.real_platform import RealPlatform
from tests.integration.cli.test_with_a_platform import token_of
from tests.support.platform import wait_for

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
APP = """import logging
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def index(say: str = "hi") -> str:
    print("said", say)
    logging.getLogger("x").error("oh %s", say)
    return say


@app.get("/fail")
def fail() -> None:
    print("before it fails")
    raise ValueError("not today")
"""


def test_filters_and_one_request_and_a_log_that_is_followed(
    fp: Fp, home: Path, folder: Path, platform: RealPlatform, ada: str
) -> None:
    (folder / "app.py").write_text(APP)
    assert fp("deploy").returncode == 0
    platform.visit(ada, "/?say=one")
    platform.visit(ada, "/fail")

    def requests(*options: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(fp("requests", "--json", *options).stdout)
        return found

    wait_for(lambda: len(requests()) == 2, 20, "both requests")
    (failed,) = requests("--status", "5xx", "--path", "/f*", "--method", "get", "--since", "1h")
    assert requests("--until", "1h") == []
    wrong = fp("requests", "--status", "teapot")
    assert wrong.returncode == 1
    assert "status: it must be" in wrong.stderr
    shown = fp("requests", "--show", failed["id"]).stdout
    assert "ValueError: not today" in shown
    assert '>    17      raise ValueError("not today")' in shown
    assert "before it fails" in shown
    assert "> user-agent: " in shown
    assert "< content-type: text/plain" in shown
    errors = json.loads(fp("logs", "--json", "--level", "error", "--search", "OH").stdout)
    assert [item["text"] for item in errors] == ["oh one"]
    assert fp("logs", "-f", "--since", "1h").returncode == 2
    with Client(platform.url, token_of(home)) as client:
        message = next(live(client, ada, 1, search="SAID"))
        assert isinstance(message, TailLines)
        assert [item.text for item in message.items] == ["said one"]
    argv = [sys.executable, "-m", "fp", "logs", "-f", "-n", "1", "--search", "said", "--json"]
    with subprocess.Popen(argv, env=environment(home), cwd=folder, stdout=subprocess.PIPE, text=True) as following:
        assert following.stdout is not None
        assert json.loads(following.stdout.readline())["text"] == "said one"
        for number in range(3):
            platform.visit(ada, f"/?say={number}")
            assert json.loads(following.stdout.readline())["text"] == f"said {number}"
        following.terminate()


def frame(payload: bytes, kind: int = 1, *, final: bool = True) -> bytes:
    length = bytes([len(payload)]) if len(payload) < 126 else b"\x7e" + len(payload).to_bytes(2, "big")
    return bytes([(0x80 if final else 0) | kind]) + length + payload


def told(*parts: Any) -> bytes:
    return b"".join(frame(msgspec.json.encode(part)) for part in parts)


def line(name: str) -> LogLine:
    return LogLine(name, NOW, "info", name, None)


@contextmanager
def sockets(*answers: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A real server that answers each handshake as asked and then sends these bytes, one after another; and what it got."""
    seen: list[bytes] = []

    def serve() -> None:
        for sent in answers:
            connection, _ = listener.accept()
            with connection:
                head = b""
                while b"\r\n\r\n" not in head:
                    head += connection.recv(4096)
                key = head.lower().partition(b"sec-websocket-key: ")[2]
                key = head[len(head) - len(key) :].partition(b"\r\n")[0]
                digest = hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
                accept = base64.b64encode(digest)
                if not sent.startswith(b"HTTP/"):
                    connection.sendall(b"HTTP/1.1 101 X\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n")
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
                rest = b""
                while more := connection.recv(4096):
                    rest += more
                seen.append(head + rest)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", seen
        thread.join(10)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fp.tail._PAUSE_SECONDS", 0.0)


def lived(address: str, **more: Any) -> list[str]:
    with Client(address, "t") as client:
        found: list[str] = []
        for message in live(client, "todo", 7, **more):
            found += [str(message.count)] if isinstance(message, TailDropped) else [i.id for i in message.items]
        return found


def test_a_tail_that_breaks_goes_on_behind_its_last_cursor() -> None:
    first = told(TailLines([line("a"), line("b")], "c1"), TailLive("c1"), TailPing("c2"))
    half = told(TailLines([line("c")], "c3"))
    second = half + told(TailDropped(9, "c4"))[:-5]
    refused = b"HTTP/1.1 502 no\r\n\r\n"
    with sockets(first, second, half, *[refused] * 5) as (address, seen):
        assert lived(address, level="error", search="a b") == ["a", "b", "c", "c"]
    assert b"GET /api/apps/todo/logs/stream?lines=7&level=error&q=a%20b HTTP/1.1" in seen[0].replace(b"+", b"%20")
    assert b"authorization: bearer t" in seen[0].lower()
    assert b"after=c2&" in seen[1]
    assert b"after=c3&" in seen[2]


def test_who_asks_in_turns_after_a_tail_goes_on_behind_what_was_shown() -> None:
    newest_first = [line("c"), line("b"), line("a")]
    going = follow(lambda: iter(newest_first), 1, ["a", "b"])
    assert next(going).id == "c"


def test_a_tail_that_is_refused_says_why() -> None:
    problem = Problem("about:blank", "No", 404, "not_found", "There is no app 'todo'.")
    with sockets(told(TailProblem(problem))) as (address, _), pytest.raises(NotFound, match="no app"):
        lived(address)


def test_pings_are_answered_and_parts_put_together() -> None:
    got: list[bytes] = []
    sent = frame(b"hello", 9) + frame(b"a", final=False) + frame(b"b" * 200, 0) + frame(b"\x03\xe8", 8)
    with (
        sockets(sent) as (address, seen),
        pytest.raises(SocketBroken, match="closed"),
        messages(address + "/x", {}, 10) as stream,
    ):
        got.extend(stream)
    assert got == [b"a" + b"b" * 200]
    answer = seen[0].partition(b"\r\n\r\n")[2]
    mask, masked = answer[2:6], answer[6:11]
    assert answer[0] == 0x8A
    assert bytes(byte ^ mask[place % 4] for place, byte in enumerate(masked)) == b"hello"


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 101 X\r\nSec-WebSocket-Accept: wrong\r\n\r\n",
        b"",
        b"\x81\x7f" + (MAX_BYTES + 1).to_bytes(8, "big"),
        b"\x81\x05abc",
    ],
)
def test_what_is_no_socket_breaks_and_does_nothing_else(sent: bytes) -> None:
    with sockets(sent) as (address, _), pytest.raises(SocketBroken), messages(address + "/x", {}, 10) as stream:
        list(stream)


def test_nobody_there_is_broken_too() -> None:
    with pytest.raises(SocketBroken), messages("http://127.0.0.1:1/x", {}, 5) as stream:
        list(stream)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15m", "2026-01-02T11:45:00Z"),
        ("3d", "2025-12-30T12:00:00Z"),
        ("2026-01-01T02:00:00+02:00", "2026-01-01T00:00:00Z"),
    ],
)
def test_moments_as_people_type_them(text: str, expected: str) -> None:
    assert wire_time("--since", text, NOW) == expected


@pytest.mark.parametrize("text", ["", "soon", "5", "5w", "999999d"])
def test_what_is_no_moment_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match="--since"):
        wire_time("--since", text, NOW)


def test_no_moment_is_none() -> None:
    reader: Callable[[str, str | None], str | None] = wire_time
    assert reader("--since", None) is None
