"""`python -m cluster.kubernetes.credentials`: makes the platform's credentials in a cluster, once.

Random ones, in the Secret `fp-secrets` of the platform's namespace: the internal token, the key that encrypts stored secrets,
MongoDB's password and its members' key. Where that Secret is there already, nothing is changed: the database was made with it.
Exit code 0 when it is there, 1 with the reason when it cannot be made.
"""

import asyncio
import base64
import os
import secrets
import sys
from typing import Any

from cluster.base import ClusterError
from cluster.kubernetes.access import find_access
from cluster.kubernetes.api import Api, Conflict

NAMESPACE = "fp-system"
NAME = "fp-secrets"


def manifest() -> dict[str, Any]:
    """Fresh credentials."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": NAME, "labels": {"fp.dev/role": "credentials"}},
        "stringData": {
            "internal-token": secrets.token_urlsafe(32),
            "secret-key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("="),
            "mongo-password": secrets.token_urlsafe(24),
            "mongo-key": base64.b64encode(secrets.token_bytes(96)).decode(),
        },
    }


async def make(namespace: str) -> None:
    """Have the Secret there. Raises ClusterError."""
    api = Api(find_access(os.environ))
    try:
        await api.create(f"/api/v1/namespaces/{namespace}/secrets", manifest())
    except Conflict:
        return
    finally:
        await api.aclose()


def main() -> int:
    """See the module's text."""
    try:
        asyncio.run(make(os.environ.get("FP_NAMESPACE", NAMESPACE)))
    except ClusterError as error:
        sys.stderr.write(f"the credentials cannot be made: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
