"""Which modules made the import slow.

While the user's code is imported `builtins.__import__` is wrapped. Time is counted once: what an installed package imports
in turn is the package's cost, what a module of the user's spends is its own less what it imported.
"""

import builtins
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import get_ident
from types import ModuleType

from .bundle import modules


class ImportTimer:
    """A context: measures imports of the thread that entered it. `root` is the folder of the user's code."""

    def __init__(self, root: Path) -> None:
        self._own = modules(root)
        self._costs: dict[str, float] = {}
        self._children: list[float] = []
        self._owner: str | None = None
        self._thread = get_ident()
        self._original = builtins.__import__

    def __enter__(self) -> "ImportTimer":
        builtins.__import__ = self._import
        return self

    def __exit__(self, *_: object) -> None:
        builtins.__import__ = self._original

    def slowest(self, count: int = 10) -> list[list[object]]:
        """`[[module, milliseconds], ...]`, the costliest first, without those under 0.1 ms."""
        ranked = sorted(self._costs.items(), key=lambda item: item[1], reverse=True)[:count]
        return [[name, round(spent * 1000, 1)] for name, spent in ranked if spent >= 0.0001]

    def _import(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        if self._owner is not None or get_ident() != self._thread:
            return self._original(name, globals, locals, fromlist or (), level)
        theirs = level > 0 or name.partition(".")[0] in self._own
        label = name if theirs else name.partition(".")[0]
        if not theirs:
            self._owner = label
        self._children.append(0.0)
        began = time.perf_counter()
        try:
            return self._original(name, globals, locals, fromlist or (), level)
        finally:
            spent = time.perf_counter() - began
            inside = self._children.pop()
            self._owner = None
            if self._children:
                self._children[-1] += spent
            self._costs[label] = self._costs.get(label, 0.0) + spent - inside
