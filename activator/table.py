"""The table that plugins keep: which host is awake at which address, streamed to each of them, and their acknowledgements.

Lines carry an epoch that only grows. After an `unset` a plugin says how many requests are still on their way to the hosts'
old address; whoever is about to take an app down waits for that word of every connected plugin.
"""

import asyncio
from collections.abc import Callable, Iterable

import msgspec

from activator.directory import Directory, awake
from cluster.base import AppView

PING_SECONDS = 5.0


class Acknowledgement(msgspec.Struct, frozen=True):
    """Body of POST /activity."""

    plugin: str
    epoch: int
    in_flight: dict[str, int]


class Stream:
    """One plugin's connection. `send` writes one line to it."""

    def __init__(self, plugin: str, send: Callable[[bytes], None]) -> None:
        self.plugin = plugin
        self.send = send
        self.acknowledged = 0
        self.in_flight: dict[str, int] = {}


class Table:
    """What every plugin knows, or will in a moment."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._awake: dict[str, str] = {}
        self._streams: dict[Stream, None] = {}
        self._heard = asyncio.Event()
        self._epoch = 0
        self._unset_epoch = 0
        directory.listen(self._changed)

    @property
    def plugins(self) -> int:
        """Connected plugins."""
        return len(self._streams)

    async def open(self, plugin: str, send: Callable[[bytes], None]) -> Stream:
        """Begin a stream, with the snapshot; waits until the cluster's state is known."""
        await self._directory.synced.wait()
        stream = Stream(plugin, send)
        stream.acknowledged = self._epoch
        self._streams[stream] = None
        send(_line({"type": "snapshot", "epoch": self._epoch, "awake": self._awake}))
        return stream

    def close(self, stream: Stream) -> None:
        """The plugin's connection is gone; nobody waits for its word any more."""
        self._streams.pop(stream, None)
        self._heard.set()

    def acknowledge(self, ack: Acknowledgement) -> None:
        """A plugin told how many requests were on their way when it took a host's address away."""
        for stream in self._streams:
            if stream.plugin == ack.plugin:
                stream.acknowledged = max(stream.acknowledged, ack.epoch)
                stream.in_flight.update(ack.in_flight)
        self._heard.set()

    async def unused(self, hosts: Iterable[str], seconds: float) -> int:
        """Requests on their way to `hosts`, which were unset before, once each connected plugin said so; or after `seconds`."""
        epoch = self._unset_epoch
        try:
            async with asyncio.timeout(seconds):
                while any(stream.acknowledged < epoch for stream in self._streams):
                    self._heard.clear()
                    await self._heard.wait()
        except TimeoutError:
            pass
        return sum(stream.in_flight.get(host, 0) for stream in self._streams for host in hosts)

    async def recount(self, hosts: Iterable[str], seconds: float) -> int:
        """As `unused`, counted anew; none of the hosts may be awake."""
        self._take_away([host for host in hosts if host not in self._awake])
        return await self.unused(hosts, seconds)

    async def ping(self) -> None:
        """Say every few seconds that we are there, for ever."""
        while True:
            await asyncio.sleep(PING_SECONDS)
            self._tell({"type": "ping", "epoch": self._epoch})

    def _changed(self, before: AppView | None, after: AppView | None) -> None:
        gone = set(before.hosts) if before is not None else set()
        if after is not None and awake(after) and after.upstream is not None:
            gone -= set(after.hosts)
            self._set([host for host in after.hosts if self._awake.get(host) != after.upstream], after.upstream)
        elif after is not None:
            gone |= set(after.hosts)
        self._unset([host for host in gone if host in self._awake and not self._taken_over(host, after)])

    def _taken_over(self, host: str, after: AppView | None) -> bool:
        owner = self._directory.at(host)
        return owner is not None and (after is None or owner.app != after.app) and awake(owner)

    def _set(self, hosts: list[str], upstream: str) -> None:
        if hosts:
            self._awake.update(dict.fromkeys(hosts, upstream))
            self._epoch += 1
            self._tell({"type": "set", "epoch": self._epoch, "hosts": hosts, "upstream": upstream})

    def _unset(self, hosts: list[str]) -> None:
        if not hosts:
            return
        for host in hosts:
            del self._awake[host]
        self._take_away(hosts)

    def _take_away(self, hosts: list[str]) -> None:
        self._epoch += 1
        self._unset_epoch = self._epoch
        for stream in self._streams:
            for host in hosts:
                stream.in_flight.pop(host, None)
        self._tell({"type": "unset", "epoch": self._epoch, "hosts": hosts})

    def _tell(self, message: dict[str, object]) -> None:
        line = _line(message)
        for stream in list(self._streams):
            stream.send(line)


def _line(message: dict[str, object]) -> bytes:
    return msgspec.json.encode(message) + b"\n"
