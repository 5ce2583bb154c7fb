"""Which imports may be forked: each is tried in a process of its own, watched as an app's zygote watches it."""

import os
import subprocess
import textwrap
import time
from pathlib import Path

import pytest

from runner.fitness import signature_of
from runner.imported import Prepared
from tests.integration.runner.harness import PYTHON, ROOT

TRY = """\
import sys
sys.dont_write_bytecode = True
sys.path[:1] = [{root!r}, {folder!r}]
from runner.fitness import Watch
watch = Watch()
import tried
print(watch.why_unfit(strict={strict}))
print(*watch.files, sep="\\n")
"""


def why_unfit(folder: Path, code: str, *, strict: bool = True) -> str:
    """What stands against forking a process that has imported this code."""
    return watched(folder, code, strict=strict)[0]


def watched(folder: Path, code: str, *, strict: bool = True) -> tuple[str, list[str]]:
    """What stands against forking a process that has imported this code, and the data files that it looked for."""
    (folder / "tried.py").write_text(code)
    script = TRY.format(root=str(ROOT), folder=str(folder), strict=strict)
    run = subprocess.run([PYTHON, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    why, *files = run.stdout.splitlines()
    return why, [file for file in files if file]


@pytest.mark.parametrize(
    "code",
    [
        "import fastapi, pydantic, jinja2\napp = fastapi.FastAPI()",
        "import pathlib, platform\nplatform.freedesktop_os_release()\npathlib.Path('/proc/cpuinfo').read_text()",
        "import asyncio\nlock = asyncio.Lock()\nwaiting = asyncio.Queue()",
        "import random, uuid, secrets, tempfile, logging, sqlite3, socket, threading\nlock = threading.Lock()",
        "import threading\ndone = threading.Thread(target=print)\ndone.start()\ndone.join()",
        "import os\nnull = os.open('/dev/null', os.O_RDWR)\nos.close(null)",
        "from starlette.staticfiles import StaticFiles\nimport os\nStaticFiles(directory=os.path.dirname(__file__))",
        "import pathlib\nhome = pathlib.Path(__file__).resolve().parent",
    ],
    ids=["frameworks", "system", "locks", "modules", "a thread that ended", "null", "static files", "its own place"],
)
def test_what_apps_commonly_do_is_fit(tmp_path: Path, code: str) -> None:
    assert why_unfit(tmp_path, code) == ""


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import threading, time\nthreading.Thread(target=time.sleep, args=(9,), daemon=True).start()", "1 threads"),
        ("held = open(__file__)", "it opened"),
        ("import socket\nheld = socket.socket()", "it opened"),
        ("import asyncio\nloop = asyncio.new_event_loop()\nloop.close()", "event loop"),
        ("import signal\nsignal.signal(14, print)\nsignal.setitimer(signal.ITIMER_REAL, 60)", "timer"),
        ("import subprocess\nchild = subprocess.Popen(['sleep', '1'])", "started processes"),
    ],
)
def test_what_cannot_be_shared_is_unfit(tmp_path: Path, code: str, why: str) -> None:
    """Whether the app itself was imported, or its packages alone."""
    assert why in why_unfit(tmp_path, code)
    assert why in why_unfit(tmp_path, code, strict=False)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("open({data!r}, 'a').close()", "it wrote to {data}"),
        ("import os\nos.close(os.open({data!r}, os.O_RDWR))", "it wrote to {data}"),
        ("import sqlite3\nsqlite3.connect(':memory:').close()", "it opened a database"),
        ("import socket\nsocket.getaddrinfo('localhost', 80)", "it looked up an address"),
        ("import subprocess\nsubprocess.run(['true'])", "it started a process"),
        ("import os\nos.system('true')", "it started a process"),
        ("import os\npid = os.fork()\nos._exit(0) if pid == 0 else os.waitpid(pid, 0)", "it forked"),
        (
            "import socket\nwith socket.socket() as s, socket.create_server(('127.0.0.1', 0)) as t:\n"
            "    s.connect(t.getsockname())",
            "it opened a socket",
        ),
    ],
)
def test_who_does_something_to_the_world_is_unfit(tmp_path: Path, code: str, why: str) -> None:
    """The app must do it at every start; its packages, which are imported in their own time, may."""
    data = tmp_path / "data.json"
    data.write_text("[]")
    code = code.replace("{data!r}", repr(str(data)))
    assert why_unfit(tmp_path, code).startswith(why.format(data=data))
    assert why_unfit(tmp_path, code, strict=False) == ""


