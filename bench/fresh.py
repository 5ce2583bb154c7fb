"""What a cold start is compared to: a fresh `uvicorn app:app` process, started and asked until it answers."""

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.measure import ask
from tests.support.ports import free_port


@contextmanager
def uvicorn(python: Path, source: str) -> Iterator[int]:
    """Plain uvicorn with that app, in the interpreter given; its port. It may not answer yet."""
    port = free_port()
    argv = [str(python), "-m", "uvicorn", "app:app", "--port", str(port), "--no-access-log"]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "app.py").write_text(source)
        process = subprocess.Popen(argv, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield port
        finally:
            process.kill()
            process.wait()


def start_ms(python: Path, source: str) -> float:
    """Milliseconds from starting the process to its first answer, asked again every millisecond."""
    began = time.perf_counter()
    with uvicorn(python, source) as port:
        while time.perf_counter() - began < 60:
            with contextlib.suppress(OSError):
                answer = ask(port, "localhost")
                if answer.status == 200 and b"world" in answer.body:
                    return (time.perf_counter() - began) * 1000
            time.sleep(0.001)
    raise RuntimeError("uvicorn did not answer within a minute")
