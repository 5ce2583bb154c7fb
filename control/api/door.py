"""The front door from inside: sends one request to an app through Traefik, exactly as a visitor's would come.

It works on httpx's transport rather than its client, because a client would keep the cookies that one app sets and show them
to the next, follow redirects, and add headers of its own. Bodies are cut at 1 MB, and an answer that never ends is told as
far as it came.
"""

import asyncio
import base64
import codecs
import re
import time
from collections.abc import AsyncIterable
from typing import cast
from urllib.parse import quote

import httpx

from control.api.problems import ApiError
from fp.api.see import TestRequest, TestResponse
from fp.names import HEADER_PREFIX

MAX_BODY_BYTES = 1024 * 1024
LIMIT_SECONDS = 30.0
_MAX_HEADERS = 50
_MAX_PATH_CHARS = 8192
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]{0,8192}")
_BAD_PATH = re.compile(r"[\x00-\x1f\x7f]")
_WAKE = re.compile(r"(?:^|,)\s*wake\s*;[^,]*\bdur=([0-9]+(?:\.[0-9]+)?)")
_SAFE_IN_PATH = "/?:@!$&'()*+,;=-._~%[]|"
_NOT_YOURS = frozenset(
    {
        "connection", "content-length", "expect", "host", "keep-alive", "proxy-authorization", "proxy-connection", "te",
        "trailer", "transfer-encoding", "upgrade",
    }
)  # fmt: skip
_NO_METHODS = frozenset({"CONNECT", "TRACE"})


class Door:
    """Traefik on this machine at `port`."""

    def __init__(self, port: int) -> None:
        self.port = port
        limits = httpx.Limits(max_connections=50, max_keepalive_connections=5)
        # It only ever speaks plain HTTP to this machine: no need to load the world's certificates.
        self._transport = httpx.AsyncHTTPTransport(verify=False, limits=limits)

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def send(self, host: str, wanted: TestRequest) -> TestResponse:
        """Sends `wanted` to the app with that host name.

        Raises ApiError: `invalid` when it cannot be sent, `unavailable` when the door is shut, `app_failed` when nothing
        came back in time.
        """
        request = self._request(host, wanted)
        began = time.perf_counter()
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                answer = await self._transport.handle_async_request(request)
        except TimeoutError:
            raise ApiError("app_failed", f"The app did not answer within {LIMIT_SECONDS:g} s.") from None
        except httpx.TransportError as error:
            raise _shut(error) from error
        try:
            body, truncated = await _read(answer, LIMIT_SECONDS - (time.perf_counter() - began))
        finally:
            await answer.aclose()
        return _told(answer, body, truncated, (time.perf_counter() - began) * 1000)

    async def answers(self, host: str, path: str, seconds: float) -> int:
        """The status of a GET of the platform's own page or API through the door. Raises ApiError `unavailable`."""
        request = self._request(host, TestRequest(path=path))
        try:
            async with asyncio.timeout(seconds):
                answer = await self._transport.handle_async_request(request)
                await answer.aclose()
        except (TimeoutError, httpx.TransportError) as error:
            raise _shut(error) from error
        return answer.status_code

    def _request(self, host: str, wanted: TestRequest) -> httpx.Request:
        method = wanted.method.upper()
        if not _TOKEN.fullmatch(method) or method in _NO_METHODS:
            raise ApiError("invalid", "method: not a method that can be sent.")
        url = httpx.URL(scheme="http", host="127.0.0.1", port=self.port, raw_path=_raw_path(wanted.path))
        headers = {"User-Agent": "fp-test-panel", "Accept": "*/*", "Accept-Encoding": "identity"}
        raw = [("Host", host if self.port == 80 else f"{host}:{self.port}")]
        given = {name.lower() for name in wanted.headers}
        raw += [(name, value) for name, value in headers.items() if name.lower() not in given]
        raw += _checked(wanted.headers)
        body = None if wanted.body is None else wanted.body.encode()
        timeouts = dict.fromkeys(("connect", "pool"), 2.0) | dict.fromkeys(("read", "write"), LIMIT_SECONDS)
        encoded = [(name.encode(), value.encode("latin-1")) for name, value in raw]
        return httpx.Request(method, url, headers=encoded, content=body, extensions={"timeout": timeouts})


def _raw_path(path: str) -> bytes:
    """The request target as bytes. Raises ApiError `invalid`."""
    if not path.startswith("/") or len(path) > _MAX_PATH_CHARS or _BAD_PATH.search(path):
        raise ApiError("invalid", "path: starts with / and has no control characters.")
    return quote(path.partition("#")[0], safe=_SAFE_IN_PATH).encode()


def _checked(headers: dict[str, str]) -> list[tuple[str, str]]:
    """The caller's headers. Raises ApiError `invalid` that names the first one that may not be sent."""
    if len(headers) > _MAX_HEADERS:
        raise ApiError("invalid", f"headers: at most {_MAX_HEADERS}.")
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value):
            raise ApiError("invalid", f"headers.{name[:64]}: not a header that can be sent.")
        if name.lower() in _NOT_YOURS or name.lower().startswith(HEADER_PREFIX.lower()):
            raise ApiError("invalid", f"headers.{name}: the platform sets this header itself.")
    return list(headers.items())


async def _read(answer: httpx.Response, seconds: float) -> tuple[bytes, bool]:
    """The body, and whether it was cut: it was too long, took too long, or the app hung up."""
    body = bytearray()
    try:
        async with asyncio.timeout(max(0.0, seconds)):
            async for chunk in cast("AsyncIterable[bytes]", answer.stream):
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    return bytes(body[:MAX_BODY_BYTES]), True
    except (TimeoutError, httpx.TransportError):
        return bytes(body), True
    return bytes(body), False


def _told(answer: httpx.Response, body: bytes, truncated: bool, ms: float) -> TestResponse:
    text = _as_text(body, truncated)
    found = _WAKE.search(answer.headers.get("server-timing", ""))
    return TestResponse(
        status=answer.status_code,
        headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers.raw],
        body=base64.b64encode(body).decode() if text is None else text,
        encoding="base64" if text is None else "utf-8",
        truncated=truncated,
        ms=round(ms, 2),
        cold_start_ms=float(found[1]) if found else None,
    )


def _as_text(body: bytes, truncated: bool) -> str | None:
    """The body as text, null when it is none; a cut may go through a character, whose half is left out."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(body, final=not truncated)
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text


def _shut(error: Exception) -> ApiError:
    return ApiError(
        "unavailable", "The front door did not let the request through.", hint=f"{type(error).__name__}: try again."
    )
