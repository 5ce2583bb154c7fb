"""Names and paths that came from outside, let through only where they can do no harm as files."""

import re
from pathlib import PurePosixPath

from cluster.base import ClusterError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,149}")
_MAX_COMPONENT = 255
_MAX_PATH = 1024


class UnsafePath(ClusterError):
    """A name or path that could leave the folder it is meant for."""


def checked_name(name: str) -> str:
    """`name`, if it can be a file's name without harm. Raises UnsafePath."""
    if not _NAME.fullmatch(name):
        raise UnsafePath(f"{name!r} cannot be an id: letters, digits, '.', '_' and '-', 150 at most")
    return name


def checked_path(path: str) -> PurePosixPath:
    """`path`, if it is relative, plain and stays below where it starts. Raises UnsafePath."""
    encoded = path.encode("utf-8", "surrogatepass")
    parts = path.split("/")
    if not path or "\0" in path or "\\" in path or len(encoded) > _MAX_PATH:
        raise UnsafePath(f"{path!r} cannot be a file's path")
    if any(part in ("", ".", "..") or len(part.encode("utf-8", "surrogatepass")) > _MAX_COMPONENT for part in parts):
        raise UnsafePath(f"{path!r} must be a path inside the app, like 'pages/index.html'")
    return PurePosixPath(path)
