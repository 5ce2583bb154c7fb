"""Apps as processes of this machine: the node that owns them, and `LocalCluster`, the client through which it is asked.

    control ──┐  LocalCluster            node (python -m cluster.local)
    activator ┴─ frames over TCP ──────▶ server ─▶ node ─▶ app ─▶ launcher ─▶ zygote ─▶ runners
                                                    │               │
                                                    store           shipper ─▶ control's ingest

The node is one process with one event loop; nothing of an app's state is touched from anywhere else, so transitions are
plain synchronous code. What must outlive the node lies in files under `FP_DATA/node` (`store`), and the runners themselves
outlive it too: a new node finds them again by their records (`process` says how it knows that a process is the right one).
"""

from cluster.local.client import LocalCluster

__all__ = ["LocalCluster"]
