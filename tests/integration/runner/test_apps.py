"""Every kind of app is found, imported from where it lies, and served."""

import asyncio
import signal
from pathlib import Path

import httpx
import pytest
import websockets

from tests.integration.runner.harness import Platform, fetch

FASTAPI = """
from fastapi import FastAPI
app = FastAPI()
@app.get("/")
async def root():
    return "here"
"""
FASTHTML = """
from fasthtml.common import *
app, rt = fast_app()
@rt("/")
def get():
    return Titled("here", P("a paragraph"))
"""
STARLETTE = """
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
async def root(request):
    return PlainTextResponse("here")
web = Starlette(routes=[Route("/", root)])
"""
LITESTAR = """
from litestar import Litestar, get
@get("/")
async def root() -> str:
    return "here"
app = Litestar([root])
"""
BARE = """
async def app(scope, receive, send):
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"here"})
"""
FACTORY = """
from fastapi import FastAPI
def create_app(name: str = "here"):
    app = FastAPI()
    app.get("/")(lambda: name)
    return app
"""


@pytest.mark.parametrize("source", [FASTAPI, FASTHTML, STARLETTE, LITESTAR, BARE, FACTORY])
async def test_each_framework_answers(platform: Platform, http: httpx.AsyncClient, source: str) -> None:
    app = await platform.serve(source)
    answer = await http.get(app.base)
    assert (answer.status_code, "here" in answer.text) == (200, True)


async def test_a_package_is_imported_under_its_own_name(platform: Platform, http: httpx.AsyncClient) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/main.py": "from fastapi import FastAPI\nfrom .names import NAME\nimport shop.names\napp = FastAPI()\n"
        "app.get('/')(lambda: [__name__, NAME, shop.names.NAME])\n",
        "shop/names.py": "NAME = 'here'\n",
    }
    app = await platform.serve(files, entrypoint="shop/main.py")
    assert (await http.get(app.base)).json() == ["shop.main", "here", "here"]


async def test_a_script_in_a_plain_folder_finds_its_neighbours(platform: Platform, http: httpx.AsyncClient) -> None:
    files = {
        "src/main.py": "from fastapi import FastAPI\nfrom names import NAME\napp = FastAPI()\napp.get('/')(lambda: NAME)\n",
        "src/names.py": "NAME = 'here'\n",
    }
    app = await platform.serve(files, entrypoint="src/main.py")
    assert (await http.get(app.base)).json() == "here"


