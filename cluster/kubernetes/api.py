"""Calls to the API server, and what their failures mean. The only file that sees HTTP.

Every error is Unavailable, which is what a caller of the protocol is told where nobody here knows better.

Paths are relative to the API server, for example `/apis/apps/v1/namespaces/x/deployments`. Why this is not the official
client is in docs/decisions.
"""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, Literal, TypeVar

import httpx
import msgspec

from cluster.base import ClusterError, Unavailable
from cluster.kubernetes.access import Access
from cluster.kubernetes.kinds import Event, List, Named, Status

CALL_SECONDS = 10.0
CONNECT_SECONDS = 2.0
WATCH_SECONDS = 240
SILENCE_SECONDS = 100.0
"""The API server sends a bookmark every minute, so longer silence means that the connection is dead."""
PAGE = 500
PATIENCE_SECONDS = 5.0
FIELD_MANAGER = "fp"
_TYPES = {
    "merge": "application/merge-patch+json",
    "json": "application/json-patch+json",
    "apply": "application/apply-patch+yaml",
}

T = TypeVar("T")


class NotThere(Unavailable):
    """There is no such object."""


class Conflict(Unavailable):
    """The object exists already, or changed since it was read."""


class Invalid(Unavailable):
    """The API server does not take it: a rule, a quota, or a test of a JSON patch that did not hold."""


class Forbidden(Unavailable):
    """Our service account may not, or an admission rule or a quota says no."""


class Expired(Unavailable):
    """The resource version is too old to watch from: list again."""


class Api:
    """One client of the API server; close it with `aclose`."""

    def __init__(self, access: Access) -> None:
        self._access = access
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=20, keepalive_expiry=60.0)
        self._http = httpx.AsyncClient(
            base_url=access.url,
            verify=access.tls,
            limits=limits,
            trust_env=False,
            timeout=httpx.Timeout(CALL_SECONDS, connect=CONNECT_SECONDS),
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def get(self, path: str, kind: type[T]) -> T:
        """One object. Raises NotThere."""
        return msgspec.json.decode(await self._call("GET", path), type=kind)

    async def raw(self, path: str) -> bytes:
        """Whatever is at a path."""
        return await self._call("GET", path)

    async def list(self, path: str, kind: type[T], selector: str = "") -> tuple[list[T], str]:
        """All objects, and the resource version to watch from."""
        items: list[T] = []
        query: dict[str, str] = {"labelSelector": selector, "limit": str(PAGE)}
        while True:
            body = await self._call("GET", path, params=query)
            page = msgspec.json.decode(body, type=List[kind])  # type: ignore[valid-type]
            items += page.items
            if not (more := msgspec.json.decode(body, type=_Continued).metadata.get("continue")):
                return items, page.metadata.resource_version
            query["continue"] = str(more)

    def read(self, body: bytes, kind: type[T]) -> T:
        """An object that a call answered."""
        return msgspec.json.decode(body, type=kind)

    async def create(self, path: str, manifest: dict[str, Any]) -> None:
        """Make an object. Raises Conflict when it exists."""
        await self._call("POST", path, params={"fieldManager": FIELD_MANAGER}, body=manifest)

    async def patch(self, path: str, body: Any, how: Literal["merge", "json", "apply"] = "merge") -> bytes:
        """Change an object; `apply` makes it if need be. Raises NotThere, Conflict, Invalid."""
        query = {"fieldManager": FIELD_MANAGER} | ({"force": "true"} if how == "apply" else {})
        return await self._call("PATCH", path, params=query, body=body, content_type=_TYPES[how])

    async def delete(self, path: str, *, grace: float | None = None, uid: str = "") -> None:
        """Delete an object and what it owns; one that is not there is fine. `uid`: only if it is still that one."""
        options: dict[str, Any] = {"propagationPolicy": "Background"}
        if grace is not None:
            options["gracePeriodSeconds"] = int(grace)
        if uid:
            options["preconditions"] = {"uid": uid}
        try:
            await self._call("DELETE", path, body=options)
        except (NotThere, Conflict):
            return

    async def watch(
        self, path: str, kind: type[T], selector: str, version: str
    ) -> AsyncGenerator[tuple[str, T | None, str], None]:
        """Changes after `version`: (`ADDED`, `MODIFIED` or `DELETED`, the object, its resource version).

        Items without an object tell a version only; the first of them that it is being watched from now on. Ends by itself
        after minutes; watch again from the last version then. Raises Expired and Unavailable.
        """
        query = {
            "watch": "1", "labelSelector": selector, "resourceVersion": version, "allowWatchBookmarks": "true",
            "timeoutSeconds": str(WATCH_SECONDS),
        }  # fmt: skip
        timeout = httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
        try:
            async with self._http.stream(
                "GET", path, params=query, headers=self._access.headers(), timeout=timeout
            ) as answer:
                if answer.status_code != 200:
                    raise _error(answer.status_code, await answer.aread())
                yield "OPEN", None, version
                async for line in answer.aiter_lines():
                    yield _read(line, kind)
        except (httpx.HTTPError, OSError) as error:
            raise Unavailable(f"the API server's watch broke: {type(error).__name__} {error}") from error

    async def _call(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        body: Any = None,
        content_type: str = "application/json",
    ) -> bytes:
        content = None if body is None else msgspec.json.encode(body)
        pause, ends = 0.1, asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            headers = {**self._access.headers(), "Content-Type": content_type}
            try:
                answer = await self._http.request(method, path, params=params, content=content, headers=headers)
            except (httpx.HTTPError, OSError) as error:
                raise Unavailable(f"the API server does not answer: {type(error).__name__} {error}") from error
            if answer.is_success:
                return answer.content
            # It asks for patience: too many calls at once, to it or to etcd.
            if answer.status_code != 429 or asyncio.get_running_loop().time() > ends:
                raise _error(answer.status_code, answer.content)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)


class _Continued(msgspec.Struct):
    metadata: dict[str, Any]


def _read(line: str, kind: type[T]) -> tuple[str, T | None, str]:
    try:
        event = msgspec.json.decode(line, type=Event)
        if event.type == "ERROR":
            status = msgspec.json.decode(event.object, type=Status)
            raise Expired(status.message) if status.code == 410 else Unavailable(status.message)
        version = msgspec.json.decode(event.object, type=Named).metadata.resource_version
        if event.type == "BOOKMARK":
            return event.type, None, version
        return event.type, msgspec.json.decode(event.object, type=kind), version
    except msgspec.DecodeError as error:
        raise Unavailable(f"the API server sent what is no event: {error}") from error


def _error(status: int, body: bytes) -> ClusterError:
    try:
        said = msgspec.json.decode(body, type=Status)
    except msgspec.DecodeError:
        said = Status(message=body[:200].decode("utf-8", "replace"))
    text = said.message or f"status {status}"
    match status:
        case 404:
            return NotThere(text)
        case 409:
            return Conflict(text)
        case 410:
            return Expired(text)
        case 400 | 422:
            return Invalid(text)
        case 401 | 403:
            return Forbidden(text)
        case _:
            return Unavailable(f"the API server: {text}")
