"""Blocked patterns: each one's plain forms are told at their place, what only looks like one is not."""

import pytest

from fp.validation import Memory, Rules, validate
from fp.validation.patterns import PATTERNS

APP = "from fastapi import FastAPI\napp = FastAPI()\n"

MET = [
    ("shell", "import os\ndef f():\n    os.system('ls')", 5, 5),
    ("shell", "from os import popen as p\nx = [p('ls') for _ in '1']", 4, 6),
    ("subprocess", "import subprocess\nasync def f(): return subprocess.run(['ls'])", 4, 23),
    ("subprocess", "from subprocess import Popen\nPopen('ls')", 4, 1),
    ("subprocess", "import subprocess as sp\nclass A:\n    x = sp.check_output('ls')", 5, 9),
    ("subprocess", "import asyncio\nasync def f():\n    await asyncio.create_subprocess_exec('ls')", 5, 11),
    ("subprocess", "import os\ndef f(): os.execv('ls', [])", 4, 10),
    ("fork", "import os\ndef f(): os.fork()", 4, 10),
    ("ctypes", "def f():\n    import ctypes.util", 4, 5),
    ("ctypes", "from ctypes import CDLL", 3, 1),
    ("exit", "import sys\nsys.exit('no')", 4, 1),
    ("exit", "import os\nos._exit(1)", 4, 1),
    ("exit", "raise SystemExit", 3, 1),
    ("exit", "raise SystemExit('no')", 3, 7),
    ("exit", "exit()", 3, 1),
    ("listen", "import socket\ns = socket.socket()\ns.bind(('', 80))", 5, 1),
    ("listen", "from socket import create_server\ns = create_server(('', 80))", 4, 5),
    ("signals", "import signal\ndef f(): signal.signal(signal.SIGTERM, print)", 4, 10),
    ("signals", "from signal import SIGINT, signal\nsignal(SIGINT, print)", 4, 1),
    ("proc_environ", "def f(): return open('/proc/self/environ').read()", 3, 22),
    ("proc_environ", "def f(pid): return open(f'/proc/{pid}/environ').read()", 3, 25),
]


@pytest.mark.parametrize(("pattern", "source", "line", "column"), MET)
def test_a_pattern_is_told_and_can_be_switched_off(pattern: str, source: str, line: int, column: int) -> None:
    """At its line and column, with what to do instead; and not at all where the platform does not look for it."""
    (finding,) = validate({"app.py": APP + source}).findings
    assert (finding.code, finding.line, finding.column) == ("blocked_pattern", line, column)
    assert f"(`{pattern}`)" in str(finding.hint)
    assert validate({"app.py": APP + source}, rules=Rules(blocked_patterns_off=frozenset({pattern, "nonsense"}))).ok


def test_every_pattern_has_an_example() -> None:
    """None of the list is forgotten above."""
    assert {pattern for pattern, *_ in MET} == {pattern.name for pattern in PATTERNS}


@pytest.mark.parametrize(
    "source",
    [
        "import subprocess\nERRORS = (subprocess.CalledProcessError,)",
        "import os\nprint(os.environ, os.path, os.getpid(), os.system)",
        "import os\nclass os:\n    system = print\nos.system('x')",
        "import os\ndef f(os): os.system('x')",
        "import os\nos = object()\nos.system('x')",
        "def run(): ...\nrun()\ndef exit(): ...\nexit()",
        "import sys\ndef main(): sys.exit(1)",
        "import sys\nif not sys.argv: sys.exit('usage')",
        "import sys\ntry:\n    sys.exit(1)\nexcept SystemExit: pass",
        "import subprocess\nif __name__ == '__main__':\n    subprocess.run(['uvicorn'])",
        "import socket\ndef free_port():\n    s = socket.socket()\n    s.bind(('', 0))\n    return s.getsockname()",
        "import socket\nhost = socket.gethostname()",
        "import structlog\nlog = structlog.get_logger()\nlog.bind(a=1)",
        "import signal\nsignal.signal(signal.SIGUSR1, print)",
        "import signal\ndef f(): return signal.getsignal(signal.SIGTERM)",
        "'''Reads /proc/self/environ and calls os.system.'''",
        "def load(): return open('/proc/self/status')",
        "import multiprocessing, threading\nlock = threading.Lock()",
        "eval('1')",
        "db = app\ndb.fork = db.system = print\ndb.fork()\ndb.system('x')",
    ],
)
def test_what_only_looks_like_a_pattern(source: str) -> None:
    """Ordinary apps do these things, and they keep working."""
    assert [one.message for one in validate({"app.py": APP + source}).findings] == []


def test_files_that_nobody_imports_may_do_anything() -> None:
    """A script beside the app never runs on the platform."""
    script = "import subprocess\nsubprocess.run(['make'])"
    assert validate({"app.py": APP, "build.py": script}).ok
    assert not validate({"app.py": APP + "import build", "build.py": script}).ok


def test_a_module_of_the_apps_own_by_the_name_of_another() -> None:
    """A call of one's own `pty.py` is nobody's business; a remembered file is told anew once that module is gone."""
    memory = Memory()
    app = f"{APP}import pty\n\n\ndef f():\n    pty.spawn('sh')\n"
    assert validate({"app.py": app, "pty.py": "def spawn(what): ..."}, memory=memory).ok
    assert [one.line for one in validate({"app.py": app}, memory=memory).findings] == [app.count("\n")]
