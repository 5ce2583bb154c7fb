"""A backup taken on a cluster and put back there, as docs/install-kubernetes.md tells it."""

import base64
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from secrets import token_hex
from urllib.parse import quote

import httpx

from tests.support.account import PASSWORD, Account
from tests.support.cluster_platform import ClusterPlatform
from tests.support.platform import ROOT, wait_for
from tests.support.ports import free_port

COUNTER = """import os

from fastapi import FastAPI
from pymongo import MongoClient

app = FastAPI()
seen = MongoClient(os.environ["PLATFORM_MONGO_URI"]).get_default_database()["COLLECTION"]


@app.get("/")
def count():
    seen.insert_one({})
    return seen.count_documents({})
"""


@contextmanager
def stopped(platform: ClusterPlatform) -> Iterator[None]:
    """Without the processes that use MongoDB; afterwards as many as there were."""
    names = ("fp-control", "fp-worker")
    before = {name: platform.get("-n", "fp-system", "deployment", name)["spec"]["replicas"] for name in names}
    platform.kubectl("-n", "fp-system", "scale", "deployment", *names, "--replicas=0")
    try:
        wait_for(
            lambda: not [name for name in names if platform.pods(f"fp.dev/part={name[3:]}", "fp-system")],
            60,
            "their end",
        )
        yield
    finally:
        for name, replicas in before.items():
            platform.kubectl("-n", "fp-system", "scale", "deployment", name, f"--replicas={replicas}")
        for name in names:
            platform.kubectl("-n", "fp-system", "rollout", "status", "deployment", name, "--timeout=100s")


@contextmanager
def forwarded(what: str, port: int) -> Iterator[int]:
    """A port of this machine that leads to one of the cluster's."""
    own = free_port()
    argv = ["kubectl", "-n", "fp-system", "port-forward", what, f"{own}:{port}"]
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as running:
        try:
            wait_for(lambda: _answers(own), 20, f"{what} to be reached")
            yield own
        finally:
            running.terminate()


def _answers(port: int) -> bool:
    with closing(socket.socket()) as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


def restore(platform: ClusterPlatform, file: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command that the guide names, on this machine."""
    secret = platform.get("-n", "fp-system", "secret", "fp-secrets")["data"]
    password = quote(base64.b64decode(secret["mongo-password"]).decode(), safe="")
    with forwarded("pod/fp-mongo-0", 27017) as port:
        settings = {
            "FP_MONGO_URI": f"mongodb://fp:{password}@127.0.0.1:{port}/?directConnection=true",
            "FP_SECRET_KEY": base64.b64decode(secret["secret-key"]).decode(),
        }
        return subprocess.run(
            [sys.executable, "-m", "control.store.restore", str(file), *arguments],
            env={**os.environ, **settings}, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip


def log_in(ada: Account) -> bool:
    """Log ins are no part of a backup. False while Traefik does not know the new processes."""
    who = {"username": ada.username, "password": PASSWORD}
    answer = httpx.post(f"{ada.platform.url}/api/auth/login", json=who)
    if answer.status_code in {502, 503, 504}:
        return False
    ada.token = answer.raise_for_status().json()["token"]
    ada.http.headers["Authorization"] = f"Bearer {ada.token}"
    return True


def test_what_was_lost_is_put_back(platform: ClusterPlatform, ada: Account, name: str, tmp_path: Path) -> None:
    ada.publish(name, {"app.py": COUNTER.replace("COLLECTION", token_hex(4))})
    assert [ada.call(name).json() for _ in range(2)] == [1, 2]
    file = tmp_path / "backup.zip"
    file.write_bytes(ada.http.get("/api/admin/backup", timeout=120).raise_for_status().content)
    assert ada.call(name).json() == 3
    ada.http.request("DELETE", f"/api/apps/{name}", json={"name": name}).raise_for_status()
    ada.create(f"{name}-late")
    refused = restore(platform, file, "--replace")
    assert (refused.returncode, "Stop it first" in refused.stderr) == (1, True), refused.stderr
    with stopped(platform):
        # The worker's lease may have some seconds left.
        wait_for(lambda: restore(platform, file, "--replace").returncode == 0, 60, "the restore")
    wait_for(lambda: log_in(ada), 30, "the API to be reached again")
    apps = {app["name"] for app in ada.api("GET", "/apps")["items"]}
    assert (name in apps, f"{name}-late" in apps) == (True, False)
    back = wait_for(lambda: (got := ada.call(name)).status_code == 200 and got, 60, "the reconciler to bring it back")
    assert back.json() == 3
