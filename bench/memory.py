"""Memory of the whole platform when nothing happens, MongoDB and Traefik included; and what one awake app adds."""

import time

from bench.apps import TYPICAL
from bench.measure import Row, ask, family, memory_mb
from tests.support.account import Account
from tests.support.platform import Platform, wait_for


def run(platform: Platform, account: Account, *, smoke: bool) -> list[Row]:
    """Proportional set size of every process; ten small FastAPI apps (two in the smoke run), awake."""
    for app in account.api("GET", "/apps")["items"]:
        if app["status"] == "running":
            account.api("POST", f"/apps/{app['name']}/sleep")
    time.sleep(1 if smoke else 10)
    idle = by_name(platform, "Pss")
    total, kept = sum(idle.values()), sum(by_name(platform, "Pss_Anon").values())
    count = 2 if smoke else 10
    for number in range(count):
        account.publish(f"bench-memory-{number}", {"app.py": TYPICAL})
        if ask(platform.port, f"bench-memory-{number}.localhost").status != 200:
            raise RuntimeError("an app did not answer")
    wait_for(lambda: len(family(platform.processes()["node"])) >= count + 2, 20, "all apps awake")
    time.sleep(1 if smoke else 5)
    each = (sum(memory_mb(pid) for pid in family(platform.processes()["node"])) - idle["node and zygote"]) / count
    for number in range(count):
        account.api("POST", f"/apps/bench-memory-{number}/sleep")
    parts = ", ".join(f"{name} {mb:.0f}" for name, mb in sorted(idle.items(), key=lambda item: -item[1]))
    knative = "Knative's control plane alone, published: 221 MiB"
    return [
        Row("idle platform", f"{total:.0f} MB ({parts})", knative, "350 MB", total <= 350),
        Row("of that, the processes' own; the rest is program files that the system may drop", f"{kept:.0f} MB", ""),
        Row(
            f"each of {count} awake FastAPI apps",
            f"{each:.1f} MB",
            "a process of its own: 41-48 MB",
            "about 15 MB",
            each <= 17,
        ),
    ]


def by_name(platform: Platform, kind: str) -> dict[str, float]:
    """Megabytes by part, of one kind (see memory_mb); the supervisor itself is a part."""
    if platform.process is None:
        raise RuntimeError("the platform does not run")
    running = platform.processes()
    parts = {name: sum(memory_mb(one, kind) for one in family(pid)) for name, pid in running.items() if name != "node"}
    return parts | {
        "node and zygote": sum(memory_mb(pid, kind) for pid in family(running["node"])),
        "supervisor": memory_mb(platform.process.pid, kind),
    }
