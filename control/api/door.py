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
from typing import Any, Literal, cast

import httpx
import msgspec

from control.api.problems import ApiError
from control.domain.trying import checked_body
from fp.api.see import TestPhase, TestRequest, TestResponse
from fp.curl import as_curl, request_target
from fp.names import HEADER_REQUEST_ID

MAX_BODY_BYTES = 1024 * 1024
LIMIT_SECONDS = 60.0
_WAKE = re.compile(r"(?:^|,)\s*wake\s*;[^,]*\bdur=([0-9]+(?:\.[0-9]+)?)")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_RECORD_ID = re.compile(r"[a-z0-9-]{3,100}")
_Headers = list[tuple[str, str]]


class Timing:
    """When the parts of one exchange ended, told by the transport as it goes: httpcore's `trace` extension."""

    def __init__(self) -> None:
        self.began = time.perf_counter()
        self._at: dict[str, float] = {}

    async def __call__(self, name: str, _: dict[str, Any]) -> None:
        self._at.setdefault(name.partition(".")[2], time.perf_counter())

    def ms(self) -> float:
        """Milliseconds until now."""
        return round((time.perf_counter() - self.began) * 1000, 2)

    def phases(self, cold_start_ms: float | None) -> list[TestPhase]:
        """Called after the last byte. The wake is what the runner was told of it, and never more than the wait was."""
        sending, sent = self._at.get("send_request_headers.started"), self._at.get("send_request_body.complete")
        head = self._at.get("receive_response_headers.complete")
        if sending is None or sent is None or head is None:
            return []
        connected = self._at.get("connect_tcp.complete")
        waited = (head - sent) * 1000
        woke = min(cold_start_ms or 0.0, waited)
        told: list[tuple[Literal["connect", "send", "wake", "app", "download"], float | None]] = [
            ("connect", None if connected is None else (connected - self._at["connect_tcp.started"]) * 1000),
            ("send", (sent - sending) * 1000),
            ("wake", None if cold_start_ms is None else woke),
            ("app", waited - woke),
            ("download", (time.perf_counter() - head) * 1000),
        ]
        return [TestPhase(name, round(max(0.0, ms), 2)) for name, ms in told if ms is not None]


class Door:
    """Traefik, to which visitors come at `port`. `address`: where it is for us, if that is elsewhere."""

    def __init__(self, port: int, address: tuple[str, int] | None = None) -> None:
        self.port = port
        self._host, self._own_port = address or ("127.0.0.1", port)
        limits = httpx.Limits(max_connections=50, max_keepalive_connections=5)
        # It only ever speaks plain HTTP to this machine: no need to load the world's certificates.
        self._transport = httpx.AsyncHTTPTransport(verify=False, limits=limits)

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def send(self, host: str, wanted: TestRequest) -> TestResponse:
        """Sends `wanted` to the app with that host name.

        Raises Invalid when it cannot be sent, and ApiError: `unavailable` when the door is shut, `app_failed` when nothing
        came back within 60 s.
        """
        timing = Timing()
        request = self._request(host, wanted, timing)
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                answer = await self._transport.handle_async_request(request)
        except TimeoutError:
            raise _too_slow() from None
        except httpx.TransportError as error:
            raise _shut(error) from error
        try:
            body, truncated = await _read(answer, LIMIT_SECONDS - timing.ms() / 1000)
            told = _told(answer, body, truncated, timing)
        finally:
            await answer.aclose()
        return msgspec.structs.replace(told, curl=as_curl(self._url_of(host), wanted))

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

    def _url_of(self, host: str) -> str:
        return f"http://{self._host_header(host)}"

    def _host_header(self, host: str) -> str:
        return host if self.port == 80 else f"{host}:{self.port}"

    def _request(self, host: str, wanted: TestRequest, timing: Timing | None = None) -> httpx.Request:
        body = checked_body(wanted)
        target = request_target(wanted.path).encode()
        url = httpx.URL(scheme="http", host=self._host, port=self._own_port, raw_path=target)
        headers = {
            "User-Agent": "fp-test-panel",
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            HEADER_REQUEST_ID: "?1",
        }
        raw = [("Host", self._host_header(host))]
        given = {name.lower() for name in wanted.headers}
        raw += [(name, value) for name, value in headers.items() if name.lower() not in given]
        raw += wanted.headers.items()
        timeouts = dict.fromkeys(("connect", "pool"), 2.0) | dict.fromkeys(("read", "write"), LIMIT_SECONDS)
        encoded = [(name.encode(), value.encode("latin-1")) for name, value in raw]
        extensions = {"timeout": timeouts} | ({"trace": timing} if timing else {})
        return httpx.Request(wanted.method.upper(), url, headers=encoded, content=body, extensions=extensions)


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


def _told(answer: httpx.Response, body: bytes, truncated: bool, timing: Timing) -> TestResponse:
    text = _as_text(body, truncated)
    found = _WAKE.search(answer.headers.get("server-timing", ""))
    cold_start_ms = float(found[1]) if found else None
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers.raw]
    headers, request_id = _without_id(headers)
    location = answer.headers.get("location")
    return TestResponse(
        status=answer.status_code,
        headers=headers,
        body=base64.b64encode(body).decode() if text is None else text,
        encoding="base64" if text is None else "utf-8",
        truncated=truncated,
        ms=timing.ms(),
        cold_start_ms=cold_start_ms,
        phases=timing.phases(cold_start_ms),
        request_id=request_id,
        redirect=location if answer.status_code in _REDIRECTS else None,
    )


def _without_id(headers: _Headers) -> tuple[_Headers, str | None]:
    """The headers as any visitor would get them, and the record's id: the last one, because the runner's comes last."""
    ours = [place for place, (name, _) in enumerate(headers) if name.lower() == HEADER_REQUEST_ID.lower()]
    if not ours or not _RECORD_ID.fullmatch(headers[ours[-1]][1]):
        return headers, None
    return headers[: ours[-1]] + headers[ours[-1] + 1 :], headers[ours[-1]][1]


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


def _too_slow() -> ApiError:
    return ApiError(
        "app_failed",
        f"The app did not answer within {LIMIT_SECONDS:g} s.",
        hint="Look at its log: the request may still be running. Work that takes long belongs behind an answer at once.",
    )
