"""The plugin and the runner repeat the few names they share with everyone else: here the copies are held together."""

import re

from fp import names
from tests.support.platform import ROOT

PLUGIN = "\n".join(path.read_text() for path in (ROOT / "traefik" / "plugin").glob("*.go"))
RUNNER = "\n".join(path.read_text() for path in (ROOT / "runner").glob("*.py"))


def test_the_plugin_speaks_of_the_same_headers() -> None:
    """Every X-Fp- header in the plugin is one of ours, and it knows those that it must."""
    ours = {value for name, value in vars(names).items() if name.startswith("HEADER_")}
    used = set(re.findall(r'"(X-Fp-[A-Za-z-]*)"', PLUGIN))
    assert used <= ours
    assert {names.HEADER_PREFIX, names.HEADER_UPSTREAM, names.HEADER_COLD_START, names.HEADER_STALE} <= used


def test_the_runner_speaks_of_the_same_headers_and_path() -> None:
    """The runner has them in lower case, as ASGI has."""
    used = set(re.findall(r'b"(x-fp-[a-z-]*)"', RUNNER))
    assert used == {name.lower() for name in (names.HEADER_PREFIX, names.HEADER_COLD_START, names.HEADER_TICKET)}
    assert f'b"{names.HEADER_REQUEST_ID.lower()}"' in RUNNER
    assert f'"{names.RESERVED_PATH.rstrip("/")}' in RUNNER
