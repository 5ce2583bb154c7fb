"""The life after `ready`: the check-in connection, the reserved path, and the lame duck."""

import asyncio
import signal
import time

import httpx
import pytest
import websockets

from tests.integration.runner.harness import Activator, Platform, until

APP = """
import asyncio, time
from fastapi import BackgroundTasks, FastAPI, WebSocket
app = FastAPI()

@app.get("/")
async def root():
    await asyncio.sleep(0.01)
    return "here"

@app.get("/slow")
async def slow(seconds: float):
    await asyncio.sleep(seconds)
    return "done"

@app.get("/later")
async def later(tasks: BackgroundTasks):
    async def work():
        await asyncio.sleep(0.5)
        print("worked")
    tasks.add_task(work)

@app.get("/.fp/health")
def mine():
    return "mine"

@app.get("/{path:path}")
def rest(path):
    return "caught"

@app.websocket("/ws")
async def ws(socket: WebSocket):
    await socket.accept()
    async for _ in socket.iter_text():
        pass
"""


async def test_ready_tells_phases_and_slow_modules(platform: Platform) -> None:
    files = {"app.py": APP + "import slow_one\n", "slow_one.py": "import time\ntime.sleep(0.05)\n"}
    app = await platform.launch(files)
    told = await app.ready()
    assert list(told["phases"]) == ["process", "checkin", "imports", "startup"]
    assert told["phases"]["imports"] >= 50
    assert told["modules"][0][0] == "slow_one"
    assert 50 <= told["modules"][0][1] < 1000


async def test_ask_is_answered(platform: Platform, http: httpx.AsyncClient) -> None:
    app = await platform.serve(APP)
    await http.get(app.base)
    answer = await app.peer.ask(7)
    assert (answer["in_flight"], answer["served"]) == (0, 1)
    assert 0 <= answer["idle_seconds"] < 5


async def test_a_runner_comes_back_when_the_activator_was_away_and_serves_meanwhile(
    platform: Platform, activator: Activator, http: httpx.AsyncClient
) -> None:
    app = await platform.serve(APP)
    await activator.stop()
    assert (await http.get(app.base)).text == '"here"'
    await activator.start()
    hello = await app.peer.hear("hello", 2)
    assert (hello["serving"], hello["port"]) == (True, app.peer.said[0]["port"])
    assert (await app.peer.ask(1))["served"] == 1


async def test_a_runner_waits_for_an_activator_that_is_not_there_yet(platform: Platform, activator: Activator) -> None:
    await activator.stop()
    app = await platform.launch({"app.py": APP})
    await asyncio.sleep(0.2)  # long enough for the first attempts to be refused
    await activator.start()
    await app.ready()


async def test_a_runner_that_finds_nobody_gives_up_at_its_deadline(platform: Platform) -> None:
    app = await platform.launch({"app.py": APP}, checkin="127.0.0.1:1", start_seconds=0.5)
    assert await app.exit_code() == 1
    assert "could not check in" in app.native()


async def test_the_reserved_path_is_for_the_ticket_only(platform: Platform, http: httpx.AsyncClient) -> None:
    app = await platform.serve(APP)
    shown = {"X-Fp-Ticket": app.ticket}
    assert (await http.get(app.base + "/.fp/health", headers=shown)).json() == {"ready": True}
    assert (await http.get(app.base + "/.fp/activity", headers=shown)).json()["served"] == 0
    wrong = {"X-Fp-Ticket": "no"}
    for path, headers in (
        ("/.fp/health", {}),
        ("/.fp/health", wrong),
        ("/.fp", {}),
        ("/%2Efp/x", {}),
        ("/.fp/no", shown),
    ):
        answer = await http.get(app.base + path, headers=headers)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})
    assert (await http.get(app.base + "/.fpx")).json() == "caught"
    assert [record["path"] for record in app.records()] == ["/.fpx"]
    with pytest.raises(websockets.InvalidStatus):
        await websockets.connect(app.base.replace("http", "ws") + "/.fp/ws", proxy=None)


