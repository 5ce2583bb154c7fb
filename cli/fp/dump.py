"""A backup of a platform: one zip file, and how to tell that it is whole.

Each collection is a member of concatenated BSON documents, exactly as MongoDB has them. The last member, `manifest.json`,
says what belongs where, with counts and checksums; members have numbers for names, so that nothing that a user named ever
becomes a path. `check` reads all of it, in bounded memory, and writes nothing.
"""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Literal

import msgspec

from fp.errors import FpError

FORMAT = 1
MANIFEST = "manifest.json"
_MAX_MANIFEST_BYTES = 64 * 1024 * 1024
_MAX_DOCUMENT_BYTES = 16 * 1024 * 1024 + 16 * 1024
_LENGTH = struct.Struct("<i")


class ArchiveError(FpError):
    """The file is no backup, or not a whole one."""

    code = "archive"


class CollectionDump(msgspec.Struct, frozen=True, kw_only=True):
    """One collection. `options` and `indexes` are canonical Extended JSON; `file` is null where there is no data, as of a view.

    `bytes` and `sha256` are of the BSON, before it is compressed.
    """

    name: str
    kind: Literal["collection", "view", "timeseries"]
    options: str
    indexes: list[str]
    file: str | None
    documents: int
    bytes: int
    sha256: str


class DatabaseDump(msgspec.Struct, frozen=True):
    """`name`: `platform`, or a user's database. `skipped`: collections with names that MongoDB's own drivers refuse."""

    name: str
    collections: list[CollectionDump]
    skipped: list[str] = []


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """`version`: of the platform that made it. `key`: which FP_SECRET_KEY opens its secrets, a fingerprint, never the key."""

    format: int
    version: str
    created_at: datetime
    key: str
    databases: list[DatabaseDump]

    @property
    def documents(self) -> int:
        return sum(one.documents for database in self.databases for one in database.collections)

    @property
    def bytes(self) -> int:
        return sum(one.bytes for database in self.databases for one in database.collections)


def check(path: Path) -> Manifest:
    """The manifest, once every document and checksum was found right. Raises ArchiveError."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _read_manifest(archive)
            for database in manifest.databases:
                for dump in database.collections:
                    _check_member(archive, database.name, dump)
    except OSError as error:
        raise ArchiveError(f"{path} cannot be read: {error.strerror or error}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError) as error:
        hint = "Make another backup: this one was cut off or changed."
        raise ArchiveError(f"{path} is no whole backup ({error})", hint) from error
    return manifest


def read_documents(stream: IO[bytes]) -> Iterator[bytes]:
    """The documents of a member, one by one. Raises ArchiveError at anything that is none."""
    while head := stream.read(4):
        size = _LENGTH.unpack(head)[0] if len(head) == 4 else 0
        if not 5 <= size <= _MAX_DOCUMENT_BYTES:
            raise ArchiveError("The backup holds something that is no document")
        document = head + stream.read(size - 4)
        if len(document) != size or document[-1]:
            raise ArchiveError("The backup holds half a document")
        yield document


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    if archive.getinfo(MANIFEST).file_size > _MAX_MANIFEST_BYTES:
        raise ArchiveError("The backup's manifest is far too large")
    raw = archive.read(MANIFEST)
    try:
        found = msgspec.json.decode(raw)
        kind = found.get("format") if isinstance(found, dict) else None
        if isinstance(kind, int) and kind > FORMAT:
            raise ArchiveError(
                f"The backup has format {kind}, and this version of fp reads {FORMAT}", "Use a newer fp."
            )
        return msgspec.convert(found, Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ArchiveError(f"The backup's manifest cannot be read ({error})") from error


def _check_member(archive: zipfile.ZipFile, database: str, dump: CollectionDump) -> None:
    if dump.file is None:
        return
    digest, documents, size = hashlib.sha256(), 0, 0
    with archive.open(dump.file) as stream:
        for document in read_documents(stream):
            digest.update(document)
            documents += 1
            size += len(document)
    if (documents, size, digest.hexdigest()) != (dump.documents, dump.bytes, dump.sha256):
        raise ArchiveError(f"What the backup holds of {database}.{dump.name} is not what was written into it")
