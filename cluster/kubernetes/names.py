"""Labels, annotations and names of our objects, and the paths at which the API server has them."""

import hashlib
from typing import Final

PREFIX: Final = "fp.dev/"

# --- labels -----------------------------------------------------------------------------------------------------------
APP: Final = PREFIX + "app"
EDITION: Final = PREFIX + "edition"
"""Which version, and which of its environments: the digest, short enough for a label."""
ROLE: Final = PREFIX + "role"
"""`app`: an instance of an app's, or its Deployment. `pool`: a generic runner that waits, or the Deployment of those.
`dead`: what was an instance, kept until its last records are shipped."""
TEMPLATE_HASH: Final = "pod-template-hash"
"""Kubernetes' own: which ReplicaSet a pod belongs to."""

# --- annotations of an app's Deployment: its record -------------------------------------------------------------------
NAME: Final = PREFIX + "name"
LIVE: Final = PREFIX + "live-version"
NUMBER: Final = PREFIX + "number"
DIGEST: Final = PREFIX + "digest"
HOSTS: Final = PREFIX + "hosts"
IDLE: Final = PREFIX + "idle-minutes"
BLOCKED: Final = PREFIX + "blocked"
GATE: Final = PREFIX + "gate"
FAILURE: Final = PREFIX + "failure"
WAKE: Final = PREFIX + "wake"
"""How the app is being woken: `plain`, or the name of the pool's pod that becomes it."""
START_SECONDS: Final = PREFIX + "start-seconds"

# --- annotations of a pod: what its runner said -----------------------------------------------------------------------
UPSTREAM: Final = PREFIX + "upstream"
FAILED: Final = PREFIX + "failed"
PHASES: Final = PREFIX + "phases"
DEAD: Final = PREFIX + "dead"
"""Nobody listens at its address any more."""
WAITING: Final = PREFIX + "waiting"
"""A pool's pod that has checked in."""
CLAIMED: Final = PREFIX + "claimed"
"""When a pod of the pool became an app's."""
SUPERSEDED: Final = PREFIX + "superseded"
OF_DEPLOY: Final = PREFIX + "deploy"
"""The digest of the deploy that started it, until its version is live."""

START_GATE: Final = PREFIX + "start"
CONTAINER: Final = "app"
BUNDLE_KEY: Final = "bundle"
POOL: Final = "pool"
DEAD_ROLE: Final = "dead"
TICKET_VARIABLE: Final = "FP_TICKET"
UID_REFERENCE: Final = "$(FP_POD_UID)."
"""Before an app's secret in FP_TICKET: the kubelet puts the pod's uid in its place, so each pod has a ticket of its own."""


def app_name(app: str) -> str:
    """The name of an app's Deployment, and the beginning of its pods'."""
    return f"app-{app}"


def edition(digest: str) -> str:
    """A digest as a label's value."""
    return hashlib.sha256(digest.encode()).hexdigest()[:16]


def bundle_name(app: str, edition: str) -> str:
    """The name of the Secret with a bundle."""
    return f"bundle-{app}-{edition}"


def pointer(annotation: str, *, kind: str = "annotations") -> str:
    """Where an annotation (or a label) is, for a JSON patch."""
    return f"/metadata/{kind}/{annotation.replace('/', '~1')}"


class Paths:
    """Where objects of the apps' namespace are."""

    def __init__(self, namespace: str) -> None:
        core, apps = f"/api/v1/namespaces/{namespace}", f"/apis/apps/v1/namespaces/{namespace}"
        self.pods = f"{core}/pods"
        self.secrets = f"{core}/secrets"
        self.deployments = f"{apps}/deployments"

    def pod(self, name: str) -> str:
        return f"{self.pods}/{name}"

    def deployment(self, app: str) -> str:
        return f"{self.deployments}/{app_name(app)}"

    def bundle(self, app: str, edition: str) -> str:
        return f"{self.secrets}/{bundle_name(app, edition)}"
