"""What becomes of a request at the door, by the state of its app and by who asks."""

import asyncio

import msgspec
import pytest

from activator.request import WAKE_PATH
from cluster.base import AppGone
from tests.support.activator_cluster import awake, view
from tests.support.activator_parts import SETTINGS, call, header, parts, settled


async def test_an_awake_app_passes_at_once() -> None:
    async with parts(awake("a", 9)) as made:
        answer = made.wake.at_once(call(x_forwarded_host="A.localhost:8080"))
    assert answer is not None
    assert (answer.status, answer.headers) == (200, (("X-Fp-Upstream", "127.0.0.1:9"),))


async def test_all_who_wait_cost_one_scale_and_pass_together() -> None:
    async with parts(view("a")) as made:
        asks = [made.ask() for _ in range(50)]
        await made.until_asked("scale a 1")
        made.clock += 0.25
        made.directory.apply(view("a", replicas=1))
        made.directory.apply(awake("a", 9))
        answers = await asyncio.gather(*asks)
    assert made.cluster.asked == ["scale a 1"]
    assert {header(answer, "X-Fp-Upstream") for answer in answers} == {"127.0.0.1:9"}
    assert {header(answer, "X-Fp-Cold-Start") for answer in answers} == {"250.0"}


async def test_a_page_load_gets_the_loading_page_and_an_api_client_does_not() -> None:
    async with parts(view("a", name="<b>"), view("z")) as made:
        data = made.ask(accept="text/html")
        page = await made.ask(accept="text/html", sec_fetch_mode="navigate")
        assert not data.done()
        made.directory.apply(awake("a", 9))
        assert (await data).status == 200
        plain = await made.ask(x_forwarded_host="z.localhost", accept="text/html", upgrade_insecure_requests="1")
    assert (page.status, header(page, "Retry-After")) == (503, "1")
    assert b"&lt;b&gt; is waking up" in page.body
    assert b"z is waking up" in plain.body, "over plain HTTP browsers do not say that they navigate"


async def test_after_the_deadline_it_is_503_and_the_room_is_empty() -> None:
    settings = msgspec.structs.replace(SETTINGS, hold_seconds=0.01)
    async with parts(view("a"), settings=settings) as made:
        answer = await made.ask()
    assert (answer.status, header(answer, "Retry-After")) == (503, "1")
    assert made.rooms.size == 0


async def test_an_unknown_host_is_404_once_the_cluster_is_known_and_waits_before() -> None:
    async with parts() as made:
        assert (await made.ask()).status == 404
        assert b"a.localhost" in (await made.ask(accept="text/html")).body
        made.directory.synced.clear()
        early = made.ask()
        await settled()
        assert not early.done()
        made.directory.apply(awake("a", 9))
        made.directory.synced.set()
        assert (await early).status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"x_forwarded_uri": "/robots.txt?x"}, 200),
        ({"x_forwarded_uri": "/favicon.ico"}, 204),
        ({"user_agent": "UptimeRobot/2.0"}, 200),
        ({"sec_purpose": "prefetch;prerender", "accept": "text/html", "sec_fetch_mode": "navigate"}, 503),
        ({"purpose": "prefetch"}, 503),
    ],
)
async def test_what_does_not_want_the_app_does_not_wake_it(headers: dict[str, str], status: int) -> None:
    async with parts(view("a")) as made:
        assert (await made.ask(**headers)).status == status
        assert made.cluster.asked == []
        made.directory.apply(awake("a", 9))
        assert header(await made.ask(**headers), "X-Fp-Upstream") == "127.0.0.1:9"


async def test_the_loading_page_asks_on_a_path_that_never_reaches_the_app() -> None:
    async with parts(view("a")) as made:
        asks = made.ask(x_forwarded_uri=WAKE_PATH)
        await made.until_asked("scale a 1")
        made.directory.apply(awake("a", 9))
        for answer in (await asks, await made.ask(x_forwarded_uri=WAKE_PATH)):
            assert (answer.status, header(answer, "X-Fp-Upstream")) == (204, None)


async def test_the_time_a_request_waits_counts_from_its_arrival_whatever_it_waits_for() -> None:
    settings = msgspec.structs.replace(SETTINGS, hold_seconds=0.05, stale_seconds=5)
    async with parts(awake("a", 9, closed=True), view("b"), awake("c", 9), settings=settings) as made:
        made.cluster.away = True
        asks = [
            made.ask(),
            made.ask(x_forwarded_host="b.localhost"),
            made.ask(x_forwarded_host="c.localhost", x_fp_stale="127.0.0.1:9"),
        ]
        async with asyncio.timeout(2):
            assert [(await one).status for one in asks] == [503] * 3
            made.directory.synced.clear()
            early = await made.ask(x_forwarded_host="nobody.localhost")
            assert (early.status, header(early, "Retry-After")) == (503, "1")
            page = await made.ask(x_forwarded_host="nobody.localhost", accept="text/html", sec_fetch_mode="navigate")
            assert b"The platform is starting" in page.body
            assert made.rooms.size == 0


async def test_a_stale_address_waits_for_the_cluster_to_notice() -> None:
    async with parts(awake("a", 9)) as made:
        asks = made.ask(x_fp_stale="127.0.0.1:9")
        await settled()
        made.directory.apply(view("a"))
        await made.until_asked("scale a 1")
        made.directory.apply(awake("a", 10))
        assert header(await asks, "X-Fp-Upstream") == "127.0.0.1:10"
        assert header(await made.ask(x_fp_stale="127.0.0.1:9"), "X-Fp-Upstream") == "127.0.0.1:10"


async def test_a_stale_address_that_the_cluster_keeps_is_asked_for_anew() -> None:
    async with parts(awake("a", 9)) as made:
        answer = await made.ask(x_fp_stale="127.0.0.1:9")
    assert made.cluster.asked == ["scale a 1"]
    assert header(answer, "X-Fp-Upstream") == "127.0.0.1:9"


async def test_behind_a_closed_gate_requests_wait_for_the_end_of_the_sleep_and_then_wake() -> None:
    async with parts(awake("a", 9, closed=True)) as made:
        asks = made.ask()
        await settled()
        assert made.cluster.asked == []
        made.directory.apply(view("a", closed=True))
        await made.until_asked("scale a 1")
        made.directory.apply(awake("a", 10))
        assert header(await asks, "X-Fp-Upstream") == "127.0.0.1:10"


async def test_a_gate_that_opens_again_lets_pass_who_waited() -> None:
    async with parts(awake("a", 9, closed=True)) as made:
        asks = made.ask()
        await settled()
        made.directory.apply(awake("a", 9))
        assert header(await asks, "X-Fp-Upstream") == "127.0.0.1:9"
    assert made.cluster.asked == []


async def test_a_cluster_that_is_away_is_asked_until_it_is_back() -> None:
    async with parts(view("a")) as made:
        made.cluster.away = True
        asks = made.ask()
        await made.until_asked("scale a 1", 2)
        made.cluster.away = False
        await made.until_asked("scale a 1", 3)
        made.directory.apply(awake("a", 9))
        assert (await asks).status == 200


async def test_an_app_that_is_deleted_while_it_is_waited_for_is_404() -> None:
    async with parts(view("a")) as made:
        asks = made.ask()
        await settled()
        made.directory.apply(AppGone("a"))
        assert (await asks).status == 404


async def test_who_goes_away_leaves_the_room() -> None:
    async with parts(view("a")) as made:
        asks = made.ask()
        await settled()
        assert made.rooms.size == 1
        asks.cancel()
        await settled()
        assert made.rooms.size == 0
