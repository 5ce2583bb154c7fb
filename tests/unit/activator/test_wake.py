"""What becomes of a request at the door, by the state of its app and by who asks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from activator.answers import Answer
from activator.directory import Directory
from activator.metrics import Metrics
from activator.request import Waiting, waiting
from activator.rooms import Rooms
from activator.settings import Settings
from activator.wake import Wake
from activator.wakers import Wakers
from cluster.base import AppGone, AppView, Failure
from tests.support.activator_cluster import MemoryCluster, awake, view

SETTINGS = Settings(1, 2, 3, "t", hold_seconds=5, page_after_seconds=0.01, stale_seconds=0.05)
BROKEN = Failure("import_failed", "no <moon>", file="app.py", line=3, traceback="Traceback: secret")


class Parts:
    """The decision and what it decides by. `clock` is what it takes for the time."""

    def __init__(self, cluster: MemoryCluster, tasks: asyncio.TaskGroup, settings: Settings) -> None:
        self.clock = 100.0
        self.cluster = cluster
        self.directory = Directory(cluster)
        self.rooms = Rooms(settings.room_size, settings.rooms_size)
        metrics = Metrics()
        self.wakers = Wakers(
            cluster,
            self.directory,
            self.rooms,
            metrics,
            tasks,
            going_to_sleep=lambda _: False,
            now=lambda: self.clock,
        )
        self.wake = Wake(
            self.directory, self.rooms, self.wakers, settings=settings, metrics=metrics, now=lambda: self.clock
        )

    def ask(self, **headers: str) -> asyncio.Task[Answer]:
        """A request for the app `a`; its answer, sooner or later."""
        request = call(**headers)
        answer = self.wake.at_once(request)

        async def told() -> Answer:
            return answer if answer is not None else await self.wake.hold(request)

        return asyncio.create_task(told())

    async def until_asked(self, verb: str, times: int = 1) -> None:
        """Wait until the cluster was asked for `verb` that often."""
        async with asyncio.timeout(5):
            while self.cluster.asked.count(verb) < times:
                await asyncio.sleep(0)

    async def fail(self, answer: asyncio.Task[Answer], times: int) -> Answer:
        """Let the wake that `answer` waits for fail; `times`: how many that makes."""
        await self.until_asked("scale a 1", times)
        await settled()
        self.directory.apply(view("a", replicas=1))
        self.directory.apply(view("a", failure=BROKEN))
        return await answer


async def settled() -> None:
    """Let every task that can go on do so."""
    for _ in range(10):
        await asyncio.sleep(0)


def call(**headers: str) -> Waiting:
    """A wake call; keywords are its headers."""
    given = {"x-forwarded-host": "a.localhost", "x-forwarded-method": "GET", "x-forwarded-uri": "/"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return waiting({name.encode(): value.encode() for name, value in given.items()})


@asynccontextmanager
async def parts(*views: AppView, settings: Settings = SETTINGS) -> AsyncIterator[Parts]:
    async with asyncio.TaskGroup() as tasks:
        made = Parts(MemoryCluster(*views), tasks, settings)
        made.directory.synced.set()
        for one in views:
            made.directory.apply(one)
        yield made


def header(answer: Answer, name: str) -> str | None:
    return dict(answer.headers).get(name)


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
    async with parts(view("a", name="<b>")) as made:
        data = made.ask(accept="text/html")
        page = await made.ask(accept="text/html", sec_fetch_mode="navigate")
        assert not data.done()
        made.directory.apply(awake("a", 9))
        assert (await data).status == 200
    assert (page.status, header(page, "Retry-After")) == (503, "1")
    assert b"&lt;b&gt; is waking up" in page.body


async def test_after_the_deadline_it_is_503_and_the_room_is_empty() -> None:
    settings = msgspec.structs.replace(SETTINGS, hold_seconds=0.01)
    async with parts(view("a"), settings=settings) as made:
        answer = await made.ask()
    assert (answer.status, header(answer, "Retry-After")) == (503, "1")
    assert made.rooms.size == 0


async def test_a_full_room_refuses_at_once() -> None:
    settings = msgspec.structs.replace(SETTINGS, room_size=1)
    async with parts(view("a"), settings=settings) as made:
        first = made.ask()
        await settled()
        assert (await made.ask()).status == 503
        made.directory.apply(awake("a", 9))
        assert (await first).status == 200


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
        ({"user_agent": "Mozilla/5.0 (compatible; bingbot/2.0)"}, 200),
        ({"user_agent": "UptimeRobot/2.0"}, 200),
    ],
)
async def test_what_does_not_want_the_app_does_not_wake_it(headers: dict[str, str], status: int) -> None:
    async with parts(view("a")) as made:
        assert (await made.ask(**headers)).status == status
        assert made.cluster.asked == []
        made.directory.apply(awake("a", 9))
        assert header(await made.ask(**headers), "X-Fp-Upstream") == "127.0.0.1:9"


async def test_a_failed_wake_is_told_without_traceback_and_the_next_request_tries_again() -> None:
    async with parts(view("a", failure=Failure("exited", "an old one"))) as made:
        data = await made.fail(made.ask(), 1)
        page = await made.fail(made.ask(accept="text/html"), 2)
    assert data.status == page.status == 502
    body = msgspec.json.decode(data.body)
    assert (body["code"], body["findings"][0]["line"], body["detail"]) == ("app_failed", 3, "no <moon>")
    assert b"app.py, line 3\nno &lt;moon&gt;" in page.body
    assert b"secret" not in data.body + page.body


async def test_an_app_that_fails_again_and_again_rests_for_longer_and_longer() -> None:
    async with parts(view("a")) as made:
        await made.fail(made.ask(), 1)
        await made.fail(made.ask(), 2)
        assert (await made.ask()).status == 502
        assert made.cluster.asked == ["scale a 1"] * 2, "it was not asked while it rests"
        made.clock += 1.1
        await made.fail(made.ask(), 3)
        made.clock += 1.1
        assert (await made.ask()).status == 502
        assert len(made.cluster.asked) == 3
        made.directory.apply(view("a", version="v2"))
        again = made.ask()
        await made.until_asked("scale a 1", 4)
        made.directory.apply(awake("a", 9, version="v2"))
        assert (await again).status == 200


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
