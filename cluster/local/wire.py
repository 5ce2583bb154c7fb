"""The frames between `LocalCluster` and the node: a 4-byte big-endian length and that many bytes of MessagePack.

    client  Hello(token)                            node  Welcome, or it closes
    client  Call(id, verb)                          node  End(id, value)                 one answer
                                                    node  Item(id, value) ... End(id)    a stream: apply, watch
                                                    node  Fault(id, code, ...)           instead of End
    client  Cancel(id)                              the caller is gone; the node answers nothing more

Calls of one connection run at the same time; ids are the client's, never used twice on a connection. Values stay raw until
the caller, who knows their type, decodes them.
"""

import asyncio
import struct
from typing import Any, Literal

import msgspec

from cluster import base

PROTOCOL = 1
MAX_FRAME = 32 * 1024 * 1024
"""Bytes. A workload is half a megabyte at most by the platform's own limits; this only stops a stranger's nonsense."""


class Apply(msgspec.Struct, frozen=True, tag="apply"):
    workload: base.Workload


class Abandon(msgspec.Struct, frozen=True, tag="abandon"):
    app: str
    version: str


class Configure(msgspec.Struct, frozen=True, tag="configure"):
    app: str
    idle_minutes: int
    hosts: list[str]
    blocked: base.Blocked


class Scale(msgspec.Struct, frozen=True, tag="scale"):
    app: str
    replicas: Literal[0, 1]


class Gate(msgspec.Struct, frozen=True, tag="gate"):
    app: str
    closed: bool


class GetBundle(msgspec.Struct, frozen=True, tag="bundle"):
    ticket: str
    instance: str


class Report(msgspec.Struct, frozen=True, tag="report"):
    report: base.InstanceReport


class Delete(msgspec.Struct, frozen=True, tag="delete"):
    app: str


class Watch(msgspec.Struct, frozen=True, tag="watch"):
    pass


class Stats(msgspec.Struct, frozen=True, tag="stats"):
    pass


Verb = Apply | Abandon | Configure | Scale | Gate | GetBundle | Report | Delete | Watch | Stats


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    token: str
    protocol: int = PROTOCOL


class Call(msgspec.Struct, frozen=True, tag="call"):
    id: int
    verb: Verb


class Cancel(msgspec.Struct, frozen=True, tag="cancel"):
    id: int


class Welcome(msgspec.Struct, frozen=True, tag="welcome"):
    pass


class Item(msgspec.Struct, frozen=True, tag="item"):
    id: int
    value: msgspec.Raw


class End(msgspec.Struct, frozen=True, tag="end"):
    id: int
    value: msgspec.Raw


class Fault(msgspec.Struct, frozen=True, tag="fault"):
    id: int
    code: str
    message: str
    failure: base.Failure | None = None


class Event(msgspec.Struct, frozen=True):
    """A WatchEvent: a view, the id of an app that is gone, or neither for Synced."""

    view: base.AppView | None = None
    gone: str | None = None


FromClient = Hello | Call | Cancel
FromNode = Welcome | Item | End | Fault

_encoder = msgspec.msgpack.Encoder()
_from_client: msgspec.msgpack.Decoder[FromClient] = msgspec.msgpack.Decoder(FromClient)
_from_node: msgspec.msgpack.Decoder[FromNode] = msgspec.msgpack.Decoder(FromNode)
_length = struct.Struct(">I")

_CODES: dict[str, type[base.ClusterError]] = {
    "unknown_app": base.UnknownApp,
    "unknown_ticket": base.UnknownTicket,
    "app_blocked": base.AppBlocked,
    "unavailable": base.Unavailable,
    "cluster_error": base.ClusterError,
}


def frame(message: FromClient | FromNode) -> bytes:
    """One message as bytes to send. Raises ClusterError when it is too large for a frame."""
    body = _encoder.encode(message)
    if len(body) > MAX_FRAME:
        raise base.ClusterError(f"a message of {len(body)} bytes is more than the {MAX_FRAME} that the node takes")
    return _length.pack(len(body)) + body


def raw(value: Any) -> msgspec.Raw:
    """A value of Item or End."""
    return msgspec.Raw(_encoder.encode(value))


async def read_from_client(reader: asyncio.StreamReader) -> FromClient:
    """The next message of a client; raises EOFError at its end, ValueError for nonsense."""
    return _from_client.decode(await _read_body(reader))


async def read_from_node(reader: asyncio.StreamReader) -> FromNode:
    """The next message of the node; raises EOFError at its end, ValueError for nonsense."""
    return _from_node.decode(await _read_body(reader))


async def _read_body(reader: asyncio.StreamReader) -> bytes:
    # IncompleteReadError is an EOFError, msgspec's DecodeError a ValueError.
    (size,) = _length.unpack(await reader.readexactly(4))
    if size > MAX_FRAME:
        raise ValueError(f"a frame of {size} bytes")
    return await reader.readexactly(size)


def fault(call: int, error: base.ClusterError) -> Fault:
    """An error as the node tells it."""
    if isinstance(error, base.DeployFailed):
        return Fault(call, "deploy_failed", str(error), error.failure)
    code = next((code for code, kind in _CODES.items() if type(error) is kind), "cluster_error")
    return Fault(call, code, str(error))


def error(told: Fault) -> base.ClusterError:
    """The error that a Fault tells."""
    if told.failure is not None:
        return base.DeployFailed(told.failure)
    return _CODES.get(told.code, base.ClusterError)(told.message)


def to_event(event: base.WatchEvent) -> Event:
    """A WatchEvent for the wire."""
    if isinstance(event, base.AppView):
        return Event(view=event)
    return Event(gone=event.app) if isinstance(event, base.AppGone) else Event()


def from_event(event: Event) -> base.WatchEvent:
    """A WatchEvent from the wire."""
    if event.view is not None:
        return event.view
    return base.Synced() if event.gone is None else base.AppGone(event.gone)
