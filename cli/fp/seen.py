"""Which drafts this machine has seen, so that a deploy never writes over somebody's work unnoticed.

After each upload the draft's etag is remembered. A draft with another etag that holds changes which were never deployed
was edited elsewhere. Forgetting is safe: it only means asking once more.
"""

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


def remember(path: Path, host: str, app_id: str, etag: str) -> None:
    """Remember a draft's etag; the oldest are forgotten after some hundreds."""
    known = _read(path)
    key = f"{host} {app_id}"
    known.pop(key, None)
    kept = dict(list(known.items())[-(_MOST - 1) :])
    write_private(path, msgspec.json.encode({**kept, key: etag}))


def _read(path: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError):
        return {}
