"""What only this machine knows: made at the first start, kept in `secrets/` readable by its owner alone."""

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from fp import names

ROOT_USER = "fp"


@dataclass(frozen=True)
class Secrets:
    """`mongo_password`: of the platform's MongoDB user. `key_file`: what replica set members trust each other by.

    `secret_key`: encrypts secrets at rest, 32 bytes, URL-safe base64. `internal_token`: new at each start.
    """

    mongo_password: str
    key_file: Path
    secret_key: str
    internal_token: str


def load(data: Path) -> Secrets:
    """Read the secrets, making those that are missing."""
    folder = data / "secrets"
    key_file = folder / "mongo.key"
    _keep(key_file, base64.b64encode(os.urandom(96)).decode())
    made_key = base64.urlsafe_b64encode(os.urandom(32)).decode()
    return Secrets(
        mongo_password=_keep(folder / "mongo.password", secrets.token_urlsafe(24)),
        key_file=key_file,
        secret_key=os.environ.get(names.ENV_SECRET_KEY) or _keep(folder / "secret.key", made_key),
        internal_token=secrets.token_urlsafe(24),
    )


def _keep(path: Path, fresh: str) -> str:
    """The file's content; `fresh`, written whole or not at all, when there is none yet."""
    if not path.exists():
        temporary = path.with_name(path.name + ".new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o400)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(fresh)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(path)
    return path.read_text().strip()
