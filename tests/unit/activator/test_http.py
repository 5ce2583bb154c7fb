"""The HTTP listener over loopback: whatever comes, an answer or a closed connection, never a traceback."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activator.answers import Answer
from activator.http import MAX_BODY, MAX_HEAD, Handler, Listener, Reply, Request

GET = b"GET /wake?a=1 HTTP/1.1\r\nHost: x\r\nX-Forwarded-Host: a.localhost\r\n\r\n"
POST = b"POST /activity HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody"


def echo(request: Request) -> Reply:
    """Says what it understood."""
    text = f"{request.method} {request.path} {request.query} {request.body.decode('latin-1')}"
    return Answer(200, (), text.encode())


@asynccontextmanager
async def listening(handler: Handler = echo) -> AsyncIterator[tuple[Listener, int]]:
    async with asyncio.TaskGroup() as tasks:
        listener = Listener(handler, tasks)
        server = await asyncio.get_running_loop().create_server(listener.connection, "127.0.0.1", 0)
        yield listener, server.sockets[0].getsockname()[1]
        server.close()
        listener.close()
        while listener.connections:
            await asyncio.sleep(0)


async def talk(port: int, *parts: bytes) -> bytes:
    """Send the parts one by one and give all that comes back until the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for part in parts:
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(0)
    writer.write_eof()
    async with asyncio.timeout(10):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""
        finally:
            await close(writer)


async def close(writer: asyncio.StreamWriter) -> None:
    """Close, and wait until it is so."""
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def test_pipelined_requests_are_answered_in_order() -> None:
    async with listening() as (_, port):
        answer = await talk(port, (GET + POST) * 3)
    assert answer.count(b"HTTP/1.1 200 OK") == 6
    assert answer.index(b"GET /wake a=1") < answer.index(b"POST /activity  body")


async def test_pipelined_requests_wait_for_the_slow_one_before_them() -> None:
    go = asyncio.Event()

    async def slow() -> Answer:
        await go.wait()
        return Answer(200, (), b"slow")

    def handler(request: Request) -> Reply:
        return slow() if request.method == "GET" else echo(request)

    async with listening(handler) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET + POST + GET)
        await writer.drain()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await reader.read(1)
        go.set()
        first = await reader.readuntil(b"slow")
        second = await reader.readuntil(b"slow")
        await close(writer)
    assert b"POST" not in first
    assert b"POST /activity" in second


@settings(max_examples=30, deadline=None)
@given(cuts=st.lists(st.integers(0, len(GET + POST)), max_size=8))
def test_however_the_bytes_are_cut_the_answer_is_the_same(cuts: list[int]) -> None:
    whole = GET + POST
    edges = [0, *sorted(cuts), len(whole)]

    async def run() -> bytes:
        async with listening() as (_, port):
            return await talk(port, *(whole[a:b] for a, b in pairwise(edges)))

    answer = asyncio.run(run())
    assert answer.count(b"HTTP/1.1 200 OK") == 2


async def test_a_head_may_come_in_pieces_up_to_its_limit() -> None:
    head = GET[:-2] + b"X-Long: " + b"l" * (MAX_HEAD - len(GET) - 200)
    async with listening() as (_, port):
        answer = await talk(port, *(head[begin : begin + 8000] for begin in range(0, len(head), 8000)), b"\r\n\r\n")
        endless = await talk(port, head, b"l" * 400)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert endless.startswith(b"HTTP/1.1 431 ")


async def test_who_comes_in_the_last_moment_is_cut_off_and_not_blamed() -> None:
    """The process ends and can begin nothing more: the caller must ask again, so it may not be told that it is wrong."""

    async def later() -> Answer:
        return Answer(200)

    async with asyncio.TaskGroup() as ended:
        pass
    listener = Listener(lambda _: later(), ended)
    async with await asyncio.get_running_loop().create_server(listener.connection, "127.0.0.1", 0) as server:
        assert await talk(server.sockets[0].getsockname()[1], GET) == b""


