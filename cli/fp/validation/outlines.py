"""What the checks need to know of a file: an outline, made once per text.

Reading source is what validation costs. So a file is parsed once, everything that depends on nothing but its text is taken
from the tree, and the tree, ten times as large, is let go. Whatever depends on other files or on the rules is decided anew
in each validation. The few trees that are asked for later are parsed again (`fp.validation.sources`).
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from fp.api.problems import Finding
from fp.validation.modules import BLOCKS, every_statement, statements, steps
from fp.validation.patterns import Suspect, suspects
from fp.validation.syntax import read
from fp.validation.words import Words

Import: TypeAlias = ast.Import | ast.ImportFrom
_IMPORTS = (ast.Import, ast.ImportFrom)


@dataclass(frozen=True, slots=True)
class Loading:
    """A top-level statement that imports: its number in the body, and each import in it with whether that is certain.

    `bare_from`: it is a `from ... import` itself, whose names are not bound yet while it runs.
    """

    index: int
    bare_from: bool
    imports: tuple[tuple[Import, bool], ...]


@dataclass(slots=True)
class Outline:
    """`finding`: why the text does not compile, without the file's name. `readable`: whether it has a tree.

    `imports`: every import statement, and whether a `try` around it forgives it. `plain`: names that top-level statements
    certainly or maybe bind. `calls`: whether a bare call certainly runs at import. `words` is filled in when asked for.
    """

    finding: Finding | None = None
    readable: bool = False
    imports: tuple[tuple[Import, bool], ...] = ()
    loading: tuple[Loading, ...] = ()
    plain: frozenset[str] = frozenset()
    calls: bool = False
    suspects: tuple[Suspect, ...] = ()
    words: Words | None = field(default=None, repr=False)

    def later(self) -> Iterator[Import]:
        """Imports that wait until a function is called or a class is made."""
        now = {id(node) for loading in self.loading for node, _ in loading.imports}
        return (node for node, _ in self.imports if id(node) not in now)

    def memory_bytes(self) -> int:
        """About how much memory it takes."""
        nodes = sum(1 + len(node.names) for node, _ in self.imports) + len(self.suspects)
        names = len(self.plain) + (self.words.count() if self.words else 0)
        return 500 + 800 * nodes + 100 * names


def outline(text: str) -> Outline:
    """Reads a file once; to be called inside `syntax.quiet()`."""
    tree, finding = read(text)
    if tree is None or finding:
        return Outline(finding)
    runs = list(statements(tree.body))
    return Outline(
        readable=True,
        imports=tuple((node, forgiven) for node, forgiven in every_statement(tree) if isinstance(node, _IMPORTS)),
        loading=tuple(_loading(tree.body)),
        plain=frozenset(name for node, _ in runs for name in _plain(node)),
        calls=any(sure and isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) for node, sure in runs),
        suspects=suspects(text, tree),
    )


def _loading(body: list[ast.stmt]) -> Iterator[Loading]:
    for index, statement in enumerate(body):
        if isinstance(statement, _IMPORTS):
            yield Loading(index, isinstance(statement, ast.ImportFrom), ((statement, True),))
        elif isinstance(statement, BLOCKS):
            imports = tuple((node, sure) for node, sure in steps([statement]) if isinstance(node, _IMPORTS))
            yield from [Loading(index, False, imports)] if imports else []


def _plain(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, _IMPORTS):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (target.id for target in targets if isinstance(target, ast.Name))
