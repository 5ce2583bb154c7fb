"""One HTTP exchange with a platform: address, token, retries, and answers turned into structs or errors.

A request that never reached the server is always tried again; one that may have reached it only where doing it twice
is the same as doing it once, which the caller says.
"""

import ipaddress
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import IO, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from fp import __version__, websocket
from fp.api.problems import Problem
from fp.errors import BadAnswer, Unreachable, from_problem

T = TypeVar("T")

PAUSES = (0.1, 0.4)
"""Seconds before the second and the third try."""
_TIMEOUT = httpx.Timeout(60.0, connect=5.0)
"""Waking, sleeping and deploying may hold an answer for half a minute."""
_DOWNLOAD_SILENCE_SECONDS = 120.0
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Transport:
    """A connection to one platform. `host` is its address, `token` what it gave at log in."""

    def __init__(self, host: str, token: str | None = None) -> None:
        self.host = host.rstrip("/")
        headers = {"User-Agent": f"fp-cli/{__version__}", "Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        # A proxy from the environment is for the internet, not for a platform on this machine.
        # Loading the world's certificates takes longer than most commands; redirects are not followed, so plain HTTP
        # never needs them.
        self._http = httpx.Client(
            base_url=f"{self.host}/api/",
            headers=headers,
            timeout=_TIMEOUT,
            trust_env=not is_local(self.host),
            verify=not self.host.startswith("http://"),
        )

    def close(self) -> None:
        self._http.close()

    def call(
        self,
        method: str,
        path: str,
        answer: type[T],
        *,
        body: object = None,
        params: Mapping[str, str | int | None] | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
    ) -> T:
        """Send one request and decode its answer. `path` is relative to `/api/`; empty `params` are left out.

        Raises ApiError where the platform refuses, Unreachable where nobody answers, BadAnswer for anything else.
        """
        request = self._http.build_request(
            method,
            path,
            content=None if body is None else msgspec.json.encode(body),
            params={key: value for key, value in (params or {}).items() if value is not None},
            headers={**(headers or {}), **({} if body is None else {"Content-Type": "application/json"})},
        )
        response = self._send(request, repeatable=repeatable or method == "GET")
        self._check(response)
        return self._decode(response.content, answer)

    @contextmanager
    def stream(self, path: str, *, headers: Mapping[str, str], read_seconds: float) -> Iterator[Iterator[str]]:
        """Open an event stream and give its lines. Raises httpx.TransportError when it breaks; the caller resumes."""
        timeout = httpx.Timeout(read_seconds, connect=5.0)
        accept = {"Accept": "text/event-stream", **headers}
        with self._http.stream("GET", path, headers=accept, timeout=timeout) as response:
            if not response.is_success:
                response.read()
            self._check(response)
            yield response.iter_lines()

    def messages(
        self, path: str, *, params: Mapping[str, str | int | None], silence_seconds: float
    ) -> AbstractContextManager[Iterator[bytes]]:
        """Open a WebSocket and give its messages. Raises SocketBroken."""
        query = {key: value for key, value in params.items() if value is not None}
        headers = {key: value for key, value in self._http.headers.items() if key in {"authorization", "user-agent"}}
        url = self._http.build_request("GET", path, params=query).url
        return websocket.messages(str(url), headers, silence_seconds)

    def download(self, path: str, file: IO[bytes]) -> int:
        """Writes what a GET answers to `file`, piece by piece; answers how many bytes that were.

        Raises ApiError where the platform refuses, Unreachable where nobody answers or the connection is lost half-way.
        """
        size, timeout = 0, httpx.Timeout(_DOWNLOAD_SILENCE_SECONDS, connect=5.0)
        try:
            with self._http.stream("GET", path, headers={"Accept": "*/*"}, timeout=timeout) as response:
                if not response.is_success:
                    response.read()
                self._check(response)
                for piece in response.iter_bytes():
                    size += file.write(piece)
        except httpx.TransportError as error:
            raise self.unreachable(error) from error
        return size

    def _send(self, request: httpx.Request, *, repeatable: bool) -> httpx.Response:
        for pause in (*PAUSES, None):
            try:
                return self._http.send(request)
            except httpx.TransportError as error:
                again = isinstance(error, _NOT_SENT) or (repeatable and not isinstance(error, httpx.TimeoutException))
                if pause is None or not again:
                    raise self.unreachable(error) from error
                time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def unreachable(self, error: httpx.TransportError) -> Unreachable:
        """The error to raise when a request failed below HTTP."""
        if isinstance(error, httpx.UnsupportedProtocol):
            return Unreachable(f"{self.host} is not an address", "Write it like https://fp.example.org.")
        if isinstance(error, _NOT_SENT):
            hint = "Start it with `fp up`, or name another with `fp login URL` or FP_HOST."
            return Unreachable(f"Nothing answers at {self.host}", hint)
        if isinstance(error, httpx.TimeoutException):
            return Unreachable(f"{self.host} took too long to answer", "Try again; `fp status` shows what happened.")
        return Unreachable(f"The connection to {self.host} was lost", "Try again; `fp status` shows what happened.")

    def _check(self, response: httpx.Response) -> None:
        if response.is_success:
            return
        if response.is_redirect:
            target = response.headers.get("location", "")
            raise BadAnswer(f"{self.host} redirects to {target}", "Log in with that address: `fp login URL`.")
        try:
            problem = msgspec.json.decode(response.content, type=Problem)
        except msgspec.MsgspecError as error:
            raise self._not_fp(f"status {response.status_code}") from error
        raise from_problem(problem)

    def _decode(self, content: bytes, answer: type[T]) -> T:
        if answer is type(None):
            return None
        try:
            return msgspec.json.decode(content, type=answer)
        except msgspec.MsgspecError as error:
            raise self._not_fp(str(error)) from error

    def _not_fp(self, detail: str) -> BadAnswer:
        message = f"{self.host} does not answer as an fp platform of this version does ({detail})"
        return BadAnswer(message, "Check the address (FP_HOST), and that `fp --version` fits the platform's.")


def is_local(host: str) -> bool:
    """Whether an address is this machine."""
    name = urlsplit(host).hostname or ""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
