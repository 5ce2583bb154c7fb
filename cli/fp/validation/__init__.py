"""The one validator of the platform: the server, the command line and the editor all ask it.

`validate` looks at files, never imports or runs them, and answers everything that is wrong at once. Each check is a
module of its own: `paths` (names and sizes), `syntax`, `apps` (is there an app, and of which framework), `imports`
(local modules and packages that do not exist or are not allowed), `cycles` (names that local modules do not have, or not
yet), `blocking` (a server started while importing) and `patterns` (what the platform does not want apps to do). A finding
means that a deploy would certainly fail, or that the platform's rules are against it; what only might be wrong is left to
the deploy itself. docs/validation.md lists the codes.

Each file is read once into an outline of what the checks need (`outlines`), which a `Memory` keeps for the validations that
follow (`sources`); whole trees are only read where something looks wrong. `python -m bench validation` measures the price.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from fp.api.problems import Finding
from fp.validation.apps import find_app
from fp.validation.blocking import check_blocking
from fp.validation.cycles import check_order
from fp.validation.evaluate import Reader
from fp.validation.imports import check_imports
from fp.validation.modules import Modules
from fp.validation.paths import check_paths, check_totals, shown
from fp.validation.patterns import check_patterns
from fp.validation.rules import DEFAULT_RULES, Rules, ValidationResult
from fp.validation.sources import Memory, Sources, TooDeep

__all__ = ["DEFAULT_RULES", "Memory", "Rules", "ValidationResult", "validate"]


def validate(
    files: Mapping[str, str], entrypoint: str = "app.py", *, rules: Rules = DEFAULT_RULES, memory: Memory | None = None
) -> ValidationResult:
    """Check an app's files. `files` maps relative paths to text; `entrypoint` is the path that holds the app.

    Never raises, whatever the files are made of. `memory` makes the next validation of nearly the same files quick.
    """
    findings = check_totals(files, rules)
    if findings:
        return ValidationResult(ok=False, framework=None, findings=findings)
    findings = check_paths(files, rules)
    unreadable = {finding.file for finding in findings}
    texts = {path: text for path, text in files.items() if path.endswith(".py") and path not in unreadable}
    outlines = (memory or Memory()).outlines(texts)
    findings += [replace(one.finding, file=path) for path, one in outlines.items() if one.finding]
    framework = None
    if entrypoint not in files:
        findings.append(_no_entrypoint(files, entrypoint))
    elif not entrypoint.endswith(".py"):
        findings.append(_not_python(entrypoint))
    else:
        framework, found = _check(Sources(texts, outlines), Modules(files), entrypoint, rules)
        findings += found
    findings.sort(key=_place)
    return ValidationResult(ok=not findings, framework=framework, findings=findings)


def _check(sources: Sources, modules: Modules, entrypoint: str, rules: Rules) -> tuple[str | None, list[Finding]]:
    """The framework of the app, and what is wrong with it as a whole."""
    try:
        if entrypoint not in sources:
            return None, []
        reader = Reader(sources, modules)
        framework, findings = find_app(reader, sources, entrypoint)
        unknown, reached = check_imports(sources, modules, entrypoint, rules)
        findings += [*unknown, *check_order(sources, modules, entrypoint, reached, rules)]
        findings += [*check_blocking(reader, sources, reached), *check_patterns(sources, modules, reached, rules)]
    except TooDeep as error:
        return _check(sources.without(error.path), modules, entrypoint, rules)
    return framework, findings


def _no_entrypoint(files: Mapping[str, str], entrypoint: str) -> Finding:
    candidates = sorted(shown(path) for path in files if path.endswith(".py"))
    hint = (
        f"Choose one of the files as entrypoint: {', '.join(candidates[:5])}." if candidates else "Add a file app.py."
    )
    return Finding("no_entrypoint", f"There is no file {shown(entrypoint)}", hint=hint)


def _not_python(entrypoint: str) -> Finding:
    return Finding(
        "no_entrypoint", "The entrypoint is not a Python file", entrypoint, hint="Name a file that ends in .py."
    )


def _place(finding: Finding) -> tuple[str, int, int]:
    return (finding.file or "", finding.line or 0, finding.column or 0)
