"""`up` and `down` as a person meets them: what can be in the way, what is left behind, what two of them do to each other."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.account import Account
from tests.support.apps import HELLO
from tests.support.platform import Platform, listening, wait_for
from tests.support.ports import free_port


def left_over(data: Path) -> list[str]:
    """Command lines of processes that still mention the data folder in their arguments or environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment, arguments = (process / "environ").read_bytes(), (process / "cmdline").read_bytes()
        except OSError:
            continue
        if str(data).encode() in environment + arguments and int(process.name) != os.getpid():
            found.append(arguments.replace(b"\0", b" ").decode())
    return found


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform with an app, to be killed and brought back."""
    with Platform(tmp_path_factory.mktemp("second") / "data") as running:
        Account(running).publish("kept", HELLO)
        yield running
    assert left_over(running.data) == []


@pytest.fixture
def kept(second: Platform) -> Account:
    """The owner of its app; it runs, whatever was done to it before."""
    if not second.is_ready():
        second.start()
    return Account(second)


def test_up_tells_what_to_do_and_down_leaves_nothing(data: Path) -> None:
    """The greeting's curl line signs the first user up; `down` ends every process, frees every port, empties tmp."""
    platform = Platform(data)
    platform.start()
    said = wait_for(lambda: "Ctrl-C" in platform.said() and platform.said(), 10, "the greeting")
    assert f"http://localhost:{platform.port}/signup" in said
    curl = next(line.split("by curl", 1)[1].strip() for line in said.splitlines() if "by curl" in line)
    answer = subprocess.run(curl, shell=True, capture_output=True, text=True, check=True)
    assert '"admin":true' in answer.stdout.replace(" ", "")
    ports = [platform.port, *platform.ports()]
    assert all(listening(port) for port in ports)

    assert platform.run("down").returncode == 0
    assert platform.process is not None
    assert platform.process.wait(10) == 0
    assert left_over(data) == []
    assert not any(listening(port) for port in ports)
    assert list((data / "tmp").iterdir()) == []
    assert "does not run" in platform.run("down").stderr
    platform.stop()


def test_two_platforms_side_by_side(platform: Platform, kept: Account) -> None:
    """A second one with its own port and folder comes up beside the first, with users and apps of its own."""
    assert kept.call("kept").status_code == 200
    assert Account(platform, "guest").call("kept").status_code == 404


def test_a_second_up_says_who_runs(platform: Platform) -> None:
    """The same data folder again: refused, naming the address and the process."""
    again = platform.run("up")
    assert again.returncode == 1
    assert platform.process is not None
    assert f"localhost:{platform.port}" in again.stderr
    assert str(platform.process.pid) in again.stderr


def test_a_taken_port_names_its_holder(data: Path) -> None:
    """Somebody else listens on FP_PORT: the message names port, program and process."""
    port = free_port()
    program = f"import socket, time; s = socket.create_server(('127.0.0.1', {port})); print('up', flush=True); time.sleep(600)"
    with subprocess.Popen(["python3", "-c", program], stdout=subprocess.PIPE) as holder:
        try:
            assert holder.stdout is not None
            holder.stdout.readline()
            refused = Platform(data, FP_PORT=str(port)).run("up")
        finally:
            holder.kill()
    assert refused.returncode == 1
    assert f"Port {port} is taken by python" in refused.stderr
    assert f"process {holder.pid}" in refused.stderr


def test_wrong_settings_are_all_named(data: Path) -> None:
    """Every variable that is wrong, in one message."""
    refused = Platform(data, FP_PORT="eighty", FP_DATA_PLANE="magic").run("up")
    assert refused.returncode == 1
    assert "FP_PORT='eighty'" in refused.stderr
    assert "FP_DATA_PLANE='magic'" in refused.stderr


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 MB of its own; needs the right to mount."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("mounting a file system needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_told(small_disk: Path) -> None:
    """Too little room for MongoDB: said before anything is started."""
    refused = Platform(small_disk / "data").run("up")
    assert refused.returncode == 1
    assert "MB left" in refused.stderr
    assert "FP_DATA" in refused.stderr


def test_a_read_only_folder_is_told(small_disk: Path) -> None:
    """A folder that cannot be written: said, with the way out."""
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    refused = Platform(small_disk / "data").run("up")
    assert refused.returncode == 1
    assert "read-only" in refused.stderr
    assert "FP_DATA" in refused.stderr


def test_up_after_everything_was_killed(second: Platform, kept: Account) -> None:
    """kill -9 of the supervisor and all it started, apps included: the next `up` comes up clean, with the apps."""
    pid = kept.call("kept").json()["pid"]
    assert second.process is not None
    for victim in [second.process.pid, *second.processes().values(), pid]:
        os.kill(victim, signal.SIGKILL)
    second.process.wait()
    second.start()
    assert kept.call("kept").json()["hello"] == "world"
    assert kept.api("GET", "/apps/kept")["version"] == 1


def test_up_after_the_supervisor_alone_was_killed(second: Platform, kept: Account) -> None:
    """What the killed supervisor left running is ended and said so; `down` would have ended it too."""
    before = second.said().count("not stopped cleanly")
    assert second.process is not None
    second.process.kill()
    second.process.wait()
    second.start()
    assert second.said().count("not stopped cleanly") == before + 1
    assert kept.call("kept").status_code == 200
    second.process.kill()
    second.process.wait()
    assert second.run("down").returncode == 0
    wait_for(lambda: left_over(second.data) == [], 10, "nothing left")
