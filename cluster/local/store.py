"""What outlives the node, as files.

    node/lock                                held by the one node of this folder
    node/apps/<app>/workload.json            the live workload without its files; replaced as a whole, the moment of going live
    node/apps/<app>/code/<version>-<hash>/   a version's files; complete or absent
    node/apps/<app>/service                  the port of the app's own address, where the data plane needs one
    node/spool/<app>/<instance>/             instance.json, native.log, *.ndjson: one instance and what it still has to tell
    node/trash/                              being deleted

Workloads and code are synced to disk before they count. Instance records are not: a record lost with the power is a record
of a process that was lost too, and a wake must not wait for a disk.
"""

import errno
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import msgspec
import structlog

from cluster import paths
from cluster.base import ClusterError, Workload
from cluster.local import folders

log = structlog.get_logger(__name__)

InstanceState = Literal["starting", "ready", "stopping", "gone"]


class InstanceRecord(msgspec.Struct):
    """All that a new node must know of an instance of the old one. `began`: seconds since the epoch of its launch."""

    app: str
    instance: str
    version: str
    number: int
    digest: str
    ticket: str
    began: float
    state: InstanceState
    pid: int | None = None
    identity: str | None = None
    address: str | None = None


class _Live(msgspec.Struct):
    """A file `workload.json`: the live version without its files, and the name of the folder that holds them."""

    workload: Workload
    code: str


class Store:
    """The node's folder. Raises ClusterError with words for people where the disk does not do its part."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock: int | None = None

    def open(self) -> None:
        """Take the folder; raises ClusterError when it cannot be written or another node has it."""
        with _in_words("the node's folder"):
            for name in ("apps", "spool", "trash"):
                folders.make_folder(self._folder / name)
            self._lock = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ClusterError(f"another node runs on {self._folder}") from None
        self.empty_trash()

    def close(self) -> None:
        """Let go of the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def workloads(self) -> Iterator[tuple[Workload, Path]]:
        """Every live workload, without files, and its code's folder; what cannot be read is told and passed over."""
        for folder in sorted((self._folder / "apps").iterdir()):
            try:
                live = msgspec.json.decode((folder / "workload.json").read_bytes(), type=_Live)
                code = self.code_folder(live.workload.app, paths.checked_name(live.code))
            except FileNotFoundError:
                self._discard(folder)  # a first version that never became live
            except (OSError, ValueError, ClusterError) as error:
                log.error("workload unreadable", app=folder.name, error=str(error))
            else:
                yield live.workload, code

    def code_folder(self, app: str, code: str) -> Path:
        """Where a version's code lies; `code` is its `folders.code_name`."""
        return self._folder / "apps" / paths.checked_name(app) / "code" / code

    def unpack(self, workload: Workload) -> Path:
        """Write a version's code down; gives its folder."""
        with _in_words(f"the code of {workload.name}"):
            folder = self.code_folder(workload.app, folders.code_name(workload.version, workload.files))
            folders.unpack(workload.files, folder)
        return folder

    def save(self, workload: Workload, code: Path) -> None:
        """Make `workload`, given without its files, the app's live one. `code`: the folder that has them."""
        with _in_words(f"the settings of {workload.name}"):
            path = self._folder / "apps" / paths.checked_name(workload.app) / "workload.json"
            folders.make_folder(path.parent)
            folders.write_file(path, msgspec.json.encode(_Live(workload, code.name)), durable=True)

    def prune(self, app: str, keep: set[str]) -> None:
        """Remove the app's code folders but those named, and what an interrupted unpacking left."""
        with suppress(FileNotFoundError):
            for folder in (self._folder / "apps" / app / "code").iterdir():
                if folder.name not in keep:
                    self._discard(folder)

    def service_port(self, app: str) -> int | None:
        """The port that the app's own address had, null where none is remembered."""
        with suppress(OSError, ValueError):
            port = int((self._folder / "apps" / app / "service").read_text())
            return port if 0 < port < 65536 else None
        return None

    def remember_service(self, app: str, port: int) -> None:
        """Write that port down; where the disk refuses, the next node takes another."""
        path = self._folder / "apps" / paths.checked_name(app) / "service"
        try:
            folders.make_folder(path.parent)
            folders.write_file(path, str(port).encode(), durable=False)
        except OSError as error:
            log.error("port not written down", app=app, error=str(error))

    def spool(self, app: str, instance: str) -> Path:
        """An instance's folder."""
        return self._folder / "spool" / app / instance

    def remember(self, record: InstanceRecord) -> None:
        """Write an instance's record; a disk that refuses costs only what a crash of the node would need it for."""
        path = self.spool(record.app, record.instance) / "instance.json"
        try:
            folders.write_file(path, msgspec.json.encode(record), durable=False)
        except OSError as error:
            log.error("instance record not written", instance=record.instance, error=str(error))

    def records(self) -> list[InstanceRecord]:
        """The record of every instance that still has a folder, latest first; folders without one are removed."""
        records: list[InstanceRecord] = []
        for folder in (self._folder / "spool").glob("*/*"):
            try:
                records.append(msgspec.json.decode((folder / "instance.json").read_bytes(), type=InstanceRecord))
            except (OSError, ValueError):
                self._discard(folder)
        return sorted(records, key=lambda record: record.began, reverse=True)

    def forget(self, app: str) -> None:
        """Remove all that is kept of an app."""
        with _in_words("the app's removal"):
            for kind in ("apps", "spool"):
                self._discard(self._folder / kind / paths.checked_name(app))

    def empty_trash(self) -> None:
        """Remove what an interrupted deletion left."""
        for folder in (self._folder / "trash").iterdir():
            folders.remove(folder)

    def _discard(self, folder: Path) -> None:
        # Renamed first, so that a folder is never seen half deleted and its name is free at once.
        trash = self._folder / "trash" / f"{folder.name}.{secrets.token_hex(4)}"
        with suppress(FileNotFoundError):
            folder.rename(trash)
            folders.remove(trash)


_WORDS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "the folder may not be written",
    errno.EPERM: "the folder may not be written",
}


@contextmanager
def _in_words(what: str) -> Iterator[None]:
    try:
        yield
    except (OSError, UnicodeError) as error:
        number = error.errno if isinstance(error, OSError) else None
        why = _WORDS.get(number or 0, str(error))
        raise ClusterError(f"{what} could not be written down: {why}") from error
