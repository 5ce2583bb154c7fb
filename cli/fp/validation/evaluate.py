"""A reader that follows names through an app's modules, the way an import would bind them.

It walks top-level statements in order, knows a handful of things about frameworks, and answers Unknown for the rest.
It never runs anything. The work is bounded by a budget of evaluated expressions and by a depth, so no input can make
it slow; past them everything is Unknown.
"""

import ast
import builtins
from collections.abc import Mapping

from fp.validation.modules import Modules, statements
from fp.validation.values import (
    UNKNOWN,
    App,
    Definition,
    Function,
    Later,
    Local,
    Outside,
    Plain,
    Several,
    Value,
    best,
    is_asgi_signature,
    made_by,
)

_BUDGET = 10_000
_DEPTH = 40
STAR = "*"
"""Key under which a module keeps the outside module of its last `from m import *`."""

Names = dict[str, Value]


class Reader:
    """Answers what names stand for. One reader serves one validation; it remembers each module it has read."""

    def __init__(self, trees: Mapping[str, ast.Module], modules: Modules) -> None:
        self._trees = trees
        self._modules = modules
        self._names: dict[str, Names] = {}
        self._budget = _BUDGET
        self._depth = 0

    def names(self, path: str) -> Names:
        """What the module's names stand for once it is imported; while it is being read, those bound so far."""
        if path not in self._names:
            self._names[path] = {}
            tree = self._trees.get(path)
            if tree is None:
                self._names[path] = {STAR: UNKNOWN}
            elif self._descend():
                self._run(tree.body, path, self._names[path])
                self._depth -= 1
        return self._names[path]

    def returned(self, definition: Definition) -> Value:
        """What a call of that function gives: the most app-like of its `return` statements."""
        node = definition.node
        if isinstance(node, ast.ClassDef):
            return self._instance(definition)
        if isinstance(node, ast.AsyncFunctionDef):
            return Plain("a coroutine", node.lineno)
        if not self._descend():
            return UNKNOWN
        local: Names = dict(self.names(definition.file))
        local.update({arg.arg: UNKNOWN for arg in ast.walk(node.args) if isinstance(arg, ast.arg)})
        results = self._run(node.body, definition.file, local)
        self._depth -= 1
        return best(results) if results else Plain("nothing: the function has no `return`", node.lineno)

    def look(self, names: Names, name: str) -> Value:
        """What one of these names stands for; a module that it was imported from is only read now."""
        value = names[name]
        if isinstance(value, Later):
            names[name] = UNKNOWN  # for names that modules import from each other in a circle
            names[name] = value = self._attribute(Local(value.module), value.name)
        return value

    def _descend(self) -> bool:
        if self._depth >= _DEPTH or self._budget <= 0:
            return False
        self._depth += 1
        return True

    def _run(self, body: list[ast.stmt], path: str, names: Names) -> list[Value]:
        """Bind what the statements bind; answer the values of the `return` statements among them."""
        results = []
        for node, certain in statements(body):
            if isinstance(node, ast.Return):
                results.append(self.value(node.value, path, names) if node.value else Plain("nothing", node.lineno))
            elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
                value = self.value(node.value, path, names)
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    _bind(target, value, names, certain=certain)
            else:
                self._define(node, path, names)
        return results

    def _define(self, node: ast.stmt, path: str, names: Names) -> None:
        """Bind what a statement other than an assignment binds."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names[node.name] = UNKNOWN if node.decorator_list else Definition(node, path)
            case ast.Import(names=aliases):
                self._import(aliases, names)
            case ast.ImportFrom():
                self._import_from(node, path, names)
            case ast.For(target=target) | ast.AsyncFor(target=target) | ast.AugAssign(target=target):
                _bind(target, UNKNOWN, names, certain=True)
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    if item.optional_vars:
                        _bind(item.optional_vars, UNKNOWN, names, certain=True)
            case _:
                pass

    def _import(self, aliases: list[ast.alias], names: Names) -> None:
        for alias in aliases:
            name = alias.name if alias.asname else alias.name.partition(".")[0]
            bound: Value = Local(name) if self._modules.exists(name) else Outside(name)
            names[alias.asname or name] = bound

    def _import_from(self, node: ast.ImportFrom, path: str, names: Names) -> None:
        source = self._modules.absolute(path, node)
        for alias in node.names:
            if alias.name == "*":
                self._import_star(source, names)
            elif source is None:
                names[alias.asname or alias.name] = UNKNOWN
            elif self._modules.exists(source):
                names[alias.asname or alias.name] = Later(source, alias.name)
            else:
                names[alias.asname or alias.name] = Outside(f"{source}.{alias.name}")

    def _import_star(self, source: str | None, names: Names) -> None:
        path = self._modules.path(source) if source else None
        if path:
            names.update({name: value for name, value in self.names(path).items() if not name.startswith("_")})
        else:
            names[STAR] = Outside(source) if source else UNKNOWN

    def value(self, node: ast.expr, path: str, names: Names) -> Value:
        """What an expression in that file gives, with these names bound."""
        self._budget -= 1
        if not self._descend():
            return UNKNOWN
        try:
            return self._value(node, path, names)
        finally:
            self._depth -= 1

    def _value(self, node: ast.expr, path: str, names: Names) -> Value:
        result: Value = _literal(node)
        match node:
            case ast.Name(id=name):
                result = self._name(name, names)
            case ast.Attribute(value=base, attr=attr):
                result = self._attribute(self.value(base, path, names), attr)
            case ast.Call():
                result = self._call(node, path, names)
            case ast.Tuple(elts=items) | ast.List(elts=items):
                result = Several(tuple(self.value(item, path, names) for item in items))
            case ast.Subscript(value=base, slice=ast.Constant(value=int() as index)):
                result = _item(self.value(base, path, names), index)
            case ast.IfExp(body=yes, orelse=no):
                result = best([self.value(yes, path, names), self.value(no, path, names)])
            case ast.BoolOp(values=values):
                result = best([self.value(value, path, names) for value in values])
            case ast.NamedExpr(target=target, value=value):
                result = names[target.id] = self.value(value, path, names)
            case _:
                pass
        return result

    def _name(self, name: str, names: Names) -> Value:
        if name in names:
            return self.look(names, name)
        star = names.get(STAR)
        if isinstance(star, Outside) and not hasattr(builtins, name):
            return Outside(f"{star.name}.{name}")
        return Outside(f"builtins.{name}") if hasattr(builtins, name) and star is None else UNKNOWN

    def _attribute(self, base: Value, attr: str) -> Value:
        match base:
            case Outside(name=name):
                return Outside(f"{name}.{attr}")
            case Local(name=name):
                path = self._modules.path(name)
                bound = self.names(path) if path else {}
                if attr in bound:
                    return self.look(bound, attr)
                return Local(f"{name}.{attr}") if self._modules.exists(f"{name}.{attr}") else UNKNOWN
            case _:
                return UNKNOWN

    def _call(self, node: ast.Call, path: str, names: Names) -> Value:
        called = self.value(node.func, path, names)
        result: Value = UNKNOWN
        if isinstance(called, Outside):
            result = made_by(called.name, path, node.lineno)
        elif isinstance(called, Definition):
            result = self.returned(called)
            if isinstance(result, App) and isinstance(called.node, ast.ClassDef):
                result = App(result.framework, path, node.lineno)
        return self._wrapped(node, path, names) if result == UNKNOWN else result

    def _wrapped(self, node: ast.Call, path: str, names: Names) -> Value:
        """An unknown call that is given an app is taken for a middleware around it."""
        given = [self.value(arg, path, names) for arg in [*node.args, *(word.value for word in node.keywords)]]
        inner = next((value for value in given if isinstance(value, App)), None)
        return App(inner.framework, path, node.lineno) if inner else UNKNOWN

    def _instance(self, definition: Definition) -> Value:
        """What making an instance of a user's class gives."""
        node = definition.node
        assert isinstance(node, ast.ClassDef)
        for member in node.body:
            if isinstance(member, Function) and member.name == "__call__":
                asgi = is_asgi_signature(member, method=True)
                what = f"an instance of `{node.name}`, whose `__call__` does not take (scope, receive, send)"
                return App("asgi", definition.file, node.lineno) if asgi else Plain(what, member.lineno)
        kinds = [self._kind(base, definition.file, node.lineno) for base in node.bases]
        return best(kinds) if kinds else Plain(f"an instance of `{node.name}`, which has no `__call__`", node.lineno)

    def _kind(self, base: ast.expr, path: str, line: int) -> Value:
        """What an instance of a base class would be."""
        value = self.value(base, path, self.names(path))
        if isinstance(value, Definition) and isinstance(value.node, ast.ClassDef) and self._descend():
            result = self._instance(value)
            self._depth -= 1
            return result
        return made_by(value.name, path, line) if isinstance(value, Outside) else UNKNOWN


def _literal(node: ast.expr) -> Value:
    """What a value written out in the source is; Unknown for every other expression."""
    if isinstance(node, ast.Constant):
        kind = type(node.value).__name__
        return Plain("None" if node.value is None else f"of type `{kind}`", node.lineno)
    shown = {ast.Dict: "dict", ast.DictComp: "dict", ast.Set: "set", ast.JoinedStr: "str", ast.ListComp: "list"}
    kind = shown.get(type(node), "")
    return Plain(f"of type `{kind}`", node.lineno) if kind else UNKNOWN


def _item(whole: Value, index: int) -> Value:
    inside = isinstance(whole, Several) and 0 <= index < len(whole.items)
    return whole.items[index] if isinstance(whole, Several) and inside else UNKNOWN


def _bind(target: ast.expr, value: Value, names: Names, *, certain: bool) -> None:
    match target:
        case ast.Name(id=name):
            if certain or name not in names or not isinstance(value, Plain):
                names[name] = value
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            items = value.items if isinstance(value, Several) else ()
            for index, inner in enumerate(targets):
                _bind(inner, items[index] if index < len(items) else UNKNOWN, names, certain=certain)
        case _:
            pass
