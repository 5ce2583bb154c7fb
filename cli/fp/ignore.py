"""Which of a folder's entries belong to the app.

Some never do, whatever the ignore files say: hidden ones (`.env`, `.git`), virtual environments, caches. Then
`.gitignore` and `.fpignore` decide, in every folder, the deeper file over the higher one and `.fpignore` over
`.gitignore`, with git's own meaning of patterns.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

IGNORE_FILES = (".gitignore", ".fpignore")
NEVER = frozenset({"__pycache__", "node_modules", "site-packages", "venv", "virtualenv"})
_MOST_ENTRIES = 20_000
"""A folder with more entries is somebody's home, not an app."""


class Entry(NamedTuple):
    """A file that is not ignored. `name` is its path below the top folder, with forward slashes."""

    name: str
    path: Path


class TooManyEntries(Exception):
    """The folder has more entries than any app; it is the wrong folder."""


class _Rules(NamedTuple):
    """The patterns of one folder's ignore files, the one that decides first."""

    folder: str
    patterns: list[GitIgnoreSpecPattern]


def walk(top: Path) -> Iterator[Entry]:
    """Every file of the app, folder by folder in order of name. Symbolic links to folders are not followed.

    Raises TooManyEntries, and OSError where a folder cannot be read.
    """
    seen = 0
    stack: list[tuple[Path, str, tuple[_Rules, ...]]] = [(top, "", ())]
    while stack:
        folder, prefix, rules = stack.pop()
        rules = (*rules, _read_rules(folder, prefix))
        below = []
        for path in sorted(folder.iterdir()):
            seen += 1
            if seen > _MOST_ENTRIES:
                raise TooManyEntries
            name = prefix + path.name
            is_folder = path.is_dir()
            if _never(path, is_folder=is_folder) or _ignored(name + "/" * is_folder, rules):
                continue
            if is_folder:
                below.append((path, name + "/", rules))
            elif path.is_file():
                yield Entry(name, path)
        stack.extend(reversed(below))


def _never(path: Path, *, is_folder: bool) -> bool:
    if path.name.startswith(".") or path.name in NEVER:
        return True
    return is_folder and (path.is_symlink() or path.name.endswith(".egg-info") or (path / "pyvenv.cfg").exists())


def _ignored(name: str, rules: tuple[_Rules, ...]) -> bool:
    """The deepest ignore file with something to say decides, in it the last line that does."""
    for folder, patterns in reversed(rules):
        for pattern in patterns:
            if _matches_itself(pattern, name.removeprefix(folder)):
                return bool(pattern.include)
    return False


def _matches_itself(pattern: GitIgnoreSpecPattern, name: str) -> bool:
    """Whether a pattern means this very entry, not a folder that it is in: that folder was decided on its way here.

    The one group in the pattern's regular expression is the slash after a folder.
    """
    found = pattern.match_file(name.removesuffix("/"))
    if found is not None and found.match.lastgroup is None:
        return True
    within = pattern.match_file(name) if name.endswith("/") else None
    return within is not None and within.match.lastgroup is not None and within.match.end() == len(name)


def _read_rules(folder: Path, prefix: str) -> _Rules:
    patterns = []
    for name in IGNORE_FILES:
        path = folder / name
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines() if path.is_file() else []
        for line in lines:
            # git, too, passes over a line that is no pattern, such as a lone `!`.
            with suppress(ValueError):
                patterns.append(GitIgnoreSpecPattern(line))
    return _Rules(prefix, [pattern for pattern in reversed(patterns) if pattern.include is not None])
