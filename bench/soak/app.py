"""The app that is soaked: it gives back what it got, in each of the ways that an app can answer."""

from typing import Final

SOAKED: Final = {
    "app.py": """\
import asyncio
import hashlib


async def app(scope, receive, send):
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": "echo " + message["text"]})
        return
    if scope["type"] != "http":
        return
    digest, more = hashlib.sha256(scope["query_string"]), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        digest.update(message.get("body", b""))
        more = message.get("more_body", False)
    told = digest.hexdigest().encode()
    parts = 8 if scope["path"] == "/stream" else 1
    headers = [(b"content-type", b"text/plain")]
    if parts == 1:
        headers.append((b"content-length", b"%d" % len(told)))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    size = len(told) // parts
    for number in range(parts):
        part = told[number * size : (number + 1) * size]
        await send({"type": "http.response.body", "body": part, "more_body": number + 1 < parts})
        if parts > 1:
            await asyncio.sleep(0.005)
"""
}
