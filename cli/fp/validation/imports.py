"""Check of imports: modules of the app that are not there, packages that the platform does not have or does not allow.

Only files that the entrypoint reaches are looked at: a file nobody imports cannot break the app. An import inside
`try: ... except` is the author's business, unless it would succeed with a package that is not allowed. The allow-list
is a guard rail and no wall: `importlib.import_module("x")` passes it, and what an allowed package imports is not asked.
"""

import ast
import difflib
import sys
from collections.abc import Iterator

from fp.api.problems import Finding
from fp.validation.modules import Modules
from fp.validation.rules import Rules
from fp.validation.sources import Sources

_USUAL = frozenset(
    {"fastapi", "fasthtml", "httpx", "jinja2", "litestar", "pydantic", "pymongo", "starlette", "uvicorn"}
)
"""A folder without `__init__.py` by one of these names does not hide the installed package of that name."""


def check_imports(sources: Sources, modules: Modules, entrypoint: str, rules: Rules) -> tuple[list[Finding], list[str]]:
    """Findings on the imports of every file that the entrypoint reaches, and the paths of those files."""
    findings: list[Finding] = []
    reached = [entrypoint]
    for path in reached:
        for node, forgiven in sources.outline(path).imports:
            for name, finding in _imported(node, path, modules, rules):
                if finding and (not forgiven or finding.code == "import_not_allowed"):
                    findings.append(finding)
                reached += [file for file in files_of(name, modules) if file in sources and file not in reached]
    return findings, reached


def _imported(
    node: ast.Import | ast.ImportFrom, path: str, modules: Modules, rules: Rules
) -> Iterator[tuple[str, Finding | None]]:
    """Each module that a statement imports, and what is wrong with that."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield alias.name, _problem(alias.name, node, path, modules, rules)
    else:
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
            yield name, _unknown(name, node, path, modules) if missing and not is_outside(source, modules) else None


def _problem(name: str, node: ast.Import | ast.ImportFrom, path: str, modules: Modules, rules: Rules) -> Finding | None:
    top = name.partition(".")[0]
    relative = isinstance(node, ast.ImportFrom) and node.level > 0
    if modules.exists(name) or (top in sys.stdlib_module_names and not relative):
        return None
    if relative or (modules.exists(top) and not is_outside(top, modules)):
        return _unknown(name, node, path, modules)
    if rules.packages is None or top in rules.packages:
        return _not_allowed(top, node, path, rules)
    message = f"There is no package `{top}` on the platform, and no file {top}.py in the app"
    near = difflib.get_close_matches(top, [*rules.packages, *modules.all()], n=1)
    hint = f"Did you mean `{near[0]}`?" if near else f"Packages here: {_listed(_usable(rules, rules.packages))}"
    return Finding("unknown_package", message, path, node.lineno, node.col_offset + 1, hint)


def _not_allowed(top: str, node: ast.Import | ast.ImportFrom, path: str, rules: Rules) -> Finding | None:
    if rules.allowed_imports is None or top in rules.allowed_imports:
        return None
    usable = _usable(rules, rules.allowed_imports)
    here = f"Allowed here: {_listed(usable)}" if usable else "Apps here may import the standard library only."
    message = f"The platform does not allow apps to import `{top}`"
    hint = f"{here} Ask an administrator of the platform to allow `{top}`."
    return Finding("import_not_allowed", message, path, node.lineno, node.col_offset + 1, hint)


def _usable(rules: Rules, names: frozenset[str]) -> frozenset[str]:
    """Those of the names that are installed, as far as that is known, and allowed."""
    for limit in (rules.packages, rules.allowed_imports):
        names = names if limit is None else names & limit
    return names


def _unknown(name: str, node: ast.Import | ast.ImportFrom, path: str, modules: Modules) -> Finding:
    near = difflib.get_close_matches(name, modules.all(), n=1, cutoff=0.75)
    hint = f"Did you mean `{near[0]}`?" if near else f"Add a file {name.replace('.', '/')}.py, or remove the import."
    message = f"There is no module `{name}` in the app"
    return Finding("unknown_module", message, path, node.lineno, node.col_offset + 1, hint)


def is_outside(name: str, modules: Modules) -> bool:
    """Whether an installed package wins over the app's folder of that name: one without `__init__.py` comes last."""
    top = name.partition(".")[0]
    return modules.path(top) is None and top in _USUAL


def may_be_outside(name: str, modules: Modules, rules: Rules) -> bool:
    """Whether the name may also mean something installed, a module of the standard library for one."""
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names or is_outside(name, modules):
        return True
    return modules.path(top) is None and top in (rules.packages or ())


def files_of(name: str, modules: Modules) -> Iterator[str]:
    """The files that importing `name` reads: the `__init__.py` of each package on the way, and the module."""
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        path = modules.path(".".join(parts[:count]))
        if path:
            yield path


def _written(node: ast.ImportFrom) -> str:
    return f"from {'.' * node.level}{node.module or ''} import ..."


def _listed(packages: frozenset[str]) -> str:
    """Those that people import by name, in a sentence that ends."""
    public = sorted(name for name in packages if not name.startswith("_"))
    return ", ".join(public[:12]) + (", ..." if len(public) > 12 else ".")
