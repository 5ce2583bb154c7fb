"""Files that are either there completely or not at all, and folders of code that stay inside themselves.

Everything here holds secrets or users' code: files are 0600, folders 0700. A name that came from outside becomes a path only
through `checked_name` (one component) or `checked_path` (a relative path). Code is written into a new folder of ours that
nobody else knows, with O_EXCL and O_NOFOLLOW, and renamed to its place when all of it is on disk.
"""

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from cluster.base import ClusterError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,149}")
_MAX_COMPONENT = 255
_MAX_PATH = 1024


class UnsafePath(ClusterError):
    """A name or path that could leave the folder it is meant for."""


def checked_name(name: str) -> str:
    """`name`, if it can be a file's name without harm. Raises UnsafePath."""
    if not _NAME.fullmatch(name):
        raise UnsafePath(f"{name!r} cannot be an id: letters, digits, '.', '_' and '-', 150 at most")
    return name


def checked_path(path: str) -> PurePosixPath:
    """`path`, if it is relative, plain and stays below where it starts. Raises UnsafePath."""
    encoded = path.encode("utf-8", "surrogatepass")
    parts = path.split("/")
    if not path or "\0" in path or "\\" in path or len(encoded) > _MAX_PATH:
        raise UnsafePath(f"{path!r} cannot be a file's path")
    if any(part in ("", ".", "..") or len(part.encode("utf-8", "surrogatepass")) > _MAX_COMPONENT for part in parts):
        raise UnsafePath(f"{path!r} must be a path inside the app, like 'pages/index.html'")
    return PurePosixPath(path)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, all private to us."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def write_file(path: Path, data: bytes, *, durable: bool) -> None:
    """Replace `path` by a file with `data`, all or nothing; `durable`: it survives a power cut once this returns."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        _write_new(temporary, data, durable=durable)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def code_name(version: str, files: Mapping[str, str]) -> str:
    """Name of a version's code folder; other files give another name."""
    content = hashlib.sha256()
    for path in sorted(files):
        for text in (path, files[path]):
            data = text.encode("utf-8", "surrogatepass")
            content.update(len(data).to_bytes(8, "big") + data)
    return f"{checked_name(version)}-{content.hexdigest()[:16]}"


def unpack(files: Mapping[str, str], folder: Path) -> None:
    """Write `files` into the new `folder`; nothing to do when it is there. Raises UnsafePath, OSError, UnicodeError."""
    paths = {checked_path(path): text for path, text in files.items()}
    if folder.is_dir():
        return
    make_folder(folder.parent)
    temporary = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        temporary.mkdir(mode=0o700)
        for path, text in paths.items():
            place = temporary / path
            make_folder(place.parent)
            _write_new(place, text.encode("utf-8"), durable=True)
        for inner in {(temporary / path).parent for path in paths} | {temporary}:
            sync_folder(inner)
        temporary.rename(folder)
        sync_folder(folder.parent)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def remove(folder: Path) -> None:
    """Remove a folder and all in it, if it is there; links in it are not followed."""
    shutil.rmtree(folder, ignore_errors=True)


def _write_new(path: Path, data: bytes, *, durable: bool) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(data)
        file.flush()
        if durable:
            os.fsync(fd)
