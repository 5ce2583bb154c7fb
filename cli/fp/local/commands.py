"""`up` and `down` as a person runs them: what they print, and what each ends with."""

import asyncio
import os
import secrets as random
import signal
import sys
import time
from pathlib import Path
from typing import Final

from fp.local import folder, ports, probe, processes, secrets, specs
from fp.local.errors import LocalError
from fp.local.settings import LocalSettings
from fp.local.supervisor import Supervisor

DOWN_SECONDS: Final = 45.0


def say(line: str) -> None:
    """A line for people: stderr, so that stdout stays free for data."""
    print(line, file=sys.stderr, flush=True)


def up(settings: LocalSettings) -> int:
    """Run the platform until Ctrl-C or `down`; the exit code. Raises LocalError when it cannot start."""
    if not (settings.checkout / "control").is_dir():
        raise LocalError(
            "`fp up` runs the platform from its source, which is not here.", "Clone it and run ./justw up there."
        )
    folder.prepare(settings.data)
    lock = folder.lock(settings.data)
    if lock is None:
        raise LocalError(
            f"fp already runs in {settings.data}: {_running(settings)}.", "Stop it with ./justw down, or use it."
        )
    with lock:
        end_leftovers(settings)
        ports.check_door(settings.port, settings.bind)
        chosen = ports.choose(settings.data)
        platform = specs.build(settings, chosen, secrets.load(settings.data))
        me = {"pid": os.getpid(), "started": processes.started(os.getpid()), "url": settings.url}
        folder.write_json(settings.data / "run" / "platform.json", me)
        say(f"Starting fp in {settings.data}")
        try:
            asyncio.run(_run(settings, platform))
        finally:
            (settings.data / "run" / "platform.json").unlink(missing_ok=True)
    say("Stopped. Your apps and data are kept; ./justw up brings them back.")
    return 0


async def _run(settings: LocalSettings, platform: specs.Platform) -> None:
    greeting: set[asyncio.Task[None]] = set()

    def ready(seconds: float) -> None:
        task = asyncio.create_task(_greet(settings, seconds))
        greeting.add(task)
        task.add_done_callback(greeting.discard)

    await Supervisor(settings, platform, say).run(ready)


async def _greet(settings: LocalSettings, seconds: float) -> None:
    _, info = await probe.get(settings.port, settings.domain, "/api/info")
    fresh = isinstance(info, dict) and not info.get("has_users", True)
    lines = ["", f"fp is ready at {settings.url} ({seconds:.1f} s)", ""]
    if fresh:
        body = f'{{"username":"admin","password":"{random.token_urlsafe(9)}"}}'
        lines += [
            f"  Sign up      {settings.url}/signup   (the first account is the administrator)",
            f"  or by curl   curl -s {settings.url}/api/auth/signup -H 'content-type: application/json' -d '{body}'",
        ]
    else:
        lines += [f"  Log in       {settings.url}/login", f"  by curl      curl -s {settings.url}/api/ready"]
    lines += [
        f"  Apps         http://<name>.{settings.apps_domain}:{settings.port}",
        f"  Logs         {settings.data / 'logs'}",
        f"  Limits       {_limits(settings)}",
        "  Apps run with your rights on this machine: let only people in whom you trust.",
        "",
        "Ctrl-C, or ./justw down elsewhere, stops everything.",
    ]
    say("\n".join(lines))


def _limits(settings: LocalSettings) -> str:
    """How the node keeps apps within their limits, as it found out when it started."""
    record = folder.read_json(settings.data / "node" / "limits.json")
    return str(record["words"]) if isinstance(record, dict) else "unknown; the node's log says it"


def _running(settings: LocalSettings) -> str:
    record = folder.read_json(settings.data / "run" / "platform.json")
    return f"{record['url']} (process {record['pid']})" if isinstance(record, dict) else "it is starting or stopping"


def end_leftovers(settings: LocalSettings) -> None:
    """End what a killed supervisor left behind. Running apps are not among them: the node takes them up again."""
    record = folder.read_json(settings.data / "run" / "processes.json")
    left = [processes.Known(**entry) for entry in record] if isinstance(record, list) else []
    if found := [known for known in left if processes.alive(known)]:
        say(f"The last run was not stopped cleanly: ending {', '.join(known.name for known in found)}.")
        # The database last: the others would wait for it to come back before they end.
        processes.end([known for known in found if known.name != specs.DATABASE], patience=10.0)
        processes.end([known for known in found if known.name == specs.DATABASE], patience=15.0)


def down(settings: LocalSettings) -> int:
    """Stop the platform of this data folder; 0 also when none runs."""
    run = settings.data / "run"
    record = folder.read_json(run / "platform.json")
    if isinstance(record, dict) and processes.started(record["pid"]) == record["started"]:
        say(f"Stopping fp at {record['url']} (process {record['pid']})")
        os.kill(record["pid"], signal.SIGTERM)
        _wait_gone(processes.Known("fp", record["pid"], record["started"]))
        say("Stopped.")
        return 0
    if not (run / "processes.json").exists():
        say(f"fp does not run in {settings.data}.")
        return 0
    end_leftovers(settings)
    _forget(run)
    return 0


def _wait_gone(known: processes.Known) -> None:
    deadline = time.monotonic() + DOWN_SECONDS
    while processes.alive(known):
        if time.monotonic() > deadline:
            raise LocalError(
                f"Process {known.pid} does not stop.", f"End it with: kill -9 {known.pid}, then ./justw down"
            )
        time.sleep(0.05)


def _forget(run: Path) -> None:
    for name in ("platform.json", "processes.json"):
        (run / name).unlink(missing_ok=True)
