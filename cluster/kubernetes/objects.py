"""From a workload to its manifests: pure functions, so that what the cluster is told can be read and compared whole.

A pod needs nothing mounted and refers to nothing: no volume, no ConfigMap, no Secret, no token. Each of those costs its start
100 to 300 ms (docs/decisions). Its bundle comes down the connection on which it checks in.
"""

import hashlib
import hmac
import math
from typing import Any

import msgspec

from cluster.base import Limits, Workload
from cluster.kubernetes import names
from cluster.kubernetes.bundles import pack
from cluster.kubernetes.settings import KubernetesSettings

Manifest = dict[str, Any]

PORT = 8000
USER = 10001
SPOOL = "/dev/shm/fp"
MEMORY_REQUEST_MB = 64
CPU_REQUEST = "20m"
STOP_MARGIN_SECONDS = 30
"""For the records that are left once the app has ended, with control away for a while."""
LIMITS = names.PREFIX + "limits"


def bundle_secret(workload: Workload) -> Manifest:
    """The bundle of a version: its code and its environment, which holds secrets."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": names.bundle_name(workload.app, names.edition(workload.digest)),
            "labels": {names.APP: workload.app, names.EDITION: names.edition(workload.digest), names.ROLE: "app"},
        },
        "type": "fp.dev/bundle",
        "data": {names.BUNDLE_KEY: pack(workload)},
    }


def deployment(workload: Workload, secret: str, settings: KubernetesSettings, *, replicas: int) -> Manifest:
    """The app with `workload` as its live version. `secret`: of its tickets."""
    labels = {names.APP: workload.app, names.ROLE: "app"}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": names.app_name(workload.app), "labels": labels, "annotations": record(workload)},
        "spec": {
            "replicas": replicas,
            # Each deploy brings its instance along: nothing is there to be rolled back to.
            "revisionHistoryLimit": 0,
            "selector": {"matchLabels": labels},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "template": {
                "metadata": {
                    "labels": {**labels, names.EDITION: names.edition(workload.digest)},
                    "annotations": _told(workload),
                },
                "spec": {
                    **_pod_spec(secret, workload.limits, settings),
                    # A pod of this costs nothing until the keeper lets it go, or gives the pool's pod its place.
                    "schedulingGates": [{"name": names.START_GATE}],
                },
            },
        },
    }


def record(workload: Workload) -> dict[str, str]:
    """The annotations that say what is live. All of them are always there: a JSON patch can then test and replace them."""
    return {
        names.NAME: workload.name,
        names.LIVE: workload.version,
        names.NUMBER: str(workload.number),
        names.DIGEST: workload.digest,
        **routing_record(workload.hosts, workload.idle_minutes, workload.blocked),
        names.GATE: "",
        names.FAILURE: "",
        names.WAKE: "",
        LIMITS: limits_record(workload.limits),
    }


def routing_record(hosts: list[str], idle_minutes: int, blocked: str) -> dict[str, str]:
    """The part of the record that `configure` changes."""
    return {
        names.HOSTS: msgspec.json.encode(hosts).decode(),
        names.IDLE: str(idle_minutes),
        names.BLOCKED: blocked,
    }


def limits_record(limits: Limits) -> str:
    """Limits as they are compared and kept."""
    return msgspec.json.encode(limits).decode()


def read_limits(text: str) -> Limits:
    """What `limits_record` wrote; the defaults where there is nothing."""
    return msgspec.json.decode(text, type=Limits) if text else Limits()


def pool_secret(token: str) -> str:
    """Of the tickets of the pool's pods: the same for every activator, so that none changes the other's pool."""
    return hmac.new(token.encode(), b"pool", hashlib.sha256).hexdigest()


def candidate(workload: Workload, name: str, secret: str, settings: KubernetesSettings) -> Manifest:
    """A new version's first instance, which nobody owns until the version is live."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "labels": {names.APP: workload.app, names.ROLE: "app", names.EDITION: names.edition(workload.digest)},
            "annotations": {**_told(workload), names.OF_DEPLOY: workload.digest},
        },
        "spec": _pod_spec(secret, workload.limits, settings),
    }


def pool(secret: str, settings: KubernetesSettings) -> Manifest:
    """Generic runners that wait until they become an app's instance."""
    labels = {names.ROLE: names.POOL}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": names.POOL, "labels": labels},
        "spec": {
            "replicas": settings.pool,
            "revisionHistoryLimit": 0,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels, "annotations": {LIMITS: limits_record(settings.pool_limits)}},
                "spec": _pod_spec(secret, settings.pool_limits, settings, command="pool"),
            },
        },
    }


def _told(workload: Workload) -> dict[str, str]:
    """What is said of an instance on its pod."""
    return {names.NUMBER: str(workload.number), LIMITS: limits_record(workload.limits)}


def _pod_spec(secret: str, limits: Limits, settings: KubernetesSettings, command: str = "serve") -> Manifest:
    spec: Manifest = {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        # The pause process is the first one then: it reaps what an app leaves, and signals work as anywhere.
        "shareProcessNamespace": True,
        "terminationGracePeriodSeconds": math.ceil(limits.grace_seconds) + STOP_MARGIN_SECONDS,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [
            {
                "name": names.CONTAINER,
                "image": settings.image,
                "imagePullPolicy": "IfNotPresent",
                "args": [command],
                "env": _environment(secret, settings),
                "ports": [{"name": "http", "containerPort": PORT}],
                "resources": {
                    "requests": {"cpu": CPU_REQUEST, "memory": f"{min(MEMORY_REQUEST_MB, limits.memory_mb)}Mi"},
                    "limits": {"cpu": f"{round(limits.cpus * 1000)}m", "memory": f"{limits.memory_mb}Mi"},
                },
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "readOnlyRootFilesystem": True,
                    "capabilities": {"drop": ["ALL"]},
                },
                "terminationMessagePolicy": "FallbackToLogsOnError",
            }
        ],
    }
    if settings.priority_class:
        spec["priorityClassName"] = settings.priority_class
    return spec


def _environment(secret: str, settings: KubernetesSettings) -> list[Manifest]:
    def field(path: str) -> Manifest:
        return {"fieldRef": {"apiVersion": "v1", "fieldPath": path}}

    plain = {
        "FP_CHECKIN": settings.checkin,
        "FP_SPOOL": SPOOL,
        "FP_BIND": "0.0.0.0",
        "FP_LISTEN_PORT": str(PORT),
        "FP_ECHO": "1",
        # Only Traefik and the activator reach it (NetworkPolicy).
        "FP_TRUSTED_PROXIES": "*",
        # /dev/shm is writable in every pod without a volume.
        "TMPDIR": "/dev/shm",
        "HOME": "/dev/shm",
    }
    return [
        {"name": "FP_INSTANCE", "valueFrom": field("metadata.name")},
        {"name": "FP_POD_UID", "valueFrom": field("metadata.uid")},
        {"name": names.TICKET_VARIABLE, "value": names.UID_REFERENCE + secret},
        *({"name": name, "value": value} for name, value in plain.items()),
    ]
