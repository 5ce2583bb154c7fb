"""Real counterparts of a runner: a check-in listener that speaks the frames, a zygote, and apps started through both."""

import asyncio
import json
import os
import secrets
import signal
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import httpx

ROOT = Path(__file__).resolve().parents[3]
BOOT = ROOT / "runner" / "boot.py"
PYTHON = os.environ.get("FP_RUNNER_PYTHON", str(ROOT / ".venv-apps" / "bin" / "python"))
PATIENCE = 20.0
HEADER = struct.Struct(">I")

Message = dict[str, Any]
T = TypeVar("T")


async def until(look: Callable[[], T], seconds: float = PATIENCE) -> T:
    """Look until the answer is true, and return it."""
    ends = time.monotonic() + seconds
    while not (answer := look()):
        if time.monotonic() > ends:
            raise AssertionError("it did not happen in time")
        await asyncio.sleep(0.01)
    return answer


async def read_frame(reader: asyncio.StreamReader) -> Message:
    (length,) = HEADER.unpack(await reader.readexactly(4))
    message: Message = json.loads(await reader.readexactly(length))
    return message


def frame(message: Message) -> bytes:
    body = json.dumps(message).encode()
    return HEADER.pack(len(body)) + body


class Peer:
    """What the activator knows of one instance: everything it said, and its connection."""

    def __init__(self, bundle: Message) -> None:
        self.bundle = bundle
        self.said: list[Message] = []
        self.writer: asyncio.StreamWriter | None = None

    def of(self, kind: str) -> list[Message]:
        return [message for message in self.said if message["type"] == kind]

    async def hear(self, kind: str, count: int = 1) -> Message:
        """The `count`th message of that kind, once it is there."""
        return (await until(lambda: self.of(kind)[count - 1 : count]))[0]

    async def ask(self, number: int) -> Message:
        assert self.writer is not None
        self.writer.write(frame({"type": "ask", "id": number}))
        return (await until(lambda: [answer for answer in self.of("activity") if answer["id"] == number]))[0]


class Activator:
    """The activator's check-in listener. It can go away (`stop`) and come back on the same port (`start`)."""

    def __init__(self) -> None:
        self.peers: dict[str, Peer] = {}
        self.port = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for peer in self.peers.values():
            if peer.writer is not None:
                peer.writer.transport.abort()
        await self._server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            hello = await read_frame(reader)
            peer = self.peers.get(hello["ticket"])
            if peer is None:
                writer.write(frame({"type": "refused", "reason": "unknown ticket"}))
                return
            peer.said.append(hello)
            peer.writer = writer
            writer.write(frame({"type": "welcome"} if hello["serving"] else {"type": "bundle", **peer.bundle}))
            while True:
                peer.said.append(await read_frame(reader))
        except (OSError, EOFError):
            pass
        finally:
            writer.close()


class Zygote:
    """A zygote process and the node's end of its socket."""

    def __init__(self) -> None:
        self.said: list[Message] = []
        self.process: asyncio.subprocess.Process
        self._writer: asyncio.StreamWriter
        self._listening: asyncio.Task[None]

    async def start(self) -> None:
        ours, theirs = socket.socketpair()
        self.process = await asyncio.create_subprocess_exec(
            PYTHON, "-I", "-S", str(BOOT), "zygote", str(theirs.fileno()), pass_fds=(theirs.fileno(),)
        )
        theirs.close()
        reader, self._writer = await asyncio.open_connection(sock=ours)
        self._listening = asyncio.create_task(self._listen(reader))
        await until(lambda: self.of("ready"))

    def of(self, kind: str) -> list[Message]:
        return [message for message in self.said if message["type"] == kind]

    def send(self, message: Message) -> None:
        self._writer.write(json.dumps(message).encode() + b"\n")

    async def stop(self) -> None:
        """Close our end; it must go by itself."""
        self._writer.close()
        assert await asyncio.wait_for(self.process.wait(), PATIENCE) == 0
        await self._listening

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()
        self._writer.close()
        await self._listening

    async def exit_code(self, pid: int) -> int:
        gone = await until(lambda: [m for m in self.of("exited") if m["pid"] == pid])
        return int(gone[0]["code"])

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        with suppress(OSError):
            while line := await reader.readline():
                self.said.append(json.loads(line))


