"""Restoring into this machine's platform while it is stopped: its MongoDB alone is started for it, and stopped again."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from fp.local import folder, ports, secrets, specs
from fp.local.commands import end_leftovers, say
from fp.local.errors import LocalError
from fp.local.settings import LocalSettings
from fp.local.specs import Spec

_STOP_SECONDS = 30.0


def restore_into(settings: LocalSettings, file: Path, flags: Sequence[str]) -> int:
    """Restores `file`; answers the exit code of the restore. Raises LocalError when it cannot even begin."""
    if not (settings.checkout / "control").is_dir():
        raise LocalError("A restore needs the platform's source, which is not here.", "Run it in a checkout of fp.")
    folder.prepare(settings.data)
    lock = folder.lock(settings.data)
    if lock is None:
        raise LocalError(f"fp runs in {settings.data}.", "Stop it first with ./justw down.")
    with lock:
        end_leftovers(settings)
        chosen, known = ports.choose(settings.data), secrets.load(settings.data)
        restore = specs.restore_spec(settings, chosen, known, file, flags)
        platform = specs.build_database(settings, chosen, known)
        if platform.database is None or platform.bootstrap is None:
            return _run(restore)
        with _running(platform.database, settings.data / "logs" / "mongodb.log"):
            if _run(platform.bootstrap):
                raise LocalError("MongoDB did not start.", f"Its log: {settings.data / 'logs' / 'mongodb.log'}")
            return _run(restore)


def _run(spec: Spec) -> int:
    return subprocess.run(spec.argv, env=spec.env, cwd=spec.cwd, check=False).returncode


@contextmanager
def _running(spec: Spec, log: Path) -> Iterator[None]:
    with log.open("ab") as output:
        process = subprocess.Popen(spec.argv, env=spec.env, cwd=spec.cwd, stdout=output, stderr=output)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            say("MongoDB does not stop in time; ending it.")
            os.kill(process.pid, 9)
            process.wait()
