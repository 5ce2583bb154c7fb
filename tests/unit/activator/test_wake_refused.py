"""Who is not let wait: apps that fail or may not run, rooms that are full, clients that ask for more than one may."""

import msgspec
import pytest

from activator.settings import read_settings
from cluster.base import AppBlocked, Failure
from tests.support.activator_cluster import awake, view
from tests.support.activator_parts import SETTINGS, call, header, parts, settled


async def test_a_full_room_refuses_at_once() -> None:
    settings = msgspec.structs.replace(SETTINGS, room_size=1)
    async with parts(view("a"), settings=settings) as made:
        first = made.ask()
        await settled()
        assert (await made.ask()).status == 503
        made.directory.apply(awake("a", 9))
        assert (await first).status == 200


async def test_who_waits_for_the_clusters_state_counts_among_those_who_wait() -> None:
    settings = msgspec.structs.replace(SETTINGS, rooms_size=1)
    async with parts(settings=settings) as made:
        made.directory.synced.clear()
        first = made.ask()
        await settled()
        assert made.rooms.size == 1
        assert (await made.ask()).status == 503
        made.directory.synced.set()
        assert (await first).status == 404


async def test_the_public_hears_nothing_of_what_a_failing_app_says_and_the_owner_is_shown_where() -> None:
    async with parts(view("a", failure=Failure("exited", "an old one"))) as made:
        data = await made.fail(made.ask(), 1)
        page = await made.fail(made.ask(accept="text/html"), 2)
    assert data.status == page.status == 502
    body = msgspec.json.decode(data.body)
    assert body["code"] == "app_failed"
    assert "http://localhost:8080/apps/a/wakes" in body["hint"]
    assert b'href="http://localhost:8080/apps/a/wakes"' in page.body
    for word in (b"moon", b"app.py", b"secret", b"import_failed"):
        assert word not in data.body + page.body


async def test_a_failed_wake_is_tried_again_by_the_next_request_and_then_rests_for_longer_and_longer() -> None:
    async with parts(view("a")) as made:
        await made.fail(made.ask(), 1)
        await made.fail(made.ask(), 2)
        resting = await made.ask()
        assert (resting.status, header(resting, "Retry-After")) == (502, "1")
        assert made.cluster.asked == ["scale a 1"] * 2, "it was asked while it rests"
        made.clock += 1.1
        await made.fail(made.ask(), 3)
        assert header(await made.ask(), "Retry-After") == "2"
        made.clock += 1.1
        assert header(await made.ask(), "Retry-After") == "1"
        assert len(made.cluster.asked) == 3
        made.directory.apply(view("a", version="v2"))
        again = made.ask()
        await made.until_asked("scale a 1", 4)
        made.directory.apply(awake("a", 9, version="v2"))
        assert (await again).status == 200


async def test_who_comes_while_an_instance_is_dying_is_not_told_its_failure_but_gets_a_start_of_their_own() -> None:
    died = Failure("exited", "it died")
    async with parts(view("a", replicas=1)) as made:
        made.cluster.begins = False
        asks = made.ask()
        await made.until_asked("scale a 1")
        made.cluster.begins = True
        made.directory.apply(view("a", failure=died))
        await made.until_asked("scale a 1", 2)
        assert not asks.done()
        made.directory.apply(view("a", replicas=1))
        made.directory.apply(view("a", failure=died))
        assert (await asks).status == 502, "that one was its own"
    assert made.cluster.asked == ["scale a 1"] * 2


async def test_an_app_whose_deaths_are_told_in_two_steps_rests_all_the_same() -> None:
    async with parts(view("a")) as made:
        for port in (1, 2, 3):
            made.directory.apply(awake("a", port))
            made.directory.apply(view("a", replicas=1))
            made.directory.apply(view("a", failure=Failure("exited", "it died")))
        assert made.wakers.resting("a") == 1.0


async def test_an_app_that_dies_as_soon_as_it_is_up_rests_and_one_that_ran_well_does_not() -> None:
    died = Failure("exited", "it died")
    async with parts(view("a")) as made:
        for port in (1, 2, 3):
            made.directory.apply(awake("a", port))
            assert not made.wakers.resting("a")
            made.directory.apply(view("a", failure=died))
        assert made.wakers.resting("a") == 1.0
        assert (await made.ask()).status == 502
        made.directory.apply(awake("a", 4))
        made.clock += 60
        made.directory.apply(view("a", failure=died))
        assert not made.wakers.resting("a")
        made.directory.apply(awake("a", 5))
        made.directory.apply(view("a"))
        for port in (6, 7):
            made.directory.apply(awake("a", port))
            made.directory.apply(view("a", failure=died))
        assert not made.wakers.resting("a"), "a sleep in good order is the end of its troubles"


