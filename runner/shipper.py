"""Carries a spool to control, where nobody else does it: in a pod the runner has no node beside it that would.

One thread that sleeps most of the time, begun when the app serves, with a plain HTTP connection that it keeps. What control does
not take stays in its file and is tried again; how far a segment was shipped is kept in memory, and whoever begins anew ships
it from its start, because control stores a line once however often it comes.

Where to ship to is also written down beside the spool: the process that the kubelet starts in place of one that was killed
finds it there and ships what that one left (`post_mortem.py`).
"""

import json
import os
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from .settings import host_port

if TYPE_CHECKING:
    from http.client import HTTPConnection

TARGET = "target.json"
BATCH_BYTES = 512 * 1024
PAUSE_SECONDS = 0.25
LONGEST_PAUSE = 5.0
POST_SECONDS = 5.0
REFUSED = frozenset({400, 404, 410, 413})
"""What control would say to the same bytes again."""


class Away(Exception):
    """Control did not take it now."""


@dataclass(frozen=True)
class Target:
    """`address`: control's ingest, `host:port`; `credential`: this instance's own."""

    address: str
    credential: str
    app: str
    number: int
    instance: str

    @property
    def path(self) -> str:
        """Where lines of this instance are posted to."""
        return f"/ingest?app={quote(self.app)}&version={self.number}&instance={quote(self.instance)}"

    def write(self, spool: Path) -> None:
        """Leave it beside the spool, for whoever comes after us."""
        (spool / TARGET).write_text(json.dumps(asdict(self)))


def left_behind(spool: Path) -> Target | None:
    """Where the process before us, in the same pod, shipped to; None where there was none."""
    try:
        return Target(**json.loads((spool / TARGET).read_text()))
    except (OSError, ValueError, TypeError):
        return None


class Shipper:
    """Ships the spool in `folder`: in the background after `start`, and all of it in `finish`."""

    def __init__(self, folder: Path, target: Target) -> None:
        self._folder = folder
        self._target = target
        self._done: dict[str, int] = {}
        self._connection: HTTPConnection | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Ship from now on."""
        self._thread = threading.Thread(target=self._run, name="fp-shipper", daemon=True)
        self._thread.start()

    def finish(self, seconds: float) -> bool:
        """Ship all that is there, for `seconds` at most; nothing is being written any more. Whether that was all."""
        ends = time.monotonic() + seconds
        self._stop.set()
        if self._thread is not None:
            self._thread.join(seconds)
        try:
            return self._ship_all(ends)
        finally:
            if self._connection is not None:
                self._connection.close()

    def _ship_all(self, ends: float) -> bool:
        while True:
            try:
                while self._round(final=True):
                    pass
            except Away:
                if time.monotonic() > ends:
                    return False
                time.sleep(PAUSE_SECONDS)
            else:
                return True

    def _run(self) -> None:
        pause = PAUSE_SECONDS
        while not self._stop.wait(pause):
            try:
                while self._round(final=False) and not self._stop.is_set():
                    pass
                pause = PAUSE_SECONDS
            except Away:
                pause = min(pause * 2, LONGEST_PAUSE)

    def _round(self, *, final: bool) -> bool:
        """One batch, if there is any; whether there was."""
        names = self._segments()
        for index, name in enumerate(names):
            start = self._done.get(name, 0)
            data = self._read(name, start)
            if data:
                self._post(data)
                self._done[name] = start + len(data)
                return True
            if final or index < len(names) - 1:
                (self._folder / name).unlink(missing_ok=True)
                self._done.pop(name, None)
        return False

    def _segments(self) -> list[str]:
        try:
            return sorted(name for name in os.listdir(self._folder) if name.endswith(".ndjson"))  # noqa: PTH208
        except OSError:
            return []

    def _read(self, name: str, start: int) -> bytes:
        """Whole lines from `start` on; half a line at the end is what a process killed in the act left."""
        try:
            with open(self._folder / name, "rb") as file:  # noqa: PTH123
                file.seek(start)
                data = file.read(BATCH_BYTES)
                if b"\n" not in data and len(data) == BATCH_BYTES:
                    data += file.readline()
        except OSError:
            return b""
        return data[: data.rfind(b"\n") + 1]

    def _post(self, data: bytes) -> None:
        # Not before anything is to be shipped: a start has no time for it.
        from http.client import HTTPConnection, HTTPException

        connection = self._connection
        if connection is None:
            host, port = host_port(self._target.address)
            connection = self._connection = HTTPConnection(host, port, timeout=POST_SECONDS)
        headers = {
            "Authorization": f"Bearer {self._target.credential}",
            "Content-Type": "application/x-ndjson",
        }
        try:
            connection.request("POST", self._target.path, body=data, headers=headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, HTTPException) as error:
            connection.close()
            raise Away(str(error)) from None
        if answer.status >= 300 and answer.status not in REFUSED:
            raise Away(f"status {answer.status}")
