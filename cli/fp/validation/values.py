"""What a name in a user's module can stand for, as far as reading the source can tell."""

import ast
from dataclasses import dataclass
from typing import TypeAlias

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class App:
    """An ASGI app; where it was made tells two apart."""

    framework: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Plain:
    """Certainly not an ASGI app. `what` says in words what it is instead."""

    what: str
    line: int


@dataclass(frozen=True, slots=True)
class Outside:
    """Something imported from beyond the app's files, by its full dotted name."""

    name: str


@dataclass(frozen=True, slots=True)
class Local:
    """A module of the app's own."""

    name: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A function or class of the app's own, and the file whose names it sees."""

    node: Function | ast.ClassDef
    file: str


@dataclass(frozen=True, slots=True)
class Several:
    """A tuple or list."""

    items: "tuple[Value, ...]"


@dataclass(frozen=True, slots=True)
class Later:
    """A name that an import takes from a module of the app's own, which has not been looked at yet."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Anything: reading the source does not tell."""


Value: TypeAlias = App | Plain | Outside | Local | Definition | Several | Later | Unknown
UNKNOWN = Unknown()

_MAKERS = {
    ("fastapi", "FastAPI"): "fastapi",
    ("fasthtml", "FastHTML"): "fasthtml",
    ("starlette", "Starlette"): "starlette",
    ("litestar", "Litestar"): "litestar",
    ("quart", "Quart"): "asgi",
    ("blacksheep", "Application"): "asgi",
    ("django", "get_asgi_application"): "asgi",
    ("socketio", "ASGIApp"): "asgi",
}
_WSGI = {("flask", "Flask"): "Flask", ("bottle", "Bottle"): "Bottle", ("django", "get_wsgi_application"): "Django"}
_BUILTINS = frozenset({"bool", "bytes", "dict", "float", "frozenset", "int", "list", "object", "set", "str", "tuple"})


def made_by(maker: str, file: str, line: int) -> Value:
    """What calling `maker`, a dotted name from outside, gives."""
    key = (maker.partition(".")[0], maker.rpartition(".")[2])
    if key in _MAKERS:
        return App(_MAKERS[key], file, line)
    if key == ("fasthtml", "fast_app"):
        return Several((App("fasthtml", file, line),))
    if key in _WSGI:
        return Plain(f"a {_WSGI[key]} app, which is WSGI and not ASGI", line)
    if key[0] == "builtins" and key[1] in _BUILTINS:
        return Plain(f"of type `{key[1]}`", line)
    return UNKNOWN


def best(values: list[Value]) -> Value:
    """The value that speaks most for an app, where a program may take one of several ways."""
    for kind in (App, Several, Unknown, Outside):
        for value in values:
            if isinstance(value, kind):
                return value
    return values[-1] if values else UNKNOWN


def is_asgi_signature(node: Function, *, method: bool) -> bool:
    """Whether a function can be called as `(scope, receive, send)`, after `self` for a method."""
    positional = [*node.args.posonlyargs, *node.args.args]
    wanted = 4 if method else 3
    required = len(positional) - len(node.args.defaults)
    return required <= wanted and (len(positional) >= wanted or node.args.vararg is not None)


def needs_arguments(node: Function) -> bool:
    """Whether calling the function without arguments fails."""
    args = node.args
    required = len(args.posonlyargs) + len(args.args) - len(args.defaults)
    return required > 0 or any(default is None for default in args.kw_defaults)
