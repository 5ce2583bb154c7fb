"""Which object of the user's module is the app.

In this order: `app`, whatever callable of three arguments it is; the one ASGI application the module made itself;
`create_app()`; the one ASGI application it imported. An application is an instance whose class has an `async __call__` of
three arguments and is no part of one (a router, a route, a response); only where there is none, an async function with
the arguments `scope, receive, send` counts too.
"""

import ast
import inspect
from pathlib import Path
from types import ModuleType

from .failure import from_error, plain

ASGI_NAMES = ["scope", "receive", "send"]
NOT_WHOLE = (
    "starlette.routing",
    "starlette.responses",
    "starlette.endpoints",
    "fastapi.routing",
    "starlette.staticfiles",
)
HINT = "Name your application `app` (for example `app = FastAPI()`), or write a `create_app()` that returns it."


def find(module: ModuleType, root: Path) -> object:
    """The ASGI application. Raises StartFailed: no_app, several_apps, or import_failed when `create_app()` raises."""
    found = getattr(module, "app", None)
    if found is not None and _takes_three(found):
        return found
    imported = _imported_names(module)
    named = _candidates(module)
    own = {name: each for name, each in named.items() if name not in imported}
    factory = getattr(module, "create_app", None)
    if len(own) == 1:
        return next(iter(own.values()))
    if callable(factory):
        return _make(module, factory, root)
    others = own or named
    if len(others) > 1:
        names = ", ".join(f"`{name}`" for name in others)
        raise plain(
            "several_apps",
            f"{len(others)} applications found: {names}",
            file=_file(module, root),
            hint=("Call the one to be served `app`; if you wrap one in another, that is the outermost."),
        )
    if others:
        return next(iter(others.values()))
    raise plain("no_app", "no ASGI application found", file=_file(module, root), hint=_no_app_hint(module, found))


def _make(module: ModuleType, factory: object, root: Path) -> object:
    file = _file(module, root)
    if inspect.iscoroutinefunction(factory):
        raise plain("no_app", "create_app is async", file=file, hint="Make create_app a plain function.")
    try:
        inspect.signature(factory).bind()  # type: ignore[arg-type]  # the caller has seen that it is callable
    except TypeError:
        raise plain("no_app", "create_app needs arguments", file=file, hint="Give them all a default.") from None
    try:
        made = factory()  # type: ignore[operator]  # as above
    except Exception as error:
        raise from_error("import_failed", error, root) from None
    if not _takes_three(made):
        raise plain(
            "no_app", f"create_app returned {type(made).__name__}, not an ASGI application", file=file, hint=HINT
        )
    return made


def _candidates(module: ModuleType) -> dict[str, object]:
    """Applications by name, each object once; functions only where there are no instances."""
    instances: dict[str, object] = {}
    functions: dict[str, object] = {}
    for name, value in vars(module).items():
        if name.startswith("__") or any(value is other for other in instances.values()):
            continue
        if _is_application(value):
            instances[name] = value
        elif _is_asgi_function(value):
            functions[name] = value
    return instances or functions


def _is_application(value: object) -> bool:
    kind = type(value)
    if isinstance(value, type) or kind.__module__ in {"builtins", "types"}:
        return False
    call = getattr(kind, "__call__", None)  # noqa: B004 - whether it is async is the question
    if not inspect.iscoroutinefunction(call) or not _takes_three(value):
        return False
    whole = any(base.__module__ in {"starlette.applications", "litestar.app"} for base in kind.__mro__)
    return whole or not any(base.__module__.startswith(NOT_WHOLE) for base in kind.__mro__)


def _is_asgi_function(value: object) -> bool:
    return inspect.iscoroutinefunction(value) and list(inspect.signature(value).parameters) == ASGI_NAMES


def _takes_three(value: object) -> bool:
    if not callable(value) or isinstance(value, type):
        return False
    try:
        inspect.signature(value).bind(None, None, None)
    except (TypeError, ValueError):
        return False
    return True


def _imported_names(module: ModuleType) -> set[str]:
    """Names that the module's import statements bind, wherever in it they stand."""
    try:
        tree = ast.parse(Path(str(module.__file__)).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return set()
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {alias.asname or alias.name.partition(".")[0] for node in statements for alias in node.names}


def _file(module: ModuleType, root: Path) -> str:
    return str(module.__file__).removeprefix(f"{root}/")


def _no_app_hint(module: ModuleType, found: object) -> str:
    wsgi = found is not None and any(
        base.__module__.partition(".")[0] in {"flask", "bottle"} for base in type(found).__mro__
    )
    if wsgi:
        return "`app` is a WSGI application; fp serves ASGI: use FastAPI, or wrap it (a2wsgi.WSGIMiddleware)."
    if found is not None:
        return f"`app` is {type(found).__name__}, not an ASGI application. {HINT}"
    return HINT
