"""Kubernetes: wakes by a pod of the app's own and from the pool, beside a stock Deployment; the warm path; memory.

Needs the cluster that KUBECONFIG names (`just bench-cluster`). The stock Deployment is what peers scale: the same app under
uvicorn, a ConfigMap mounted for its code, a readiness probe every second; it is scaled from 0 to 1 and asked through its
Service every 10 ms until it answers. It takes turns with the wakes, on the same node.
"""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any, Final

import httpx

from bench.apps import TYPICAL
from bench.measure import Load, percentile, wrk
from bench.results import Chart, Found, Row
from tests.support.account import Account
from tests.support.cluster_platform import ClusterPlatform
from tests.support.platform import wait_for

ROUNDS = 50
STOCKS = 20
NAME: Final = "bench"
STOCK: Final = "fp-stock"
PHASES: Final = ("gate", "claim", "spawn", "runtime", "checkin", "imports", "startup", "first_byte")
KNATIVE_MIB: Final = (221, 401)
"""Of Knative's control plane: published (openshift-docs 80197), and measured with 0.47 and Kourier on such a node."""


def run(smoke: bool) -> Found:
    """50 wakes either way (3 in the smoke run) and 20 of the stock Deployment (1)."""
    rounds, stocks = (3, 1) if smoke else (ROUNDS, STOCKS)
    platform = ClusterPlatform(POOL="0", FP_CLIENT_WAKES_PER_MINUTE="1000000")
    platform.up()
    account = Account(platform)  # type: ignore[arg-type]  # it has what an account asks of a platform: url, port, users
    account.http.request("DELETE", f"/api/apps/{NAME}")
    account.publish(NAME, {"app.py": TYPICAL})
    with stock(platform) as address:
        plain, fresh = [], []
        for number in range(rounds):
            plain.append(wake(platform, account))
            if number < stocks:
                fresh.append(stock_start(platform, address))
    plain_phases = phases(account)
    memory_idle = memory(platform)
    platform.settings["POOL"] = "2"
    platform.up()
    pooled = []
    for _ in range(rounds):
        wait_for(platform.pool_is_full, 60, "the pool")
        pooled.append(wake(platform, account))
    pooled_phases = phases(account)
    loads = warm(platform, account, seconds=1 if smoke else 4, times=1 if smoke else 5)
    return Found(
        rows=[
            _cold("by a pod of its own", plain, fresh, (700, 1000)),
            _cold("from the pool", pooled, fresh, (100, 150)),
            Row(
                f"for comparison: a stock Deployment, p50 / p95 of {len(fresh)}",
                f"{percentile(fresh, 0.5):.0f} / {percentile(fresh, 0.95):.0f} ms",
            ),
            *(_warm(count, ours, bare) for count, (ours, bare) in loads.items()),
            Row(
                "memory of the control plane (working set: control, worker, 2 activators, Traefik)",
                f"{memory_idle:.0f} MiB",
                f"Knative {KNATIVE_MIB[0]} MiB published, {KNATIVE_MIB[1]} MiB measured, and 33 more an awake app",
                f"below {KNATIVE_MIB[1]} MiB",
                memory_idle < KNATIVE_MIB[1],
            ),
        ],
        charts=[
            Chart(
                "cluster-wakes",
                "A request to a sleeping app on Kubernetes",
                "Stacked bars: milliseconds of each phase of the median wake, by a pod of the app's own and from the pool.",
                "stacked",
                "milliseconds",
                parts(plain_phases, pooled_phases),
                ["pod of its own", "from the pool"],
            )
        ],
        data={"plain": plain, "pooled": pooled, "stock": fresh, "phases": [plain_phases, pooled_phases]},
    )


def wake(platform: ClusterPlatform, account: Account) -> float:
    """Milliseconds from request to answer of the app, which slept, and whose pods are gone."""
    account.api("POST", f"/apps/{NAME}/sleep")
    app = account.api("GET", f"/apps/{NAME}")["id"]
    selector = f"fp.dev/app={app}"
    wait_for(lambda: not platform.get("-n", "fp-apps", "pods", "-l", selector)["items"], 60, "its pods to go")
    time.sleep(0.5)
    began = time.perf_counter()
    answer = httpx.get(platform.url, headers={"Host": f"{NAME}.localhost"}, timeout=60)
    ms = (time.perf_counter() - began) * 1000
    if answer.status_code != 200 or "world" not in answer.text:
        raise RuntimeError(f"a wake answered {answer.status_code}: {answer.text[:200]}")
    return ms


