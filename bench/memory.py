"""Memory of the whole platform when nothing happens, MongoDB and Traefik included; and what one awake app adds."""

import time

from bench.apps import TYPICAL
from bench.measure import ask
from bench.processes import family, memory_mb
from bench.results import Chart, Found, Row
from bench.stage import stage
from tests.support.platform import Platform, wait_for


def run(smoke: bool) -> Found:
    """Proportional set size of every process; ten small FastAPI apps (two in the smoke run), asleep, awake, kept imported."""
    count = 2 if smoke else 10
    hosts = [f"bench-memory-{number}" for number in range(count)]
    with stage(FP_WARM_MB="0") as (platform, account):
        for name in hosts:
            account.publish(name, {"app.py": TYPICAL})
            account.api("POST", f"/apps/{name}/sleep")
        time.sleep(1 if smoke else 10)
        idle, kept = by_name(platform, "Pss"), by_name(platform, "Pss_Anon")
        for name in hosts:
            if ask(platform.port, f"{name}.localhost").status != 200:
                raise RuntimeError("an app did not answer")
        node = platform.processes()["node"]
        wait_for(lambda: len(family(node)) >= count + 2, 20, "all apps awake")
        time.sleep(1 if smoke else 5)
        each = (sum(memory_mb(pid) for pid in family(node)) - idle["node and zygote"]) / count
    imported = _imported(smoke, hosts)
    return Found(
        _rows(idle, kept, count, (each, imported)),
        [_chart(idle, kept)],
        {"idle": idle, "own": kept, "each": each, "imported": imported},
    )


def _imported(smoke: bool, hosts: list[str]) -> float:
    """Megabytes that one sleeping app costs while it is kept imported."""
    with stage(FP_WARM_MB="1024") as (platform, account):
        node = platform.processes()["node"]
        time.sleep(1 if smoke else 10)
        before = sum(memory_mb(pid) for pid in family(node))
        for name in hosts:
            account.publish(name, {"app.py": TYPICAL})
            account.api("POST", f"/apps/{name}/sleep")
        log = platform.data / "logs" / "node.log"
        wait_for(lambda: log.read_text().count('"an app has a zygote"') == len(hosts), 60, "a zygote for each app")
        time.sleep(1 if smoke else 10)
        return (sum(memory_mb(pid) for pid in family(node)) - before) / len(hosts)


def _rows(idle: dict[str, float], kept: dict[str, float], count: int, apps: tuple[float, float]) -> list[Row]:
    each, imported = apps
    total = sum(idle.values())
    parts = ", ".join(f"{name} {mb:.0f}" for name, mb in sorted(idle.items(), key=lambda item: -item[1]))
    own = "of that, the processes' own; the rest is program files that the system may drop"
    return [
        Row(
            f"idle platform, {count} apps asleep",
            f"{total:.0f} MB ({parts})",
            "Knative's control plane alone, published: 221 MiB",
            "350 MB",
            total <= 350,
        ),
        Row(own, f"{sum(kept.values()):.0f} MB"),
        Row(
            f"each of {count} awake FastAPI apps",
            f"{each:.1f} MB",
            "a process of its own: 41-48 MB",
            "about 15 MB",
            each <= 17,
        ),
        Row(f"each of {count} sleeping FastAPI apps that are kept imported", f"{imported:.1f} MB"),
    ]


def _chart(idle: dict[str, float], kept: dict[str, float]) -> Chart:
    names = sorted(idle, key=lambda name: -idle[name])
    return Chart(
        "memory",
        "The idle platform, part by part",
        "Stacked bars: megabytes of each process of the idle platform, its own and those of program files.",
        "stacked",
        "megabytes",
        {
            "the process's own": [kept[name] for name in names],
            "program files, droppable": [max(0.0, idle[name] - kept[name]) for name in names],
        },
        names,
    )


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
