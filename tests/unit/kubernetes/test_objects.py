"""From a workload to what the API server is told, compared whole."""

import msgspec

from cluster.base import Limits, Workload
from cluster.credentials import ingest_credential
from cluster.kubernetes import bundles, names, objects
from cluster.kubernetes.settings import KubernetesSettings

SETTINGS = KubernetesSettings(
    image="fp.local/runner:1", checkin="fp-activator:9001", ingest="fp-control:9002", token="internal", pool=3
)
WORKLOAD = Workload(
    app="a1",
    name="notes",
    version="v7",
    number=7,
    digest="d7",
    files={"app.py": "x = 'ü'\n"},
    entrypoint="app.py",
    env={"PLATFORM_MONGO_URI": "mongodb://secret"},
    hosts=["notes.example"],
    idle_minutes=3,
    limits=Limits(memory_mb=256, cpus=0.5, grace_seconds=4.5),
)
EDITION = names.edition("d7")
LIMITS = '{"memory_mb":256,"cpus":0.5,"processes":128,"start_seconds":20.0,"grace_seconds":4.5}'
POD_SPEC = {
    "automountServiceAccountToken": False,
    "enableServiceLinks": False,
    "shareProcessNamespace": True,
    "terminationGracePeriodSeconds": 35,
    "securityContext": {
        "runAsNonRoot": True,
        "runAsUser": 10001,
        "runAsGroup": 10001,
        "seccompProfile": {"type": "RuntimeDefault"},
    },
    "containers": [
        {
            "name": "app",
            "image": "fp.local/runner:1",
            "imagePullPolicy": "IfNotPresent",
            "args": ["serve"],
            "env": [
                {"name": "FP_INSTANCE", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}},
                {"name": "FP_POD_UID", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.uid"}}},
                {"name": "FP_TICKET", "value": "$(FP_POD_UID).s3cret"},
                {"name": "FP_CHECKIN", "value": "fp-activator:9001"},
                {"name": "FP_SPOOL", "value": "/dev/shm/fp"},
                {"name": "FP_BIND", "value": "0.0.0.0"},
                {"name": "FP_LISTEN_PORT", "value": "8000"},
                {"name": "FP_ECHO", "value": "1"},
                {"name": "FP_TRUSTED_PROXIES", "value": "*"},
                {"name": "TMPDIR", "value": "/dev/shm"},
                {"name": "HOME", "value": "/dev/shm"},
            ],
            "ports": [{"name": "http", "containerPort": 8000}],
            "resources": {
                "requests": {"cpu": "20m", "memory": "64Mi"},
                "limits": {"cpu": "500m", "memory": "256Mi"},
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


def test_an_app_is_a_deployment_whose_pods_wait_at_a_gate() -> None:
    assert objects.deployment(WORKLOAD, "s3cret", SETTINGS, replicas=1) == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            "name": "app-a1",
            "labels": {"fp.dev/app": "a1", "fp.dev/role": "app"},
            "annotations": {
                "fp.dev/name": "notes",
                "fp.dev/live-version": "v7",
                "fp.dev/number": "7",
                "fp.dev/digest": "d7",
                "fp.dev/hosts": '["notes.example"]',
                "fp.dev/idle-minutes": "3",
                "fp.dev/blocked": "",
                "fp.dev/gate": "",
                "fp.dev/failure": "",
                "fp.dev/wake": "",
                "fp.dev/limits": LIMITS,
            },
        },
        "spec": {
            "replicas": 1,
            "revisionHistoryLimit": 0,
            "selector": {"matchLabels": {"fp.dev/app": "a1", "fp.dev/role": "app"}},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "template": {
                "metadata": {
                    "labels": {"fp.dev/app": "a1", "fp.dev/role": "app", "fp.dev/edition": EDITION},
                    "annotations": {"fp.dev/number": "7", "fp.dev/limits": LIMITS},
                },
                "spec": {**POD_SPEC, "schedulingGates": [{"name": "fp.dev/start"}]},
            },
        },
    }


def test_a_candidate_is_a_pod_that_starts_at_once() -> None:
    pod = objects.candidate(WORKLOAD, "app-a1-x", "s3cret", SETTINGS)
    assert pod["spec"] == POD_SPEC
    assert pod["metadata"] == {
        "name": "app-a1-x",
        "labels": {"fp.dev/app": "a1", "fp.dev/role": "app", "fp.dev/edition": EDITION},
        "annotations": {"fp.dev/number": "7", "fp.dev/limits": LIMITS, "fp.dev/deploy": "d7"},
    }


def test_a_pod_needs_nothing_mounted_and_refers_to_nothing() -> None:
    """Each volume and each reference would cost its start a tenth of a second or more."""
    for pod in (
        objects.candidate(WORKLOAD, "x", "s", SETTINGS)["spec"],
        objects.pool("s", SETTINGS)["spec"]["template"]["spec"],
    ):
        text = msgspec.json.encode(pod).decode()
        assert not any(word in text for word in ("volume", "configMap", "secretKeyRef", "secretRef", "envFrom"))
        assert "mongodb" not in text


def test_the_pool_is_a_deployment_of_runners_that_are_nobodys() -> None:
    pool = objects.pool("s3cret", SETTINGS)
    assert (pool["metadata"]["name"], pool["spec"]["replicas"]) == ("pool", 3)
    template = pool["spec"]["template"]
    assert template["metadata"]["labels"] == {"fp.dev/role": "pool"}
    assert template["spec"]["containers"][0]["args"] == ["pool"]
    assert "schedulingGates" not in template["spec"]


def test_the_bundle_is_a_secret_and_is_read_back_whole() -> None:
    secret = objects.bundle_secret(WORKLOAD)
    assert secret["metadata"]["name"] == f"bundle-a1-{EDITION}"
    stored = bundles.unpack(secret["data"]["bundle"])
    bundle = bundles.bundle(stored, "i1", SETTINGS.ingest, SETTINGS.token)
    assert (bundle.files, bundle.env, bundle.entrypoint) == (WORKLOAD.files, WORKLOAD.env, "app.py")
    assert bundle.limits == WORKLOAD.limits
    assert bundle.ingest == {"address": "fp-control:9002", "credential": ingest_credential("internal", "a1", 7, "i1")}


def test_the_largest_app_fits_into_a_secret() -> None:
    files = {
        f"f{number}.py": "".join(chr(32 + (number * index) % 900) for index in range(10_000)) for number in range(50)
    }
    packed = objects.bundle_secret(msgspec.structs.replace(WORKLOAD, files=files))["data"]["bundle"]
    assert len(packed) < 1024 * 1024


def test_credentials_are_one_instances_own() -> None:
    about = [("t", "a", 1, "i"), ("u", "a", 1, "i"), ("t", "b", 1, "i"), ("t", "a", 2, "i"), ("t", "a", 1, "j")]
    assert len({ingest_credential(*each) for each in about}) == len(about)
