"""Check of the order in which an app's modules import each other: names that are missing, and circles that must fail.

The check walks the modules as Python would import them, from the entrypoint on. Modules that import each other in a circle
are fine as long as each finds what it asks for; `from x import name` fails when x is only half imported and has not come to
`name`. Only that is told, and only where it is certain: the import is not inside a function, an `if` or a `try`, nothing
else can have set the name, and no function that imports can have changed the order before.

What this does not see: an attribute of a half imported module (`import x`, then `x.name` at once).
"""

import ast
import difflib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from fp.api.problems import Finding
from fp.validation.bindings import Bindings
from fp.validation.imports import files_of, may_be_outside
from fp.validation.modules import Modules
from fp.validation.rules import Rules
from fp.validation.sources import Sources
from fp.validation.values import Function
from fp.validation.words import first_bound

_IMPORTS = (ast.Import, ast.ImportFrom)


@dataclass
class _Frame:
    """A module in the middle of its import: how many of its top-level statements have run, and the line it is at."""

    path: str
    done: int = 0
    line: int = 1


class ImportOrder:
    """One walk through the imports of an app. `findings` is what it met."""

    def __init__(self, sources: Sources, modules: Modules, reached: Sequence[str], rules: Rules) -> None:
        self.findings: list[Finding] = []
        self._sources = sources
        self._reached = frozenset(reached)
        self._modules = modules
        self._rules = rules
        self._bindings = Bindings(sources, reached, modules)
        self._frames: list[_Frame] = []
        self._begun: dict[str, None] = {}
        self._reordered: bool | None = None

    def _load(self, path: str, *, sure: bool) -> None:
        """Walk through a module that is imported now for the first time. `sure`: this import certainly happens now."""
        self._begun[path] = None
        frame = _Frame(path)
        self._frames.append(frame)
        for loading in self._sources.outline(path).loading:
            # Of a plain import its own names are not bound yet while it runs; of everything else, all may be.
            frame.done = loading.index + (not loading.bare_from)
            for node, certain in loading.imports:
                frame.line = node.lineno
                self._import(node, path, sure=sure and certain)
        self._frames.pop()

    def _import(self, node: ast.Import | ast.ImportFrom, path: str, *, sure: bool) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                self.bring(alias.name, sure=sure)
            return
        source = self._modules.absolute(path, node)
        if source is None or may_be_outside(source, self._modules, self._rules):
            return
        self.bring(source, sure=sure)
        file = self._modules.path(source) or ""
        for alias in node.names:
            if self._modules.exists(f"{source}.{alias.name}"):
                bound = file in self._reached and alias.name in self._bindings.plain(file)
                self.bring(f"{source}.{alias.name}", sure=sure and not bound)
            elif sure and file in self._reached and alias.name != "*":
                self._look(alias, path, file, node)

    def bring(self, name: str, *, sure: bool) -> None:
        """Import a module and the packages around it, those that are not there yet."""
        if may_be_outside(name, self._modules, self._rules):
            return
        for file in files_of(name, self._modules):
            if file in self._reached and file not in self._begun:
                self._load(file, sure=sure)

    def _look(self, alias: ast.alias, path: str, file: str, node: ast.ImportFrom) -> None:
        """Whether the imported module has the name, now and at all."""
        if self._bindings.surely_lacks(file, alias.name):
            self.findings.append(_unknown_name(alias, path, file, self._bindings.plain(file)))
            return
        half = next((index for index, frame in enumerate(self._frames) if frame.path == file), None)
        if half is None or any(finding.line == node.lineno and finding.file == path for finding in self.findings):
            return
        frame = self._frames[half]
        if self._bindings.surely_lacks_yet(file, alias.name, frame.done) and self._order_holds():
            self.findings.append(self._circle(alias, half, path))

    def _circle(self, alias: ast.alias, half: int, path: str) -> Finding:
        frame = self._frames[half]
        ring = " -> ".join([*(frame.path for frame in self._frames[half:]), frame.path])
        message = f"Circular import: {ring}, and {frame.path} has no `{alias.name}` yet at that moment"
        if path == frame.path:
            hint = f"The file imports `{alias.name}` from itself: remove the import."
        else:
            line = first_bound(self._sources[frame.path].body[frame.done :], alias.name)
            where = f" (line {line})" if line else ""
            hint = (
                f"{frame.path} is still at its import in line {frame.line}, before `{alias.name}`{where}. Put `{alias.name}` "
                "into a file of its own that both import, or import it inside the function that uses it."
            )
        return Finding("circular_import", message, path, alias.lineno, alias.col_offset + 1, hint)

    def _order_holds(self) -> bool:
        """Whether the modules can have been imported in no other order until now."""
        if self._reordered is None:
            doubtful = any(self._modules.exists(name) for name in sys.stdlib_module_names)
            self._reordered = doubtful or any(self._sources.words(path).reorders for path in self._reached)
        if self._reordered:
            return False
        return not any(self._imports_later(path) for path in self._reached) or not self._has_run_code()

    def _imports_later(self, path: str) -> bool:
        """Whether a function or class of the module imports something of the app's, when it is called."""
        return any(self._is_local(node, path) for node in self._sources.outline(path).later())

    def _is_local(self, node: ast.Import | ast.ImportFrom, path: str) -> bool:
        if isinstance(node, ast.Import):
            return any(self._modules.exists(alias.name) for alias in node.names)
        source = self._modules.absolute(path, node)
        return source is None or self._modules.exists(source)

    def _has_run_code(self) -> bool:
        """Whether any statement that has run may have called a function of the app's."""
        half = {frame.path: frame.done for frame in self._frames}
        return any(
            _runs_code(statement)
            for path in self._begun
            for statement in self._sources[path].body[: half.get(path)]  # None: all of them
        )


