"""What the spool holds: a record for each request, a line for each thing printed or logged, and nothing lost to kill -9."""

import asyncio
import signal

import httpx
import pytest
import websockets

from tests.integration.runner.harness import Platform, fetch, until

APP = """
import asyncio, logging, sys
from fastapi import FastAPI, Request, WebSocket
from fastapi.responses import PlainTextResponse, StreamingResponse
app = FastAPI()
log = logging.getLogger("mine")

@app.get("/headers")
def headers(request: Request):
    return dict(request.headers)

@app.post("/echo")
async def echo(request: Request):
    return PlainTextResponse(await request.body(), headers={"Server-Timing": "db;dur=1"})

@app.get("/say/{word}")
def say(word: str):
    print("said", word)
    print("to stderr", word, file=sys.stderr)
    log.info("logged %s", word)
    log.debug("not told")
    return word

@app.get("/boom")
def boom():
    log.warning("about to")
    raise KeyError("x")

@app.get("/stream")
async def stream():
    async def parts():
        for n in range(3):
            yield b"x" * 100
            await asyncio.sleep(0.05)
    return StreamingResponse(parts())

@app.get("/broken")
async def broken():
    async def parts():
        yield b"first"
        raise RuntimeError("half way")
    return StreamingResponse(parts())

@app.websocket("/ws")
async def ws(socket: WebSocket):
    await socket.accept()
    async for text in socket.iter_text():
        await socket.send_text(text * 2)
"""


async def test_a_record_has_every_field_of_its_request(platform: Platform, http: httpx.AsyncClient) -> None:
    app = await platform.serve(APP)
    headers = {"X-Fp-Cold-Start": "41.5", "X-Fp-Other": "1", "HX-Request": "true", "X-Forwarded-For": "203.0.113.7"}
    answer = await http.post(app.base + "/echo?a=1&b=%20", content=b"12345", headers=headers)
    assert answer.text == "12345"
    assert answer.headers.get_list("server-timing") == ["db;dur=1", "wake;dur=41.5"]
    (record,) = app.records()
    assert {name: record[name] for name in ("kind", "type", "method", "path", "query", "status", "error")} == {
        "kind": "request", "type": "http", "method": "POST", "path": "/echo", "query": "a=1&b=%20", "status": 200, "error": None,
    }  # fmt: skip
    assert (record["bytes_in"], record["bytes_out"], record["cold_start_ms"], record["htmx"]) == (5, 5, 41.5, True)
    assert 0 < record["ms"] < 5000
    assert len(record["client"]) == 12
    assert "203" not in record["client"]


async def test_our_headers_never_reach_the_app(platform: Platform, http: httpx.AsyncClient) -> None:
    app = await platform.serve(APP)
    seen = (
        await http.get(app.base + "/headers", headers={"X-Fp-Ticket": "t", "X-FP-Cold-Start": "nan?", "X-Mine": "1"})
    ).json()
    assert [name for name in seen if name.startswith("x-fp")] == []
    assert seen["x-mine"] == "1"


async def test_an_unhandled_error_is_told_once_with_its_line(platform: Platform, http: httpx.AsyncClient) -> None:
    app = await platform.serve(APP)
    assert (await http.get(app.base + "/boom")).status_code == 500
    (record,) = app.records()
    assert record["status"] == 500
    assert record["error"].splitlines()[1:3] == ['  File "app.py", line 27, in boom', '    raise KeyError("x")']
    assert [(line["level"], line["text"]) for line in app.records("log")] == [("warning", "about to")]


