"""`up` and `down` as a person meets them: what can be in the way, what is left behind, what two of them do to each other."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.account import Account
from tests.support.apps import HELLO
from tests.support.platform import Platform, free_port, wait_for


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


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


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


def test_two_platforms_side_by_side(platform: Platform, data: Path) -> None:
    """A second one with its own port and folder comes up beside the first, with users and apps of its own."""
    with Platform(data) as other:
        account = Account(other, "ada")
        account.publish("here", HELLO)
        assert account.call("here").status_code == 200
        assert Account(platform, "guest").call("here").status_code == 404


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


def test_up_after_everything_was_killed(data: Path) -> None:
    """kill -9 of the supervisor and all it started, apps included: the next `up` comes up clean, with the apps."""
    platform = Platform(data)
    platform.start()
    account = Account(platform)
    account.publish("kept", HELLO)
    pid = account.call("kept").json()["pid"]
    assert platform.process is not None
    for victim in [platform.process.pid, *platform.processes().values(), pid]:
        os.kill(victim, signal.SIGKILL)
    platform.process.wait()
    platform.start()
    try:
        assert account.call("kept").json()["hello"] == "world"
        assert account.api("GET", "/apps/kept")["version"] == 1
    finally:
        platform.stop()
    assert left_over(data) == []


def test_up_after_the_supervisor_alone_was_killed(data: Path) -> None:
    """What the killed supervisor left running is ended and said so; `down` would have ended it too."""
    platform = Platform(data)
    platform.start()
    account = Account(platform)
    account.publish("kept", HELLO)
    assert platform.process is not None
    platform.process.kill()
    platform.process.wait()
    platform.start()
    assert "not stopped cleanly" in platform.said()
    assert account.call("kept").status_code == 200
    platform.process.kill()
    platform.process.wait()
    assert platform.run("down").returncode == 0
    wait_for(lambda: left_over(data) == [], 10, "nothing left")
    platform.stop()
