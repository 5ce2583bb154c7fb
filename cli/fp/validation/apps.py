"""Check that the entrypoint offers an app, in the order the runner looks for one.

First the name `app`, then the only other app that the module makes, then a `create_app()` factory, then the only app it
imports. Where the source does not tell what `app` is (somebody else's package made it), it counts as an app: the runner
will know.
"""

import ast
from collections.abc import Mapping

from fp.api.problems import Finding
from fp.validation.evaluate import STAR, Reader
from fp.validation.modules import every_statement, is_main_guard
from fp.validation.values import (
    App,
    Definition,
    Local,
    Outside,
    Plain,
    Several,
    Value,
    is_asgi_signature,
    needs_arguments,
)

_EXAMPLE = "Add `from fastapi import FastAPI` and `app = FastAPI()`."
_IMPORTS = (ast.Import, ast.ImportFrom)
_ASGI = "async def app(scope, receive, send)"
_NO_APP_IN = frozenset({"fastapi", "fasthtml", "litestar", "starlette", "typing"})
"""Packages whose `from ... import *` certainly brings no name `app` that would be an app."""


class Search:
    """One look for the app of an entrypoint. `result` has the framework, or the findings that say why there is none."""

    def __init__(self, reader: Reader, trees: Mapping[str, ast.Module], entrypoint: str) -> None:
        self._reader = reader
        self._trees = trees
        self._file = entrypoint
        self._names = reader.names(entrypoint)

    def result(self) -> tuple[str | None, list[Finding]]:
        found = self._search()
        if isinstance(found, App):
            return found.framework, []
        if found is None and self._may_be_bound_unseen():
            return "asgi", []
        return None, [found or self._no_app(None)]

    def _search(self) -> App | Finding | None:
        """The app, or what is in the way of finding it; None where nothing looks like one."""
        named = self._as_app(self._look("app")) if "app" in self._names else None
        if isinstance(named, App):
            return named
        apps = {name: value for name in list(self._names) if isinstance(value := self._look(name), App)}
        own = {value for name, value in apps.items() if name not in self._imported()}
        if len(own) == 1:
            return own.pop()
        factory = self._factory()
        if factory:
            return factory
        others = own or set(apps.values())
        if len(others) > 1:
            return self._several(others)
        if others:
            return others.pop()
        return None if named is None else self._no_app(named)

    def _look(self, name: str) -> Value:
        return self._reader.look(self._names, name)

    def _imported(self) -> set[str]:
        """Names that the entrypoint's import statements bind."""
        imports = [node for node, _ in every_statement(self._trees[self._file]) if isinstance(node, _IMPORTS)]
        return {alias.asname or alias.name.partition(".")[0] for node in imports for alias in node.names}

    def _as_app(self, value: Value) -> App | Plain:
        """What the runner would make of that value under the name `app`."""
        match value:
            case App() | Plain():
                return value
            case Definition(node=node, file=file):
                if not isinstance(node, ast.ClassDef) and is_asgi_signature(node, method=False):
                    return App("asgi", file, node.lineno)
                is_class = isinstance(node, ast.ClassDef)
                what = "a class, not an instance of one" if is_class else f"a function, and not `{_ASGI}`"
                return Plain(what, node.lineno)
            case Local() | Several():
                return Plain("a module" if isinstance(value, Local) else "several values at once", 0)
            case _:
                return App("asgi", self._file, 0)

    def _factory(self) -> App | Finding | None:
        if "create_app" not in self._names:
            return None
        value = self._look("create_app")
        if not isinstance(value, Definition):
            return App("asgi", self._file, 0)
        if not isinstance(value.node, ast.ClassDef) and needs_arguments(value.node):
            message = "`create_app` needs arguments, and fp calls it with none"
            hint = "Give every argument a default."
            return Finding("no_app", message, value.file, value.node.lineno, value.node.col_offset + 1, hint)
        made = self._as_app(self._reader.returned(value))
        if isinstance(made, App):
            return made
        message = f"`create_app()` gives {made.what}"
        return Finding("no_app", message, value.file, value.node.lineno, value.node.col_offset + 1, "Return the app.")

    def _may_be_bound_unseen(self) -> bool:
        """A name can also come from another package's star import, `global` in a function, or `globals()`."""
        star = self._names.get(STAR)
        if star is not None and not (isinstance(star, Outside) and star.name.partition(".")[0] in _NO_APP_IN):
            return True
        return any(
            (isinstance(node, ast.Global) and "app" in node.names)
            or (isinstance(node, ast.Name) and node.id in {"globals", "exec", "setattr"})
            or (isinstance(node, ast.FunctionDef) and node.name == "__getattr__")
            for node in ast.walk(self._trees[self._file])
        )

    def _several(self, apps: set[App]) -> Finding:
        second = sorted(apps, key=lambda app: (app.file, app.line))[1]
        message = f"{self._file} has {len(apps)} apps, and none of them is called `app`"
        return Finding("several_apps", message, second.file, second.line, 1, "Call the one to serve `app`.")

    def _no_app(self, named: App | Plain | None) -> Finding:
        if isinstance(named, Plain):
            hint = "Use an ASGI framework such as FastAPI." if "WSGI" in named.what else _EXAMPLE
            return Finding("no_app", f"`app` is {named.what}", self._file, named.line or 1, 1, hint)
        message = f"{self._file} has no app: no name `app`, and no `create_app()`"
        return Finding("no_app", message, self._file, 1, 1, self._hint())

    def _hint(self) -> str:
        for node in self._trees[self._file].body:
            if is_main_guard(node) and any(isinstance(part, ast.Name) and part.id == "app" for part in ast.walk(node)):
                return 'Move `app = ...` out of `if __name__ == "__main__":`; fp imports the file and serves `app`.'
        factory = next((name for name in list(self._names) if self._makes_app(self._look(name))), None)
        if factory:
            return f"`{factory}()` gives an app: add `app = {factory}()`, or rename it to `create_app`."
        other = next((path for path in sorted(self._trees) if self._has_app(path)), None)
        return f"{other} has one: make it the entrypoint, or import the app from there." if other else _EXAMPLE

    def _makes_app(self, value: Value) -> bool:
        if not isinstance(value, Definition) or isinstance(value.node, ast.ClassDef) or needs_arguments(value.node):
            return False
        return isinstance(self._reader.returned(value), App)

    def _has_app(self, path: str) -> bool:
        names = self._reader.names(path)
        return "app" in names and isinstance(self._reader.look(names, "app"), App)


def find_app(reader: Reader, trees: Mapping[str, ast.Module], entrypoint: str) -> tuple[str | None, list[Finding]]:
    """The framework of the app that the entrypoint offers, or None and findings that say why there is none."""
    return Search(reader, trees, entrypoint).result()
