"""An app's own address (`routes`): the same awake, asleep and from version to version, and nobody who comes there is lost."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from cluster.base import AppView
from cluster.local.process import Process
from tests.support.node_harness import LocalHarness, apply, pid_in, workload
from tests.support.node_ingest import ended, until
from tests.support.node_process import APPS_PYTHON, alive, pids_of

SLOW_START = "import time\ntime.sleep(0.5)\n"


@pytest.fixture
async def routed(tmp_path: Path) -> AsyncIterator[LocalHarness]:
    """A node whose apps have addresses of their own."""
    if not APPS_PYTHON.exists():
        pytest.skip("the apps' packages are not installed")
    async with LocalHarness.running(tmp_path, FP_DATA_PLANE="routes") as running:
        yield running


async def ask(address: str | None, path: str = "/", seconds: float = 10.0) -> str:
    """What the app answers to somebody who comes to its address, on a connection of their own. Raises ConnectionError."""
    host, _, port = (address or "").partition(":")
    async with asyncio.timeout(seconds):
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n".encode())
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        finally:
            writer.close()
    if not head.startswith(b"HTTP/1.1 200 "):
        raise ConnectionError(f"no answer but {head!r}")
    return body.decode()


async def serve(harness: LocalHarness, number: int = 1, code: str | None = None) -> AppView:
    """Deploy that version of an app and wait until it is awake."""
    await apply(harness.cluster, workload("app", number, code))
    return await harness.follower.view("app", lambda view: view.upstream and view.number == number)


async def asleep(harness: LocalHarness) -> AppView:
    """Put the app to sleep; returns once its process is gone."""
    await harness.cluster.scale("app", 0)
    view = await harness.follower.view("app", lambda view: view.replicas == 0)
    await until(lambda: harness.instances("app") == 0)
    return view


class Visitors:
    """People who ask the address again and again: half on new connections, half on one that they keep."""

    def __init__(self, address: str | None) -> None:
        self.address = address
        self.answers: list[str] = []

    @asynccontextmanager
    async def coming(self) -> AsyncIterator["Visitors"]:
        tasks = [asyncio.create_task(self._come(keep=keep)) for keep in (True, True, False, False)]
        yield self
        assert not [task.exception() for task in tasks if task.done()]
        for task in tasks:
            await ended(task)

    async def more(self, count: int = 40) -> None:
        """So many more answers have come."""
        seen = len(self.answers)
        await until(lambda: len(self.answers) > seen + count)

    async def _come(self, *, keep: bool) -> None:
        limits = httpx.Limits(max_keepalive_connections=1 if keep else 0)
        async with httpx.AsyncClient(trust_env=False, limits=limits) as http:
            while True:
                answer = await http.get(f"http://{self.address}/", timeout=10.0)
                self.answers.append(answer.raise_for_status().text)
                await asyncio.sleep(0.002)


async def test_the_address_is_the_same_awake_asleep_and_in_the_next_version(routed: LocalHarness) -> None:
    first = await serve(routed)
    assert first.service is not None
    assert first.service != first.upstream
    assert (await ask(first.service)).startswith("version 1 ")
    assert (await asleep(routed)).service == first.service
    await routed.cluster.scale("app", 1)
    assert (await routed.follower.awake("app")).service == first.service
    second = await serve(routed, 2)
    assert second.service == first.service
    await until(lambda: routed.instances("app") == 1)
    assert (await ask(second.service)).startswith("version 2 ")


async def test_a_connection_wakes_a_sleeping_app_once_and_is_answered(routed: LocalHarness) -> None:
    view = await serve(routed)
    await asleep(routed)
    started = len(routed.checkin.reported)
    answers = await asyncio.gather(*(ask(view.service) for _ in range(50)))
    assert len({pid_in(answer) for answer in answers}) == 1
    assert len(routed.checkin.reported) == started + 1
    assert (await routed.follower.awake("app")).replicas == 1


async def test_a_sleeping_app_that_nobody_asks_stays_asleep(routed: LocalHarness) -> None:
    await serve(routed)
    async with Visitors(routed.follower.views["app"].service).coming() as visitors:
        await visitors.more()
    started = len(routed.checkin.reported)
    # Requests end with the visitors; what is left are connections that were accepted, which count for nothing.
    await asleep(routed)
    await routed.cluster.stats()
    assert (len(routed.checkin.reported), routed.follower.views["app"].replicas) == (started, 0)


async def test_who_waits_when_the_instance_is_killed_is_answered_by_the_next(routed: LocalHarness) -> None:
    view = await serve(routed)
    pid = pid_in(await ask(view.service))
    os.kill(pid, signal.SIGSTOP)
    waiting = asyncio.create_task(ask(view.service))
    await until(lambda: _backlog(view.service) == 1)
    os.kill(pid, signal.SIGKILL)
    assert pid_in(await waiting) != pid


async def test_no_request_fails_while_versions_change(routed: LocalHarness) -> None:
    view = await serve(routed)
    async with Visitors(view.service).coming() as visitors:
        for number in (2, 3, 4):
            await visitors.more()
            await apply(routed.cluster, workload("app", number))
        await visitors.more()
    assert [visitors.answers[place].split()[1] for place in (0, -1)] == ["1", "4"]
    await until(lambda: routed.instances("app") == 1)


async def test_no_request_fails_while_the_app_is_put_to_sleep_again_and_again(routed: LocalHarness) -> None:
    view = await serve(routed)
    pids = set()
    async with Visitors(view.service).coming() as visitors:
        for _ in range(10):
            await visitors.more()
            pids.add(pid_in(visitors.answers[-1]))
            await routed.cluster.gate("app", closed=True)
            await routed.cluster.scale("app", 0)
    assert len(pids) == 10


async def test_a_long_request_ends_while_those_who_come_are_answered_by_another_instance(routed: LocalHarness) -> None:
    view = await serve(routed)
    before = pid_in(await ask(view.service))
    slow = asyncio.create_task(ask(view.service, "/slow"))
    await asyncio.sleep(0.1)  # the request must have begun; nothing outside can see that it has
    await routed.cluster.scale("app", 0)
    after = pid_in(await ask(view.service))
    assert not slow.done()
    assert after != before
    assert pid_in(await slow) == before


async def test_nobody_is_answered_before_the_app_is_ready(routed: LocalHarness) -> None:
    view = await serve(routed, code=SLOW_START + workload("app").files["app.py"])
    await asleep(routed)
    routed.checkin.hold.clear()
    waiting = asyncio.create_task(ask(view.service))
    await until(lambda: routed.instances("app") == 1)
    assert _backlog(view.service) == 1
    routed.checkin.hold.set()
    assert (await waiting).startswith("version 1 ")


async def test_a_start_that_fails_closes_on_those_who_wait_and_rests_after_the_second(routed: LocalHarness) -> None:
    switch = routed.node.data / "broken"
    code = f"from pathlib import Path\nif Path({str(switch)!r}).exists(): raise RuntimeError('no luck')\n"
    view = await serve(routed, code=code + workload("app").files["app.py"])
    await asleep(routed)
    switch.touch()
    for count in (1, 2, 3, 4):
        while _starts(routed) < count:
            with pytest.raises(ConnectionError):
                await ask(view.service)
            await asyncio.sleep(0.01)
    # It rests for 4 s now: who comes is turned away, and nothing is started for them.
    for _ in range(20):
        with pytest.raises(ConnectionError):
            await ask(view.service)
    assert _starts(routed) == 4
    switch.unlink()
    assert (await _insist(view.service)).startswith("version 1 ")


async def test_an_app_whose_code_is_gone_turns_away_who_comes(routed: LocalHarness) -> None:
    view = await serve(routed)
    await asleep(routed)
    (folder,) = (routed.node.folder / "apps" / "app" / "code").iterdir()
    folder.rename(routed.node.data / "elsewhere")
    with pytest.raises(ConnectionError):
        await ask(view.service)
    assert (await routed.follower.view("app", lambda view: view.failure)).replicas == 0
    await apply(routed.cluster, workload("app"))
    assert (await ask(view.service)).startswith("version 1 ")


async def test_the_next_node_has_the_address_again_without_anybody_noticing(routed: LocalHarness) -> None:
    view = await serve(routed)
    async with Visitors(view.service).coming() as visitors:
        await visitors.more()
        await _restart(routed)
        await visitors.more()
        assert len({pid_in(answer) for answer in visitors.answers}) == 1
        await routed.cluster.scale("app", 0)
        await visitors.more()
        await apply(routed.cluster, workload("app", 2))
        await until(lambda: visitors.answers[-1].startswith("version 2 "))
    assert routed.follower.views["app"].service == view.service


async def test_the_next_node_of_a_sleeping_app_listens_on_its_address(routed: LocalHarness) -> None:
    view = await serve(routed)
    await asleep(routed)
    await _restart(routed)
    assert routed.follower.views["app"].service == view.service
    assert (await ask(view.service)).startswith("version 1 ")


async def test_where_the_port_was_taken_meanwhile_the_app_has_a_new_one(routed: LocalHarness) -> None:
    view = await serve(routed)
    assert view.service is not None
    await asleep(routed)
    await routed.kill_cluster()
    with socket.create_server(("127.0.0.1", int(view.service.split(":")[1]))):
        await _restart(routed, killed=True)
        now = (await routed.follower.view("app", lambda now: now.service not in (None, view.service))).service
        assert (await ask(now)).startswith("version 1 ")
    await asleep(routed)
    await _restart(routed)
    assert routed.follower.views["app"].service == now


async def test_a_deleted_app_has_no_address(routed: LocalHarness) -> None:
    view = await serve(routed)
    await routed.cluster.delete("app")
    with pytest.raises(ConnectionError):
        await ask(view.service)
    assert routed.traces("app") == []


async def test_a_node_that_is_told_to_stop_wakes_nobody(routed: LocalHarness) -> None:
    view = await serve(routed)
    slow = asyncio.create_task(ask(view.service, "/slow"))
    await asyncio.sleep(0.1)  # as above
    stopping = asyncio.create_task(routed.node.stop())
    assert (await slow).startswith("version 1 ")
    assert await stopping == 0
    with pytest.raises(ConnectionError):
        await ask(view.service)
    assert pids_of(routed.node.folder) == []


async def test_the_plugin_needs_no_address_and_there_is_none(local: LocalHarness) -> None:
    view = await serve(local)
    assert view.service is None
    (instance,) = (pid for pid in pids_of(local.node.folder / "spool") if alive(pid))
    assert len(_listening(instance)) == 1


def _starts(harness: LocalHarness) -> int:
    return sum(report.phase == "failed" for report in harness.checkin.reported)


async def _insist(address: str | None) -> str:
    """Ask until there is an answer."""
    async with asyncio.timeout(10):
        while True:
            try:
                return await ask(address)
            except ConnectionError:
                await asyncio.sleep(0.02)


async def _restart(harness: LocalHarness, *, killed: bool = False) -> None:
    if not killed:
        await harness.kill_cluster()
    synced = harness.follower.synced
    await harness.restart_cluster()
    await until(lambda: harness.follower.synced > synced)


def _backlog(address: str | None) -> int:
    """How many wait in the queue of a listening socket."""
    port = int((address or ":0").split(":")[1])
    return next(waiting for number, waiting in _tcp_listeners() if number == port)


def _tcp_listeners(table: str = "/proc/net/tcp") -> list[tuple[int, int]]:
    rows = [line.split() for line in Path(table).read_text().splitlines()[1:]]
    return [(int(row[1].split(":")[1], 16), int(row[4].split(":")[1], 16)) for row in rows if row[3] == "0A"]


def _listening(pid: int) -> list[int]:
    """Ports of a process's listening sockets."""
    opened = Process.open(pid)
    assert opened is not None
    found = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        copy = opened.fetch(int(entry.name))
        if copy is not None and (port := _listens_on(copy)):
            found.append(port)
    opened.close()
    return found


def _listens_on(descriptor: int) -> int | None:
    try:
        sock = socket.socket(fileno=descriptor)
    except OSError:
        os.close(descriptor)
        return None
    with sock:
        if sock.family != socket.AF_INET or not sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            return None
        port: int = sock.getsockname()[1]
        return port
