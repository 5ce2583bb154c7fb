"""What differs between two states of an app: files line by line, settings by name.

A secret is compared by its sealed value, which is another one each time it is set; its text is never looked at.
"""

import difflib
from collections.abc import Iterator, Mapping
from typing import Literal

from control.domain.config import Config, changed_settings
from control.domain.sharing import told
from fp.api.versions import FileDiff, SettingDiff

MAX_LINES = 20_000
"""Files with more lines are said to differ, without the lines."""
CONTEXT_LINES = 3
_HIDDEN = "(set)"


def diff_files(before: Mapping[str, str], after: Mapping[str, str]) -> list[FileDiff]:
    """Every path that differs, sorted."""
    return [
        _diff_file(path, before.get(path), after.get(path))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    ]


def diff_settings(before: Config, after: Config) -> list[SettingDiff]:
    """Every setting that differs, sorted by name."""
    return [SettingDiff(name, _text(before, name), _text(after, name)) for name in changed_settings(after, before)]


def _diff_file(path: str, before: str | None, after: str | None) -> FileDiff:
    change: Literal["added", "removed", "changed"] = (
        "added" if before is None else "removed" if after is None else "changed"
    )
    old, new = (before or "").splitlines(keepends=True), (after or "").splitlines(keepends=True)
    if len(old) + len(new) > MAX_LINES:
        return FileDiff(path, change, added=len(new), removed=len(old), diff="")
    lines = list(_unified(path, old, new))
    added, removed = (sum(line.startswith(sign) for line in lines[2:]) for sign in "+-")
    return FileDiff(path, change, added=added, removed=removed, diff="".join(lines))


def _unified(path: str, old: list[str], new: list[str]) -> Iterator[str]:
    for line in difflib.unified_diff(old, new, path, path, n=CONTEXT_LINES):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _text(config: Config, name: str) -> str | None:
    kind, _, variable = name.partition(".")
    if kind == "env":
        return config.env.get(variable)
    if kind == "secrets":
        return _HIDDEN if variable in config.secrets else None
    if kind == "sharing":
        return told(config.sharing).get(variable)
    value = getattr(config, kind)
    return None if value is None else f"{value:g}"
