"""An app as a ZIP: its text files and a `.fp.yaml`.

Whatever comes in is hostile until read: sizes are counted while unpacking and never believed, names are checked before
anything is made of them, and links, passwords and files that are there twice are refused. Nothing is written to disk.
"""

import io
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import msgspec

from fp import names
from fp.api.problems import Finding
from fp.errors import ProjectError
from fp.project import CONFIG_FILE, Config, config_text, parse_config
from fp.validation import DEFAULT_RULES

MEDIA_TYPE = "application/zip"
MAX_ARCHIVE_BYTES = 2 * 1024 * 1024
_MAX_ENTRIES = 1000
_NOBODYS = frozenset({"__MACOSX", ".git", "__pycache__", ".venv", "node_modules", ".DS_Store"})
_WHEN = (1980, 1, 1, 0, 0, 0)


class BadArchive(Exception):
    """The archive cannot be an app; `findings` say which of its files are to blame."""

    def __init__(self, message: str, findings: list[Finding] | None = None, *, too_large: bool = False) -> None:
        super().__init__(message)
        self.findings = findings or []
        self.too_large = too_large


class Unpacked(msgspec.Struct, frozen=True):
    """`files` maps paths to text; `config` is what the archive's `.fp.yaml` says; `skipped` are files of other kinds."""

    files: dict[str, str]
    config: Config
    skipped: list[str]


def pack(files: Mapping[str, str], about: Mapping[str, Any]) -> bytes:
    """The files and a `.fp.yaml` with `about`, as a ZIP that is the same bytes for the same content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in sorted({**files, CONFIG_FILE: config_text(about)}.items()):
            entry = zipfile.ZipInfo(path, _WHEN)
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode())
    return buffer.getvalue()


def unpack(data: bytes) -> Unpacked:
    """What is in the archive. Paths may still break a rule of an app's files. Raises BadArchive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise BadArchive(f"This is no ZIP that can be read: {error}") from error


def _read(archive: zipfile.ZipFile) -> Unpacked:
    entries = [
        entry for entry in archive.infolist() if not entry.filename.endswith("/") and not _nobodys(entry.filename)
    ]
    if len(entries) > _MAX_ENTRIES:
        raise BadArchive(f"The archive has {len(entries)} files; an app has at most {names.MAX_FILES}.", too_large=True)
    if findings := [finding for entry in entries if (finding := _refused(entry)) is not None]:
        raise BadArchive("Some files of the archive cannot be taken", findings)
    root = _root(entries)
    found: dict[str, str] = {}
    skipped: list[str] = []
    left = names.MAX_TOTAL_BYTES
    for entry in entries:
        path = entry.filename[len(root) :]
        if path != CONFIG_FILE and PurePosixPath(path).suffix.lower() not in DEFAULT_RULES.suffixes:
            skipped.append(path[:200])
            continue
        if path in found:
            raise BadArchive("A file is in the archive twice", [Finding("twice", "It is there twice", file=path[:200])])
        found[path] = _text(archive, entry, path, left)
        left -= len(found[path].encode())
    config = _config(found.pop(CONFIG_FILE, ""))
    return Unpacked(found, config, skipped)


def _nobodys(name: str) -> bool:
    return bool(_NOBODYS.intersection(PurePosixPath(name).parts))


def _refused(entry: zipfile.ZipInfo) -> Finding | None:
    """Why this entry is not even looked into."""
    name = entry.filename[:200]
    mode = entry.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        return Finding("link", "It is a link or a device, not a file", file=name, hint="Put the file itself in.")
    if entry.flag_bits & 1:
        return Finding("encrypted", "It is encrypted", file=name, hint="Make the archive without a password.")
    if not name:
        return Finding("bad_path", "It has no name", hint="Make the archive anew.")
    if name.startswith(("/", "\\")) or ".." in PurePosixPath(name.replace("\\", "/")).parts or "\0" in name:
        return Finding("bad_path", "Its path leads out of the archive", file=name, hint="Use paths below one folder.")
    return None


def _root(entries: list[zipfile.ZipInfo]) -> str:
    """The one folder that everything lies in, with its slash; empty when there is none, or when it holds no Python itself."""
    tops = {entry.filename.partition("/")[0] for entry in entries}
    if len(tops) != 1 or not all("/" in entry.filename for entry in entries):
        return ""
    top = f"{tops.pop()}/"
    inside = [entry.filename[len(top) :] for entry in entries]
    return top if CONFIG_FILE in inside or any("/" not in name and name.endswith(".py") for name in inside) else ""


def _text(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, left: int) -> str:
    most = min(names.MAX_FILE_BYTES, left)
    with archive.open(entry) as file:
        data = file.read(most + 1)
    if len(data) > names.MAX_FILE_BYTES:
        message = f"It is larger than {names.MAX_FILE_BYTES // 1024} KB"
        raise BadArchive("A file is too large", [Finding("file_too_large", message, file=path)], too_large=True)
    if len(data) > most:
        limit = names.MAX_TOTAL_BYTES // 1024
        raise BadArchive(f"The files are larger than {limit} KB together", too_large=True)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"It is not UTF-8 (byte {error.start + 1})"
        raise BadArchive(
            "A file is no text", [Finding("not_text", message, file=path, hint="Save it as UTF-8.")]
        ) from error


def _config(text: str) -> Config:
    try:
        return parse_config(text)
    except ProjectError as error:
        finding = Finding("bad_config", str(error), file=CONFIG_FILE)
        raise BadArchive(f"{CONFIG_FILE} cannot be used", [finding]) from error
