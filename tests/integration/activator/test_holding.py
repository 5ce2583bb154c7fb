"""Requests to sleeping apps: held, released, answered once; through Traefik, the plugin, the activator, the node and runners."""

import asyncio
import hashlib
import time

import httpx
from websockets.asyncio.client import connect

from tests.support.activator_apps import ECHO, SLOW_START, breakable
from tests.support.activator_door import Door

NAVIGATION = {"Accept": "text/html,*/*;q=0.8", "Sec-Fetch-Mode": "navigate"}


def header(answer: httpx.Response, name: str) -> list[str]:
    """Values of a header as the app saw them."""
    return [value for key, value in answer.json()["headers"] if key == name]


async def asleep(door: Door, app: str, files: dict[str, str] = ECHO) -> None:
    """Deploy an app and put it to sleep."""
    await door.deploy(app, files)
    await door.sleep(app)


async def test_a_request_to_a_sleeping_app_is_answered_by_the_app_and_marked(door: Door) -> None:
    await asleep(door, "marked")
    async with door.client("marked") as client:
        cold, warm = await client.get("/a%2Fb?x=1"), await client.get("/")
    assert cold.status_code == 200
    assert cold.json()["path"] == "/a%2Fb"
    assert "wake;dur=" in cold.headers["server-timing"]
    assert "server-timing" not in warm.headers


async def test_two_hundred_requests_at_once_cost_one_wake_and_are_all_answered(door: Door) -> None:
    await asleep(door, "storm")
    before = await door.metric("fp_wakes_total")
    async with door.client("storm") as client:
        answers = await asyncio.gather(*(client.post("/", content=b"%d" % number) for number in range(200)))
    assert [answer.status_code for answer in answers] == [200] * 200
    assert [answer.json()["sha256"] for answer in answers] == [
        hashlib.sha256(b"%d" % number).hexdigest() for number in range(200)
    ]
    assert await door.metric("fp_wakes_total") - before == 1


async def test_a_body_of_ten_megabytes_survives_the_hold(door: Door) -> None:
    await asleep(door, "upload")
    body = bytes(range(256)) * 40960
    async with door.client("upload") as client:
        answer = await client.post("/", content=body)
    assert answer.json()["size"] == len(body)
    assert answer.json()["sha256"] == hashlib.sha256(body).hexdigest()


async def test_a_chunked_body_and_expect_continue_survive_the_hold(door: Door) -> None:
    await asleep(door, "expect")
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(
        b"POST / HTTP/1.1\r\nHost: expect.localhost\r\nTransfer-Encoding: chunked\r\n"
        b"Expect: 100-continue\r\nConnection: close\r\n\r\n"
    )
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
    writer.write(b"5\r\nhello\r\n0\r\n\r\n")
    *interim, answer = (await reader.read()).split(b"HTTP/1.1 ")[1:]
    writer.close()
    assert all(part.startswith(b"100 ") for part in interim)
    assert answer.startswith(b"200 ")
    assert hashlib.sha256(b"hello").hexdigest().encode() in answer


async def test_server_sent_events_arrive_one_by_one_after_a_hold(door: Door) -> None:
    await asleep(door, "events")
    async with door.client("events") as client, client.stream("GET", "/events") as answer:
        arrived = [time.monotonic() async for line in answer.aiter_lines() if line]
    assert len(arrived) == 3
    assert arrived[-1] - arrived[0] > 0.4, "they came together"


async def test_a_websocket_is_opened_through_a_hold(door: Door) -> None:
    await asleep(door, "talk")
    uri = f"ws://talk.localhost:{door.port}/"
    async with connect(uri, host="127.0.0.1", port=door.port, open_timeout=20) as socket:
        await socket.send("hello")
        assert await socket.recv() == "you said hello"


async def test_a_page_load_gets_the_loading_page_after_a_second_and_others_wait_for_the_app(door: Door) -> None:
    await asleep(door, "slow", SLOW_START)
    async with door.client("slow") as client:
        began = time.monotonic()
        page, data = await asyncio.gather(client.get("/", headers=NAVIGATION), client.get("/data"))
        waited = time.monotonic() - began
        later = await client.get("/", headers=NAVIGATION)
    assert (page.status_code, page.headers["retry-after"]) == (503, "1")
    assert "slow is waking up" in page.text
    assert (data.status_code, data.json()["path"]) == (200, "/data")
    assert waited > 2
    assert later.status_code == 200


async def test_a_fast_wake_shows_a_page_load_no_loading_page(door: Door) -> None:
    await asleep(door, "quick")
    async with door.client("quick") as client:
        assert (await client.get("/", headers=NAVIGATION)).json()["path"] == "/"


async def test_a_host_that_nobody_has_is_404_as_page_or_problem(door: Door) -> None:
    async with door.client("nobody") as client:
        data, page = await client.get("/"), await client.get("/", headers=NAVIGATION)
    assert (data.status_code, data.json()["code"]) == (404, "not_found")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "nobody.localhost" in page.text