async def test_nothing_of_ours_can_be_imported_and_every_name_is_free(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    names = ["runner", "control", "logging_config", "spool", "serve", "jinja2", "boot", "zygote"]
    files = {f"{name}.py": f"OWNER = 'user of {name}'\n" for name in names} | {
        "app.py": "from fastapi import FastAPI\nimport importlib\napp = FastAPI()\n"
        f"found = [importlib.import_module(name).OWNER for name in {names!r}]\napp.get('/')(lambda: found)\n"
    }
    app = await platform.serve(files)
    assert (await http.get(app.base)).json() == [f"user of {name}" for name in names]


async def test_the_runner_is_not_importable(platform: Platform, http: httpx.AsyncClient) -> None:
    app = await platform.serve(
        "from fastapi import FastAPI\nimport importlib.util as u\napp = FastAPI()\n"
        "app.get('/')(lambda: [bool(u.find_spec(n)) for n in ('runner', 'control', 'activator', 'cluster', 'spool', 'fp')])\n"
    )
    assert (await http.get(app.base)).json() == [False] * 6


@pytest.mark.parametrize("name", ["platform.py", "my-app.py", "my.app.py", "fastapi_app/web.py"])
async def test_an_entrypoint_of_any_name_is_imported(platform: Platform, http: httpx.AsyncClient, name: str) -> None:
    app = await platform.serve({name: FASTAPI}, entrypoint=name)
    assert (await http.get(app.base)).text == '"here"'


async def test_files_in_the_bundle_are_written_down_and_removed_again(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    source = "import os\nfrom fastapi import FastAPI\napp = FastAPI()\napp.get('/')(os.getcwd)\n"
    app = await platform.serve({"app.py": source, "data/x.txt": "1"}, inline=True)
    folder = Path((await http.get(app.base)).json())
    assert (folder / "data/x.txt").read_text() == "1"
    app.signal(signal.SIGTERM)
    assert await app.exit_code() == 0
    assert not folder.exists()  # noqa: ASYNC240 - a look at a local folder


async def test_the_app_finds_its_environment_and_none_of_ours(platform: Platform, http: httpx.AsyncClient) -> None:
    app = await platform.serve(
        "import os\nfrom fastapi import FastAPI\napp = FastAPI()\nseen = dict(os.environ)\napp.get('/')(lambda: seen)\n",
        env={"PLATFORM_MONGO_URI": "mongodb://x", "TZ": "Asia/Tokyo"},
    )
    seen = (await http.get(app.base)).json()
    assert seen["PLATFORM_MONGO_URI"] == "mongodb://x"
    assert not [name for name in seen if name.startswith("FP_")]
    assert set(seen) <= {"PLATFORM_MONGO_URI", "TZ", "PATH", "LANG", "HOME", "TMPDIR"}


async def test_the_forwarded_scheme_and_client_are_the_visitors(platform: Platform, http: httpx.AsyncClient) -> None:
    app = await platform.serve(
        "from fastapi import FastAPI, Request\napp = FastAPI()\n"
        "@app.get('/')\ndef root(request: Request):\n    return [str(request.url), request.client.host]\n"
    )
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7", "Host": "todo.example.org"}
    answer = await http.get(app.base, headers=headers)
    assert answer.json() == ["https://todo.example.org/", "203.0.113.7"]
    assert "server" not in answer.headers


async def test_static_files_are_served_without_a_route(platform: Platform, http: httpx.AsyncClient) -> None:
    files = {
        "app.py": "from fastapi import FastAPI\napp = FastAPI()\napp.get('/{path:path}')(lambda path: 'caught')\n",
        "static/site.css": "p { color: red }",
        "secret.txt": "secret",
    }
    app = await platform.serve(files)
    answer = await http.get(app.base + "/static/site.css")
    assert (answer.text, answer.headers["content-type"]) == ("p { color: red }", "text/css; charset=utf-8")
    again = await http.get(app.base + "/static/site.css", headers={"If-None-Match": answer.headers["etag"]})
    head = await http.head(app.base + "/static/site.css")
    assert (again.status_code, head.headers["content-length"], head.text) == (304, "16", "")
    assert (await http.get(app.base + "/static/none.css")).text == '"caught"'
    for trick in (
        "/static/../secret.txt",
        "/static/%2e%2e/secret.txt",
        "/static//etc/passwd",
        "/static/..%2fsecret.txt",
    ):
        assert (await asyncio.to_thread(fetch, app, trick)).text == '"caught"'


async def test_an_app_that_mounts_static_itself_keeps_it(platform: Platform, http: httpx.AsyncClient) -> None:
    files = {
        "app.py": "from fastapi import FastAPI\nfrom fastapi.staticfiles import StaticFiles\napp = FastAPI()\n"
        "app.mount('/static', StaticFiles(directory='public'))\n",
        "public/a.txt": "theirs",
        "static/a.txt": "ours",
    }
    app = await platform.serve(files)
    assert (await http.get(app.base + "/static/a.txt")).text == "theirs"


async def test_lifespan_state_reaches_requests_and_shutdown_runs(platform: Platform, http: httpx.AsyncClient) -> None:
    app = await platform.serve("""
from contextlib import asynccontextmanager
from fastapi import FastAPI, Request
@asynccontextmanager
async def lifespan(app):
    yield {"word": "state"}
    print("closing down")
app = FastAPI(lifespan=lifespan)
@app.get("/")
def root(request: Request):
    return request.state.word
""")
    assert (await http.get(app.base)).json() == "state"
    app.signal(signal.SIGTERM)
    assert await app.exit_code() == 0
    assert app.logs() == ["closing down"]


async def test_a_websocket_echoes(platform: Platform) -> None:
    app = await platform.serve("""
from fastapi import FastAPI, WebSocket
app = FastAPI()
@app.websocket("/ws")
async def ws(socket: WebSocket):
    await socket.accept()
    async for text in socket.iter_text():
        await socket.send_text(text.upper())
""")
    async with websockets.connect(app.base.replace("http", "ws") + "/ws", proxy=None) as socket:
        await socket.send("hello")
        assert await socket.recv() == "HELLO"