async def test_a_connection_outlives_an_error_and_a_late_error_is_logged(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    app = await platform.serve(
        "from fastapi import BackgroundTasks, FastAPI, Request\napp = FastAPI()\ndef work():\n    raise KeyError('late')\n"
        "@app.get('/late')\ndef late(tasks: BackgroundTasks):\n    tasks.add_task(work)\n"
        "@app.get('/boom')\ndef boom():\n    1 / 0\n"
        "@app.get('/port')\ndef port(request: Request):\n    return request.client.port\n"
    )
    ports = set()
    for path in ("/boom", "/late") * 5:
        await http.get(app.base + path)
        ports.add((await http.get(app.base + "/port")).json())
    assert len(ports) == 1
    # A task runs after its answer, the last one perhaps after we asked.
    lines = await until(lambda: found if len(found := app.records("log")) == 5 else [])
    assert [(line["level"], "KeyError: 'late'" in line["text"]) for line in lines] == [("error", True)] * 5
    assert '"app.py", line 4, in work' in lines[0]["text"]


async def test_a_litestar_error_that_never_leaves_the_framework_is_told_too(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    app = await platform.serve(
        "from litestar import Litestar, get\n@get('/')\nasync def root() -> str:\n    raise KeyError('x')\n"
        "app = Litestar([root])\n"
    )
    assert (await http.get(app.base)).status_code == 500
    assert '"app.py", line 4, in root' in app.records()[0]["error"]


async def test_a_bare_app_that_raises_answers_500(platform: Platform, http: httpx.AsyncClient) -> None:
    app = await platform.serve("async def app(scope, receive, send):\n    raise ValueError('x')\n")
    assert (await http.get(app.base)).status_code == 500
    (record,) = app.records()
    assert (record["status"], "line 2" in record["error"]) == (500, True)


async def test_streams_and_websockets_are_counted_to_their_end(platform: Platform, http: httpx.AsyncClient) -> None:
    app = await platform.serve(APP)
    async with http.stream("GET", app.base + "/stream") as answer:
        assert (await app.peer.ask(1))["in_flight"] == 1
        await answer.aread()
    async with websockets.connect(app.base.replace("http", "ws") + "/ws", proxy=None) as socket:
        await socket.send("ab")
        assert await socket.recv() == "abab"
        busy = await app.peer.ask(2)
        assert (busy["in_flight"], busy["idle_seconds"]) == (1, 0)
    stream, ws = await until(lambda: app.records() if len(app.records()) == 2 else [])
    assert (stream["bytes_out"], stream["ms"] >= 150) == (300, True)
    assert (ws["type"], ws["status"], ws["bytes_in"], ws["bytes_out"]) == ("websocket", 101, 2, 4)
    assert (await app.peer.ask(3))["served"] == 2


async def test_a_stream_that_breaks_tells_why(platform: Platform) -> None:
    app = await platform.serve(APP)
    try:
        await asyncio.to_thread(fetch, app, "/broken")
    except httpx.RemoteProtocolError:
        pass
    else:
        raise AssertionError("the answer should have broken off")
    (record,) = await until(app.records)
    assert "RuntimeError: half way" in record["error"]


async def test_lines_know_level_and_request_also_from_a_worker_thread(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    app = await platform.serve(APP)
    await asyncio.gather(*(http.get(f"{app.base}/say/w{n}") for n in range(8)))
    requests = {record["path"].rpartition("/")[2]: record["id"] for record in app.records()}
    lines = {(line["level"], line["text"], line["request_id"]) for line in app.records("log")}
    assert lines == {
        line
        for word, request in requests.items()
        for level, verb in (("info", "said"), ("error", "to stderr"), ("info", "logged"))
        for line in [(level, f"{verb} {word}", request)]
    }


async def test_a_users_own_logging_setup_works_and_nothing_is_told_twice(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    app = await platform.serve("""
import logging, logging.config
from fastapi import FastAPI
logging.basicConfig(level=logging.DEBUG, format="<%(levelname)s> %(message)s")
logging.debug("one")
logging.config.dictConfig({"version": 1, "handlers": {"h": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout"}},
    "root": {"handlers": ["h"], "level": "INFO"}})
logging.warning("two")
quiet = logging.getLogger("quiet")
quiet.propagate = False
quiet.addHandler(logging.NullHandler())
quiet.error("not told")
logging.getLogger("lib").addHandler(logging.NullHandler())
logging.getLogger("lib").info("three")
try:
    1 / 0
except ZeroDivisionError:
    logging.exception("four")
app = FastAPI()
""")
    lines = [(line["level"], line["text"].splitlines()) for line in app.records("log")]
    assert [(level, text[0]) for level, text in lines] == [
        ("debug", "<DEBUG> one"), ("warning", "two"), ("info", "three"), ("error", "four"),
    ]  # fmt: skip
    assert lines[-1][1][-1] == "ZeroDivisionError: division by zero"


async def test_unfinished_and_endless_lines_come_too(platform: Platform) -> None:
    app = await platform.serve(
        "import sys\nfrom fastapi import FastAPI\napp = FastAPI()\nprint('x' * 40000)\nsys.stdout.buffer.write(b'raw\\n')\n"
        "print('\\ud800')\nprint('10%\\r50%\\r100%')\nprint('no end', end='')\n"
    )
    long, raw, odd, bar, last = await until(lambda: app.logs() if len(app.logs()) == 5 else [])
    assert long == "x" * 16384 + " … [cut]"
    assert (raw, odd, bar, last) == ("raw", "?", "100%", "no end")


async def test_a_killed_process_loses_no_answered_request(platform: Platform) -> None:
    app = await platform.serve(APP)
    answered = 0

    async def visit() -> None:
        nonlocal answered
        async with httpx.AsyncClient(trust_env=False) as client:
            while True:
                await client.get(app.base + "/headers")
                answered += 1

    visits = [asyncio.create_task(visit()) for _ in range(4)]
    await until(lambda: answered > 100)
    app.signal(signal.SIGKILL)
    assert await app.exit_code() == -9
    outcomes = await asyncio.gather(*visits, return_exceptions=True)
    assert all(isinstance(outcome, httpx.TransportError) for outcome in outcomes)
    assert answered <= len(app.records()) <= answered + 4


async def test_a_full_spool_drops_and_says_so(platform: Platform, http: httpx.AsyncClient) -> None:
    app = await platform.serve(
        "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\ndef root(lines: int):\n"
        "    for n in range(lines):\n        print('y' * 10000)\n"
    )
    await http.get(app.base, params={"lines": 900})
    names = sorted(path.name for path in app.spool.glob("*.ndjson"))
    assert names == [f"{n:06d}.ndjson" for n in range(1, 9)]
    kept = len(app.records("log"))
    assert (app.spool / "000001.ndjson").read_text().count('"request"') == 0
    (app.spool / "000001.ndjson").unlink()
    (told,) = await until(lambda: app.records("dropped"))
    assert kept < 900
    assert kept + told["count"] + len(app.records()) == 901


async def test_what_a_forked_worker_prints_is_kept(platform: Platform, http: httpx.AsyncClient) -> None:
    app = await platform.serve(
        "import multiprocessing\nfrom fastapi import FastAPI\napp = FastAPI()\ndef work():\n    print('from the worker')\n"
        "@app.get('/')\ndef root():\n    p = multiprocessing.get_context('fork').Process(target=work)\n"
        "    p.start()\n    p.join()\n"
    )
    await http.get(app.base)
    assert app.logs() == ["from the worker"]
    ids = [record["id"] for record in app.records("log") + app.records()]
    assert len(set(ids)) == 2


async def test_what_the_app_takes_is_told_also_while_nobody_asks_it_for_anything(platform: Platform) -> None:
    small = await platform.serve(APP)
    large = await platform.serve(APP + "\nheld = b'x' * (50 * 2**20)\n")
    (before,) = await until(lambda: small.records("memory")[:1])
    (told,) = await until(lambda: large.records("memory")[:1])
    assert 48 * 2**20 < told["bytes"] - before["bytes"] < 54 * 2**20
    report = await large.peer.ask(7)
    assert report["idle_seconds"] > 0.5, "it is no request"
    assert report["served"] == 0


async def test_headers_are_recorded_of_what_failed_and_of_nothing_else(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    app = await platform.serve(
        "async def app(scope, receive, send):\n"
        "    names = iter([(b'x-why', b'it is late'), (b'set-cookie', b'a=1')])\n"
        "    status = int(scope['path'][1:])\n"
        "    await send({'type': 'http.response.start', 'status': status, 'headers': names})\n"
        "    await send({'type': 'http.response.body', 'body': b'x'})\n"
    )
    headers = {
        "Authorization": "Bearer hunter2",
        "X-Mine": "1",
        "X-Fp-Cold-Start": "4",
        "X-Forwarded-For": "203.0.113.7",
    }
    answers = [await http.get(f"{app.base}/{status}", headers=headers) for status in (200, 399, 404)]
    assert [answer.headers["x-why"] for answer in answers] == ["it is late"] * 3
    *fine, failed = app.records()
    assert [record.get("headers") for record in fine] == [None, None]
    told = dict(failed["headers"]["request"])
    assert (told["authorization"], told["x-mine"]) == (None, "1")
    assert {"x-fp-cold-start", "x-forwarded-for"}.isdisjoint(told)
    assert failed["headers"]["answer"] == [["x-why", "it is late"], ["set-cookie", None]]


async def test_headers_are_recorded_of_a_websocket_that_the_app_refused(platform: Platform) -> None:
    app = await platform.serve(
        "async def app(scope, receive, send):\n"
        "    names = iter([(b'x-why', b'members only')])\n"
        "    await send({'type': 'websocket.http.response.start', 'status': 403, 'headers': names})\n"
        "    await send({'type': 'websocket.http.response.body', 'body': b'no'})\n"
    )
    headers = {"X-Mine": "1", "X-Fp-Cold-Start": "4"}
    with pytest.raises(websockets.InvalidStatus) as refused:
        await websockets.connect(app.base.replace("http", "ws") + "/", proxy=None, additional_headers=headers)
    assert (refused.value.response.headers["x-why"], refused.value.response.body) == ("members only", b"no")
    assert refused.value.response.headers["server-timing"] == "wake;dur=4.0"
    (record,) = await until(app.records)
    assert (record["type"], record["status"]) == ("websocket", 403)
    assert record["headers"]["answer"] == [["x-why", "members only"]]
    assert ["x-mine", "1"] in record["headers"]["request"]


async def test_a_request_whose_headers_the_app_spoilt_is_recorded(platform: Platform, http: httpx.AsyncClient) -> None:
    """And it is over for whoever counts: one that were not would keep the app awake for good."""
    app = await platform.serve(
        "async def app(scope, receive, send):\n    scope['headers'] = [('text', 1)]\n"
        "    await send({'type': 'http.response.start', 'status': 404, 'headers': []})\n"
        "    await send({'type': 'http.response.body', 'body': b'x'})\n"
    )
    for _ in range(2):
        assert (await http.get(app.base + "/")).status_code == 404
    assert [record["headers"] for record in app.records()] == [{"request": [], "answer": []}] * 2


async def test_headers_are_recorded_of_what_nobody_answered(platform: Platform, http: httpx.AsyncClient) -> None:
    app = await platform.serve("async def app(scope, receive, send):\n    raise KeyError('x')\n")
    assert (await http.get(app.base + "/", headers={"X-Mine": "1"})).status_code == 500
    (record,) = app.records()
    assert ["x-mine", "1"] in record["headers"]["request"]
    assert record["headers"]["answer"] == []
