"""`tools/cluster.py up|down|image NAME`: the whole platform in the cluster that KUBECONFIG names, and out of it again.

Images are built where they are missing, by the command in `FP_IMAGE_BUILD`, which is called with a tag, a folder and arguments
for the build (`-f FILE`), and must leave the image where the cluster's nodes find it. Without Docker's help that is for example
a script around buildah; with k3d: `docker build -t "$1" "${@:3}" "$2" && k3d image import "$1"`.

Settings of `up`: POOL (waiting runners), FP_DOMAIN, FP_APPS_DOMAIN, FP_DATA_PLANE, and any other FP_ setting of manifests/base/
settings.env. The last line on standard output is the door's `host:port`.
"""

import hashlib
import json
import os
import shlex
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / ".tools" / "cluster"
READY_SECONDS = 180
WORKLOADS = (
    ("fp-system", "statefulset/fp-mongo"),
    ("fp-system", "deployment/fp-control"),
    ("fp-system", "deployment/fp-worker"),
    ("fp-system", "deployment/fp-activator"),
    ("fp-edge", "deployment/fp-traefik"),
)
# What each image is made of: a change of any of it is another image.
SOURCES = {
    "runner": ("runner", "requirements/apps.txt"),
    "activator": ("activator", "cluster", "cli/fp", "requirements/activator.txt"),
    "control": ("control", "cluster", "cli/fp", "frontend/dist", "requirements/pods.txt", "requirements/apps.json"),
    "traefik": ("traefik/plugin",),
    "bootstrap": ("control/store/bootstrap.py", "requirements/bootstrap.txt"),
}


class Failed(Exception):
    """It cannot be done; the message says what to do."""


def main(arguments: list[str]) -> int:
    """Exit code 0 once it is done, 1 with the reason when it cannot be."""
    try:
        match arguments:
            case ["up"]:
                print(up())
            case ["down"]:
                down()
            case ["image", name] if name in SOURCES:
                print(images(name)[name])
            case _:
                raise Failed("usage: tools/cluster.py up | down | image NAME")
    except Failed as error:
        print(f"cluster: {error}", file=sys.stderr)
        return 1
    return 0


def say(text: str) -> None:
    print(f"cluster: {text}", file=sys.stderr, flush=True)


def up() -> str:
    """Everything ready; the door's address."""
    began = time.monotonic()
    built = images()
    _make_namespaces()
    _make_credentials()
    write_overlay(built, {name: value for name, value in os.environ.items() if name.startswith("FP_")})
    say("applying the manifests")
    kubectl("apply", "--server-side", "--force-conflicts", "-k", str(BUILT), seconds=120)
    for namespace, workload in WORKLOADS:
        say(f"waiting for {workload}")
        kubectl(
            "-n", namespace, "rollout", "status", workload, f"--timeout={READY_SECONDS}s", seconds=READY_SECONDS + 5
        )
    address = door()
    _wait_for_answer(address)
    say(f"ready after {time.monotonic() - began:.0f} s")
    return address


def down() -> None:
    """Nothing of it is left."""
    kubectl(
        "delete", "namespace", "fp-apps", "fp-edge", "fp-system", "--ignore-not-found", "--timeout=120s", seconds=130
    )
    kubectl("delete", "priorityclass", "fp-system", "fp-apps", "--ignore-not-found", seconds=30)


# --- images -----------------------------------------------------------------------------------------------------------


def images(*wanted: str) -> dict[str, str]:
    """The tag of each image, in the cluster; of all, or those that are wanted."""
    present = {
        name for node in get("nodes")["items"] for image in node["status"].get("images", []) for name in image["names"]
    }
    tags = {}
    for name, sources in ((name, SOURCES[name]) for name in wanted or SOURCES):
        tag = f"fp.local/{name}:{fingerprint(name, sources)}"
        if tag not in present:
            _build(name, tag)
        tags[name] = tag
    return tags


def fingerprint(name: str, sources: tuple[str, ...]) -> str:
    """Twelve digits that change with any of an image's sources."""
    digest = hashlib.sha256()
    for path in _files((f"manifests/images/{name}", *sources)):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _files(sources: tuple[str, ...]) -> Iterator[Path]:
    for source in sources:
        path = ROOT / source
        if not path.exists():
            raise Failed(f"{source} is not there; build the web page first: ./justw cluster-up does")
        found = [path] if path.is_file() else sorted(path.rglob("*"))
        yield from (file for file in found if file.is_file() and "__pycache__" not in file.parts)


