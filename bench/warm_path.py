"""Warm path: an awake app through our door, against a bare Traefik route to the very same process.

The second Traefik has nothing but one Host route, the settings a careful person would give it, and no plugin. Rounds take
turns, so that a noisy minute hits both. Control and MongoDB are held still meanwhile: storing the request records of both
sides would take the processor from both, and hide the difference.
"""

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.apps import BARE
from bench.measure import Load, Row, ask, held_still, listening_port, storing, wrk
from fp.local.programs import traefik
from tests.support.account import Account
from tests.support.platform import Platform, free_port, wait_for

_STATIC = """\
global: {{checkNewVersion: false, sendAnonymousUsage: false}}
log: {{level: ERROR}}
entryPoints:
  web:
    address: "127.0.0.1:{port}"
    transport: {{respondingTimeouts: {{readTimeout: 0}}}}
providers: {{file: {{filename: "{dynamic}"}}}}
"""
_DYNAMIC = """\
http:
  routers: {{app: {{rule: "Host(`bench-warm.localhost`)", service: app}}}}
  services: {{app: {{loadBalancer: {{servers: [{{url: "http://127.0.0.1:{upstream}"}}]}}}}}}
"""


@contextmanager
def bare_traefik(upstream: int) -> Iterator[int]:
    """A Traefik with one route to `upstream`; its port."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        dynamic = Path(folder) / "dynamic.yaml"
        dynamic.write_text(_DYNAMIC.format(upstream=upstream))
        static = Path(folder) / "static.yaml"
        static.write_text(_STATIC.format(port=port, dynamic=dynamic))
        process = subprocess.Popen(
            [str(traefik()), f"--configFile={static}"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            wait_for(lambda: _answers(port), 30, "the bare Traefik")
            yield port
        finally:
            process.terminate()
            process.wait()


def _answers(port: int) -> bool:
    try:
        return ask(port, "bench-warm.localhost").status == 200
    except OSError:
        return False


def run(platform: Platform, account: Account, *, smoke: bool) -> list[Row]:
    """Rounds of `wrk` at 1, 50 and 200 connections, ours and the bare route in turns."""
    account.publish("bench-warm", {"app.py": BARE})
    pid = json.loads(ask(platform.port, "bench-warm.localhost").body)["pid"]
    seconds, rounds = (1, 1) if smoke else (4, 5)
    rows = []
    with bare_traefik(listening_port(pid)) as bare, held_still(*storing(platform)):
        for connections in (1, 50, 200):
            ours, theirs = [], []
            for _ in range(rounds):
                ours.append(_load(platform.port, connections, seconds))
                theirs.append(_load(bare, connections, seconds))
                time.sleep(0.2)
            rows.append(_row(connections, ours, theirs))
    return rows


def _load(port: int, connections: int, seconds: int) -> Load:
    load = wrk(f"http://127.0.0.1:{port}/", "bench-warm.localhost", connections, seconds)
    if load.bad:
        raise RuntimeError(f"{load.bad} wrong answers on port {port} at {connections} connections")
    return load


def _row(connections: int, ours: list[Load], theirs: list[Load]) -> Row:
    rps, bare_rps = median(load.rps for load in ours), median(load.rps for load in theirs)
    p50, bare_p50 = median(load.p50 for load in ours), median(load.p50 for load in theirs)
    p99, bare_p99 = median(load.p99 for load in ours), median(load.p99 for load in theirs)
    ratio, added = rps / bare_rps, p50 - bare_p50
    word = "connection" if connections == 1 else "connections"
    met = ratio >= 0.9 and (added <= 0.1 or connections > 1)
    return Row(
        f"{connections} {word}",
        f"{rps:,.0f}/s, p50 {p50:.2f}, p99 {p99:.2f} ms",
        f"bare route {bare_rps:,.0f}/s, p50 {bare_p50:.2f}, p99 {bare_p99:.2f} ms: ratio {ratio:.2f}, p50 {added:+.2f} ms",
        "ratio 0.9" + (", p50 +0.1 ms" if connections == 1 else ""),
        met,
    )