def phases(account: Account) -> dict[str, float]:
    """Where the median of the last wakes went, in milliseconds; those that the runner told whole."""
    time.sleep(2)
    wakes = account.api("GET", f"/apps/{NAME}/wakes")["items"]
    told = [{phase["name"]: phase["ms"] for phase in wake["phases"]} for wake in wakes if wake.get("start")]
    return {name: median(one.get(name, 0.0) for one in told) for name in PHASES} if told else {}


def parts(*wakes: dict[str, float]) -> dict[str, list[float]]:
    """The phases that matter, one series each, and the others together."""
    large = ("claim", "spawn", "runtime", "imports")
    series = {phase: [wake.get(phase, 0.0) for wake in wakes] for phase in large}
    return series | {"the rest": [sum(ms for name, ms in wake.items() if name not in large) for wake in wakes]}


# --- beside it ----------------------------------------------------------------------------------------------------------


@contextmanager
def stock(platform: ClusterPlatform) -> Iterator[str]:
    """A stock Deployment of the same app, asleep; its Service's address. Removed afterwards."""
    image = platform.get("-n", "fp-system", "daemonset", "fp-runner-image")["spec"]["template"]["spec"]["containers"][
        0
    ]["image"]
    command = [
        "/opt/fp/env/bin/python",
        "-m",
        "uvicorn",
        "app:app",
        "--app-dir",
        "/code",
        "--host",
        "0.0.0.0",
        "--port",
        "8000",
    ]
    labels = {"app": STOCK}
    container = {
        "name": "app",
        "image": image,
        "command": command,
        "ports": [{"containerPort": 8000}],
        "volumeMounts": [{"name": "code", "mountPath": "/code"}],
        "readinessProbe": {"httpGet": {"path": "/", "port": 8000}, "periodSeconds": 1},
    }
    objects: list[dict[str, Any]] = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": STOCK}},
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "code", "namespace": STOCK},
            "data": {"app.py": TYPICAL},
        },
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": STOCK, "namespace": STOCK},
            "spec": {
                "replicas": 0,
                "selector": {"matchLabels": labels},
                "template": {
                    "metadata": {"labels": labels},
                    "spec": {
                        "containers": [container],
                        "terminationGracePeriodSeconds": 1,
                        "volumes": [{"name": "code", "configMap": {"name": "code"}}],
                    },
                },
            },
        },
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": STOCK, "namespace": STOCK},
            "spec": {"selector": labels, "ports": [{"port": 80, "targetPort": 8000}], "type": "NodePort"},
        },
    ]
    for each in objects:
        subprocess.run(
            ["kubectl", "apply", "-f", "-"], input=json.dumps(each), text=True, check=True, capture_output=True
        )
    try:
        port = platform.get("-n", STOCK, "service", STOCK)["spec"]["ports"][0]["nodePort"]
        yield f"{platform.url.removeprefix('http://').rpartition(':')[0]}:{port}"
    finally:
        platform.kubectl("delete", "namespace", STOCK, "--wait=false")


def stock_start(platform: ClusterPlatform, address: str) -> float:
    """Milliseconds from scaling to 1 until it answers, asked every 10 ms; scaled to 0 again."""
    scale = ("-n", STOCK, "scale", "deployment", STOCK)
    began = time.perf_counter()
    platform.kubectl(*scale, "--replicas=1")
    with httpx.Client(timeout=0.3) as http:
        while True:
            try:
                if http.get(f"http://{address}/").status_code == 200:
                    break
            except httpx.HTTPError:
                pass
            time.sleep(0.01)
    ms = (time.perf_counter() - began) * 1000
    platform.kubectl(*scale, "--replicas=0")
    wait_for(lambda: not platform.get("-n", STOCK, "pods")["items"], 60, "the stock pod to go")
    return ms


