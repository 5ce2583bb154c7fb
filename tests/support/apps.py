"""Small apps that tests deploy, as files. Each says in its name what it is for."""

from typing import Final

HELLO: Final = {
    "app.py": """\
import asyncio
import os

from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def read_root():
    print("hello from the root")
    return {"hello": "world", "pid": os.getpid()}


@app.post("/echo")
async def echo(request: Request):
    body = await request.body()
    return {"length": len(body), "headers": dict(request.headers)}


@app.get("/slow")
async def slow(seconds: float = 1.0):
    await asyncio.sleep(seconds)
    return {"slept": seconds, "pid": os.getpid()}


@app.get("/boom")
def boom():
    return {}["stars"]


@app.get("/exit")
def leave(code: int = 3):
    print("about to leave")
    os._exit(code)
"""
}

VERSION_TWO: Final = {"app.py": HELLO["app.py"].replace('"hello": "world"', '"hello": "again"')}

TALK: Final = {
    "app.py": """\
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        await socket.send_text("you said " + await socket.receive_text())
"""
}

STREAM: Final = {
    "app.py": """\
import asyncio

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


@app.get("/")
def events():
    async def parts():
        yield "data: first\\n\\n"
        await asyncio.sleep(2)
        yield "data: second\\n\\n"

    return StreamingResponse(parts(), media_type="text/event-stream")
"""
}

FRAMEWORKS: Final = {
    "starlette": """\
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def home(request):
    return PlainTextResponse("made by starlette")

service = Starlette(routes=[Route("/", home)])
""",
    "litestar": """\
from litestar import Litestar, get


@get("/")
async def home() -> str:
    return "made by litestar"

app = Litestar([home])
""",
    "fasthtml": """\
from fasthtml.common import P, fast_app

app, rt = fast_app()


@rt("/")
def get():
    return P("made by fasthtml")
""",
    "asgi": """\
async def app(scope, receive, send):
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"made by asgi"})
""",
    "factory": """\
from fastapi import FastAPI


def create_app():
    app = FastAPI()

    @app.get("/")
    def home():
        return "made by factory"

    return app
""",
}

FAILING: Final[dict[str, tuple[str, str, int | None]]] = {
    # name: source, the finding's code, the line it points at (None: no line is to blame)
    "syntax": ("from fastapi import FastAPI\n\napp = FastAPI(\n", "syntax_error", 3),
    "no_app": ("greeting = 'hello'\n", "no_app", None),
    "import_raises": ("from fastapi import FastAPI\n\napp = FastAPI()\nlimit = int('many')\n", "import_failed", 4),
    "import_hangs": (
        "import time\n\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\nwhile True:\n    time.sleep(0.1)\n",
        "start_timeout",
        8,
    ),
    "exits": (
        "import os\n\nfrom fastapi import FastAPI\n\napp = FastAPI()\nleave = os._exit\nleave(7)\n",
        "exited",
        None,
    ),
    "lifespan_raises": (
        "from contextlib import asynccontextmanager\n\nfrom fastapi import FastAPI\n\n\n@asynccontextmanager\n"
        "async def lifespan(app):\n    raise RuntimeError('no licence')\n    yield\n\n\napp = FastAPI(lifespan=lifespan)\n",
        "startup_failed",
        8,
    ),
    "never_starts": (
        "import asyncio\nfrom contextlib import asynccontextmanager\n\nfrom fastapi import FastAPI\n\n\n@asynccontextmanager\n"
        "async def lifespan(app):\n    await asyncio.sleep(3600)\n    yield\n\n\napp = FastAPI(lifespan=lifespan)\n",
        "start_timeout",
        9,
    ),
}
