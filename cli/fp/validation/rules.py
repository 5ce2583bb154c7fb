"""What a check may be told, and what validation answers: plain frozen structs that every check shares."""

import msgspec

from fp import names
from fp.api.problems import Finding

TEXT_SUFFIXES = frozenset(
    {
        ".cfg", ".css", ".csv", ".geojson", ".graphql", ".htm", ".html", ".ini", ".j2", ".jinja", ".jinja2", ".js",
        ".json", ".jsonl", ".md", ".mjs", ".py", ".pyi", ".rst", ".sql", ".svg", ".toml", ".tsv", ".txt",
        ".webmanifest", ".xml", ".yaml", ".yml",
    }
)  # fmt: skip
"""Kinds of files an app may have; all of them text."""


class Rules(msgspec.Struct, frozen=True):
    """Limits and permissions of one validation. Sizes are bytes of UTF-8.

    `packages`: the top-level import names that the platform has installed beside the standard library (`fastapi`,
    `pymongo`, ...); another one is an `unknown_package`. None: not known, so nothing is said.
    `allowed_imports`: those among them that an administrator lets apps import; another one is `import_not_allowed`. None:
    every installed one. The standard library and the app's own files need no permission.
    `blocked_patterns_off`: names of `fp.validation.patterns.PATTERNS` that the platform does not look for; names that it
    does not know are ignored.
    """

    max_files: int = names.MAX_FILES
    max_file_bytes: int = names.MAX_FILE_BYTES
    max_total_bytes: int = names.MAX_TOTAL_BYTES
    max_path_chars: int = 200
    max_depth: int = 10
    suffixes: frozenset[str] = TEXT_SUFFIXES
    packages: frozenset[str] | None = None
    allowed_imports: frozenset[str] | None = None
    blocked_patterns_off: frozenset[str] = frozenset()


DEFAULT_RULES = Rules()


class ValidationResult(msgspec.Struct, frozen=True):
    """`ok` is true when nothing was found. `framework`: fastapi, fasthtml, starlette, litestar, asgi, or None when no
    app was found. `findings` are sorted by file and line.
    """

    ok: bool
    framework: str | None
    findings: list[Finding]
