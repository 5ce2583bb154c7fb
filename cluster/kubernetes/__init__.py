"""Apps as pods of a Kubernetes cluster: `KubernetesCluster`, the same protocol with the API server as its only memory.

    control ──┐                        ┌─ Deployment app-<id>: the live version, replicas 0 or 1, and in annotations all that
    activator ┴─ KubernetesCluster ───▶│     its view says; the pods it makes carry a scheduling gate
                    │                  ├─ Secret version-<app>-<version>: the bundle, read when a runner checks in
                    └─ Keeper          ├─ Pod: one instance; what its runner said is in its annotations
                      (activators)     └─ Deployment pool: generic runners that wait for a bundle

Nothing here has state of its own: every process may be killed at any step, and whoever comes next finds what is and goes on.
`Mirror` follows the API server and turns objects into views (`state`, pure); `objects` and `routing` make manifests (pure);
`deploys` brings a new version up beside the old one; `wakes` wakes an app, from the pool where that has a pod left; `keeper`
does what somebody must do when nobody asked: let pods go, have the pool's pods adopted, note deaths, clear up.
"""

from cluster.kubernetes.cluster import KubernetesCluster
from cluster.kubernetes.settings import KubernetesSettings, read_settings

__all__ = ["KubernetesCluster", "KubernetesSettings", "read_settings"]