async def test_probes_crawlers_and_prefetches_do_not_wake_an_app(door: Door) -> None:
    await asleep(door, "calm")
    agents = {
        "crawler": "Mozilla/5.0 (compatible; Googlebot/2.1)",
        "probe": "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    }
    async with door.client("calm") as client:
        robots, icon = await client.get("/robots.txt"), await client.get("/favicon.ico")
        crawler = await client.get("/", headers={"User-Agent": agents["crawler"]})
        probe = await client.head("/", headers={"User-Agent": agents["probe"]})
        guess = await client.get("/", headers=NAVIGATION | {"Sec-Purpose": "prefetch;prerender"})
    assert [robots.status_code, crawler.status_code] == [200, 200]
    assert (icon.is_success, icon.content) == (True, b"")
    assert (robots.text, crawler.text) == ("User-agent: *\nAllow: /\n", "asleep\n")
    assert (probe.status_code, probe.content) == (200, b"")
    assert guess.status_code == 503
    assert (await door.view("calm")).replicas == 0
    async with door.client("calm") as client:
        phone = {"User-Agent": "Mozilla/5.0 (Linux; Android 10; CUBOT P40) AppleWebKit/537.36 Mobile Safari/537.36"}
        assert (await client.get("/", headers=phone)).status_code == 200
        assert (await client.get("/robots.txt")).json()["path"] == "/robots.txt"


async def test_the_loading_page_hears_of_the_end_of_a_wake_and_the_app_hears_nothing_of_it(door: Door) -> None:
    """While it sleeps the activator holds the question; awake, the runner answers without asking the app."""
    await asleep(door, "quiet")
    async with door.client("quiet") as client:
        for status in ({200, 204, 404}, {204, 404}):
            answer = await client.get("/.fp/wake")
            assert answer.status_code in status
            assert "x-fp-upstream" not in answer.headers
            assert answer.content in (b"", b'{"detail": "Not Found"}')


async def test_who_goes_away_leaves_the_waiting_room(door: Door) -> None:
    await asleep(door, "gone", SLOW_START)
    async with door.client("gone") as client:
        waits = [asyncio.create_task(client.get("/")) for _ in range(5)]
        await door.until_metric("fp_requests_waiting", 5)
        for wait in waits[:4]:
            wait.cancel()
        await door.until_metric("fp_requests_waiting", 1)
        assert (await waits[4]).status_code == 200


async def test_a_failing_wake_is_told_without_the_apps_own_words_and_tried_again(door: Door) -> None:
    flag = door.data / "moon"
    await door.deploy("fragile", breakable(flag))
    flag.touch()
    await door.sleep("fragile")
    async with door.client("fragile") as client:
        data, page = await client.get("/"), await client.get("/", headers=NAVIGATION)
        flag.unlink()
        async with asyncio.timeout(20):
            while (again := await client.get("/")).status_code == 502:
                await asyncio.sleep(0.1)
    assert data.status_code == page.status_code == 502
    assert data.json()["code"] == "app_failed"
    assert "/apps/fragile/wakes" in data.json()["hint"]
    assert "fragile does not start" in page.text
    assert "/apps/fragile/wakes" in page.text
    for word in ("moon", "app.py", "Traceback"):
        assert word not in data.text + page.text
    assert again.status_code == 200


async def test_control_hears_all_of_why_an_app_does_not_wake(door: Door) -> None:
    flag = door.data / "sun"
    await door.deploy("explained", breakable(flag))
    flag.touch()
    await door.sleep("explained")
    answer = await door.internal.post("/apps/explained/wake")
    assert answer.status_code == 502
    failure = answer.json()["failure"]
    assert (failure["file"], failure["line"]) == ("app.py", 4)
    assert "the <moon> is down" in failure["message"]
    assert "Traceback" in failure["traceback"]


async def test_an_app_that_goes_on_failing_rests_and_the_answer_says_until_when(door: Door) -> None:
    flag = door.data / "star"
    await door.deploy("hopeless", breakable(flag))
    flag.touch()
    await door.sleep("hopeless")
    before = await door.metric("fp_wakes_failed_total")
    async with door.client("hopeless") as client:
        await client.get("/")
        await client.get("/")
        resting = await client.get("/")
        page = await client.get("/", headers=NAVIGATION)
    assert (resting.status_code, resting.headers["retry-after"]) == (502, "1")
    assert 'fp tries again in <b id="s">5</b> s' in page.text
    assert await door.metric("fp_wakes_failed_total") - before == 2


async def test_control_can_wake_an_app_and_hears_why_it_does_not(door: Door) -> None:
    await asleep(door, "operated")
    assert (await door.internal.post("/apps/operated/wake")).json() == {"status": "running"}
    async with asyncio.timeout(5):
        while (await door.view("operated")).upstream is None:  # the node hears of it after whoever waits
            await asyncio.sleep(0.01)
    assert (await door.internal.post("/apps/nobody/wake")).status_code == 404
    assert (await door.internal.post("/apps/nobody/sleep")).status_code == 404
    assert (await door.internal.get("/apps/operated/sleep")).status_code == 405


async def test_internal_calls_need_the_credential(door: Door) -> None:
    async with httpx.AsyncClient(base_url=str(door.internal.base_url)) as client:
        for path in ("/wake", "/table?plugin=x", "/activity", "/apps/operated/sleep"):
            assert (await client.post(path)).status_code == 401
        assert (await client.get("/healthz")).status_code == 200
