"""Dry loads: real processes, and code that does all it can to get out of being told apart. None of it runs in this process."""

import asyncio
import os
import secrets
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cluster.base import Busy, Failure, Loaded
from cluster.local.dry import MAX_ASKED, DryLoad
from tests.support.node_process import APPS_PYTHON

APP = "async def app(scope, receive, send): ...\n"
SECONDS = 1.5


async def loaded(code: str, seconds: float = 8.0, **more: str) -> Loaded:
    """What comes of the code as `app.py`, with `more` as its environment, in 256 MB."""
    return await DryLoad(APPS_PYTHON, seconds)({"app.py": code}, "app.py", more, memory_mb=256)


async def failed(code: str, seconds: float = 8.0) -> Failure:
    found = (await loaded(code, seconds)).failure
    assert found is not None
    return found


@pytest.mark.parametrize(
    "files",
    [
        {"app.py": "from fastapi import FastAPI\nimport helpers\napp = FastAPI()\n", "helpers.py": "x = 1\n"},
        {"app.py": f"def create_app():\n    {APP}    return app\n"},
        {"app.py": f"import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()\n{APP}"},
        {"app.py": f"import atexit, time\natexit.register(time.sleep, 600)\n{APP}"},
        {
            "app.py": f"import sys\nfor _ in range(100): print('x' * 1_000_000)\nsys.stderr.write('y' * 1_000_000)\n{APP}"
        },
        {"app.py": f"import io, sys\nsys.stdout = sys.stderr = io.StringIO()\nsys.stdin.close()\n{APP}"},
        {"app.py": f"import pymongo\ndb = pymongo.MongoClient('mongodb://localhost:1')['x']\n{APP}"},
    ],
)
async def test_code_that_is_fine(files: dict[str, str]) -> None:
    """Several files, factories, threads and exit handlers that never end, 100 MB of output, a client that connects later."""
    assert (await DryLoad(APPS_PYTHON, 8)(files, "app.py", {}, memory_mb=256)).failure is None


async def test_a_failure_is_told_at_its_line_in_the_users_code() -> None:
    """As a deploy tells it: the innermost line of theirs, without the machinery around it."""
    files = {"app.py": "import models\n", "models.py": "def load():\n    return {}['users']\n\n\nload()\n"}
    found = (await DryLoad(APPS_PYTHON)(files, "app.py", {}, memory_mb=256)).failure
    assert found is not None
    assert (found.code, found.file, found.line) == ("import_failed", "models.py", 2)
    assert found.message == "KeyError: 'users'"
    assert "runner" not in str(found.traceback)
    assert (await failed("x = 1\n")).code == "no_app"
    assert "pandas" in str((await failed(f"import pandas\n{APP}")).hint)


@pytest.mark.parametrize(
    ("code", "told", "line"),
    [
        ("import sys\nsys.exit(3)\n", "import_failed", 2),
        ("import os\nos._exit(0)\n", "exited", None),
        ("import os\nos._exit(3)\n", "exited", None),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", "killed", None),
        ("import ctypes\nctypes.string_at(0)\n", "killed", None),
        ("hog = []\nwhile True:\n    hog.append(bytearray(10_000_000))\n", "import_failed", 3),
        ("import mmap\nmmap.mmap(-1, 6_000_000_000)\n", "import_failed", 2),
        (f"import os\nos.closerange(0, 100_000)\n{APP}", "exited", None),
        (f"with open('x', 'wb') as file:\n    file.truncate(10**9)\n{APP}", "import_failed", 2),
    ],
)
async def test_code_that_ends_itself_or_wants_too_much(code: str, told: str, line: int | None) -> None:
    found = await failed(code)
    assert (found.code, found.line) == (told, line), found


@pytest.mark.parametrize("said", ["hello", '{"failure": 1}', '{"failure": null, "refused": 5}', "[" * 100_000])
async def test_an_answer_that_is_none(said: str) -> None:
    """Whoever finds the pipe can lie about his own code; nonsense is taken for no answer."""
    code = f"import os\nfor n in range(3, 400):\n    try: os.write(n, b'''{said}\\n''')\n    except OSError: pass\nos._exit(7)\n"
    assert (await failed(code)).code == "exited"


