"""What the warm path is compared to: one Traefik with the settings a careful person would give it, no plugin, two routes.

`BARE` goes straight to the app. `AUTH` asks a forwardAuth first, at the cheapest server that can say yes; that is what any
design that decides about each request outside of Traefik pays at least.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from bench.measure import ask
from fp.local.programs import traefik
from tests.support.platform import ROOT, wait_for
from tests.support.ports import free_port

BARE: Final = "bare.localhost"
AUTH: Final = "auth.localhost"

_STATIC: Final = """\
global: {{checkNewVersion: false, sendAnonymousUsage: false}}
log: {{level: ERROR}}
entryPoints:
  web:
    address: "127.0.0.1:{port}"
    transport: {{respondingTimeouts: {{readTimeout: 0}}}}
providers: {{file: {{filename: "{dynamic}"}}}}
"""
_DYNAMIC: Final = """\
http:
  routers:
    bare: {{rule: "Host(`{bare}`)", service: app}}
    auth: {{rule: "Host(`{auth}`)", service: app, middlewares: [ask]}}
  middlewares:
    ask: {{forwardAuth: {{address: "http://127.0.0.1:{allow}/", trustForwardHeader: true}}}}
  services: {{app: {{loadBalancer: {{servers: [{{url: "http://127.0.0.1:{upstream}"}}]}}}}}}
"""


@contextmanager
def comparisons(upstream: int) -> Iterator[int]:
    """The Traefik and the server that says yes, both routes leading to `upstream`; Traefik's port."""
    port, allow = free_port(), free_port()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        dynamic, static = folder / "dynamic.yaml", folder / "static.yaml"
        dynamic.write_text(_DYNAMIC.format(bare=BARE, auth=AUTH, allow=allow, upstream=upstream))
        static.write_text(_STATIC.format(port=port, dynamic=dynamic))
        stack.enter_context(_running([sys.executable, "-m", "bench.allow", str(allow)], ROOT))
        stack.enter_context(_running([str(traefik()), f"--configFile={static}"], folder))
        for host in (BARE, AUTH):
            wait_for(lambda host=host: _answers(port, host), 30, f"the Traefik beside, at {host}")  # type: ignore[misc]
        yield port


@contextmanager
def _running(argv: list[str], folder: Path) -> Iterator[None]:
    process = subprocess.Popen(argv, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _answers(port: int, host: str) -> bool:
    try:
        return ask(port, host).status == 200
    except OSError:
        return False
