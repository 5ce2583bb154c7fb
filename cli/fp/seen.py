"""Which drafts this machine has seen, so that a deploy never writes over somebody's work unnoticed.

After each upload the draft's etag is remembered. A draft with another etag that holds changes which were never deployed was
edited elsewhere. So is a digest of the folder's files: a folder that still has it has nothing to lose to a pull. Forgetting
is safe: it only means asking once more.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from fp.contexts import write_private

_MOST = 500


def state_file() -> Path:
    """Where etags are kept: the platform's usual folder for state."""
    from platformdirs import user_state_path

    return user_state_path("fp", appauthor=False) / "drafts.json"


def seen_etag(path: Path, host: str, app_id: str) -> str | None:
    """The etag of the draft as this machine last saved or read it."""
    return _read(path).get(f"{host} {app_id}")


def seen_files(path: Path, host: str, app_id: str) -> str | None:
    """The digest of the folder's files as this machine last sent or fetched them."""
    return _read(path).get(f"files {host} {app_id}")


def digest(files: Mapping[str, str]) -> str:
    """Tells whether two folders have the same files."""
    return hashlib.sha256(msgspec.json.encode(files, order="sorted")).hexdigest()[:32]


def remember(path: Path, host: str, app_id: str, etag: str, files: Mapping[str, str] | None = None) -> None:
    """Remember a draft's etag, and with it the folder's files; the oldest are forgotten after some hundreds."""
    new = {f"{host} {app_id}": etag} | ({} if files is None else {f"files {host} {app_id}": digest(files)})
    known = [item for item in _read(path).items() if item[0] not in new]
    write_private(path, msgspec.json.encode({**dict(known[-(_MOST - len(new)) :]), **new}))


def _read(path: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError):
        return {}
