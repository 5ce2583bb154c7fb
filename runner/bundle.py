"""What a runner becomes: the activator's bundle, checked, and its code laid out in a folder that can be imported from.

A bundle names a `folder` that is there already (local mode: used as it is, its byte code is cached beside it) or carries
`files`, which are written into a fresh folder under TMPDIR and removed again when the process ends.
"""

import contextlib
import json
import os
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from .shipper import Target
from .wire import Message, WireError

SHARING = "FP_SHARING"
"""Comes among the variables, where it needs no way of its own through every cluster; an app never sees it."""


@dataclass(frozen=True)
class Bundle:
    """`root`: folder of the code, absolute. `entrypoint`: path of the module to import, relative to `root`.

    `start_seconds` and `grace_seconds` are the workload's limits. `written`: we made `root` and must remove it.
    `target`: where we ship our records to, null where somebody else does. `sharing`: see `sharing.py`, empty for nothing.
    """

    root: Path
    entrypoint: str
    env: dict[str, str]
    start_seconds: float
    grace_seconds: float
    written: bool = False
    target: Target | None = None
    sharing: dict[str, str] = field(default_factory=dict)

    def remove(self) -> None:
        """Delete the code again where we wrote it; never raises."""
        if self.written:
            shutil.rmtree(self.root, ignore_errors=True)


def unpack(message: Message) -> Bundle:
    """The bundle in a `bundle` frame, its files written. Raises WireError when it cannot be used."""
    try:
        limits = message.get("limits") or {}
        folder, files = message.get("folder"), message.get("files")
        entrypoint = _inside(str(message["entrypoint"]))
        env = {str(name): str(value) for name, value in dict(message.get("env") or {}).items()}
        sharing = json.loads(env.pop(SHARING, "{}"))
        root = Path(folder).resolve() if folder else _write({str(k): str(v) for k, v in dict(files or {}).items()})
        return Bundle(
            root=root,
            entrypoint=str(entrypoint),
            env=env,
            start_seconds=float(limits.get("start_seconds", 20.0)),
            grace_seconds=float(limits.get("grace_seconds", 30.0)),
            written=not folder,
            target=_target(message),
            sharing={str(name): str(value) for name, value in sharing.items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
        raise WireError(f"the bundle cannot be used: {type(error).__name__}: {error}") from error


def enter(bundle: Bundle) -> None:
    """Make this process the bundle's: its environment, its folder as the current one and first on sys.path.

    Where the entrypoint lies deeper, in a folder that is no package (`src/main.py`), that folder comes second, as it
    would be for a script.
    """
    os.environ.update(bundle.env)
    if "TZ" in bundle.env:
        time.tzset()
    os.chdir(bundle.root)
    home = (bundle.root / bundle.entrypoint).parent
    if home != bundle.root and not (home / "__init__.py").exists():
        sys.path.insert(0, str(home))
    sys.path.insert(0, str(bundle.root))


def modules(root: Path) -> set[str]:
    """The names that what lies in a folder of code could be imported by: of its Python files and its folders."""
    if not root.is_dir():
        return set()
    with os.scandir(root) as entries:
        return {entry.name.removesuffix(".py") for entry in entries if entry.name.endswith(".py") or entry.is_dir()}


def _target(message: Message) -> Target | None:
    ingest = message.get("ingest")
    if not ingest:
        return None
    return Target(
        address=str(ingest["address"]),
        credential=str(ingest["credential"]),
        app=str(message["app"]),
        number=int(message["number"]),
        instance=str(message["instance"]),
    )


def _inside(path: str) -> PurePosixPath:
    pure = PurePosixPath(path)
    if pure.is_absolute() or not pure.parts or ".." in pure.parts or "\0" in path:
        raise ValueError(f"{path!r} is not a path inside the app")
    return pure


def _write(files: dict[str, str]) -> Path:
    if not files:
        raise ValueError("neither folder nor files")
    root = Path(tempfile.mkdtemp(prefix="fp-app-")).resolve()
    try:
        for name, text in files.items():
            target = root / _inside(name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="")
    except BaseException:
        with contextlib.suppress(OSError):
            shutil.rmtree(root)
        raise
    return root
