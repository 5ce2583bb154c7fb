"""What apps and processes may not: rights, pods that ask for more, other apps' bundles, the network."""

import json

import pytest

from tests.cluster.test_apps import app_id
from tests.support.account import Account
from tests.support.apps import HELLO
from tests.support.cluster_platform import ClusterPlatform

ACTIVATOR = "system:serviceaccount:fp-system:fp-activator"
WORKER = "system:serviceaccount:fp-system:fp-worker"
CONTROL = "system:serviceaccount:fp-system:fp-control"
TRAEFIK = "system:serviceaccount:fp-edge:fp-traefik"
MAY_NOT = [
    (ACTIVATOR, "list", "secrets", "fp-apps"),
    (ACTIVATOR, "create", "pods", "fp-apps"),
    (ACTIVATOR, "create", "pods/exec", "fp-apps"),
    (ACTIVATOR, "get", "secrets", "fp-system"),
    (ACTIVATOR, "get", "secrets", "fp-edge"),
    (WORKER, "get", "secrets", "fp-system"),
    (WORKER, "list", "secrets", "fp-system"),
    (WORKER, "create", "pods", "fp-system"),
    (WORKER, "create", "pods/exec", "fp-apps"),
    (CONTROL, "get", "secrets", "fp-apps"),
    (CONTROL, "create", "pods", "fp-apps"),
    (CONTROL, "delete", "deployments.apps", "fp-apps"),
    (TRAEFIK, "get", "secrets", "fp-system"),
    (TRAEFIK, "list", "secrets", "fp-apps"),
    (TRAEFIK, "get", "pods", "fp-apps"),
    ("system:serviceaccount:fp-apps:default", "get", "pods", "fp-apps"),
    ("system:serviceaccount:fp-apps:default", "get", "secrets", "fp-apps"),
]
MAY = [
    (ACTIVATOR, "patch", "deployments.apps", "fp-apps"),
    (ACTIVATOR, "get", "secrets", "fp-apps"),
    (WORKER, "create", "pods", "fp-apps"),
    (CONTROL, "watch", "pods", "fp-apps"),
    (TRAEFIK, "watch", "ingressroutes.traefik.io", "fp-edge"),
]


@pytest.mark.parametrize(
    ("who", "verb", "what", "where", "expected"),
    [*((*each, "no") for each in MAY_NOT), *((*each, "yes") for each in MAY)],
)
def test_rights(platform: ClusterPlatform, who: str, verb: str, what: str, where: str, expected: str) -> None:
    kind, _, part = what.partition("/")
    told = platform.kubectl(
        "auth", "can-i", verb, kind, f"--subresource={part}", "-n", where, f"--as={who}", check=False
    )
    assert told.strip().splitlines()[-1] == expected


@pytest.mark.parametrize(
    "more",
    [
        {"hostNetwork": True},
        {"securityContext": {"runAsUser": 0}},
        {"volumes": [{"name": "x", "hostPath": {"path": "/"}}]},
    ],
)
def test_a_pod_that_asks_for_more_is_refused(platform: ClusterPlatform, more: dict[str, object]) -> None:
    spec = {"containers": [{"name": "x", "image": "x"}], **more}
    overrides = json.dumps({"apiVersion": "v1", "spec": spec})
    for namespace in ("fp-apps", "fp-system", "fp-edge"):
        told = platform.kubectl("-n", namespace, "run", "greedy", "--image=x", f"--overrides={overrides}", check=False)
        assert "violates PodSecurity" in told, told


LOOK = """
import json, os
status = open('/proc/self/status').read()
def writable(path):
    try:
        open(path + '/x', 'w').close()
        return True
    except OSError:
        return False
print(json.dumps({
    'uid': os.getuid(),
    'capabilities': [line.split()[1] for line in status.splitlines() if line.startswith(('CapEff', 'CapPrm', 'CapBnd'))],
    'seccomp': [line.split()[1] for line in status.splitlines() if line.startswith('Seccomp:')],
    'privileges': [line.split()[1] for line in status.splitlines() if line.startswith('NoNewPrivs')],
    'token': os.path.exists('/var/run/secrets/kubernetes.io'),
    'root': writable('/'), 'code': writable('/opt/fp/runner'), 'shm': writable('/dev/shm'),
}))
"""


