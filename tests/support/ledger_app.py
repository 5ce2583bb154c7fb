"""An app that keeps books: it writes the id of each request down before it answers, so that a test can count them.

The id is the request's body, or its query where it has none.

What a client heard and what the app did are two things. The ledger is the second: a file on disk to which every instance
appends one line a request, so that a request that was lost, or done twice, shows whoever was killed meanwhile.
"""

from pathlib import Path
from typing import Final

_CODE: Final = """
import os
import pathlib
import time

GATE, LEDGER = {gate!r}, {ledger!r}
while GATE and not pathlib.Path(GATE).exists():
    time.sleep(0.005)
BOOK = os.open(LEDGER, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body += message.get("body", b"")
        more = message.get("more_body", False)
    body = body or scope["query_string"]
    os.write(BOOK, b"%d %s\\n" % (os.getpid(), body))
    await send({{"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}})
    await send({{"type": "http.response.body", "body": body}})
"""


class Ledger:
    """The books of one app, below `folder`. With `gated` it does not start before `open_gate`."""

    def __init__(self, folder: Path, *, gated: bool = False) -> None:
        self._file = folder / "ledger"
        self._gate = folder / "gate"
        gate = str(self._gate) if gated else ""
        self.files = {"app.py": _CODE.format(gate=gate, ledger=str(self._file))}

    def open_gate(self) -> None:
        """Let it start, now and from now on."""
        self._gate.touch()

    def close_gate(self) -> None:
        """From now on a start waits for `open_gate`."""
        self._gate.unlink()

    def _lines(self) -> list[list[str]]:
        return [line.split(" ", 1) for line in self._file.read_text().splitlines()] if self._file.exists() else []

    def ids(self) -> list[str]:
        """What was asked, in the order in which it was done."""
        return [line[1] for line in self._lines()]

    def pids(self) -> set[str]:
        """The processes that did it."""
        return {line[0] for line in self._lines()}
