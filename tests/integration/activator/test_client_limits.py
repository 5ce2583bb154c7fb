"""What one client, one app and a blocked app may cost the rest: over the real door, with limits small enough to reach."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.support.activator_apps import ECHO, SLOW_START
from tests.support.activator_door import Door

NAVIGATION = {"Accept": "text/html,*/*;q=0.8", "Sec-Fetch-Mode": "navigate"}
HERE = "127.0.0.1"


@pytest.fixture(scope="module")
async def strict(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    """A door whose limits are small, behind a proxy that it trusts: us. Each test is a visitor of its own."""
    limits = {
        "FP_ROOM_SIZE": "6",
        "FP_CLIENT_ROOM_SIZE": "3",
        "FP_CLIENT_WAKES_PER_MINUTE": "4",
        "FP_TRUSTED_PROXIES": HERE,
    }
    async with Door(tmp_path_factory.mktemp("strict") / "data", "plugin", **limits) as running:
        yield running


@pytest.fixture
async def sleeping(strict: Door) -> str:
    """An app that takes a while to wake."""
    await strict.deploy("limited", SLOW_START)
    await strict.sleep("limited")
    return "limited"


def ask(client: httpx.AsyncClient, visitor: str, **headers: str) -> "asyncio.Task[httpx.Response]":
    return asyncio.create_task(client.get("/", headers={"X-Forwarded-For": visitor} | headers))


async def test_a_client_may_have_so_many_requests_waiting_and_others_wait_beside_it(
    strict: Door, sleeping: str
) -> None:
    async with strict.client(sleeping) as client:
        waits = [ask(client, "203.0.113.1") for _ in range(3)]
        await strict.until_metric("fp_requests_waiting", 3)
        over = await ask(client, "198.51.100.9, 203.0.113.1")
        page = await ask(client, "203.0.113.1", **NAVIGATION)
        waits.append(ask(client, "203.0.113.2"))
        assert (over.status_code, over.json()["code"], over.headers["retry-after"]) == (429, "rate_limited", "1")
        assert (page.status_code, "Too many requests" in page.text) == (429, True)
        assert [(await wait).status_code for wait in waits] == [200] * 4


async def test_a_full_room_refuses_at_once_and_says_so(strict: Door, sleeping: str) -> None:
    async with strict.client(sleeping) as client:
        waits = [ask(client, f"203.0.113.{10 + number}") for number in range(6)]
        await strict.until_metric("fp_requests_waiting", 6)
        refused, page = await ask(client, "203.0.113.20"), await ask(client, "203.0.113.20", **NAVIGATION)
        assert (refused.status_code, refused.json()["code"], refused.headers["retry-after"]) == (
            503,
            "unavailable",
            "1",
        )
        assert (page.status_code, f"Many are waiting for {sleeping}" in page.text) == (503, True)
        assert [(await wait).status_code for wait in waits] == [200] * 6


async def test_who_gives_up_makes_room_at_once(strict: Door, sleeping: str) -> None:
    async with strict.client(sleeping) as client:
        waits = [ask(client, "203.0.113.30") for _ in range(3)]
        await strict.until_metric("fp_requests_waiting", 3)
        waits.pop().cancel()
        await strict.until_metric("fp_requests_waiting", 2)
        waits.append(ask(client, "203.0.113.30"))
        assert [(await wait).status_code for wait in waits] == [200] * 3


async def test_a_client_wakes_so_many_apps_a_minute_and_the_next_one_sleeps_on(strict: Door) -> None:
    names = [f"flooded-{number}" for number in range(5)]
    for name in names:
        await strict.deploy(name, ECHO)
        await strict.sleep(name)
    answers: list[httpx.Response] = []
    for name in names:
        async with strict.client(name) as client:
            answers.append(await ask(client, "2001:db8:0:1::" + str(len(answers) + 1)))
    assert [answer.status_code for answer in answers] == [200] * 4 + [429]
    assert 0 < int(answers[4].headers["retry-after"]) <= 15
    assert (await strict.view(names[4])).replicas == 0
    async with strict.client(names[4]) as client:
        assert (await ask(client, "2001:db8:0:2::1")).status_code == 200
        assert (await ask(client, "2001:db8:0:1::1")).status_code == 200, "an awake app costs no wake"


async def test_the_app_sees_its_visitor_and_not_the_proxy(strict: Door) -> None:
    await strict.deploy("seen", ECHO)
    async with strict.client("seen") as client:
        told = (await ask(client, "203.0.113.40")).json()
    assert next(value for name, value in told["headers"] if name == "x-forwarded-for").startswith("203.0.113.40, ")


async def test_without_a_trusted_proxy_nobody_can_say_to_be_another(tmp_path: Path) -> None:
    async with Door(tmp_path / "data", FP_CLIENT_ROOM_SIZE="2") as door:
        await door.deploy("alone", SLOW_START)
        await door.sleep("alone")
        async with door.client("alone") as client:
            waits = [ask(client, f"203.0.113.{number}") for number in range(2)]
            await door.until_metric("fp_requests_waiting", 2)
            assert (await ask(client, "203.0.113.99")).status_code == 429
            assert [(await wait).status_code for wait in waits] == [200] * 2


async def test_a_paused_app_is_told_to_be_so_and_is_not_woken_by_anything(strict: Door) -> None:
    await strict.deploy("paused", ECHO)
    hosts = ["paused.localhost"]
    async with strict.client("paused") as client:
        async with client.stream("GET", "/events") as events:
            lines = events.aiter_lines()
            await anext(lines)
            await strict.cluster.configure("paused", idle_minutes=15, hosts=hosts, blocked="paused")
            async with asyncio.timeout(5):
                while (answer := await client.get("/")).status_code == 200:
                    pass
            assert [line async for line in lines if line] == ["data: 1", "data: 2"], "what was in flight was cut"
        page = await client.get("/", headers=NAVIGATION)
        assert (answer.status_code, answer.json()["code"]) == (503, "app_blocked")
        assert "retry-after" not in answer.headers
        assert "paused is paused" in page.text
        await strict.until_view("paused", replicas=0, upstream=None)
        assert (await strict.internal.post("/apps/paused/wake")).status_code == 409
        assert (await client.get("/robots.txt")).status_code == 503
        assert (await strict.view("paused")).replicas == 0
        await strict.cluster.configure("paused", idle_minutes=15, hosts=hosts, blocked="")
        async with asyncio.timeout(5):
            while (again := await client.get("/")).status_code == 503:
                await asyncio.sleep(0.01)
        assert again.status_code == 200
