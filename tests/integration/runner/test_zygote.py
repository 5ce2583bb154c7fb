"""What a fork shares with the zygote and with other forks: nothing it must not. And that a zygote can die."""

import asyncio
import os
import signal
from pathlib import Path

import httpx
import pytest

from tests.integration.runner.harness import BOOT, PYTHON, Activator, App, Peer, Platform, Zygote, until

INSIDE = """
import os, random, ssl, secrets, signal, sys, threading, resource, uuid
from fastapi import FastAPI
app = FastAPI()
FDS = "/proc/self/fd/"
inherited = {fd: os.readlink(FDS + fd) for fd in os.listdir(FDS) if os.path.exists(FDS + fd)}
@app.get("/")
def root():
    from litestar import Litestar
    return {
        "fds": inherited, "sid": os.getsid(0), "pid": os.getpid(), "threads": threading.active_count(),
        "random": [random.random(), ssl.RAND_bytes(8).hex(), str(uuid.uuid4())],
        "data": resource.getrlimit(resource.RLIMIT_DATA)[0], "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
        "oom": open("/proc/self/oom_score_adj").read().strip(), "path": sys.path[0], "cwd": os.getcwd(),
    }
@app.get("/eat")
def eat():
    return len(bytearray(3_000_000_000))
"""


async def test_a_fork_keeps_nothing_of_the_zygote(platform: Platform, http: httpx.AsyncClient) -> None:
    app = await platform.serve(INSIDE)
    seen = (await http.get(app.base)).json()
    log = str(app.spool / "native.log")
    assert (seen["fds"]["0"], seen["fds"]["1"], seen["fds"]["2"]) == ("/dev/null", log, log)
    rest = [target for number, target in seen["fds"].items() if int(number) > 2]
    # Its own: the listening socket, the check-in connection, the segment, and the event loop's own few.
    assert len([target for target in rest if target.startswith("socket:")]) <= 4
    assert [target for target in rest if target.startswith("/") and "app.py" not in target] in (
        [str(app.spool / "000001.ndjson")], [str(app.spool / "000001.ndjson"), f"/proc/{seen['pid']}/fd"],
    )  # fmt: skip
    assert seen["sid"] == seen["pid"] == app.pid
    assert (seen["core"], seen["oom"], seen["path"]) == (0, "500", seen["cwd"])
    assert seen["data"] == (512 + 320) * 1024 * 1024


async def test_no_descriptor_of_the_zygote_reaches_a_fork(platform: Platform) -> None:
    app = await platform.launch({"app.py": INSIDE})
    await app.ready()
    zygotes, forks = _descriptors(platform.zygote.process.pid), _descriptors(app.pid)
    assert zygotes
    assert not zygotes & forks - {Path("anon_inode:[eventpoll]")}


async def test_forks_are_random_each(platform: Platform, http: httpx.AsyncClient) -> None:
    apps = await asyncio.gather(*(platform.serve(INSIDE) for _ in range(3)))
    values = [(await http.get(app.base)).json()["random"] for app in apps]
    assert all(len(set(column)) == 3 for column in zip(*values, strict=True))


