"""Which cluster a process works with: the node of this machine, or Kubernetes, as `FP_CLUSTER_KIND` says.

The one that is not wanted is not imported: Kubernetes brings an HTTP client and TLS along.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Literal

from cluster.base import Cluster, ClusterError

ClusterKind = Literal["local", "kubernetes"]


class SettingsError(ClusterError):
    """The environment does not make sense; the message has one line per problem."""


def read_kind(text: str) -> ClusterKind:
    """`local` or `kubernetes`; empty is `local`. Raises ValueError."""
    match text:
        case "" | "local":
            return "local"
        case "kubernetes":
            return "kubernetes"
    raise ValueError("must be local or kubernetes")


@asynccontextmanager
async def open_cluster(
    kind: ClusterKind,
    environ: Mapping[str, str],
    *,
    node_port: int,
    token: str,
    keep: bool = False,
) -> AsyncIterator[Cluster]:
    """A client of the cluster. `keep`: also do what the cluster needs somebody to do. Raises SettingsError."""
    if kind == "local":
        from cluster.local import LocalCluster

        async with LocalCluster(node_port, token) as local:
            yield local
        return
    from cluster.kubernetes import KubernetesCluster, read_settings
    from cluster.kubernetes.access import find_access
    from cluster.kubernetes.settings import SettingsError as WrongSettings

    try:
        settings = read_settings(environ)
    except WrongSettings as error:
        raise SettingsError(str(error)) from None
    async with KubernetesCluster(settings, find_access(environ), keep=keep) as kubernetes:
        yield kubernetes