class App:
    """One instance of one app, from the node's and the activator's sides."""

    def __init__(self, peer: Peer, zygote: Zygote, instance: str, ticket: str, spool: Path) -> None:
        self.peer, self.zygote, self.instance, self.ticket, self.spool = peer, zygote, instance, ticket, spool
        self.pid = 0
        self.base = ""

    async def ready(self) -> Message:
        """The `ready` message; from then on `base` is its address."""
        told = (await until(lambda: self.peer.of("ready") or self.peer.of("failed")))[0]
        assert told["type"] == "ready", told
        self.base = f"http://127.0.0.1:{self.peer.said[0]['port']}"
        return told

    async def failed(self) -> Message:
        """The Failure it reported; its process must have ended with 1."""
        told = await self.peer.hear("failed")
        assert await self.exit_code() == 1
        failure: Message = told["failure"]
        return failure

    async def exit_code(self) -> int:
        return await self.zygote.exit_code(self.pid)

    def signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def records(self, kind: str = "request") -> list[Message]:
        lines = [line for path in sorted(self.spool.glob("*.ndjson")) for line in path.read_text().splitlines()]
        return [record for record in map(json.loads, lines) if record["kind"] == kind]

    def logs(self) -> list[str]:
        return [record["text"] for record in self.records("log")]

    def native(self) -> str:
        return (self.spool / "native.log").read_text()


class Platform:
    """Starts apps, and ends what is left of them."""

    def __init__(self, activator: Activator, zygote: Zygote, folder: Path) -> None:
        self.activator, self.zygote, self.folder = activator, zygote, folder
        self.apps: list[App] = []

    async def launch(
        self, files: dict[str, str], *, entrypoint: str = "app.py", inline: bool = False, **settings: Any
    ) -> App:
        """Fork an instance of an app of these files. `settings`: FP_... in lower case without prefix, and `env`, `zygote`."""
        instance, ticket = f"i-{secrets.token_hex(4)}", secrets.token_hex(16)
        code, spool = self.folder / instance / "code", self.folder / instance / "spool"
        for name, text in files.items():
            (code / name).parent.mkdir(parents=True, exist_ok=True)
            (code / name).write_text(text)
        spool.mkdir(parents=True)
        source: Message = {"folder": None, "files": files} if inline else {"folder": str(code), "files": None}
        bundle = {
            "app": "a1", "name": "todo", "version": "v1", "number": 1, "instance": instance, "entrypoint": entrypoint,
            "env": settings.pop("env", {}), "limits": {"memory_mb": 512, "start_seconds": 20.0, "grace_seconds": 30.0},
            **source,
        }  # fmt: skip
        zygote = settings.pop("zygote", self.zygote)
        app = App(Peer(bundle), zygote, instance, ticket, spool)
        self.activator.peers[ticket] = app.peer
        self.apps.append(app)
        memory = settings.pop("memory_mb", 512)
        environment = self.environment(app, **settings)
        zygote.send({
            "type": "fork", "instance": instance, "env": environment, "log": str(spool / "native.log"), "memory_mb": memory,
        })  # fmt: skip
        forked = await until(lambda: [m for m in zygote.of("forked") if m["instance"] == instance])
        app.pid = int(forked[0]["pid"])
        return app

    def environment(self, app: App, **settings: Any) -> dict[str, str]:
        return {
            "FP_TICKET": app.ticket,
            "FP_INSTANCE": app.instance,
            "FP_CHECKIN": f"127.0.0.1:{self.activator.port}",
            "FP_SPOOL": str(app.spool),
            **{f"FP_{name.upper()}": str(value) for name, value in settings.items()},
        }

    async def serve(self, source: str | dict[str, str], **settings: Any) -> App:
        """Launch and wait until it is ready; a plain text is `app.py`."""
        app = await self.launch({"app.py": source} if isinstance(source, str) else source, **settings)
        await app.ready()
        return app

    async def close(self) -> None:
        for app in self.apps:
            if app.pid and not [m for m in app.zygote.of("exited") if m["pid"] == app.pid]:
                app.signal(signal.SIGKILL)


def fetch(app: App, path: str = "/", *, method: str = "GET", **options: Any) -> httpx.Response:
    """One request on a connection of its own."""
    return httpx.request(method, app.base + path, timeout=PATIENCE, trust_env=False, **options)
