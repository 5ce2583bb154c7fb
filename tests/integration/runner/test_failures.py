"""Whatever keeps an app from becoming ready is told, with the user's file and line, and the process ends with 1."""

import time

import pytest

from tests.integration.runner.harness import Platform

FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n"
LIFESPAN = """
import asyncio, time
from contextlib import asynccontextmanager
from fastapi import FastAPI
async def prepare():
    BODY
@asynccontextmanager
async def lifespan(app):
    await prepare()
    yield
app = FastAPI(lifespan=lifespan)
"""


@pytest.mark.parametrize(
    ("source", "line", "column", "message", "hint"),
    [
        ("x = 1\ndef f(:\n    pass\n", 2, 7, "SyntaxError", None),
        ("x = 1\n  y = 2\n", 2, None, "IndentationError", None),
        ("import os\nimport nothing_such\n", 2, 1, "No module named 'nothing_such'", "requirements.txt"),
        ("import os\nimport helpers\n", 2, 1, "No module named 'helpers'", "lib.helpers"),
        ("def f():\n    return 1 / 0\nf()\n", 2, 12, "ZeroDivisionError: division by zero", None),
        ("import sys\nsys.exit(3)\n", 2, 1, "sys.exit at import", "must not end"),
        ("exit()\n", 1, 1, "sys.exit at import", None),
        ("def create_app():\n    raise SystemExit(2)\n", 2, 5, "sys.exit at import", None),
        ("from secrets import API_KEY\n", 1, 1, "cannot import name", "rename"),
    ],
)
async def test_an_import_that_fails_names_the_line(
    platform: Platform, source: str, line: int, column: int | None, message: str, hint: str | None
) -> None:
    app = await platform.launch({"app.py": source, "lib/helpers.py": "", "secrets.py": "API_KEY = 1"})
    failure = await app.failed()
    assert (failure["code"], failure["file"], failure["line"]) == ("import_failed", "app.py", line)
    assert message in failure["message"]
    assert column is None or failure["column"] == column
    assert hint is None or hint in failure["hint"]
    assert "importlib" not in failure["traceback"]
    assert f"{app.spool.parent}" not in failure["traceback"]
    assert any(failure["traceback"] in text for text in app.logs())


async def test_an_error_in_another_file_names_that_file(platform: Platform) -> None:
    app = await platform.launch({"app.py": "import parts.data\n", "parts/data.py": "\n\nvalue = {}['x']\n"})
    failure = await app.failed()
    assert (failure["file"], failure["line"], failure["message"]) == ("parts/data.py", 3, "KeyError: 'x'")
    assert failure["traceback"].splitlines()[1] == '  File "app.py", line 1, in <module>'


async def test_an_error_raised_in_a_package_points_at_the_users_line(platform: Platform) -> None:
    source = "from pydantic import BaseModel\nclass M(BaseModel):\n    x: int\nM(x='a')\n"
    failure = await (await platform.launch({"app.py": source})).failed()
    assert (failure["code"], failure["file"], failure["line"]) == ("import_failed", "app.py", 4)
    assert "site-packages" not in failure["traceback"]


async def test_no_app_and_a_wsgi_like_app_are_told_apart(platform: Platform) -> None:
    failure = await (await platform.launch({"app.py": "x = 1\n"})).failed()
    assert (failure["code"], failure["file"]) == ("no_app", "app.py")
    assert "`app`" in failure["hint"]
    failure = await (await platform.launch({"app.py": "app = 3\n"})).failed()
    assert "`app` is int" in failure["hint"]


async def test_several_apps_are_named(platform: Platform) -> None:
    source = "from fastapi import FastAPI\none = FastAPI()\ntwo = FastAPI()\n"
    failure = await (await platform.launch({"app.py": source})).failed()
    assert failure["code"] == "several_apps"
    assert "`one`, `two`" in failure["message"]


async def test_a_missing_entrypoint_is_told(platform: Platform) -> None:
    failure = await (await platform.launch({"app.py": FASTAPI}, entrypoint="main.py")).failed()
    assert (failure["code"], "main.py" in failure["message"]) == ("import_failed", True)


