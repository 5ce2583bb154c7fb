"""What a zygote imports before it forks, and runs once, so that no wake has to.

Everything imported here is shared by all forks until they write to it, so its memory is paid once a node, while every
wake that needs it is spared the import: httpx is 5 MB once against 70 ms each time. What is not installed is skipped.
Some modules import more on first use; a tiny FastAPI application is built and called once for that. It runs on an event
loop of the standard library that is closed again, and starts no thread: a fork keeps only the thread that forks.
"""

import asyncio
import contextlib
import gc
import importlib
import json
import random
import ssl
import threading
from collections.abc import MutableMapping
from typing import Any

MODULES = (
    "uvloop", "httptools", "uvicorn.protocols.http.httptools_impl", "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto", "uvicorn.lifespan.off", "uvicorn.loops.uvloop",
    "resource", "logging.config", "sqlite3", "email.message", "email.utils", "uuid", "secrets", "decimal", "zoneinfo", "csv",
    "mimetypes", "multiprocessing", "concurrent.futures.thread", "urllib.request", "html", "statistics", "hmac",
    "starlette.applications", "starlette.middleware.cors", "starlette.middleware.sessions", "starlette.staticfiles",
    "starlette.templating", "starlette.testclient", "starlette.websockets",
    "fastapi", "fastapi.responses", "fastapi.security", "fastapi.staticfiles", "fastapi.templating",
    "fastapi.middleware.cors", "pydantic", "pydantic.deprecated.decorator", "anyio._backends._asyncio",
    "jinja2", "jinja2.ext", "jinja2.debug", "python_multipart", "itsdangerous", "httpx", "pymongo", "gridfs",
    "fasthtml.common", "litestar", "litestar.logging.config", "litestar.plugins", "yaml", "markdown_it",
)  # fmt: skip

Randoms = list[random.Random]


def preload() -> Randoms:
    """Import and warm. Returns the random generators that modules made for themselves: a fork must seed them anew."""
    gc.disable()
    for name in MODULES:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    with contextlib.suppress(ImportError):
        _warm_fastapi()
    # The first use sets OpenSSL's generator up, 3 ms; forks only stir it.
    ssl.RAND_bytes(1)
    gc.collect()
    own = [each for each in gc.get_objects() if isinstance(each, random.Random) and _is_seeded(each)]
    gc.freeze()
    return own


def other_threads() -> int:
    """Threads besides this one; a zygote must have none."""
    return threading.active_count() - 1


def _is_seeded(generator: random.Random) -> bool:
    return not isinstance(generator, random.SystemRandom)


def _warm_fastapi() -> None:
    app = _tiny_app()
    body = json.dumps({"name": "x", "tags": ["y"]}).encode()
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        for method, path in (("POST", "/items/1"), ("POST", "/any"), ("GET", "/openapi.json"), ("GET", "/nowhere")):
            runner.run(_call(app, method, path, body))


def _tiny_app() -> Any:
    fastapi, pydantic = importlib.import_module("fastapi"), importlib.import_module("pydantic")
    model = pydantic.create_model("Item", name=(str, ...), count=(int, 0), tags=(list[str], []))

    async def number(n: int = 1) -> int:
        return n

    async def item(key: int, item: Any, request: Any, n: int = fastapi.Depends(number)) -> Any:
        return item

    async def anything(value: dict[str, Any]) -> str:
        return str(value)

    item.__annotations__ |= {"item": model, "request": fastapi.Request, "return": model}
    app = fastapi.FastAPI()
    app.post("/items/{key}")(item)
    app.post("/any", response_class=fastapi.responses.HTMLResponse)(anything)
    return app


async def _call(app: Any, method: str, path: str, body: bytes) -> None:
    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(_message: MutableMapping[str, Any]) -> None:
        return None

    scope: MutableMapping[str, Any] = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(b"content-type", b"application/json"), (b"host", b"x")], "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2), "state": {},
    }  # fmt: skip
    await app(scope, receive, send)
