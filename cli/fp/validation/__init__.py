"""The one validator of the platform: the server, the command line and the editor all ask it.

`validate` looks at files, never imports or runs them, and answers everything that is wrong at once. Each check is a
module of its own: `paths` (names and sizes), `syntax`, `apps` (is there an app, and of which framework), `imports`
(local modules and packages that do not exist) and `blocking` (a server started while importing). A finding means that a
deploy would certainly fail; what only might be wrong is left to the deploy itself.
"""

from collections.abc import Mapping

from fp.api.problems import Finding
from fp.validation.apps import find_app
from fp.validation.blocking import check_blocking
from fp.validation.evaluate import Reader
from fp.validation.imports import check_imports
from fp.validation.modules import Modules
from fp.validation.paths import check_paths, check_totals, shown
from fp.validation.rules import DEFAULT_RULES, Rules, ValidationResult
from fp.validation.syntax import parse_all

__all__ = ["DEFAULT_RULES", "Rules", "ValidationResult", "validate"]


def validate(files: Mapping[str, str], entrypoint: str = "app.py", *, rules: Rules = DEFAULT_RULES) -> ValidationResult:
    """Check an app's files. `files` maps relative paths to text; `entrypoint` is the path that holds the app.

    Never raises, whatever the files are made of.
    """
    findings = check_totals(files, rules)
    if findings:
        return ValidationResult(ok=False, framework=None, findings=findings)
    findings = check_paths(files, rules)
    unreadable = {finding.file for finding in findings}
    trees, syntax = parse_all({path: text for path, text in files.items() if path not in unreadable})
    findings += syntax
    framework = None
    if entrypoint in trees:
        modules = Modules(files)
        reader = Reader(trees, modules)
        framework, missing = find_app(reader, trees, entrypoint)
        unknown, reached = check_imports(trees, modules, entrypoint, rules)
        findings += [*missing, *unknown, *check_blocking(reader, trees, reached)]
    elif entrypoint not in files:
        findings.append(_no_entrypoint(files, entrypoint))
    elif not entrypoint.endswith(".py"):
        findings.append(_not_python(entrypoint))
    findings.sort(key=_place)
    return ValidationResult(ok=not findings, framework=framework, findings=findings)


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