def check_order(
    sources: Sources, modules: Modules, entrypoint: str, reached: Sequence[str], rules: Rules
) -> list[Finding]:
    """Findings `unknown_name` and `circular_import` on the modules that the entrypoint reaches."""
    name = ".".join(PurePosixPath(entrypoint).with_suffix("").parts).removesuffix(".__init__")
    if modules.path(name) != entrypoint or may_be_outside(name, modules, rules):
        return []  # the runner loads such a file by its path: no other module can import it
    order = ImportOrder(sources, modules, reached, rules)
    order.bring(name, sure=True)
    return order.findings


def _unknown_name(alias: ast.alias, path: str, file: str, names: frozenset[str]) -> Finding:
    near = difflib.get_close_matches(alias.name, names, n=1, cutoff=0.7)
    hint = f"Did you mean `{near[0]}`?" if near else f"Define `{alias.name}` in {file}, or remove the import."
    message = f"{file} has no `{alias.name}`"
    return Finding("unknown_name", message, path, alias.lineno, alias.col_offset + 1, hint)


def _runs_code(statement: ast.stmt) -> bool:
    """Whether a top-level statement may call something of the app's own; imports are looked at by themselves."""
    if isinstance(statement, Function):
        return bool(statement.decorator_list) or any(isinstance(node, ast.Call) for node in ast.walk(statement.args))
    if isinstance(statement, ast.ClassDef):
        return bool(statement.decorator_list or statement.bases or statement.keywords) or any(
            _runs_code(inner) for inner in statement.body
        )
    return not isinstance(statement, _IMPORTS) and any(_is_active(node) for node in ast.walk(statement))


def _is_active(node: ast.AST) -> bool:
    """A call, or what may be one in disguise: an operator, an index, an attribute, a loop, a `with`."""
    active = (ast.Call, ast.BinOp, ast.Compare, ast.Subscript, ast.Attribute, ast.For, ast.With, ast.AugAssign)
    return isinstance(node, (*active, ast.comprehension, ast.UnaryOp, ast.JoinedStr, ast.Starred))
