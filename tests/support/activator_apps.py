"""Small apps for the tests of the wake path, bare ASGI so that what is measured is the path."""

from pathlib import Path
from typing import Final

ECHO: Final = {
    "app.py": """
import asyncio
import hashlib
import json
import os


async def app(scope, receive, send):
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": "you said " + message["text"]})
        return
    if scope["type"] != "http":
        return
    if scope["path"] == "/events":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        for number in range(3):
            await send({"type": "http.response.body", "body": b"data: %d\\n\\n" % number, "more_body": True})
            await asyncio.sleep(0.3)
        await send({"type": "http.response.body", "body": b""})
        return
    if scope["path"] in ("/endless", "/cut"):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        for number in range(100 if scope["path"] == "/cut" else 1000):
            await send({"type": "http.response.body", "body": b"x" * 10000, "more_body": True})
            await asyncio.sleep(0.001)
        os._exit(3)
    digest, size = hashlib.sha256(), 0
    while True:
        message = await receive()
        digest.update(message.get("body", b""))
        size += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    if scope["path"] == "/slow":
        await asyncio.sleep(1.0)
    told = {
        "path": scope["raw_path"].decode(),
        "method": scope["method"],
        "headers": [[name.decode(), value.decode()] for name, value in scope["headers"]],
        "size": size,
        "sha256": digest.hexdigest(),
    }
    body = json.dumps(told).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})
"""
}

SLOW_START: Final = {"app.py": "import time\ntime.sleep(2.5)\n" + ECHO["app.py"]}


def breakable(flag: Path) -> dict[str, str]:
    """An app that does not start while the file `flag` is there; its line 4 says so."""
    head = f"import pathlib\n\nif pathlib.Path({str(flag)!r}).exists():\n    raise RuntimeError('the <moon> is down')\n"
    return {"app.py": head + ECHO["app.py"]}
