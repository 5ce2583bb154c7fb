"""The files of an app at the door: the validator's own rules on names and sizes, turned into the errors of this side.

Everything that accepts files calls `check_files` first; what passed it may be written to disk below any folder. All
findings are collected, so a user sees every bad file at once. What the code means is checked later, by a deploy: a draft
may be broken, it only has to be files.
"""

from collections.abc import Mapping

from control.domain.errors import Invalid, TooLarge
from fp.api.problems import Finding
from fp.validation import DEFAULT_RULES
from fp.validation.paths import check_paths, check_totals, shown


def check_files(files: Mapping[str, str], entrypoint: str) -> None:
    """Raises TooLarge over a limit, Invalid on a path or text that cannot be kept; both carry findings."""
    if not files:
        raise Invalid("an app needs at least one file")
    if too_much := check_totals(files, DEFAULT_RULES):
        raise TooLarge(too_much[0].message, too_much)
    findings = check_paths(files, DEFAULT_RULES)
    if too_large := [finding for finding in findings if finding.code == "file_too_large"]:
        raise TooLarge("a file is too large", too_large)
    findings += _entrypoint(files, entrypoint)
    if findings:
        raise Invalid("some files cannot be kept as they are", findings)


def _entrypoint(files: Mapping[str, str], entrypoint: str) -> list[Finding]:
    if entrypoint not in files:
        return [Finding("no_entrypoint", f"The entrypoint {shown(entrypoint)!r} is not among the files")]
    if not entrypoint.endswith(".py"):
        return [Finding("bad_entrypoint", "The entrypoint is no Python file", file=shown(entrypoint))]
    return []
