"""The types of the ASGI interface, as loose as the protocol is, and one helper to answer with."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


async def answer(send: Send, status: int, headers: Headers, body: bytes = b"", *, head: bool = False) -> None:
    """A whole answer; `head` leaves the body out but not its length."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": b"" if head else body})


async def refuse_socket(receive: Receive, send: Send) -> None:
    """Turn a WebSocket handshake away."""
    await receive()
    await send({"type": "websocket.close", "code": 1000})
