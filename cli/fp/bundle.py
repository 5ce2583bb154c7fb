"""The files a deploy sends, read from a folder: text of known kinds, within the limits.

What cannot be sent is a finding that names the file, in the words of `fp.validation`. Files of other kinds (pictures, a
Dockerfile) are left out and listed, since a folder may well hold them beside the app.
"""

from pathlib import Path, PurePosixPath

import msgspec

from fp.api.problems import Finding
from fp.errors import ProjectError
from fp.ignore import Entry, TooManyEntries, walk
from fp.validation import DEFAULT_RULES, Rules

_WRONG_FOLDER = "Go into the app's folder, or list what does not belong to it in .fpignore."


class Bundle(msgspec.Struct, frozen=True):
    """`files` maps paths to text; `skipped` are paths of other kinds of files; `findings` say what is in the way."""

    files: dict[str, str]
    skipped: list[str]
    findings: list[Finding]


def collect(folder: Path, rules: Rules = DEFAULT_RULES) -> Bundle:
    """Read an app's folder. Raises ProjectError where the folder cannot be an app's, or cannot be read."""
    files: dict[str, str] = {}
    skipped: list[str] = []
    findings: list[Finding] = []
    try:
        for entry in walk(folder):
            if PurePosixPath(entry.name).suffix.lower() not in rules.suffixes:
                skipped.append(entry.name)
            elif len(files) == 4 * rules.max_files:
                raise TooManyEntries
            else:
                text = _read(entry, folder, rules)
                if isinstance(text, Finding):
                    findings.append(text)
                else:
                    files[entry.name] = text
    except TooManyEntries:
        message = f"{folder} has far more files than the {rules.max_files} an app may have"
        raise ProjectError(message, _WRONG_FOLDER) from None
    except OSError as error:
        raise ProjectError(f"{error.filename or folder} cannot be read: {error.strerror}") from error
    return Bundle(files, skipped, findings)


def _read(entry: Entry, folder: Path, rules: Rules) -> str | Finding:
    """The file's text, without a byte order mark and with its line ends as they are; or why it cannot be sent."""
    if not entry.path.resolve().is_relative_to(folder.resolve()):
        message = "The file is a link to something outside the folder"
        return Finding("outside", message, file=entry.name, hint="Copy it here, or list it in .fpignore.")
    size = entry.path.stat().st_size
    if size > rules.max_file_bytes:
        message = f"The file is {size / 1024:.0f} KB, and a file has at most {rules.max_file_bytes / 1024:.0f} KB"
        return Finding("file_too_large", message, file=entry.name, hint="Split it, or list it in .fpignore.")
    try:
        return entry.path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"The file is not UTF-8 (byte {error.start + 1})"
        return Finding("not_text", message, file=entry.name, hint="Save it as UTF-8, or list it in .fpignore.")
