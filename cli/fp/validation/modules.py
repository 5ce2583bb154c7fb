"""Which dotted names an app's files answer to, and in which order a module's statements run.

Imports start at the app's root, as they do in the runner. A folder with Python files is a package whether or not it has
an `__init__.py`.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

BLOCKS = (
    ast.If, ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.For, ast.AsyncFor, ast.While, ast.Match
)  # fmt: skip
"""Statements with others inside that run with them, if at all."""
_SIMPLE = frozenset(
    {ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Assert, ast.Delete, ast.Expr, ast.Import, ast.ImportFrom, ast.Pass,
     ast.Raise, ast.Return}
)  # fmt: skip
"""Statements with no others inside. Most are, so that they are told apart by a look at their type is most of the speed."""


class Modules:
    """The dotted names of a set of files."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths: dict[str, str] = {}
        self._folders: set[str] = set()
        for path in sorted((path for path in paths if path.endswith(".py")), key=_is_package):
            name = _dotted(path)
            self._paths[name] = path
            self._folders.update(_parents(name))

    def path(self, name: str) -> str | None:
        """The file that `import name` would read; None for unknown names and for folders without `__init__.py`."""
        return self._paths.get(name)

    def exists(self, name: str) -> bool:
        """Whether `name` is a module, or a folder that holds one."""
        return name in self._paths or name in self._folders

    def all(self) -> list[str]:
        """Every name that an import may use, sorted."""
        return sorted(self._paths.keys() | self._folders)

    def package(self, path: str) -> str:
        """The package that relative imports in this file count from; empty for a file that is in none."""
        name = _dotted(path)
        return name if path.endswith("__init__.py") else name.rpartition(".")[0]

    def absolute(self, path: str, node: ast.ImportFrom) -> str | None:
        """The full name of what a `from` statement in that file imports from; None when it climbs out of the package."""
        if not node.level:
            return node.module
        package = self.package(path)
        parts = package.split(".") if package else []
        if node.level > len(parts):
            return None
        base = parts[: len(parts) - node.level + 1]
        return ".".join([*base, node.module] if node.module else base)


def statements(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, bool]]:
    """Each statement that may run when a block runs, in order, and whether it is certain to.

    Goes into `if`, `try`, `with`, loops and `match`, not into functions and classes; leaves out what runs only for
    `__main__` or only for type checkers. Works without recursion: an `elif` chain may be thousands long.
    """
    stack = [(node, True) for node in reversed(body)]
    while stack:
        node, certain = stack.pop()
        yield node, certain
        if type(node) not in _SIMPLE:
            stack.extend(reversed([(inner, certain and sure) for inner, sure in _inner(node)]))


def every_statement(tree: ast.Module) -> Iterator[tuple[ast.stmt, bool]]:
    """Each statement of a module, also those inside functions and classes, and whether a `try` around it forgives it."""
    stack: list[tuple[ast.stmt, bool]] = [(node, False) for node in reversed(tree.body)]
    while stack:
        node, forgiven = stack.pop()
        yield node, forgiven
        if type(node) in _SIMPLE:
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            stack.extend((inner, forgiven) for inner in node.body)
        elif forgives(node):
            body = set(getattr(node, "body", []))
            stack.extend((inner, forgiven or inner in body) for inner, _ in _inner(node))
        else:
            stack.extend((inner, forgiven) for inner, _ in _inner(node))


def forgives(node: ast.stmt) -> bool:
    """Whether an exception in the statement's body may be caught by it: `try` with `except`, `with suppress(...)`."""
    if isinstance(node, ast.Try | ast.TryStar):
        return bool(node.handlers)
    if not isinstance(node, ast.With | ast.AsyncWith):
        return False
    calls = [item.context_expr.func for item in node.items if isinstance(item.context_expr, ast.Call)]
    return any(getattr(call, "attr", getattr(call, "id", "")) == "suppress" for call in calls)


def steps(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, bool]]:
    """As `statements`, but certain is only what runs and what nothing around it would forgive if it failed.

    Every `with` counts as one that may forgive: what its context manager does with an exception is not in the source.
    """
    stack = [(node, True) for node in reversed(body)]
    while stack:
        node, certain = stack.pop()
        yield node, certain
        if type(node) in _SIMPLE:
            continue
        doubtful = isinstance(node, ast.With | ast.AsyncWith) or forgives(node)
        stack.extend(reversed([(inner, certain and sure and not doubtful) for inner, sure in _inner(node)]))


def is_main_guard(node: ast.stmt) -> bool:
    """Whether this is `if __name__ == "__main__":`, which never runs on the platform."""
    if not isinstance(node, ast.If):
        return False
    tests = node.test.values if isinstance(node.test, ast.BoolOp) else [node.test]
    sides = [side for test in tests if isinstance(test, ast.Compare) for side in (test.left, *test.comparators)]
    return any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)


def _inner(node: ast.stmt) -> Iterator[tuple[ast.stmt, bool]]:
    """The statements directly inside a statement, and whether each runs whenever the statement does."""
    if not isinstance(node, BLOCKS):
        return
    if never_runs(node):
        yield from ((inner, False) for inner in getattr(node, "orelse", []))
        return
    always = isinstance(node, ast.Try | ast.TryStar | ast.With | ast.AsyncWith)
    yield from ((inner, always) for inner in getattr(node, "body", []))
    for branch in [*getattr(node, "handlers", []), *getattr(node, "cases", [])]:
        yield from ((inner, False) for inner in branch.body)
    yield from ((inner, False) for inner in getattr(node, "orelse", []))
    yield from ((inner, True) for inner in getattr(node, "finalbody", []))


def never_runs(node: ast.AST) -> bool:
    """Whether the body of this `if` is for `__main__` or for type checkers only."""
    return isinstance(node, ast.If) and (is_main_guard(node) or _is_typing_guard(node))


def _is_typing_guard(node: ast.stmt) -> bool:
    if not isinstance(node, ast.If):
        return False
    test = node.test
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", "")
    return name == "TYPE_CHECKING"


def _dotted(path: str) -> str:
    parts = PurePosixPath(path).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def _parents(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def _is_package(path: str) -> bool:
    """Sorts packages last, so that `x/__init__.py` wins over `x.py`, as it does in an import."""
    return path.endswith("/__init__.py")