@pytest.mark.parametrize(("why", "word"), [("paused", b"is paused"), ("over_limit", b"over its limit")])
async def test_a_blocked_app_is_never_woken_and_answers_at_once(why: str, word: bytes) -> None:
    async with parts(awake("a", 9, blocked=why)) as made:
        for headers in ({}, {"accept": "text/html"}, {"x_forwarded_uri": "/robots.txt"}):
            answer = made.wake.at_once(call(**headers))
            assert answer is not None
            assert (answer.status, header(answer, "Retry-After")) == (503, None)
            assert word in answer.body
        made.directory.apply(awake("a", 9))
        assert (await made.ask()).status == 200
    assert made.cluster.asked == []


async def test_who_waits_for_an_app_that_becomes_blocked_is_told() -> None:
    async with parts(view("a")) as made:
        asks = made.ask()
        await made.until_asked("scale a 1")
        made.directory.apply(view("a", blocked="paused"))
        assert (await asks).status == 503


async def test_a_client_has_so_many_requests_waiting_and_others_still_wait_beside_it() -> None:
    settings = msgspec.structs.replace(SETTINGS, client_room_size=2)
    async with parts(view("a"), view("b"), settings=settings) as made:
        mine = [made.ask(x_forwarded_for="203.0.113.7"), made.ask(x_forwarded_for="203.0.113.7")]
        await settled()
        for spoofed in ("203.0.113.7", "198.51.100.1, 203.0.113.7"):
            over = await made.ask(x_forwarded_for=spoofed, x_forwarded_host="b.localhost")
            assert (over.status, msgspec.json.decode(over.body)["code"]) == (429, "rate_limited")
            assert header(over, "Retry-After") is not None
        other = made.ask(x_forwarded_for="203.0.113.8")
        await settled()
        assert made.cluster.asked == ["scale a 1"], "the app of the refused request was woken"
        made.directory.apply(awake("a", 9))
        assert [(await one).status for one in [*mine, other]] == [200] * 3


async def test_a_client_wakes_so_many_apps_a_minute_and_waits_with_others_as_often_as_it_likes() -> None:
    settings = msgspec.structs.replace(SETTINGS, client_wakes_per_minute=2)
    async with parts(view("a"), view("b"), view("c"), settings=settings) as made:
        a = [made.ask(x_forwarded_for="203.0.113.7") for _ in range(10)]
        b = made.ask(x_forwarded_for="203.0.113.7", x_forwarded_host="b.localhost")
        await settled()
        over = await made.ask(x_forwarded_for="203.0.113.7", x_forwarded_host="c.localhost")
        assert (over.status, header(over, "Retry-After")) == (429, "30")
        assert "scale c 1" not in made.cluster.asked
        c = made.ask(x_forwarded_for="203.0.113.8", x_forwarded_host="c.localhost")
        await settled()
        joined = made.ask(x_forwarded_for="203.0.113.7", x_forwarded_host="c.localhost")
        for port, app in enumerate("abc", 1):
            made.directory.apply(awake(app, port))
        assert {(await one).status for one in [*a, b, c, joined]} == {200}


async def test_behind_a_trusted_proxy_its_visitors_are_told_apart() -> None:
    settings = read_settings(
        {
            "FP_ACTIVATOR_PORT": "1", "FP_CHECKIN_PORT": "2", "FP_NODE_PORT": "3", "FP_INTERNAL_TOKEN": "t",
            "FP_CLIENT_ROOM_SIZE": "1", "FP_TRUSTED_PROXIES": "127.0.0.1",
        }
    )  # fmt: skip
    async with parts(view("a"), settings=settings) as made:
        waits = [made.ask(x_forwarded_for=f"203.0.113.{number}, 127.0.0.1") for number in range(3)]
        await settled()
        assert (await made.ask(x_forwarded_for="203.0.113.1, 127.0.0.1")).status == 429
        made.directory.apply(awake("a", 9))
        assert [(await one).status for one in waits] == [200] * 3


async def test_an_app_that_the_cluster_says_is_blocked_is_asked_for_no_faster_than_its_news_come() -> None:
    async with parts(view("a")) as made:
        made.cluster.refuses = AppBlocked("paused")
        asks = made.ask()
        await made.until_asked("scale a 1")
        await settled()
        assert made.cluster.asked == ["scale a 1"]
        made.directory.apply(view("a", blocked="paused"))
        assert b"paused" in (await asks).body
