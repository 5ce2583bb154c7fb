"""Asking the platform's front door whether it is ready: one small HTTP request, without a library to keep in memory."""

import asyncio
import contextlib
import json
from dataclasses import dataclass
from typing import Any, Final

_SECONDS: Final = 3.0


@dataclass(frozen=True)
class Answer:
    """`ok`: a deploy would work. `why`: what is not there yet, in words."""

    ok: bool
    why: str


async def ready(port: int, host: str) -> Answer:
    """GET /api/ready through the door."""
    try:
        status, body = await get(port, host, "/api/ready")
    except (OSError, EOFError, TimeoutError, ValueError):
        return Answer(False, "the front door does not answer yet")
    if status == 200:
        return Answer(True, "")
    checks = body.get("checks", {}) if isinstance(body, dict) else {}
    missing = [f"{part}: {said}" for part, said in checks.items() if said != "ok"]
    return Answer(False, ", ".join(missing) or f"the front door answers {status}")


async def get(port: int, host: str, path: str) -> tuple[int, Any]:
    """Status and decoded JSON (None where it is none) of a GET. Raises OSError, EOFError, TimeoutError, ValueError."""
    async with asyncio.timeout(_SECONDS):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(f"GET {path} HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            answer = await reader.read(1 << 20)
            while chunk := await reader.read(1 << 20):
                answer += chunk
        finally:
            writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head:
        raise EOFError
    status = int(head.split(b" ", 2)[1])
    value = None
    with contextlib.suppress(ValueError):
        value = json.loads(body)
    return status, value
