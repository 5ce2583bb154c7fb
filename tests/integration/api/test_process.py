"""The api process: it outlives its database, ends in good order within three seconds, and stays small."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

from tests.integration.api.checks import problem
from tests.support.api_process import Api, new_name, sign_up
from tests.support.api_stack import until
from tests.support.control_mongo import MongoServer, run_module
from tests.support.ports import free_port

STOP_SECONDS = 3.5


@pytest.fixture
def mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MongoServer]:
    """A server that a test may stop."""
    with MongoServer(tmp_path_factory.mktemp("mongo")) as server:
        yield server.start()


@pytest.fixture
def own(control_mongod: MongoServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """An api process that a test may stop."""
    with Api(control_mongod, tmp_path_factory.mktemp("own")) as api:
        yield api.start()


def stopped_within(api: Api) -> float:
    """Sends SIGTERM; seconds until the process ended, which it must have done well."""
    began = time.monotonic()
    assert api.stop() == 0, api.log
    return time.monotonic() - began


async def test_without_its_database_it_says_so_and_recovers_by_itself(
    mongod: MongoServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Api(mongod, tmp_path_factory.mktemp("api")) as api:
        api.start()
        token = (await sign_up(api))["token"]
        async with api.client(token) as client:
            app = (await client.post("/api/apps", json={})).json()["name"]
            mongod.stop()
            lost = await client.get("/api/apps")
            assert "retry-after" in lost.headers
            problem(lost, 503, "unavailable")
            assert (await client.get("/api/health")).status_code == 200
            assert (await client.get("/api/ready")).json()["checks"]["mongodb"] != "ok"
            async with api.internal() as internal:
                answer = await internal.post(
                    "/ingest", params={"app": app, "instance": "i", "version": "1"}, content=b""
                )
                assert answer.status_code == 503
            mongod.start()

            async def back() -> bool:
                return (await client.get(f"/api/apps/{app}")).status_code == 200

            await until(back)
        assert "Traceback" not in api.log


async def test_it_starts_before_its_database(tmp_path_factory: pytest.TempPathFactory) -> None:
    with MongoServer(tmp_path_factory.mktemp("mongo")) as mongod, Api(mongod, tmp_path_factory.mktemp("api")) as api:
        api.process = run_module("control.app", api.environ, api.folder)
        await until(lambda: asyncio.to_thread(lambda: "waiting for MongoDB" in api.log))
        mongod.start()
        await until(lambda: asyncio.to_thread(api.answers))


async def test_an_idle_process_ends_at_once_also_with_connections_open(own: Api) -> None:
    async with own.client() as client:
        await asyncio.gather(*(client.get("/api/health") for _ in range(8)))
        assert await asyncio.to_thread(stopped_within, own) < STOP_SECONDS
        with pytest.raises(httpx.TransportError):
            await client.get("/api/health")


async def test_streams_end_when_the_process_does(own: Api) -> None:
    async with own.client((await sign_up(own))["token"]) as client:
        app = (await client.post("/api/apps", json={})).json()["name"]
        deploy = (await client.post(f"/api/apps/{app}/deploy", json={})).json()["id"]
        async with client.stream("GET", f"/api/deploys/{deploy}/events") as answer:
            lines = answer.aiter_lines()
            while not (await anext(lines)).startswith("data:"):
                pass
            stopping = asyncio.ensure_future(asyncio.to_thread(stopped_within, own))
            rest = [line async for line in lines]
            assert await stopping < STOP_SECONDS
    assert not any(line.startswith("data:") for line in rest)


async def test_what_is_in_flight_is_answered_first(own: Api) -> None:
    """Signing up hashes, which takes a moment: those begun before SIGTERM are answered, and stay."""
    async with own.client() as client:
        names = [new_name() for _ in range(6)]
        signups = [
            asyncio.ensure_future(client.post("/api/auth/signup", json={"username": name, "password": "correct horse"}))
            for name in names
        ]
        await asyncio.wait(signups, return_when=asyncio.FIRST_COMPLETED)
        assert await asyncio.to_thread(stopped_within, own) < STOP_SECONDS
        answers = await asyncio.gather(*signups, return_exceptions=True)
    assert [answer.status_code for answer in answers if isinstance(answer, httpx.Response)] == [201] * 6


async def test_one_that_holds_out_is_cut(own: Api) -> None:
    """A body that never ends does not keep the process."""
    reader, writer = await asyncio.open_connection("127.0.0.1", own.port)
    writer.write(b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    await writer.drain()
    async with own.client() as client:
        await client.get("/api/health")
    assert await asyncio.to_thread(stopped_within, own) < STOP_SECONDS
    with suppress(ConnectionError):
        await reader.read()
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    assert "Traceback" not in own.log


async def test_it_is_small_also_after_logging_in(own: Api) -> None:
    name = new_name()
    await sign_up(own, name)
    async with own.client() as client:
        body = {"username": name, "password": "correct horse"}
        await asyncio.gather(*(client.post("/api/auth/login", json=body) for _ in range(6)))
        await client.get("/api/docs")
    assert own.rss_mb() < 95


async def test_wrong_settings_are_all_told_at_once(
    control_mongod: MongoServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("wrong")
    process = run_module("control.app", control_mongod.environ(FP_CONTROL_PORT="x"), folder)
    assert process.wait(30) == 2
    log = (folder / "control.app.log").read_text()
    assert "FP_CONTROL_PORT" in log
    assert "FP_INTERNAL_TOKEN" in log


async def test_a_port_that_is_taken_ends_it(
    own: Api, control_mongod: MongoServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("second")
    process = run_module("control.app", own.environ, folder)
    try:
        assert await asyncio.to_thread(process.wait, 30) == 1
    finally:
        process.kill()
        process.wait()
    assert own.answers()


async def test_prometheus_is_answered_without_a_credential_where_that_is_set(
    control_mongod: MongoServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    port = free_port()
    with Api(control_mongod, tmp_path_factory.mktemp("told"), FP_METRICS_PORT=str(port)) as api:
        api.start()
        async with httpx.AsyncClient(trust_env=False) as client:
            text = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
            assert 'fp_api_requests_total{method="GET",route="/api/health"' in text
            assert (await client.get(f"{api.internal_url}/metrics")).status_code == 401
        assert stopped_within(api) < STOP_SECONDS