async def test_a_lame_duck_loses_nothing_under_traffic(platform: Platform) -> None:
    app = await platform.serve(APP)
    answered: list[bool] = []
    stopped = False

    async def visit() -> None:
        async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
            while not stopped:
                answer = await client.get(app.base)
                assert answer.status_code == 200
                answered.append(answer.headers.get("connection") == "close")

    visits = [asyncio.create_task(visit()) for _ in range(5)]
    await until(lambda: len(answered) > 50)
    slow = asyncio.create_task(httpx.AsyncClient(trust_env=False, timeout=20).get(app.base + "/slow?seconds=0.5"))
    await until(lambda: any(said["type"] == "ready" for said in app.peer.said))
    while (await app.peer.ask(len(answered) + 1000))["in_flight"] == 0:
        pass
    app.signal(signal.SIGTERM)
    await until(lambda: sum(answered) > 50)
    stopped = True
    await asyncio.gather(*visits)
    assert (await slow).text == '"done"'
    assert await app.exit_code() == 0
    assert len(app.records()) == len(answered) + 1


async def test_an_idle_connection_is_still_answered_while_it_drains(platform: Platform) -> None:
    app = await platform.serve(APP)
    async with (
        httpx.AsyncClient(timeout=20, trust_env=False) as pooled,
        httpx.AsyncClient(timeout=20, trust_env=False) as busy,
    ):
        assert "connection" not in (await pooled.get(app.base)).headers
        slow = asyncio.create_task(busy.get(app.base + "/slow?seconds=1"))
        while (await app.peer.ask(time.monotonic_ns()))["in_flight"] == 0:
            pass
        app.signal(signal.SIGTERM)
        await asyncio.sleep(0.4)  # longer than the quiet time that would end it, were nothing in flight
        answer = await pooled.get(app.base)
        assert (answer.text, answer.headers["connection"]) == ('"here"', "close")
        assert (await slow).text == '"done"'
    assert await app.exit_code() == 0


async def test_a_lame_duck_that_was_not_given_the_processor_hears_who_came_meanwhile(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    app = await platform.serve(APP)
    assert (await http.get(app.base)).text == '"here"'
    async with httpx.AsyncClient(timeout=20, trust_env=False) as stranger:
        app.signal(signal.SIGTERM)
        await asyncio.sleep(0.1)  # the quiet time has begun and is not over
        app.signal(signal.SIGSTOP)
        answers = [asyncio.create_task(client.get(app.base)) for client in (http, stranger)]
        await asyncio.sleep(0.4)  # now it is, by the clock
        app.signal(signal.SIGCONT)
        assert [(await answer).text for answer in answers] == ['"here"'] * 2
    assert await app.exit_code() == 0


async def test_an_idle_app_is_gone_soon_after_sigterm(platform: Platform, http: httpx.AsyncClient) -> None:
    app = await platform.serve(APP)
    await http.get(app.base)
    began = time.monotonic()
    app.signal(signal.SIGTERM)
    assert await app.exit_code() == 0
    assert 0.25 <= time.monotonic() - began < 3


async def test_background_tasks_end_before_the_process_does(platform: Platform, http: httpx.AsyncClient) -> None:
    app = await platform.serve(APP)
    await http.get(app.base + "/later")
    assert (await app.peer.ask(1))["in_flight"] == 1
    app.signal(signal.SIGTERM)
    assert await app.exit_code() == 0
    assert app.logs() == ["worked"]


async def test_a_websocket_is_told_1012_when_the_grace_ends(platform: Platform) -> None:
    app = await platform.serve(APP, grace_seconds=1)
    async with websockets.connect(app.base.replace("http", "ws") + "/ws", proxy=None) as socket:
        began = time.monotonic()
        app.signal(signal.SIGTERM)
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012
        assert time.monotonic() - began > 0.7
    assert await app.exit_code() == 0
    assert app.records()[0]["type"] == "websocket"


async def test_a_request_that_never_ends_is_cut_at_the_end_of_the_grace(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    app = await platform.serve(APP, grace_seconds=1)
    slow = asyncio.create_task(http.get(app.base + "/slow?seconds=60"))
    while (await app.peer.ask(time.monotonic_ns()))["in_flight"] == 0:
        pass
    app.signal(signal.SIGTERM)
    assert await app.exit_code() == 0
    with pytest.raises(httpx.HTTPError):
        (await slow).raise_for_status()
    assert len(app.records()) == 1


async def test_sigterm_during_the_import_ends_it_at_once(platform: Platform) -> None:
    app = await platform.launch({"app.py": "print('begun')\nimport time\ntime.sleep(60)\n"})
    await until(lambda: "begun" in app.logs())
    app.signal(signal.SIGTERM)
    assert await app.exit_code() == -signal.SIGTERM
