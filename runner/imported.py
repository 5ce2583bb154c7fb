"""An app's own zygote: a fork of the zygote that has imported the app, and forks that app's instances.

As with gunicorn's `--preload`, the app's modules run once and every instance begins with what they made. That is not right for
every app (`fitness`). One that is unfit is not kept: its zygote tells why, and which packages it brought in, and ends. A second
one may then be asked to import those packages alone, which spares most of the time and runs none of the app's own code.

What is printed or logged meanwhile goes nowhere. Each instance points the streams, which the app's handlers may hold, at a
spool of its own.
"""

import contextlib
import gc
import importlib
import os
import random
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from . import bundle as bundles
from . import child
from .deadline import Deadline
from .fitness import Signature, Watch, signature_of
from .loading import load
from .streams import Capture
from .timing import ImportTimer

Level = Literal["zygote", "packages", "imported", "pool", "process"]


@dataclass(frozen=True)
class Wanted:
    """What to import: the app of a bundle, or, where `packages` is given, those modules alone."""

    bundle: bundles.Bundle
    packages: tuple[str, ...] | None


@dataclass(frozen=True)
class Prepared:
    """What an instance finds done. `app` and `capture` are null where only packages were imported.

    `files`: what the app read for that, as it was. `packages`: the modules that came with it.
    """

    level: Level
    app: object = None
    capture: Capture | None = None
    files: Mapping[str, Signature] = field(default_factory=dict)
    packages: Sequence[str] = ()

    def is_current(self) -> bool:
        """Whether the app would read the same again."""
        return all(signature_of(path) == signature for path, signature in self.files.items())


class Unfit(Exception):
    """It must not be shared; `packages` came in with it."""

    def __init__(self, why: str, packages: list[str]) -> None:
        super().__init__(why)
        self.packages = packages


class Silent:
    """In place of a spool, as long as there is no instance."""

    def next_id(self) -> str:
        """Of a line that nobody reads."""
        return ""

    def log(self, level: str, text: str, request_id: str | None, when: float | None = None) -> None:
        """Nowhere."""


def prepare(wanted: Wanted, generators: list[random.Random]) -> Prepared:
    """Import what is wanted; adds to `generators` what forks must seed anew. Raises Unfit."""
    modules, watch = set(sys.modules), Watch()
    try:
        prepared = _import(wanted)
    except BaseException as error:  # whatever an app's code raises: the next wake shows it to its owner
        raise Unfit(f"{type(error).__name__}: {error}", []) from None
    packages = _packages(set(sys.modules) - modules, wanted.bundle.root)
    if why := watch.why_unfit(strict=prepared.level == "imported"):
        raise Unfit(why, packages)
    gc.collect()
    generators += [each for each in gc.get_objects() if type(each) is random.Random]
    gc.freeze()
    return replace(prepared, files=watch.files, packages=packages) if prepared.level == "imported" else prepared


def channel() -> socket.socket:
    """The way to the node, which the order brought."""
    sock = socket.socket(fileno=child.FIRST_GIVEN)
    sock.setblocking(True)
    return sock


def _import(wanted: Wanted) -> Prepared:
    if wanted.packages is not None:
        for name in wanted.packages:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        return Prepared("packages")
    capture = Capture(Silent(), echo=False)
    capture.start()
    bundles.enter(wanted.bundle)
    deadline = Deadline(time.monotonic(), wanted.bundle.start_seconds)
    app = load(wanted.bundle, deadline, ImportTimer(wanted.bundle.root))
    return Prepared("imported", app, capture)


def _packages(modules: set[str], root: Path) -> list[str]:
    """Those modules that are not the app's own."""
    own = str(root) + os.sep
    return sorted(
        name for name in modules if not str(getattr(sys.modules.get(name), "__file__", None) or own).startswith(own)
    )
