"""Where the API server is and who we are to it: from the pod's service account, or from a kubeconfig.

Of a kubeconfig only what needs no helper program is understood: client certificates and tokens, in files or in line.
"""

import base64
import os
import ssl
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from cluster.base import ClusterError

ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
TOKEN_SECONDS = 60.0
"""The kubelet renews the token in its file long before it ends."""


class NoAccess(ClusterError):
    """Neither a pod's service account nor a usable kubeconfig; the message says which was tried."""


class Access:
    """`url`: the API server's. `tls`: whom to believe, and our certificate if we have one."""

    def __init__(self, url: str, tls: ssl.SSLContext, token: str = "", token_file: Path | None = None) -> None:
        self.url = url
        self.tls = tls
        self._token = token
        self._token_file = token_file
        self._read = 0.0

    def headers(self) -> dict[str, str]:
        """What says who we are, where the certificate does not."""
        if self._token_file is not None and time.monotonic() - self._read > TOKEN_SECONDS:
            self._token, self._read = self._token_file.read_text().strip(), time.monotonic()
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}


def find_access(environ: Mapping[str, str]) -> Access:
    """The pod's own, else what KUBECONFIG (or ~/.kube/config) says. Raises NoAccess."""
    host, port = environ.get("KUBERNETES_SERVICE_HOST"), environ.get("KUBERNETES_SERVICE_PORT", "443")
    if host and (ACCOUNT / "token").is_file() and not environ.get("KUBECONFIG"):
        tls = ssl.create_default_context(cafile=str(ACCOUNT / "ca.crt"))
        host = f"[{host}]" if ":" in host else host
        return Access(f"https://{host}:{port}", tls, token_file=ACCOUNT / "token")
    path = Path(environ.get("KUBECONFIG") or Path.home() / ".kube" / "config")
    try:
        return read_kubeconfig(yaml.safe_load(path.read_text()), path.parent)
    except OSError as error:
        raise NoAccess(f"no service account in {ACCOUNT}, and the kubeconfig {path} cannot be read: {error}") from None
    except (KeyError, TypeError, ValueError, StopIteration, yaml.YAMLError) as error:
        raise NoAccess(f"the kubeconfig {path} cannot be used: {type(error).__name__}: {error}") from None


def read_kubeconfig(config: Any, folder: Path) -> Access:
    """The current context of a kubeconfig; paths in it are relative to `folder`."""
    context = _named(config["contexts"], config["current-context"])["context"]
    cluster = _named(config["clusters"], context["cluster"])["cluster"]
    user = _named(config["users"], context["user"])["user"]
    authority = _data(cluster, "certificate-authority", folder)
    tls = ssl.create_default_context(cadata=authority.decode() if authority else None)
    if cluster.get("insecure-skip-tls-verify"):
        tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    certificate, key = _data(user, "client-certificate", folder), _data(user, "client-key", folder)
    if certificate and key:
        _load_certificate(tls, certificate + b"\n" + key)
    token_file = user.get("tokenFile")
    return Access(
        cluster["server"].rstrip("/"),
        tls,
        token=user.get("token", ""),
        token_file=folder / token_file if token_file else None,
    )


def _named(items: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(item for item in items if item["name"] == name)


def _data(section: dict[str, Any], name: str, folder: Path) -> bytes | None:
    if inline := section.get(f"{name}-data"):
        return base64.b64decode(inline)
    return (folder / section[name]).read_bytes() if section.get(name) else None


def _load_certificate(tls: ssl.SSLContext, pem: bytes) -> None:
    # ssl takes a certificate of our own from a file only.
    descriptor, name = tempfile.mkstemp()
    try:
        os.write(descriptor, pem)
        tls.load_cert_chain(name)
    finally:
        os.close(descriptor)
        Path(name).unlink()
