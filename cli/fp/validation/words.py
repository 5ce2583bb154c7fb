"""Every word of a file that may bind a name, in it or in another module: one look at each node of its tree.

Only asked for where something looks wrong already, because it is the dearest look of all. What it answers is more than the
file will bind, never less.
"""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_TRICKS = frozenset(
    {"globals", "locals", "vars", "exec", "eval", "setattr", "delattr", "__dict__", "__getattr__", "__path__", "modules",
     "__import__", "import_module"}
)  # fmt: skip
"""Names whose use in a module means that it may have any name."""
_SETTERS = frozenset({"setattr", "exec", "__import__"})
_REORDERING = frozenset({"import_module", "__import__", "exec", "runpy", "modules", "meta_path", "exec_module"})
"""Names whose use anywhere means that modules may be imported in another order than the statements say."""


@dataclass(frozen=True, slots=True)
class Words:
    """`bound`: the names that statements bind, but for those of `stars`, its star imports. `tricky`: or any other name.

    `set_elsewhere`: attributes that it assigns to something, which may be a module. `sets_any`: or any other attribute.
    `reorders`: whether it may import modules in another order than statements say.
    """

    bound: frozenset[str]
    stars: tuple[ast.ImportFrom, ...]
    tricky: bool
    set_elsewhere: frozenset[str]
    sets_any: bool
    reorders: bool

    def count(self) -> int:
        """How many names it keeps."""
        return len(self.bound) + len(self.set_elsewhere)


def words_of(body: Iterable[ast.stmt]) -> Words:
    """Reads every node of these statements."""
    found = _Found()
    for statement in body:
        for node in ast.walk(statement):
            found.meet(node)
    return Words(
        bound=frozenset(found.bound),
        stars=tuple(found.stars),
        tricky=not _TRICKS.isdisjoint(found.bound | found.used | found.attributes),
        set_elsewhere=frozenset(found.stored),
        sets_any=not _SETTERS.isdisjoint(found.ids),
        reorders=not _REORDERING.isdisjoint(found.ids | found.attributes | found.imported),
    )


class _Found:
    """What has been met so far."""

    def __init__(self) -> None:
        self.bound: set[str] = set()
        self.used: set[str] = set()
        self.ids: set[str] = set()
        self.attributes: set[str] = set()
        self.stored: set[str] = set()
        self.imported: set[str] = set()
        self.stars: list[ast.ImportFrom] = []

    def meet(self, node: ast.AST) -> None:
        match node:
            case ast.Name(id=name, ctx=context):
                self.ids.add(name)
                (self.used if isinstance(context, ast.Load) else self.bound).add(name)
            case ast.Attribute(attr=name, ctx=context):
                self.attributes.add(name)
                if isinstance(context, ast.Store):
                    self.stored.add(name)
            case ast.ImportFrom(names=[ast.alias(name="*")]):
                self.stars.append(node)
            case _:
                self.bound |= binds(node)
                if isinstance(node, ast.Import | ast.ImportFrom):
                    self.imported.update(alias.name for alias in node.names)


def first_bound(body: Sequence[ast.stmt], name: str) -> int | None:
    """The line at which top-level statements first bind a name; None when that is nowhere."""
    nodes = (node for statement in body for node in ast.walk(statement))
    lines = [getattr(node, "lineno", 0) for node in nodes if name in binds(node)]
    return min(lines, default=None)


def binds(node: ast.AST) -> frozenset[str]:
    """The names that a node binds by itself."""
    match node:
        case ast.Name(id=name, ctx=context):
            return frozenset() if isinstance(context, ast.Load) else frozenset({name})
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return frozenset({name})
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return frozenset(alias.asname or alias.name.partition(".")[0] for alias in aliases)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return frozenset({name})
        case ast.MatchMapping(rest=str(name)):
            return frozenset({name})
        case _:
            return frozenset()
