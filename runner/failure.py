"""Why the app did not become ready, in the fields of `Failure` (cluster/base.py), with a hint where we know one.

The hints are about what people really do: start a server inside the module, import a file by the wrong path, name a
file like a standard module, forget a package.
"""

import sys
from pathlib import Path

from .trim import Trimmer, core, summary

Failure = dict[str, object]

SERVER_HINT = (
    'fp serves `app` itself: remove the call that starts a server, or put it under `if __name__ == "__main__":`.'
)


class StartTimeout(SystemExit):
    """Raised in the main thread when the start takes too long.

    A SystemExit, because no `except Exception` stops it and it is one of two that end a running event loop.
    """


class StartFailed(Exception):
    """The app did not become ready. `failure` is what the activator is told."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure["message"]))
        self.failure = failure


def plain(code: str, message: str, *, file: str | None = None, hint: str | None = None) -> StartFailed:
    """A failure that no exception stands behind."""
    return StartFailed(
        {
            "code": code,
            "message": message,
            "file": file,
            "line": None,
            "column": None,
            "hint": hint,
            "traceback": None,
        }
    )


def from_error(code: str, error: BaseException, root: Path, *, message: str | None = None) -> StartFailed:
    """A failure from what the user's code raised; its place and traceback are those of the user's frames."""
    trimmer, error = Trimmer(root), core(error)
    place = trimmer.place(error)
    return StartFailed(
        {
            "code": code,
            "message": message or _message(error),
            "file": place.file if place else None,
            "line": place.line if place else None,
            "column": place.column if place else None,
            "hint": _hint(error, root, trimmer),
            "traceback": trimmer.text(error),
        }
    )


def timed_out(error: BaseException, root: Path, seconds: float, doing: str) -> StartFailed:
    """`start_timeout`, with the line that `error` interrupted. `doing`: what took so long."""
    failed = from_error("start_timeout", error, root, message=f"{doing} took longer than {seconds:g} s")
    failed.failure["hint"] = failed.failure["hint"] or (
        "Work that takes long or never ends belongs in a background task that starts after the app is ready."
    )
    return failed


def _message(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return f"sys.exit at import: the code ended the process itself (exit code {error.code!r})"
    return summary(error)


def _hint(error: BaseException, root: Path, trimmer: Trimmer) -> str | None:
    if trimmer.passes(error, "uvicorn") or trimmer.passes(error, "hypercorn"):
        return SERVER_HINT
    if isinstance(error, SystemExit) and not isinstance(error, StartTimeout):
        return "Code that runs at import must not end the process; fp imports the module and serves its `app`."
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _missing(error.name, root)
    if isinstance(error, ImportError) and error.name:
        return _shadowed(error.name.partition(".")[0], root)
    return None


def _missing(name: str, root: Path) -> str:
    top = name.partition(".")[0]
    for found in (*root.rglob(f"{top}.py"), *root.rglob(f"{top}/__init__.py")):
        path = found.relative_to(root)
        dotted = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        if dotted != name:
            return f"{path} is there: import it as `{dotted}`, the path from the app's root."
    if (root / top).is_dir() or (root / f"{top}.py").is_file():
        return f"`{top}` is one of your own; `{name}` is not in it."
    return (
        f"`{top}` is not installed and not one of the app's files: add it to requirements.txt, or check the spelling."
    )


def _shadowed(top: str, root: Path) -> str | None:
    if top in sys.stdlib_module_names and ((root / f"{top}.py").is_file() or (root / top).is_dir()):
        return f"Your `{top}` has the name of a module of Python's standard library, which wins: rename it."
    return None