@settings(max_examples=60, deadline=None)
@given(noise=st.one_of(st.binary(max_size=300), st.binary(max_size=80).map(lambda tail: GET[:-2] + tail + b"\r\n\r\n")))
def test_noise_gets_an_answer_or_a_closed_connection(noise: bytes) -> None:
    errors: list[dict[str, object]] = []

    async def run() -> bytes:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: errors.append(context))
        async with listening() as (_, port):
            return await talk(port, noise)

    answer = asyncio.run(run())
    assert answer == b"" or answer.startswith(b"HTTP/1.1 ")
    assert errors == []


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"BREW / HTTP/1.1\r\n\r\n", 400),
        (b"get / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * (MAX_HEAD + 1) + b"\r\n\r\n", 431),
        (b"GET /" + b"a" * (MAX_HEAD + 1) + b" HTTP/1.1\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * MAX_HEAD + b"\r\n", 431),
        (b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY + 1) + b"a" * (MAX_BODY + 1), 413),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 400),
        (GET * 200, 200),
    ],
)
async def test_what_is_malformed_or_too_large_is_refused(request_bytes: bytes, status: int) -> None:
    async with listening() as (_, port):
        answer = await talk(port, request_bytes)
    assert answer.startswith(b"HTTP/1.1 %d " % status), answer[:80]


async def test_a_head_that_never_ends_is_refused_before_it_is_whole() -> None:
    async with listening() as (_, port):
        answer = await talk(port, b"GET / HTTP/1.1\r\nX: ", *([b"a" * 8192] * 10))
    assert answer.startswith(b"HTTP/1.1 431 ")


async def test_a_handler_that_breaks_answers_500_and_the_connection_goes_on() -> None:
    async def later() -> Answer:
        raise RuntimeError("broken later")

    def handler(request: Request) -> Reply:
        if request.method == "GET":
            raise RuntimeError("broken")
        return later()

    async with listening(handler) as (_, port):
        answer = await talk(port, GET + POST)
    assert answer.count(b"HTTP/1.1 500 ") == 2
    assert b"Traceback" not in answer


async def test_who_goes_away_takes_its_request_with_it() -> None:
    cancelled = asyncio.Event()

    async def wait() -> Answer:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()
        return Answer(200)

    async with listening(lambda _: wait()) as (_, port):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET)
        await writer.drain()
        await close(writer)
        async with asyncio.timeout(5):
            await cancelled.wait()


async def test_draining_closes_who_is_idle_and_answers_who_waits_or_has_just_connected() -> None:
    go = asyncio.Event()

    async def wait() -> Answer:
        await go.wait()
        return Answer(200)

    async with listening(lambda request: echo(request) if request.query else wait()) as (listener, port):
        idle, other = await asyncio.open_connection("127.0.0.1", port)
        other.write(b"GET /wake?at-once HTTP/1.1\r\n\r\n")
        busy, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /wake HTTP/1.1\r\n\r\n")
        new, newcomer = await asyncio.open_connection("127.0.0.1", port)
        async with asyncio.timeout(5):
            await idle.readuntil(b"wake at-once ")
            while len(listener.connections) < 3 or not _busy(listener):
                await asyncio.sleep(0)
            draining = asyncio.create_task(listener.drain(60.0))
            assert await idle.read() == b""
            go.set()
            assert b"Connection: close" in await busy.read()
            assert not draining.done()
            newcomer.write(b"GET /wake?new HTTP/1.1\r\n\r\n")
            assert b"Connection: close" in await new.read()
            await draining
        for one in (writer, other, newcomer):
            await close(one)


def _busy(listener: Listener) -> bool:
    return any(connection._task is not None for connection in listener.connections)


async def test_who_takes_too_long_to_say_what_it_wants_is_cut_off() -> None:
    async with listening() as (listener, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HT")
        slow: Callable[[], bool] = lambda: any(c._since is not None for c in listener.connections)  # noqa: E731
        async with asyncio.timeout(5):
            while not slow():
                await asyncio.sleep(0)
            for connection in list(listener.connections):
                connection.close_if_slow(asyncio.get_running_loop().time() + 1)
            with suppress(ConnectionResetError):
                assert await reader.read() == b""
        await close(writer)
