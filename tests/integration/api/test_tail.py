"""The live tail over a real WebSocket: every line once and in order, through reconnects, slow readers and two processes."""

import asyncio
import secrets
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from fp.api.tail import TailDropped, TailLines, TailLive, TailMessage, TailPing, TailProblem
from tests.integration.api.test_ingest import log_line, post
from tests.support.api_process import Api, sign_up
from tests.support.control_mongo import MongoServer

SECONDS = 40.0
DECODER: msgspec.json.Decoder[TailMessage] = msgspec.json.Decoder(TailMessage)


@pytest.fixture(scope="module")
def second(control_mongod: MongoServer, api: Api, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Another api process on the same database."""
    with Api(control_mongod, tmp_path_factory.mktemp("second")) as running:
        yield running.start()


@pytest.fixture
async def app_id(ada: httpx.AsyncClient, app: str) -> str:
    found: str = (await ada.get(f"/api/apps/{app}")).json()["id"]
    return found


def bearer(client: httpx.AsyncClient) -> dict[str, str]:
    return {"Authorization": client.headers["Authorization"]}


def stream(api: Api, app: str, headers: dict[str, str], /, **query: Any) -> connect:
    url = httpx.URL(f"ws://127.0.0.1:{api.port}/api/apps/{app}/logs/stream", params=query)
    return connect(str(url), additional_headers=headers, proxy=None, max_size=2**24, open_timeout=SECONDS)


async def read(socket: ClientConnection) -> TailMessage:
    async with asyncio.timeout(SECONDS):
        return DECODER.decode(await socket.recv())


async def until_live(socket: ClientConnection) -> tuple[list[str], str]:
    """The texts of what was stored, and the cursor behind them."""
    texts: list[str] = []
    while not isinstance(message := await read(socket), TailLive):
        assert isinstance(message, TailLines | TailPing)
        texts += [item.text for item in message.items] if isinstance(message, TailLines) else []
    return texts, message.cursor


async def lines_of(socket: ClientConnection, count: int) -> tuple[list[str], str]:
    """The texts of the next `count` lines, however they are parted, and the last cursor."""
    texts: list[str] = []
    cursor = ""
    while len(texts) < count:
        message = await read(socket)
        if isinstance(message, TailLines):
            texts += [item.text for item in message.items]
            cursor = message.cursor
    assert len(texts) == count
    return texts, cursor


async def refusal(socket: ClientConnection) -> tuple[str, int]:
    """The code of the problem told, and the code of the close that follows."""
    message = await read(socket)
    while isinstance(message, TailPing):  # on a slow machine there is time for one
        message = await read(socket)
    assert isinstance(message, TailProblem), message
    with pytest.raises(ConnectionClosed):
        await read(socket)
    assert socket.close_code is not None
    return message.problem.code, socket.close_code


async def print_many(api: Api, app_id: str, first: int, count: int, batch: int = 250) -> None:
    for start in range(first, first + count, batch):
        lines = [log_line(number, f"n{number}") for number in range(start, min(start + batch, first + count))]
        assert (await post(api, app_id, *lines)).status_code == 204


def named(first: int, count: int) -> list[str]:
    return [f"n{number}" for number in range(first, first + count)]


async def test_stored_lines_then_live_ones_each_once_and_in_order(
    api: Api, ada: httpx.AsyncClient, app_id: str
) -> None:
    """Thousands are stored while the reader connects, so that some are met as stored and others as they arrive."""
    await print_many(api, app_id, 0, 1000)
    writing = asyncio.ensure_future(print_many(api, app_id, 1000, 4000, 100))
    async with stream(api, app_id, bearer(ada), lines=10_000) as socket:
        stored, _ = await until_live(socket)
        rest, _ = await lines_of(socket, 5000 - len(stored)) if len(stored) < 5000 else ([], "")
    await writing
    assert stored + rest == named(0, 5000)


async def test_a_reader_goes_on_where_its_connection_broke_also_at_another_process(
    api: Api, second: Api, ada: httpx.AsyncClient, app_id: str
) -> None:
    """Lines come to both processes, the reader changes between them and gives its last cursor."""
    processes = (api, second)
    seen: list[str] = []
    async with stream(api, app_id, bearer(ada)) as socket:
        _, cursor = await until_live(socket)

    async def write() -> None:
        for number in range(0, 3000, 100):
            await print_many(processes[number // 100 % 2], app_id, number, 100)

    writing = asyncio.ensure_future(write())
    turn = 0
    while len(seen) < 3000:
        turn += 1
        async with stream(processes[turn % 2], app_id, bearer(ada), after=cursor) as socket:
            for _ in range(3):
                message = await read(socket)
                if isinstance(message, TailLines):
                    seen += [item.text for item in message.items]
                cursor = message.cursor if not isinstance(message, TailProblem) else cursor
    await writing
    assert seen == named(0, 3000)
    assert turn > 1


async def test_lines_that_another_process_stored_come_at_once(
    api: Api, second: Api, ada: httpx.AsyncClient, app_id: str
) -> None:
    async with stream(second, app_id, bearer(ada)) as socket:
        await until_live(socket)
        loop = asyncio.get_running_loop()
        for number in range(3):
            began = loop.time()
            await post(api, app_id, log_line(number, f"n{number}"))
            assert (await lines_of(socket, 1))[0] == [f"n{number}"]
            if loop.time() - began < 1.5:
                return
    raise AssertionError("each came only when the reader looked by itself")


async def test_a_late_line_with_an_old_time_is_told(api: Api, ada: httpx.AsyncClient, app_id: str) -> None:
    async with stream(api, app_id, bearer(ada)) as socket:
        await post(api, app_id, log_line(50, "young"))
        await lines_of(socket, 1)
        await post(api, app_id, log_line(1, "old"))
        assert (await lines_of(socket, 1))[0] == ["old"]


async def test_where_it_begins_and_what_it_tells(api: Api, ada: httpx.AsyncClient, app: str, app_id: str) -> None:
    texts = ["Paid (5.00)", "paid 5x00", "lost", "PAID (5.00) late"]
    lines = [log_line(n, text, "error" if n >= 2 else "info") for n, text in enumerate(texts)]
    await post(api, app_id, *lines)
    for query, expected in (
        ({"lines": 2}, texts[2:]),
        ({"lines": 0}, []),
        ({"q": "paid (5.00)"}, [texts[0], texts[3]]),
        ({"q": "PAID", "lines": 1}, [texts[3]]),
        ({"level": "warning"}, texts[2:]),
    ):
        async with stream(api, app, bearer(ada), **query) as socket:
            assert (await until_live(socket))[0] == expected
    async with stream(api, app, bearer(ada), level="error", lines=0) as socket:
        await until_live(socket)
        await post(api, app_id, log_line(7, "quiet"), log_line(8, "loud", "critical"))
        texts, cursor = await lines_of(socket, 1)
    assert texts == ["loud"]
    async with stream(api, app, bearer(ada), after=cursor) as socket:
        assert (await until_live(socket))[0] == []


async def test_a_slow_reader_is_told_how_much_it_missed(api: Api, ada: httpx.AsyncClient, app_id: str) -> None:
    """It reads nothing while 30 MB are printed: the process keeps none of it, and the reader gets the newest."""
    text, count = "x" * 1500, 20_000
    before = api.rss_mb()
    async with stream(api, app_id, bearer(ada)) as socket:
        await until_live(socket)
        socket.transport.pause_reading()
        for start in range(0, count, 500):
            await post(api, app_id, *(log_line(n, f"{n} {text}") for n in range(start, start + 500)))
        grown = api.rss_mb() - before
        socket.transport.resume_reading()
        got, dropped = 0, 0
        last = ""
        while got + dropped < count:
            message = await read(socket)
            if isinstance(message, TailLines):
                got += len(message.items)
                last = message.items[-1].text
            elif isinstance(message, TailDropped):
                dropped += message.count
    assert (got + dropped, last.partition(" ")[0]) == (count, str(count - 1))
    assert dropped > 0
    assert grown < 40, f"{grown} MB more"


async def test_only_who_may_see_the_app_is_told(
    api: Api, ada: httpx.AsyncClient, bob: httpx.AsyncClient, admin: httpx.AsyncClient, app: str
) -> None:
    for headers, expected in (
        ({}, ("not_logged_in", 4401)),
        ({"Authorization": "Bearer fp_wrong"}, ("not_logged_in", 4401)),
        (bearer(bob), ("not_found", 4404)),
    ):
        async with stream(api, app, headers) as socket:
            assert await refusal(socket) == expected
    async with stream(api, "nothing", bearer(ada)) as socket:
        assert await refusal(socket) == ("not_found", 4404)
    token = bearer(ada)["Authorization"].removeprefix("Bearer ")
    async with stream(api, app, {}, token=token) as socket:
        assert await refusal(socket) == ("not_logged_in", 4401)
    async with stream(api, app, bearer(admin)) as socket:
        await until_live(socket)


async def test_the_cookie_counts_from_our_own_page_alone(api: Api, ada: httpx.AsyncClient, app: str) -> None:
    cookie = {"Cookie": "fp_session=" + bearer(ada)["Authorization"].removeprefix("Bearer ")}
    async with stream(api, app, cookie | {"Origin": f"http://127.0.0.1:{api.port}"}) as socket:
        await until_live(socket)
    for origin in ("http://evil.example", "null", f"http://app.127.0.0.1:{api.port}"):
        async with stream(api, app, cookie | {"Origin": origin}) as socket:
            assert await refusal(socket) == ("csrf", 4403)


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ({"level": "loud"}, "level: ", "invalid"),
        ({"lines": "-1"}, "lines: ", "invalid"),
        ({"q": "x" * 201}, "q: ", "invalid"),
        ({"after": "nonsense"}, "cursor: ", "bad_request"),
    ],
)
async def test_wrong_parameters_are_named(
    api: Api, ada: httpx.AsyncClient, app: str, query: dict[str, Any], name: str, code: str
) -> None:
    async with stream(api, app, bearer(ada), **query) as socket:
        message = await read(socket)
        assert isinstance(message, TailProblem)
        assert (message.problem.code, message.problem.detail.startswith(name)) == (code, True)


async def test_it_ends_with_the_app(api: Api, ada: httpx.AsyncClient, app: str) -> None:
    async with stream(api, app, bearer(ada)) as socket:
        await until_live(socket)
        await ada.delete(f"/api/apps/{app}")
        assert await refusal(socket) == ("not_found", 4404)


async def test_it_ends_with_the_session(api: Api, ada: httpx.AsyncClient, app: str) -> None:
    async with stream(api, app, bearer(ada)) as socket:
        await until_live(socket)
        assert (await ada.post("/api/auth/logout")).status_code in {200, 204}
        assert await refusal(socket) == ("not_logged_in", 4401)


async def read_on(socket: ClientConnection) -> None:
    """Reads whatever is told, a heartbeat for one, until the connection ends."""
    while True:
        await read(socket)


async def test_who_talks_to_it_is_not_listened_to(api: Api, ada: httpx.AsyncClient, app: str) -> None:
    async with stream(api, app, bearer(ada)) as socket:
        await until_live(socket)
        await socket.send("hello")
        with pytest.raises(ConnectionClosed):
            await read_on(socket)
        assert socket.close_code == 1003


async def test_nobody_takes_all_the_connections(api: Api, ada: httpx.AsyncClient, app: str) -> None:
    opened = [await stream(api, app, bearer(ada)) for _ in range(33)]
    codes = [message.problem.code for socket in opened if isinstance(message := await read(socket), TailProblem)]
    assert codes == ["rate_limited"]
    await asyncio.gather(*(socket.close() for socket in opened))

    async def again() -> bool:
        async with stream(api, app, bearer(ada)) as socket:
            return isinstance(await read(socket), TailLive)

    while not await again():
        await asyncio.sleep(0.05)


async def test_elsewhere_there_is_no_socket_and_here_no_page(api: Api, ada: httpx.AsyncClient, app: str) -> None:
    for path in ("/", "/api/apps", "/api/nothing"):
        with pytest.raises(Exception, match="rejected"):
            async with connect(f"ws://127.0.0.1:{api.port}{path}", additional_headers=bearer(ada), proxy=None):
                pass
    assert (await ada.get(f"/api/apps/{app}/logs/stream")).status_code in {404, 405}


async def test_it_ends_when_the_process_does(
    control_mongod: MongoServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Api(control_mongod, tmp_path_factory.mktemp("own")) as own:
        own.start()
        token = (await sign_up(own))["token"]
        async with own.client(token) as client:
            app = (await client.post("/api/apps", json={"name": f"app-{secrets.token_hex(4)}"})).json()["name"]
        async with stream(own, app, {"Authorization": f"Bearer {token}"}) as socket:
            await until_live(socket)
            began = asyncio.get_running_loop().time()
            stopping = asyncio.ensure_future(asyncio.to_thread(own.stop))
            with pytest.raises(ConnectionClosed):
                await read(socket)
            assert socket.close_code == 1012
            assert await stopping == 0
            assert asyncio.get_running_loop().time() - began < 3.5
        assert "Traceback" not in own.log


async def test_a_reader_that_vanishes_leaves_nothing_behind(api: Api, ada: httpx.AsyncClient, app_id: str) -> None:
    """Its connection is cut in the middle of very much to tell: no fault of ours is logged, and its place is free again."""
    began = len(api.log)  # other tests use the process too
    await print_many(api, app_id, 0, 2000, 500)
    for _ in range(40):
        socket = await stream(api, app_id, bearer(ada), lines=10_000)
        await read(socket)
        socket.transport.abort()
    async with asyncio.timeout(SECONDS):
        while True:
            async with stream(api, app_id, bearer(ada), lines=0) as socket:
                if isinstance(await read(socket), TailLive):
                    break
            await asyncio.sleep(0.05)
    said = api.log[began:]
    assert "request_failed" not in said, said
    assert "Traceback" not in said, said
