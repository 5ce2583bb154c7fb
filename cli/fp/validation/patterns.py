"""Blocked patterns: calls that hardly any web app needs, and that tend to hurt the app itself or its neighbours.

A guard rail and no wall. It reads plain calls by the names that import statements give them, so a mistake and a hurried
copy from elsewhere are caught, and who wants past it gets past it (`getattr(os, "sys" "tem")`). What keeps tenants from
each other is the limits, the user and the network rules of the process that runs the app.

Only files that the entrypoint reaches are read. A name that the file also binds in another way is left alone, and so is
what stands under `if __name__ == "__main__":`. A pattern is refused either anywhere, or only where it certainly runs while
the module is imported. `eval` and `exec` are not here: good uses and bad ones look the same.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fp.api.problems import Finding
from fp.validation.modules import Modules, forgives, never_runs, steps
from fp.validation.rules import Rules

if TYPE_CHECKING:
    from fp.validation.sources import Sources


@dataclass(frozen=True)
class Pattern:
    """One thing to look for. `name` is what `Rules.blocked_patterns_off` takes.

    `calls`: full dotted names, refused wherever they are called, or `at_import` only; one that ends in `*` stands for all
    that begin so. `modules`: refused when imported. `text`: strings that must not be written out in the source.
    `message` completes "`what` ...".
    """

    name: str
    message: str
    hint: str
    calls: tuple[str, ...] = ()
    modules: frozenset[str] = frozenset()
    text: re.Pattern[str] | None = None
    at_import: bool = False


_SERVE = "fp serves `app` itself; visitors reach no other port. Remove it."

PATTERNS: Final[tuple[Pattern, ...]] = (
    Pattern(
        "shell",
        "runs a command of the system",
        "Use a Python package or the standard library for it (`shutil`, `pathlib`, `zipfile`, ...).",
        ("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "pty.spawn"),
    ),
    Pattern(
        "subprocess",
        "starts another program",
        "Apps have one process each; do it in Python, or in another app that this one calls over HTTP.",
        (
            "subprocess.run", "subprocess.Popen", "subprocess.call", "subprocess.check_call", "subprocess.check_output",
            "asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell", "asyncio.subprocess.create_subprocess_*",
            "os.exec*", "os.spawn*", "os.posix_spawn*",
        ),
    ),
    Pattern(
        "fork",
        "copies the running process, with its connections and threads in an unknown state",
        "Use `asyncio` or a thread for work beside the requests.",
        ("os.fork", "os.forkpty", "pty.fork"),
    ),
    Pattern(
        "ctypes",
        "reaches past Python into native code",
        "Use a package of the platform that wraps the library.",
        modules=frozenset({"ctypes", "_ctypes"}),
    ),
    Pattern(
        "exit",
        "ends the process while the app is being imported",
        "Raise an exception that says what is wrong, or remove it.",
        ("sys.exit", "os._exit", "os.abort", "builtins.exit", "builtins.quit", "builtins.SystemExit"),
        at_import=True,
    ),
    Pattern(
        "listen",
        "listens on a port of its own while the app is being imported",
        _SERVE,
        ("socket.create_server", "socket.socket().bind", "socket.socket().listen", "socketserver.*Server",
         "http.server.HTTPServer", "http.server.ThreadingHTTPServer"),
        at_import=True,
    ),
    Pattern(
        "signals",
        "takes over a signal that the platform needs to stop the app in good order",
        "Clean up after `yield` in the app's lifespan: it runs when the app is stopped.",
        ("signal.signal",),
    ),
    Pattern(
        "proc_environ",
        "is where the system keeps a process's environment",
        "Read the app's own settings from `os.environ`.",
        text=re.compile(r"/proc/[^/]+/(task/[^/]+/)?environ"),
    ),
)  # fmt: skip
"""All there are. A platform switches single ones off by name."""

_MODULES: Final = frozenset(name for pattern in PATTERNS for name in pattern.modules)
_TAKEN_SIGNALS: Final = frozenset({"signal.SIGTERM", "signal.SIGINT", "signal.SIGCHLD"})
_HINT_OF: Final = re.compile(
    r"\b(?:subprocess|_?ctypes|pty|SystemExit|socket|socketserver|HTTPServer|ThreadingHTTPServer|SIGTERM|SIGINT|SIGCHLD)\b"
    r"|\b(?:system|popen|exec[lv]\w*|spawn\w+|posix_spawnp?|fork|forkpty|create_subprocess_\w+|_?exit|abort|quit)"
    r"(?:\s*\(|\s+as\b)|environ\b.?[\"']"
)
"""A file in which this is nowhere to be found has none of the patterns, and its tree need not be read."""
_PARTS: Final = (
    "subprocess", "ctypes", "pty", "SystemExit", "socket", "HTTPServer", "SIGTERM", "SIGINT", "SIGCHLD", "system", "popen",
    "exec", "spawn", "fork", "exit", "abort", "quit", "environ",
)  # fmt: skip
"""Wherever that is found, one of these is, and they are found ten times as fast."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A place where a pattern is met, unless the name's first part, `root`, is a module of the app's own."""

    pattern: Pattern
    what: str
    line: int
    column: int
    root: str | None = None


def suspects(text: str, tree: ast.Module) -> tuple[Suspect, ...]:
    """Each place in a file where a pattern is met, whatever other files and the rules may say to it."""
    told = any(part in text for part in _PARTS) and _HINT_OF.search(text)
    return tuple(_File(tree).suspects()) if told else ()