def test_an_apps_pod_is_locked_in(platform: ClusterPlatform, ada: Account, name: str) -> None:
    ada.publish(name, HELLO)
    pod = platform.running(app_id(ada, name))[0]["metadata"]["name"]
    assert json.loads(platform.execute(pod, LOOK)) == {
        "uid": 10001,
        "capabilities": ["0000000000000000"] * 3,
        "seccomp": ["2"],
        "privileges": ["1"],
        "token": False,
        "root": False,
        "code": False,
        "shm": True,
    }


STEAL = """
import json, socket, struct
ticket, instance, host, port = {!r}
sock = socket.create_connection((host, port), timeout=5)
body = json.dumps({{"type": "hello", "protocol": 1, "ticket": ticket, "instance": instance, "port": 8000}}).encode()
sock.sendall(struct.pack(">I", len(body)) + body)
size = struct.unpack(">I", sock.recv(4))[0]
answer = b""
while len(answer) < size:
    answer += sock.recv(65536)
print(json.loads(answer)["type"])
"""


def test_an_app_gets_no_other_apps_bundle(platform: ClusterPlatform, ada: Account, name: str) -> None:
    """Not with its own ticket, not with a made-up one, and not from its pod with the right one."""
    other = f"{name}-other"
    for each in (name, other):
        ada.publish(each, HELLO)
    thief, victim = (platform.running(app_id(ada, each))[0] for each in (name, other))
    door = ("fp-activator.fp-system.svc.cluster.local", 9001)
    tickets = [_ticket(thief), "", f"{victim['metadata']['uid']}.guess", _ticket(victim)]
    for ticket in tickets:
        code = STEAL.format((ticket, victim["metadata"]["name"], *door))
        assert platform.execute(thief["metadata"]["name"], code) == "refused"
    ada.http.request("DELETE", f"/api/apps/{other}", json={"name": other}).raise_for_status()


def _ticket(pod: dict[str, object]) -> str:
    spec, metadata = pod["spec"], pod["metadata"]
    assert isinstance(spec, dict)
    assert isinstance(metadata, dict)
    value = next(each["value"] for each in spec["containers"][0]["env"] if each["name"] == "FP_TICKET")
    return str(value).replace("$(FP_POD_UID)", metadata["uid"])


REACH = """
import socket
try:
    socket.create_connection({!r}, timeout=3).close()
    print("reached")
except OSError:
    print("kept apart")
"""


def test_the_network_keeps_apps_apart(platform: ClusterPlatform, ada: Account, name: str) -> None:
    other = f"{name}-other"
    for each in (name, other):
        ada.publish(each, HELLO)
    pod, neighbour = (platform.running(app_id(ada, each))[0] for each in (name, other))
    mongo = platform.pods("fp.dev/part=mongo", "fp-system")[0]["status"]["podIP"]
    assert platform.execute(pod["metadata"]["name"], REACH.format((mongo, 27017))) == "reached"
    found = platform.execute(pod["metadata"]["name"], REACH.format((neighbour["status"]["podIP"], 8000)))
    ada.http.request("DELETE", f"/api/apps/{other}", json={"name": other}).raise_for_status()
    if found == "reached":
        pytest.skip("this cluster accepts NetworkPolicies and enforces none: its network keeps no app from another")
    for target in (
        ("kubernetes.default.svc", 443),
        ("fp-control.fp-system.svc", 8000),
        ("fp-activator.fp-system.svc", 9000),
    ):
        assert platform.execute(pod["metadata"]["name"], REACH.format(target)) == "kept apart"
