"""Check for a server that is started while the module is imported: the import would never come to an end.

Only a call that certainly runs counts: at the top of a module, not inside a function, an `if` or the `__main__` guard.
"""

import ast
from collections.abc import Sequence

from fp.api.problems import Finding
from fp.validation.evaluate import Reader
from fp.validation.modules import statements
from fp.validation.sources import Sources
from fp.validation.values import Outside

_SERVERS = frozenset(
    {"uvicorn.run", "uvicorn.main.run", "hypercorn.run.run", "waitress.serve", "werkzeug.serving.run_simple"}
)
_PACKAGES = frozenset(name.partition(".")[0] for name in _SERVERS)
_HINT = 'Remove it, or put it under `if __name__ == "__main__":`; fp serves `app` itself.'


def check_blocking(reader: Reader, sources: Sources, paths: Sequence[str]) -> list[Finding]:
    """A finding for each call in these files that would keep the import from ending."""
    findings = []
    if not any(_brings_server(node) for path in paths for node, _ in sources.outline(path).imports):
        return []
    for path in (path for path in paths if sources.outline(path).calls):
        for node, certain in statements(sources[path].body):
            if not certain or not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
                continue
            called = reader.value(node.value.func, path, reader.names(path))
            if isinstance(called, Outside) and called.name in _SERVERS:
                message = f"`{called.name}` at the top of the module never returns, so the app cannot start"
                findings.append(Finding("blocking_call", message, path, node.lineno, node.col_offset + 1, _HINT))
    return findings


def _brings_server(node: ast.Import | ast.ImportFrom) -> bool:
    named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    return any(name.partition(".")[0] in _PACKAGES for name in named)
