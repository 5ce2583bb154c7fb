"""Check of names and sizes: what could not be written into a folder, or would be too much of it.

Paths come from strangers, so the rule is a list of what is allowed: relative, forward slashes, no `.` or `..`, visible
characters, a known suffix. Two paths that some file system would write to the same place are refused as well.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from fp.api.problems import Finding
from fp.validation.rules import Rules

_BAD = re.compile(r'[\\:*?"<>|]')


def check_paths(files: Mapping[str, str], rules: Rules) -> list[Finding]:
    """Findings about single names, single sizes, and names that exclude each other."""
    findings = [finding for path, text in files.items() for finding in _check_file(path, text, rules)]
    return findings + list(_conflicts(files))


def check_totals(files: Mapping[str, str], rules: Rules) -> list[Finding]:
    """Findings about all files together. Anything here makes further checks too expensive to be worth doing."""
    findings = []
    if len(files) > rules.max_files:
        message = f"{len(files)} files, and an app has at most {rules.max_files}"
        findings.append(Finding("too_many_files", message, hint="Join small files, or ignore some in .fpignore."))
    total = sum(size(text) for text in files.values())
    if total > rules.max_total_bytes:
        message = f"{_kb(total)} in all files together, and an app has at most {_kb(rules.max_total_bytes)}"
        findings.append(Finding("too_large", message, hint="Keep data in the app's database, not in its files."))
    return findings


def path_problem(path: str, rules: Rules) -> str | None:
    """What is wrong with a path, in words; None when nothing is."""
    parts = path.split("/")
    wrong = {
        "A file has an empty name": not path,
        f"The path is longer than {rules.max_path_chars} characters": len(path) > rules.max_path_chars,
        f"The path is deeper than {rules.max_depth} folders": len(parts) > rules.max_depth,
        "The path has a character that file names cannot have": not path.isprintable() or _BAD.search(path),
        "The path is not a plain relative one like `static/style.css`": any(part in {"", ".", ".."} for part in parts),
        "A part of the path starts with a dot: hidden files are not kept": any(part.startswith(".") for part in parts),
        "A part of the path has a space or a dot at its end": any(part != part.strip().rstrip(".") for part in parts),
    }
    return next((problem for problem, so in wrong.items() if so), None)


def size(text: str) -> int:
    """Bytes of UTF-8; text that has no UTF-8 form counts as if each odd character were three bytes."""
    return len(text.encode("utf-8", "surrogatepass"))


def shown(path: str) -> str:
    """A path that can be put into JSON and onto a terminal whatever it is made of."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in path[:200])


def _check_file(path: str, text: str, rules: Rules) -> Iterator[Finding]:
    problem = path_problem(path, rules)
    if problem:
        yield Finding("bad_path", problem, file=shown(path), hint="Rename the file.")
    elif PurePosixPath(path).suffix.lower() not in rules.suffixes:
        hint = "Only text files are kept: " + " ".join(sorted(suffix[1:] for suffix in rules.suffixes)) + "."
        yield Finding("unsupported_file", "Files of this kind cannot be part of an app", file=path, hint=hint)
    if size(text) > rules.max_file_bytes:
        message = f"The file is {_kb(size(text))}, and a file has at most {_kb(rules.max_file_bytes)}"
        yield Finding("file_too_large", message, file=shown(path), hint="Split it, or keep its data in the database.")
    if "\0" in text or not _encodable(text):
        message = "The file is not text: it has bytes that are not UTF-8, or null bytes"
        yield Finding("not_text", message, file=shown(path), hint="Save the file as UTF-8.")


def _conflicts(files: Mapping[str, str]) -> Iterator[Finding]:
    """A file where another path needs a folder, and names that differ only in upper and lower case."""
    folders = {str(parent) for path in files for parent in PurePosixPath(path).parents}
    seen: dict[str, str] = {}
    for path in sorted(files):
        if path in folders:
            yield Finding("bad_path", "This name is a file and a folder at once", file=shown(path), hint="Rename one.")
        other = seen.setdefault(path.casefold(), path)
        if other != path:
            message = f"The name differs from `{shown(other)}` only in upper and lower case"
            yield Finding("bad_path", message, file=shown(path), hint="Rename one of the two.")


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _kb(count: int) -> str:
    return f"{count / 1024:.0f} KB" if count >= 10 * 1024 else f"{count / 1024:.1f} KB"
