"""A front door for the test panel: a real Traefik before a small app that answers in every way an app might."""

import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from tests.support.api_stack import APPS_PYTHON
from tests.support.ports import free_port

TRAEFIK = Path(sys.executable).parent / "traefik"
START_SECONDS = 20.0

APP = """
import asyncio

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    path = scope["path"]
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"set-cookie", b"who=me; Path=/")]
    if path == "/woken":
        headers.append((b"server-timing", b"db;dur=3, wake;dur=41.5"))
    elif path == "/named":
        headers += [(b"fp-request-id", b"the app's own"), (b"fp-request-id", b"inst-1a")]
    elif path == "/moved":
        headers.append((b"location", b"/elsewhere?x=1"))
    elif path == "/silent":
        await asyncio.sleep(3600)
    elif path == "/slow":
        await asyncio.sleep(0.15)
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    await send({"type": "http.response.start", "status": 307 if path == "/moved" else 200, "headers": headers})
    if path.startswith("/echo") or path == "/x":
        shown = [f"{name.decode()}: {value.decode('latin-1')}" for name, value in scope["headers"]]
        raw = scope["raw_path"].decode() + "?" + scope["query_string"].decode()
        body = "\\n".join([scope["method"], raw, *shown, "--body--\\n"]).encode() + body
    elif path == "/long":
        body = "ü".encode() * 700_000
    elif path == "/binary":
        body = bytes(range(256))
    elif path == "/slow":
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        await asyncio.sleep(0.1)
    elif path == "/drip":
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        await asyncio.sleep(3600)
    await send({"type": "http.response.body", "body": body})
"""

STATIC = """
global: {{checkNewVersion: false, sendAnonymousUsage: false}}
log: {{level: ERROR}}
entryPoints: {{web: {{address: "127.0.0.1:{port}"}}}}
providers: {{file: {{filename: "{folder}/dynamic.yaml", watch: false}}}}
"""
DYNAMIC = """
http:
  routers: {{app: {{rule: "Host(`{host}`)", service: app, entryPoints: [web]}}}}
  services: {{app: {{loadBalancer: {{servers: [{{url: "http://127.0.0.1:{app_port}"}}]}}}}}}
"""


class FrontDoor:
    """Traefik at `port`; requests for `host` reach the app, all others nothing."""

    def __init__(self, folder: Path, host: str) -> None:
        self.folder, self.host = folder, host
        self.port, self._app_port = free_port(), free_port()
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        places = {"port": self.port, "folder": self.folder, "host": self.host, "app_port": self._app_port}
        (self.folder / "answers.py").write_text(APP)
        (self.folder / "static.yaml").write_text(STATIC.format(**places))
        (self.folder / "dynamic.yaml").write_text(DYNAMIC.format(**places))
        uvicorn = [
            str(APPS_PYTHON),
            "-m",
            "uvicorn",
            "answers:app",
            "--port",
            str(self._app_port),
            "--log-level",
            "error",
        ]
        for argv in (uvicorn, [str(TRAEFIK), f"--configFile={self.folder}/static.yaml"]):
            self._processes.append(subprocess.Popen(argv, cwd=self.folder))
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert time.monotonic() < deadline, "the front door does not open"
            time.sleep(0.02)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.kill()
            process.wait()

    def _answers(self) -> bool:
        try:
            return (
                httpx.get(f"http://127.0.0.1:{self.port}/", headers={"Host": self.host}, trust_env=False).status_code
                == 200
            )
        except httpx.TransportError:
            return False
