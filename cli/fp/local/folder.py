"""The data folder: made on first use, checked before anything is started, locked while the platform runs.

Layout: `run/` (lock, process list; emptied by a clean stop), `tmp/` (everyone's TMPDIR, emptied at start and stop),
`logs/`, `secrets/`, `mongo/`, `traefik/`, `node/`, `ports.json`.
"""

import errno
import fcntl
import json
import shutil
from pathlib import Path
from typing import IO, Any, Final

from fp.local.errors import LocalError

MIN_FREE_MB: Final = 400
"""MongoDB preallocates its journal (about 300 MB at first start) and stops when the disk is full."""

_FOLDERS: Final = ("run", "tmp", "logs", "secrets", "mongo", "traefik", "node")


def prepare(data: Path) -> None:
    """Make the folder and its parts. Raises LocalError when it cannot be written or the disk is nearly full."""
    elsewhere = "Give the platform another folder: FP_DATA=/some/folder ./justw up"
    try:
        for part in _FOLDERS:
            (data / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = data / "run" / "probe"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    except OSError as error:
        raise LocalError(f"The data folder {data} cannot be written: {_words(error)}.", elsewhere) from None
    free_mb = shutil.disk_usage(data).free // 2**20
    if free_mb < MIN_FREE_MB:
        raise LocalError(
            f"The disk of {data} has {free_mb} MB left; MongoDB needs {MIN_FREE_MB} MB to start.", elsewhere
        )
    empty_tmp(data)


def _words(error: OSError) -> str:
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return "it is read-only for this user"
    if error.errno == errno.ENOSPC:
        return "the disk is full"
    return error.strerror or str(error)


def empty_tmp(data: Path) -> None:
    """Remove what the processes left in their TMPDIR."""
    shutil.rmtree(data / "tmp", ignore_errors=True)
    (data / "tmp").mkdir(mode=0o700, exist_ok=True)


def lock(data: Path) -> IO[str] | None:
    """The folder's lock, held as long as the answer stays open; None when another supervisor holds it."""
    handle = (data / "run" / "lock").open("a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle


def write_json(path: Path, value: Any) -> None:
    """Replace `path` in one step, so that a reader or a crash never sees half a file."""
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(value, indent=1))
    temporary.chmod(0o600)
    temporary.replace(path)


def read_json(path: Path) -> Any:
    """The file's value, or None when it is not there or not whole."""
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None