async def test_an_answer_without_an_end() -> None:
    """No more of it is read than an answer can have."""
    code = (
        "import os\nwhile True:\n    for n in range(200, 210):\n        try: os.write(n, b'x' * 65536)\n"
        "        except OSError: pass\n"
    )
    assert (await failed(code, SECONDS)).code == "start_timeout"


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("x = 1\nwhile True: pass\n", 2),
        ("import time\ntime.sleep(600)\n", 2),
        ("import time\nwhile True:\n    try: time.sleep(1)\n    except BaseException: pass\n", None),
        ("import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True: pass\n", None),
    ],
)
async def test_code_without_an_end(code: str, line: int | None) -> None:
    """It is interrupted at its line; what does not let itself be interrupted is killed a moment later."""
    began = time.monotonic()
    found = await failed(code, SECONDS)
    assert (found.code, found.line) == ("start_timeout", line)
    assert time.monotonic() - began < SECONDS + 6


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        ("import socket\nsocket.create_connection(('127.0.0.1', {port}))\n", "network"),
        ("import urllib.request\nurllib.request.urlopen('http://localhost:{port}')\n", "network"),
        ("import os\nwhile True: os.fork()\n", "programs"),
        ("import subprocess\nsubprocess.run(['sleep', '600'])\n", "programs"),
        ("import os\nos.system('sleep 600')\n", "programs"),
    ],
)
async def test_what_nobody_gets(code: str, refused: str) -> None:
    """No connection and no other program; it is told, because the code may be right to ask."""
    with listening() as port:
        found = await loaded(code.format(port=port))
    assert found.failure is not None
    assert found.refused == [refused]


async def test_what_reaches_past_the_hook() -> None:
    """Python's refusals are a guard rail; where the system has namespaces, native code finds no network and leaves nothing."""
    if not namespaces():
        pytest.skip("this system gives out no namespaces")
    marker = f"fp-stray-{secrets.token_hex(8)}"
    connect = (
        "import ctypes, os, struct\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "fd = libc.socket(2, 1, 0)\nto = struct.pack('!HHI8x', 0x0200, {port}, 0x7f000001)\n"
        "if libc.connect(fd, to, 16) == 0: raise Exception('connected')\n"
    )
    stray = (
        "if libc.fork() == 0:\n    os.setsid()\n    libc.prctl(15, b'{marker}', 0, 0, 0)\n"
        "    import time\n    time.sleep(600)\n"
    )
    with listening() as port:
        code = connect.format(port=port) + stray.format(marker=marker[:15]) + APP
        assert (await loaded(code)).failure is None
    deadline = time.monotonic() + 10
    while marker[:15] in running() and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    assert marker[:15] not in running()


async def test_nothing_of_ours_is_in_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The app's variables and a scratch folder, which is gone afterwards; the code is where it runs."""
    monkeypatch.setenv("FP_SECRET_KEY", "ours")
    code = "import json, os\nraise Exception(json.dumps([dict(os.environ), os.getcwd(), sorted(os.listdir())]))\n"
    found = await loaded(code, GREETING="hello")
    assert found.failure is not None
    assert '"GREETING": "hello"' in found.failure.message
    assert "FP_" not in found.failure.message
    assert "['app.py']" in found.failure.message.replace('"', "'")
    scratch = found.failure.message.partition('"HOME": "')[2].partition('"')[0]
    assert scratch
    assert not exists(scratch)


async def test_our_own_process_is_not_touched() -> None:
    """The code is never imported here, and no descriptor, process or module is left."""
    before, modules = open_descriptors(), set(sys.modules)
    for code in (APP, "import os\nos._exit(1)\n", "1 / 0\n"):
        await loaded(code)
    assert "app" not in set(sys.modules) - modules
    assert open_descriptors() == before
    assert not dead_children()


async def test_only_so_many_wait() -> None:
    """Two at once; who comes when ten have asked is told to come again."""
    dry = DryLoad(APPS_PYTHON, 8)
    asked = [asyncio.create_task(dry({"app.py": APP}, "app.py", {}, memory_mb=256)) for _ in range(MAX_ASKED)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await dry({"app.py": APP}, "app.py", {}, memory_mb=256)
    assert [found.failure for found in await asyncio.gather(*asked)] == [None] * MAX_ASKED
    assert (await dry({"app.py": APP}, "app.py", {}, memory_mb=256)).failure is None


def exists(path: str) -> bool:
    return Path(path).exists()


def open_descriptors() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())


def dead_children() -> bool:
    """Whether a process of ours has ended and nobody has waited for it."""
    try:
        return os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return False


@contextmanager
def listening() -> Iterator[int]:
    """A port of this machine where somebody would answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def running() -> set[str]:
    """The names of all processes of this machine."""
    found = set()
    for file in Path("/proc").glob("[0-9]*/comm"):
        try:
            found.add(file.read_text().strip())
        except OSError:
            continue
    return found


def namespaces() -> bool:
    """Whether a process may have a network of its own here."""
    return sys.platform == "linux" and os.spawnlp(os.P_WAIT, "unshare", "unshare", "-Urn", "true") == 0