async def test_an_app_that_takes_too_much_memory_gets_an_error_and_lives(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    app = await platform.serve(INSIDE)
    assert (await http.get(app.base + "/eat")).status_code == 500
    assert "MemoryError" in app.records()[0]["error"]
    assert (await http.get(app.base)).status_code == 200


async def test_runners_outlive_their_zygote_and_another_takes_over(platform: Platform, http: httpx.AsyncClient) -> None:
    first, second = Zygote(), Zygote()
    await first.start()
    app = await platform.serve(INSIDE, zygote=first)
    await first.kill()
    try:
        assert (await http.get(app.base)).json()["pid"] == app.pid
        assert (await app.peer.ask(1))["served"] == 1
        await second.start()
        again = await platform.serve(INSIDE, zygote=second)
        assert (await http.get(again.base)).status_code == 200
        again.signal(signal.SIGTERM)
        assert await again.exit_code() == 0
    finally:
        app.signal(signal.SIGTERM)
        await until(lambda: not _is_alive(app.pid))
        await second.stop()


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


async def _spare(zygote: Zygote) -> int:
    """The process that waits for an order, once there is one: the child that was not asked for."""
    known = {message["pid"] for message in zygote.of("forked")}
    (spare,) = await until(lambda: set(_children(zygote.process.pid)) - known)
    return spare


async def test_a_process_that_was_forked_ahead_becomes_what_the_next_order_asks_for(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    """Nothing of an earlier order or of the zygote is in it, and it is the app's own session leader."""
    seen = []
    for _ in range(2):
        spare = await _spare(platform.zygote)
        app = await platform.serve(INSIDE)
        assert app.pid == spare
        seen.append((await http.get(app.base)).json())
    assert [one["sid"] for one in seen] == [one["pid"] for one in seen]
    assert all(first != second for first, second in zip(seen[0]["random"], seen[1]["random"], strict=True))
    assert not [
        target for target in seen[1]["fds"].values() if target in seen[0]["fds"].values() and "socket" in target
    ]


async def test_a_spare_that_is_gone_costs_no_order(platform: Platform, http: httpx.AsyncClient) -> None:
    spare = await _spare(platform.zygote)
    os.kill(spare, signal.SIGKILL)
    app = await platform.serve(INSIDE)
    assert app.pid != spare
    assert (await http.get(app.base)).status_code == 200
    assert spare not in [message["pid"] for message in platform.zygote.of("exited")], "the node never heard of it"


async def test_a_spare_does_not_outlive_its_zygote() -> None:
    zygote = Zygote()
    await zygote.start()
    spare = await _spare(zygote)
    await zygote.kill()
    await until(lambda: not _is_alive(spare))


async def test_orders_that_cannot_be_carried_out_are_answered(platform: Platform) -> None:
    zygote = platform.zygote
    before = len(zygote.of("fork_failed"))
    zygote.send({"type": "fork", "instance": "i-incomplete"})
    zygote.send({"type": "fork", "instance": "i-list", "env": [], "log": "x", "memory_mb": 1})
    await until(lambda: len(zygote.of("fork_failed")) == before + 2)
    assert [message["instance"] for message in zygote.of("fork_failed")[-2:]] == ["i-incomplete", "i-list"]
    zygote.send({"type": "fork", "instance": "i-nolog", "env": {}, "log": "/no/such/folder/log", "memory_mb": 1})
    forked = await until(lambda: [m for m in zygote.of("forked") if m["instance"] == "i-nolog"])
    assert await zygote.exit_code(forked[0]["pid"]) == 1


async def test_forked_tells_when_the_process_started(platform: Platform) -> None:
    app = await platform.serve(INSIDE)
    told = next(m for m in platform.zygote.of("forked") if m["pid"] == app.pid)
    assert told["started"] == int(_stat(app.pid)[19])


@pytest.mark.parametrize("code", [0, 1])
async def test_a_runner_works_without_a_zygote(
    activator: Activator, tmp_path: Path, http: httpx.AsyncClient, code: int
) -> None:
    source = INSIDE if code == 0 else "import nothing_such\n"
    (tmp_path / "app.py").write_text(source)
    bundle = {"instance": "i-alone", "entrypoint": "app.py", "env": {}, "limits": {}, "folder": str(tmp_path)}
    app = App(Peer(bundle), Zygote(), "i-alone", f"t-alone-{code}", tmp_path / "spool")
    activator.peers[app.ticket] = app.peer
    environment = Platform(activator, app.zygote, tmp_path).environment(app)
    process = await asyncio.create_subprocess_exec(PYTHON, "-I", "-S", str(BOOT), "serve", env=environment)
    try:
        if code == 0:
            await app.ready()
            assert (await http.get(app.base)).status_code == 200
            process.terminate()
        assert await asyncio.wait_for(process.wait(), 20) == code
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert bool(app.peer.of("failed")) == bool(code)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return _stat(pid)[0] != "Z"


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _descriptors(pid: int) -> set[Path]:
    return {path.readlink() for path in Path(f"/proc/{pid}/fd").iterdir() if int(path.name) > 2}
