"""The supervisor's parts over real processes, sockets and files."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fp.local import folder, ports, processes, secrets
from fp.local.child import Child
from fp.local.errors import LocalError
from fp.local.specs import Spec
from tests.support.platform import wait_for


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A prepared data folder."""
    folder.prepare(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that does nothing until it is ended."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        yield process
        process.kill()


def spec(tmp_path: Path, program: str, patience: float = 5.0) -> Spec:
    return Spec("part", [sys.executable, "-c", program], dict(os.environ), tmp_path, patience)


def pid_of(child: Child) -> int | None:
    return child.known.pid if child.known else None


async def until(condition: object) -> None:
    """Wait, without stopping the loop, for a callable to say yes."""
    assert callable(condition)
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_dead_child_is_started_again_and_said_so(tmp_path: Path) -> None:
    """Killed, it comes back under a new pid; the line says how it died and where its log is."""
    said: list[str] = []
    child = Child(spec(tmp_path, "import time; time.sleep(600)"), tmp_path, said.append, lambda: None)
    running = asyncio.create_task(child.run())
    await until(lambda: pid_of(child))
    first = pid_of(child)
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: pid_of(child) not in (None, first))
    assert said == [f"part was killed by SIGKILL; starting it again in 0.1 s (log: {tmp_path / 'part.log'})"]
    await child.stop()
    await running
    assert pid_of(child) is None


async def test_pauses_between_deaths_grow(tmp_path: Path) -> None:
    """A program that cannot start is tried less and less often."""
    said: list[str] = []
    child = Child(spec(tmp_path, "print('no licence'); raise SystemExit(4)"), tmp_path, said.append, lambda: None)
    running = asyncio.create_task(child.run())
    await until(lambda: len(said) >= 3)
    await child.stop()
    running.cancel()
    assert [line.split(" in ")[1].split(" (")[0] for line in said[:3]] == ["0.1 s", "0.2 s", "0.4 s"]
    assert "no licence" in child.tail()


async def test_a_child_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    """After its patience is over, and not before it had the chance."""
    program = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    )
    child = Child(spec(tmp_path, program, 0.3), tmp_path, lambda _: None, lambda: None)
    running = asyncio.create_task(child.run())
    await until(lambda: "deaf" in child.tail())
    assert child.known is not None
    known = child.known
    await child.stop()
    await running
    assert not processes.alive(known)


def test_only_one_supervisor_holds_a_folder(data: Path) -> None:
    """The second asks in vain until the first lets go."""
    first = folder.lock(data)
    assert first is not None
    assert folder.lock(data) is None
    first.close()
    again = folder.lock(data)
    assert again is not None
    again.close()


def test_ports_are_kept_where_they_are_free(data: Path) -> None:
    """The next start chooses the same ones, but for one that somebody else took meanwhile."""
    first = ports.choose(data)
    assert all(port in ports.QUIET for port in first.values()), "none that a connection may be given meanwhile"
    assert len(set(first.values())) == len(ports.PARTS)
    assert ports.choose(data) == first
    with socket.create_server(("127.0.0.1", first["mongo"])):
        second = ports.choose(data)
    assert second["mongo"] != first["mongo"]
    assert {**second, "mongo": 0} == {**first, "mongo": 0}


def test_a_damaged_memory_of_ports_is_no_hindrance(data: Path) -> None:
    """Half a file, or numbers that are no ports, are chosen anew."""
    (data / "ports.json").write_text('{"mongo": 70')
    assert ports.choose(data)
    folder.write_json(data / "ports.json", {"mongo": 700000})
    assert ports.choose(data)["mongo"] < 65536


def test_the_holder_of_a_port_is_named() -> None:
    """This very process, while it listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(LocalError, match=f"Port {port} is taken by .*process {os.getpid()}"):
            ports.check_door(port, "127.0.0.1")
    ports.check_door(port, "127.0.0.1")


def test_only_the_very_same_process_is_ended(sleeper: subprocess.Popen[bytes]) -> None:
    """A record whose start time does not fit is somebody else, and stays alive."""
    started = processes.started(sleeper.pid)
    assert started is not None
    processes.end([processes.Known("other", sleeper.pid, "1")], patience=1)
    assert sleeper.poll() is None
    processes.end([processes.Known("it", sleeper.pid, started)], patience=5)
    assert wait_for(lambda: sleeper.poll() is not None, 5)


def test_secrets_are_made_once_and_private(data: Path) -> None:
    """The same at the next start, but for the token; readable by their owner alone."""
    first, second = secrets.load(data), secrets.load(data)
    assert (first.mongo_password, first.secret_key) == (second.mongo_password, second.secret_key)
    assert first.internal_token != second.internal_token
    assert {oct(path.stat().st_mode & 0o777) for path in (data / "secrets").iterdir()} == {"0o400"}


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    """The message names the folder and the way out."""
    (tmp_path / "data").write_text("")
    with pytest.raises(LocalError) as raised:
        folder.prepare(tmp_path / "data")
    assert str(tmp_path / "data") in raised.value.message
    assert "FP_DATA" in raised.value.hint