def warm(platform: ClusterPlatform, account: Account, seconds: int, times: int) -> dict[int, tuple[Load, Load]]:
    """`wrk` through the door and over a bare route to the same pod, in turns; medians by connections."""
    pod = platform.running(account.api("GET", f"/apps/{NAME}")["id"])[0]
    with bare_route(platform, pod["status"]["podIP"]):
        found = {}
        for connections in (1, 50):
            seen: dict[str, list[Load]] = {f"{NAME}.localhost": [], "bare.test": []}
            for _ in range(times):
                for host, loads in seen.items():
                    load = wrk(f"{platform.url}/", host, connections, seconds)
                    if load.bad:
                        raise RuntimeError(f"{load.bad} wrong answers of {host}")
                    loads.append(load)
            ours, bare = (
                Load(
                    median(one.rps for one in loads),
                    median(one.p50 for one in loads),
                    median(one.p99 for one in loads),
                    0,
                )
                for loads in seen.values()
            )
            found[connections] = (ours, bare)
        return found


@contextmanager
def bare_route(platform: ClusterPlatform, address: str) -> Iterator[None]:
    """An IngressRoute of nothing but a host and the pod behind it."""
    labels = {"kubernetes.io/service-name": "bare"}
    service = {"ports": [{"name": "http", "port": 8000}]}
    rule = {"kind": "Rule", "match": "Host(`bare.test`)", "priority": 100, "services": [{"name": "bare", "port": 8000}]}
    objects: list[dict[str, Any]] = [
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "bare"}, "spec": service},
        {
            "apiVersion": "discovery.k8s.io/v1",
            "kind": "EndpointSlice",
            "metadata": {"name": "bare", "labels": labels},
            "addressType": "IPv4",
            "endpoints": [{"addresses": [address], "conditions": {"ready": True}}],
            "ports": [{"name": "http", "port": 8000}],
        },
        {
            "apiVersion": "traefik.io/v1alpha1",
            "kind": "IngressRoute",
            "metadata": {"name": "bare"},
            "spec": {"routes": [rule]},
        },
    ]
    for each in objects:
        argv = ["kubectl", "-n", "fp-edge", "apply", "-f", "-"]
        subprocess.run(argv, input=json.dumps(each), text=True, check=True, capture_output=True)
    try:
        wait_for(
            lambda: httpx.get(platform.url, headers={"Host": "bare.test"}).status_code == 200, 20, "the bare route"
        )
        yield
    finally:
        platform.kubectl(
            "-n", "fp-edge", "delete", "service/bare", "endpointslice/bare", "ingressroute.traefik.io/bare"
        )


def memory(platform: ClusterPlatform) -> float:
    """MiB of working set of the platform's own pods, as the kubelets measure it, without the database and the held image."""
    total = 0.0
    for node in platform.get("nodes")["items"]:
        said = json.loads(
            platform.kubectl("get", "--raw", f"/api/v1/nodes/{node['metadata']['name']}/proxy/stats/summary")
        )
        for pod in said["pods"]:
            name, namespace = pod["podRef"]["name"], pod["podRef"]["namespace"]
            if namespace in ("fp-system", "fp-edge") and not name.startswith(("fp-mongo", "fp-runner-image")):
                total += sum(each["memory"].get("workingSetBytes", 0) for each in pod.get("containers", []))
    return total / 1024 / 1024


def _cold(how: str, wakes: list[float], fresh: list[float], target: tuple[float, float]) -> Row:
    p50, p95 = percentile(wakes, 0.5), percentile(wakes, 0.95)
    return Row(
        f"FastAPI, {how}: p50 / p95 of {len(wakes)}",
        f"{p50:.0f} / {p95:.0f} ms",
        f"stock Deployment p50 {percentile(fresh, 0.5):.0f} ms: {percentile(fresh, 0.5) / p50:.1f} times as long",
        f"p50 {target[0]:g} ms, p95 {target[1]:g} ms",
        p50 <= target[0] and p95 <= target[1],
    )


def _warm(connections: int, ours: Load, bare: Load) -> Row:
    return Row(
        f"awake, {connections} connection{'s' if connections > 1 else ''}",
        f"{ours.rps:,.0f}/s, p50 {ours.p50:.2f} ms",
        f"bare IngressRoute {bare.rps:,.0f}/s, p50 {bare.p50:.2f} ms: ratio {ours.rps / bare.rps:.2f}",
        "ratio 0.9",
        ours.rps / bare.rps >= 0.9,
    )