def check_patterns(sources: "Sources", modules: Modules, reached: Iterable[str], rules: Rules) -> list[Finding]:
    """A finding `blocked_pattern` for each place in these files where one is met."""
    return [
        _finding(suspect, path)
        for path in reached
        for suspect in sources.outline(path).suspects
        if suspect.pattern.name not in rules.blocked_patterns_off
        and not (suspect.root is not None and modules.exists(suspect.root))
    ]


_BINDING: Final = (
    ast.Name, ast.Import, ast.ImportFrom, ast.Assign, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.arg,
    ast.ExceptHandler, ast.MatchAs,
)  # fmt: skip
_TELLING: Final = (ast.Call, ast.Import, ast.ImportFrom, ast.Raise, ast.JoinedStr, ast.Constant)


class _File:
    """One file, read once: its live nodes, and what its names stand for if no module of the app's has their names."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._names: dict[str, str] = {}
        self._taken: set[str] = set()
        self._read: set[int] = set()
        self._nodes = []
        for node in _live(tree):
            if isinstance(node, _BINDING):
                self._bind(node)
            if isinstance(node, _TELLING):
                self._nodes.append(node)

    def suspects(self) -> Iterator[Suspect]:
        certain = {id(call) for call in self._at_import()}
        for node in self._nodes:
            what = self._said(node)
            for pattern in PATTERNS if what else ():
                if self._met(pattern, node, what, at_import=id(node) in certain):
                    root = what.partition(".")[0] if isinstance(node, ast.Call | ast.Raise) else None
                    line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1
                    yield Suspect(pattern, what, line, column, root)

    def _said(self, node: ast.AST) -> str:
        """What a pattern could be met by in this node: a dotted name or a text; empty for nothing."""
        match node:
            case ast.Call(func=func):
                return self._dotted(func) or ""
            case ast.Raise(exc=ast.expr() as raised):
                return self._dotted(raised) or ""
            case ast.Import(names=aliases):
                return next((alias.name for alias in aliases if alias.name.partition(".")[0] in _MODULES), "")
            case ast.ImportFrom(module=str(module), level=0):
                return module
            case ast.Constant() | ast.JoinedStr():
                return _text(node)
            case _:
                return ""

    def _met(self, pattern: Pattern, node: ast.AST, what: str, *, at_import: bool) -> bool:
        if isinstance(node, ast.Import | ast.ImportFrom):
            return what.partition(".")[0] in pattern.modules
        if isinstance(node, ast.Constant | ast.JoinedStr):
            return pattern.text is not None and pattern.text.fullmatch(what) is not None
        if isinstance(node, ast.Call) and what == "signal.signal" and not self._takes_signal(node):
            return False
        return (at_import or not pattern.at_import) and any(_matches(what, name) for name in pattern.calls)

    def _at_import(self) -> Iterator[ast.AST]:
        """Calls and `raise` that certainly run when the module is imported, if it gets that far."""
        for node, certain in steps(self._tree.body):
            if certain and isinstance(node, ast.Expr | ast.Assign) and isinstance(node.value, ast.Call):
                yield node.value
            elif certain and isinstance(node, ast.Raise):
                yield node
                yield from [node.exc] if isinstance(node.exc, ast.Call) else []
            elif isinstance(node, ast.With) and not forgives(node):
                yield from (item.context_expr for item in node.items if certain)

    def _takes_signal(self, node: ast.Call) -> bool:
        return bool(node.args) and self._dotted(node.args[0]) in _TAKEN_SIGNALS

    def _bind(self, node: ast.AST) -> None:
        match node:
            case ast.Import(names=aliases):
                for alias in aliases:
                    self._name(alias.asname or alias.name.partition(".")[0], alias.name if alias.asname else None)
            case ast.ImportFrom(names=aliases):
                for alias in aliases:
                    self._name(alias.asname or alias.name, f"{'.' * node.level}{node.module or ''}.{alias.name}")
            case ast.Assign(targets=[ast.Name(id=name) as target], value=ast.Call(func=func)) if (
                self._dotted(func) == "socket.socket"
            ):
                self._read.add(id(target))
                self._name(name, "socket.socket()")
            case ast.Name(id=name, ctx=ast.Store()) if id(node) not in self._read:
                self._taken.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                self._taken.add(name)
            case ast.arg(arg=name) | ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                self._taken.add(name)
            case _:
                pass

    def _name(self, name: str, dotted: str | None) -> None:
        dotted = dotted or name
        if self._names.setdefault(name, dotted) != dotted:
            self._taken.add(name)

    def _dotted(self, node: ast.expr) -> str | None:
        """The full name of what an expression stands for; None where that is not sure."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id in self._taken:
            return None
        return ".".join([self._names.get(node.id, f"builtins.{node.id}"), *reversed(parts)])


def _finding(suspect: Suspect, path: str) -> Finding:
    pattern = suspect.pattern
    shown = suspect.what.removeprefix("builtins.").replace("socket()", "socket")
    hint = f"{pattern.hint} An administrator can switch this check off (`{pattern.name}`)."
    return Finding("blocked_pattern", f"`{shown}` {pattern.message}", path, suspect.line, suspect.column, hint)


def _live(tree: ast.Module) -> Iterator[ast.AST]:
    """Every node in the order of the source, without what only runs for `__main__` or for type checkers."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        yield node
        inner = node.orelse if isinstance(node, ast.If) and never_runs(node) else list(ast.iter_child_nodes(node))
        stack.extend(inner[::-1])


def _text(node: ast.Constant | ast.JoinedStr) -> str:
    """A string as it is written, with `*` for what is filled in later; empty for other constants."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(_text(part) if isinstance(part, ast.Constant) else "*" for part in node.values)


def _matches(called: str, name: str) -> bool:
    before, star, after = name.partition("*")
    return called.startswith(before) and called.endswith(after) if star else called == name
