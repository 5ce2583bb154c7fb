"""A real server on a real socket that misbehaves on purpose: it answers what it is told to, or hangs up in the middle.

Only for what a healthy platform cannot be made to do in a test: broken streams, lost connections, strangers' answers.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

HANG_UP = b""
"""As an answer: close the connection without a byte."""


@dataclass
class Script:
    """What the server answers, in order, for each `METHOD path`; the last answer stays. `seen` are whole requests."""

    answers: dict[str, list[bytes]]
    seen: list[str] = field(default_factory=list)
    address: str = ""

    def next_answer(self, request: str) -> bytes:
        method, target, _ = request.split(" ", 2)
        answers = self.answers.get(f"{method} {target.partition('?')[0]}", [answer(404, b"not here", "text/plain")])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def count(self, start: str) -> int:
        """How many requests began so."""
        return sum(request.startswith(start) for request in self.seen)


def answer(status: int, body: bytes, kind: str = "application/json", *, missing: int = 0) -> bytes:
    """A whole HTTP answer; with `missing`, the head promises so many bytes more than come."""
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body) + missing}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


def stream(body: bytes) -> bytes:
    """An event stream that breaks off after `body`, in the middle of a chunked answer."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"%x\r\n%s\r\n" % (len(body), body)


@contextmanager
def serving(answers: dict[str, list[bytes]]) -> Iterator[Script]:
    """Serve the script on a free port, one connection after another, until the block ends."""
    script = Script(answers)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        script.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=_serve, args=(listener, script), name="broken-server")
        thread.start()
        try:
            yield script
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(listener: socket.socket, script: Script) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.settimeout(5)
            request = _read(connection)
            if request:
                script.seen.append(request)
                connection.sendall(script.next_answer(request))


def _read(connection: socket.socket) -> str:
    data = b""
    while b"\r\n\r\n" not in data:
        received = connection.recv(65536)
        if not received:
            return ""
        data += received
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while len(body) < int(lengths[0] if lengths else 0):
        body += connection.recv(65536)
    return (head + b"\r\n\r\n" + body).decode()