@pytest.mark.parametrize(
    "code",
    [
        "open({data!r}).read()",
        "import pathlib\npathlib.Path({data!r}).read_bytes()",
        "import os\nos.read(fd := os.open({data!r}, os.O_RDONLY), 9)\nos.close(fd)",
        "import os\nos.path.exists({data!r})",
        "import pathlib\npathlib.Path({data!r}).is_file()",
        "import os\nos.chdir(os.path.dirname({data!r}))\nopen('data.json').read()",
    ],
)
@pytest.mark.parametrize("there", [True, False])
def test_data_that_was_read_or_looked_for_is_noted(tmp_path: Path, code: str, there: bool) -> None:
    data = tmp_path / "home" / "data.json"
    data.parent.mkdir()
    if there:
        data.write_text("[]")
        settle(data)
    code = code.replace("{data!r}", repr(str(data)))
    if not there:
        code = "import contextlib\nwith contextlib.suppress(OSError):\n" + textwrap.indent(code, "    ")
    assert watched(tmp_path, code) == ("", [str(data)])


@pytest.mark.parametrize(
    "code",
    ["import os\nos.listdir({folder!r})", "import pathlib\nlist(pathlib.Path({folder!r}).iterdir())"],
)
def test_a_folder_that_was_listed_is_noted(tmp_path: Path, code: str) -> None:
    folder = tmp_path / "uploads"
    folder.mkdir()
    settle(folder)
    assert watched(tmp_path, code.replace("{folder!r}", repr(str(folder)))) == ("", [str(folder)])


def test_a_file_that_changes_while_it_is_read_is_unfit(tmp_path: Path) -> None:
    """Its time may be the same after the next change."""
    code = f"import os\nos.utime({str(tmp_path / 'data')!r})\nopen({str(tmp_path / 'data')!r}).read()"
    (tmp_path / "data").write_text("")
    assert "in the same moment" in why_unfit(tmp_path, code)


def test_who_reads_hundreds_of_files_is_unfit(tmp_path: Path) -> None:
    code = f"import os\nfor n in range(300):\n    os.path.exists({str(tmp_path)!r} + f'/{{n}}.txt')"
    assert why_unfit(tmp_path, code) == "it read more than 200 files"


def settle(path: Path) -> None:
    """Wait until a change of it would bear another time."""
    while time.time() - path.stat().st_ctime < 0.1:
        time.sleep(0.01)


@pytest.mark.parametrize("change", ["write", "replace", "remove", "same size, same time"])
def test_a_file_that_changed_is_not_current(tmp_path: Path, change: str) -> None:
    data, other = tmp_path / "data", tmp_path / "other"
    data.write_text("one")
    other.write_text("two")
    os.utime(other, ns=(data.stat().st_atime_ns, data.stat().st_mtime_ns))
    missing = str(tmp_path / "missing")
    prepared = Prepared("imported", files={str(data): signature_of(str(data)), missing: signature_of(missing)})
    settle(data)
    assert prepared.is_current()
    match change:
        case "write":
            data.write_text("more")
        case "replace":
            other.replace(data)
        case "remove":
            data.unlink()
        case _:
            before = data.stat()
            data.write_text("two")
            os.utime(data, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not prepared.is_current()


def test_a_file_that_was_missing_and_is_there_is_not_current(tmp_path: Path) -> None:
    data = tmp_path / "data"
    prepared = Prepared("imported", files={str(data): signature_of(str(data))})
    assert prepared.is_current()
    data.write_text("")
    assert not prepared.is_current()
