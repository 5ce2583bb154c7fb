"""Files that are either there completely or not at all, and folders of code that stay inside themselves.

Everything here holds secrets or users' code: files are 0600, folders 0700. A name that came from outside becomes a path only
through `checked_name` (one component) or `checked_path` (a relative path). Code is written into a new folder of ours that
nobody else knows, with O_EXCL and O_NOFOLLOW, and renamed to its place when all of it is on disk.
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from cluster.paths import checked_name, checked_path


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