async def test_a_bundle_that_leaves_its_folder_is_refused(platform: Platform) -> None:
    failure = await (await platform.launch({"app.py": FASTAPI}, entrypoint="../app.py")).failed()
    assert failure["code"] == "bundle_failed"


@pytest.mark.parametrize("body", ["raise RuntimeError('no database')", "time.no_such"])
async def test_a_lifespan_that_raises_fails_with_its_line(platform: Platform, body: str) -> None:
    failure = await (await platform.launch({"app.py": LIFESPAN.replace("BODY", body)})).failed()
    assert (failure["code"], failure["file"], failure["line"]) == ("startup_failed", "app.py", 6)


async def test_a_lifespan_that_exits_fails(platform: Platform) -> None:
    failure = await (await platform.launch({"app.py": LIFESPAN.replace("BODY", "raise SystemExit(0)")})).failed()
    assert failure["code"] == "startup_failed"


async def test_a_litestar_startup_that_raises_fails(platform: Platform) -> None:
    source = (
        "from litestar import Litestar\ndef up():\n    raise RuntimeError('no')\napp = Litestar([], on_startup=[up])\n"
    )
    failure = await (await platform.launch({"app.py": source})).failed()
    assert (failure["code"], failure["line"]) == ("startup_failed", 3)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("import time\ntime.sleep(60)\n", 2),
        ("while True:\n    pass\n", None),
        ("import time\nwhile True:\n    try:\n        time.sleep(60)\n    except Exception:\n        pass\n", 4),
        ("import asyncio\nasyncio.run(asyncio.sleep(60))\n", 2),
        ("import time\ndef create_app():\n    time.sleep(60)\n", 3),
    ],
)
async def test_an_import_that_hangs_is_interrupted_at_its_line(platform: Platform, body: str, line: int | None) -> None:
    failure = await (await platform.launch({"app.py": body}, start_seconds=0.5)).failed()
    assert (failure["code"], failure["file"]) == ("start_timeout", "app.py")
    assert line in {None, failure["line"]}
    assert "0.5 s" in failure["message"]


async def test_a_server_started_at_import_gets_the_hint(platform: Platform) -> None:
    source = FASTAPI + "import uvicorn\nuvicorn.run(app, port=0, log_level='critical')\n"
    failure = await (await platform.launch({"app.py": source}, start_seconds=1)).failed()
    assert (failure["code"], failure["line"]) == ("start_timeout", 4)
    assert "fp serves `app` itself" in failure["hint"]


@pytest.mark.parametrize("body", ["await asyncio.sleep(60)", "time.sleep(60)"])
async def test_a_lifespan_that_hangs_times_out_at_its_line(platform: Platform, body: str) -> None:
    began = time.monotonic()
    failure = await (await platform.launch({"app.py": LIFESPAN.replace("BODY", body)}, start_seconds=1)).failed()
    assert (failure["code"], failure["file"], failure["line"]) == ("start_timeout", "app.py", 6)
    assert time.monotonic() - began < 5


async def test_a_process_that_ends_itself_is_seen_by_its_code(platform: Platform) -> None:
    app = await platform.launch({"app.py": "import os\nprint('last words')\nos._exit(7)\n"})
    assert await app.exit_code() == 7
    assert app.logs() == ["last words"]


async def test_a_crash_leaves_its_stack_in_the_native_log(platform: Platform) -> None:
    app = await platform.launch({"app.py": "import ctypes\nctypes.string_at(0)\n"})
    assert await app.exit_code() == -11
    assert "Segmentation fault" in app.native()


async def test_an_unknown_ticket_ends_the_process(platform: Platform) -> None:
    app = await platform.launch({"app.py": FASTAPI}, ticket="wrong")
    assert await app.exit_code() == 1
    assert "unknown ticket" in app.native()


async def test_missing_settings_are_all_named(platform: Platform) -> None:
    app = await platform.launch({"app.py": FASTAPI}, ticket="", checkin="nowhere")
    assert await app.exit_code() == 2
    assert "FP_TICKET is missing" in app.native()
    assert "FP_CHECKIN: must be host:port" in app.native()
