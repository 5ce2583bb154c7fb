"""Check of imports: modules of the app that are not there, and packages the platform does not have.

Only files that the entrypoint reaches are looked at: a file nobody imports cannot break the app. An import inside
`try: ... except` is the author's business.
"""

import ast
import difflib
import sys
from collections.abc import Iterator, Mapping

from fp.api.problems import Finding
from fp.validation.modules import Modules, every_statement
from fp.validation.rules import Rules

_USUAL = frozenset(
    {"fastapi", "fasthtml", "httpx", "jinja2", "litestar", "pydantic", "pymongo", "starlette", "uvicorn"}
)
"""A folder without `__init__.py` by one of these names does not hide the installed package of that name."""


def check_imports(
    trees: Mapping[str, ast.Module], modules: Modules, entrypoint: str, rules: Rules
) -> tuple[list[Finding], list[str]]:
    """Findings on the imports of every file that the entrypoint reaches, and the paths of those files."""
    findings: list[Finding] = []
    reached = [entrypoint]
    for path in reached:
        for node, forgiven in every_statement(trees[path]):
            for name, finding in _imported(node, path, modules, rules):
                if finding and not forgiven:
                    findings.append(finding)
                reached += [file for file in _files(name, modules) if file in trees and file not in reached]
    return findings, reached


def _imported(node: ast.stmt, path: str, modules: Modules, rules: Rules) -> Iterator[tuple[str, Finding | None]]:
    """Each module that a statement imports, and what is wrong with that."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield alias.name, _problem(alias.name, node, path, modules, rules)
    elif isinstance(node, ast.ImportFrom):
        source = modules.absolute(path, node)
        if source is None:
            hint = "Write the import without the leading dots."
            message = f"`{_written(node)}` goes above the top folder of the app"
            yield "", Finding("unknown_module", message, path, node.lineno, node.col_offset + 1, hint)
            return
        problem = _problem(source, node, path, modules, rules)
        yield source, problem
        folder = modules.exists(source) and modules.path(source) is None
        for alias in node.names:
            name = f"{source}.{alias.name}"
            missing = folder and not problem and alias.name != "*" and not modules.exists(name)
            yield name, _unknown(name, node, path, modules) if missing and not _is_outside(source, modules) else None


def _problem(name: str, node: ast.Import | ast.ImportFrom, path: str, modules: Modules, rules: Rules) -> Finding | None:
    top = name.partition(".")[0]
    relative = isinstance(node, ast.ImportFrom) and node.level > 0
    if modules.exists(name) or (top in sys.stdlib_module_names and not relative):
        return None
    if relative or (modules.exists(top) and not _is_outside(top, modules)):
        return _unknown(name, node, path, modules)
    if rules.packages is None or top in rules.packages:
        return None
    message = f"There is no package `{top}` on the platform, and no file {top}.py in the app"
    near = difflib.get_close_matches(top, [*rules.packages, *modules.all()], n=1)
    hint = f"Did you mean `{near[0]}`?" if near else f"Packages here: {_listed(rules.packages)}."
    return Finding("unknown_package", message, path, node.lineno, node.col_offset + 1, hint)


def _unknown(name: str, node: ast.Import | ast.ImportFrom, path: str, modules: Modules) -> Finding:
    near = difflib.get_close_matches(name, modules.all(), n=1, cutoff=0.75)
    hint = f"Did you mean `{near[0]}`?" if near else f"Add a file {name.replace('.', '/')}.py, or remove the import."
    message = f"There is no module `{name}` in the app"
    return Finding("unknown_module", message, path, node.lineno, node.col_offset + 1, hint)


def _is_outside(name: str, modules: Modules) -> bool:
    """Whether an installed package wins over the app's folder of that name: one without `__init__.py` comes last."""
    top = name.partition(".")[0]
    return modules.path(top) is None and top in _USUAL


def _files(name: str, modules: Modules) -> Iterator[str]:
    """The files that importing `name` reads: the `__init__.py` of each package on the way, and the module."""
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        path = modules.path(".".join(parts[:count]))
        if path:
            yield path


def _written(node: ast.ImportFrom) -> str:
    return f"from {'.' * node.level}{node.module or ''} import ..."


def _listed(packages: frozenset[str]) -> str:
    shown = sorted(packages)[:12]
    return ", ".join(shown) + (", ..." if len(packages) > len(shown) else "")
