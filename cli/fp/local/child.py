"""One process under the supervisor: started, watched, started again with backoff when it dies, stopped in the end."""

import asyncio
import contextlib
import signal
import socket
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

from fp.local import processes
from fp.local.errors import LocalError
from fp.local.specs import Spec

FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 10.0
STEADY_SECONDS: Final = 20.0
"""A process that lived this long is taken to be well: its next death starts again from the first pause."""
BACKLOG: Final = 4096
LOG_BYTES: Final = 10 * 1024 * 1024


class Child:
    """Keeps one process of `spec` alive until `stop`. `say` gets what people should read; `noted` is told of each pid."""

    def __init__(self, spec: Spec, logs: Path, say: Callable[[str], None], noted: Callable[[], None]) -> None:
        self.spec = spec
        self.log = logs / f"{spec.name}.log"
        self.known: processes.Known | None = None
        self.deaths = 0
        self._say = say
        self._noted = noted
        self._stopping = False
        self._process: asyncio.subprocess.Process | None = None
        self._sockets = {name: listen(port) for name, port in spec.listeners.items()}

    async def run(self) -> None:
        """Start it, and again whenever it ends, until `stop`."""
        pause = FIRST_PAUSE
        loop = asyncio.get_running_loop()
        while not self._stopping:
            began = loop.time()
            code = await self.once()
            if self._stopping:
                return
            self.deaths += 1
            pause = FIRST_PAUSE if loop.time() - began > STEADY_SECONDS else pause
            self._say(f"{self.spec.name} {in_words(code)}; starting it again in {pause:g} s (log: {self.log})")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def once(self) -> int:
        """Start it and wait for its end; its exit code, negative for a signal."""
        rotate(self.log)
        with self.log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *self.spec.argv,
                cwd=self.spec.cwd,
                env=self.spec.env | {name: str(sock.fileno()) for name, sock in self._sockets.items()},
                pass_fds=[sock.fileno() for sock in self._sockets.values()],
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Ctrl-C reaches the supervisor alone, which then stops the others in their order.
                start_new_session=True,
            )
        pid = self._process.pid
        self.known = processes.Known(self.spec.name, pid, processes.started(pid) or "")
        self._noted()
        code = await self._process.wait()
        self.known = None
        self._noted()
        return code

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL once the spec's patience is over; returns when it is gone."""
        self._stopping = True
        for sock in self._sockets.values():
            sock.close()
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), self.spec.patience)
        except TimeoutError:
            self.kill()
            await process.wait()

    def kill(self) -> None:
        """End it at once."""
        self._stopping = True
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    def tail(self, lines: int = 8) -> str:
        """The end of its log, for an error message."""
        with contextlib.suppress(OSError), self.log.open(errors="replace") as handle:
            return "".join(f"    {line}" for line in deque(handle, lines))
        return ""


def listen(port: int) -> socket.socket:
    """A socket that listens on loopback, for a process that is about to be started. Raises LocalError."""
    try:
        return socket.create_server(("127.0.0.1", port), backlog=BACKLOG)
    except OSError as error:
        raise LocalError(f"Port {port} was taken in the last moment: {error}.", "Start again.") from None


def in_words(code: int) -> str:
    """An exit code as people say it."""
    if code >= 0:
        return f"ended with code {code}"
    with contextlib.suppress(ValueError):
        return f"was killed by {signal.Signals(-code).name}"
    return f"was killed by signal {-code}"


def rotate(log: Path) -> None:
    """Keep one older log once the file is large."""
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.old"))