def _build(name: str, tag: str) -> None:
    command = os.environ.get("FP_IMAGE_BUILD", "")
    if not command:
        raise Failed(
            f"{tag} is not in the cluster, and FP_IMAGE_BUILD does not say how to build it (docs/install-kubernetes.md)"
        )
    say(f"building {tag}")
    argv = [*shlex.split(command), tag, str(ROOT), "-f", str(ROOT / "manifests" / "images" / name / "Dockerfile")]
    run(argv, 900)


# --- manifests --------------------------------------------------------------------------------------------------------


def write_overlay(built: dict[str, str], settings: dict[str, str]) -> None:
    """An overlay of `test` with these images and what the environment sets."""
    known = {line.partition("=")[0] for line in (ROOT / "manifests/base/settings.env").read_text().splitlines()}
    values = {name: value for name, value in settings.items() if name in known or name in _OPTIONAL}
    values["FP_RUNNER_IMAGE"] = built["runner"]
    if "POOL" in os.environ:
        values["FP_POOL"] = os.environ["POOL"]
    overlay = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": ["../../manifests/overlays/test"],
        "images": [{"name": f"fp.local/{name}", "newTag": tag.rpartition(":")[2]} for name, tag in built.items()],
        "configMapGenerator": [
            {
                "name": "fp-settings",
                "namespace": "fp-system",
                "behavior": "merge",
                "literals": [f"{name}={value}" for name, value in sorted(values.items())],
            }
        ],
    }
    BUILT.mkdir(parents=True, exist_ok=True)
    (BUILT / "kustomization.yaml").write_text(json.dumps(overlay, indent=2))


_OPTIONAL = frozenset(
    {
        "FP_IDLE_SECONDS_PER_MINUTE", "FP_CLIENT_WAKES_PER_MINUTE", "FP_HOLD_SECONDS", "FP_APP_MEMORY_MB", "FP_APP_CPUS",
        "FP_START_SECONDS", "FP_ROOM_SIZE", "FP_CLIENT_ROOM_SIZE", "FP_TRUSTED_PROXIES",
    }
)  # fmt: skip


def _make_namespaces() -> None:
    run(["kubectl", "apply", "--server-side", "-f", str(ROOT / "manifests/base/namespaces.yaml")], 30)


def _make_credentials() -> None:
    """The worker would do it; this way nobody waits for it."""
    run([sys.executable, "-m", "cluster.kubernetes.credentials"], 30)


# --- the cluster ------------------------------------------------------------------------------------------------------


def door() -> str:
    """Where Traefik is reached from outside, by its NodePort."""
    service = get("-n", "fp-edge", "service", "fp-traefik")
    port = next(port["nodePort"] for port in service["spec"]["ports"] if port["name"] == "http")
    addresses = get("nodes")["items"][0]["status"]["addresses"]
    host = next(address["address"] for address in addresses if address["type"] == "InternalIP")
    return f"{os.environ.get('FP_TEST_DOOR_HOST', host)}:{port}"


def _wait_for_answer(address: str) -> None:
    ends = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://{address}/api/ready", timeout=5):
                return
        except OSError as error:
            if time.monotonic() > ends:
                raise Failed(f"http://{address}/api/ready does not say that it is: {error}") from None
            time.sleep(0.2)


def get(*what: str) -> Any:
    """Objects, as kubectl has them."""
    return json.loads(run(["kubectl", "get", "-o", "json", *what], 30))


def kubectl(*arguments: str, seconds: float = 60) -> str:
    return run(["kubectl", *arguments], seconds)


def run(argv: list[str], seconds: float) -> str:
    """What a command prints. Raises Failed with what it complained about."""
    try:
        done = subprocess.run(argv, check=True, capture_output=True, text=True, timeout=seconds, cwd=ROOT)
    except FileNotFoundError:
        raise Failed(f"{argv[0]} is not there") from None
    except subprocess.TimeoutExpired:
        raise Failed(f"{shlex.join(argv[:6])} did not end within {seconds:g} s") from None
    except subprocess.CalledProcessError as error:
        raise Failed(f"{shlex.join(argv[:6])}: {(error.stderr or error.stdout).strip()[-2000:]}") from None
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
