"""Which imports may be forked: each is tried in a process of its own, watched as an app's zygote watches it."""

import subprocess
from pathlib import Path

import pytest

from tests.integration.runner.harness import PYTHON, ROOT

TRY = """\
import sys
sys.dont_write_bytecode = True
sys.path[:1] = [{root!r}, {folder!r}]
from runner.fitness import Watch
watch = Watch()
import tried
print(watch.why_unfit(strict={strict}))
"""


def why_unfit(folder: Path, code: str, *, strict: bool = True) -> str:
    """What stands against forking a process that has imported this code."""
    (folder / "tried.py").write_text(code)
    script = TRY.format(root=str(ROOT), folder=str(folder), strict=strict)
    run = subprocess.run([PYTHON, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    return run.stdout.strip()


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
        ("open({data!r}).read()", "it read {data}, which may change"),
        ("import pathlib\npathlib.Path({data!r}).read_bytes()", "it read {data}"),
        ("import os\nos.read(fd := os.open({data!r}, os.O_RDONLY), 9)\nos.close(fd)", "it read {data}"),
        ("import os\nos.path.exists({data!r} + '.no')", "it looked for {data}"),
        ("import pathlib\npathlib.Path({data!r}).is_file()", "it looked for {data}"),
        ("import os\nos.listdir(os.path.dirname({data!r}) + '/uploads')", "it looked for"),
        ("import pathlib\nlist(pathlib.Path({data!r}).with_name('uploads').iterdir())", "it looked for"),
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
def test_what_would_be_stale_in_a_fork_is_unfit(tmp_path: Path, code: str, why: str) -> None:
    """The app must do it at every start; its packages, which are imported in their own time, may."""
    data = tmp_path / "data.json"
    data.write_text("[]")
    (tmp_path / "uploads").mkdir()
    code = code.replace("{data!r}", repr(str(data)))
    assert why_unfit(tmp_path, code).startswith(why.format(data=data))
    assert why_unfit(tmp_path, code, strict=False) == ""
