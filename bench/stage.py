"""What a bench plays on: a platform of its own with an account, so that no bench meets what another left behind."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

from fp import names
from fp.local.errors import LocalError
from fp.local.settings import read_settings
from tests.support.account import Account
from tests.support.platform import Platform

PLANES: Final = ("plugin", "routes")


@contextmanager
def stage(**env: str) -> Iterator[tuple[Platform, Account]]:
    """A platform in an empty data folder, and somebody who uses it; gone afterwards. `env`: its settings."""
    # All visitors of a bench come from one address, which stands for as many as there are.
    settings = {"FP_CLIENT_WAKES_PER_MINUTE": "1000000", **env}
    with (
        tempfile.TemporaryDirectory(prefix="fp-bench-") as folder,
        Platform(Path(folder) / "data", **settings) as platform,
    ):
        yield platform, Account(platform)


def planes() -> list[str]:
    """The data planes that `fp up` takes."""
    found = []
    for plane in PLANES:
        try:
            read_settings({names.ENV_DATA_PLANE: plane})
        except LocalError:
            continue
        found.append(plane)
    return found


def metric(platform: Platform, name: str) -> float:
    """One figure of the activator's; 0 while it has none of that name."""
    port = platform.named_ports()["activator"]
    for line in httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=10).text.splitlines():
        if line.startswith(f"{name} "):
            return float(line.split()[1])
    return 0.0
