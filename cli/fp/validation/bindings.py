"""Which names a module of the app may have: more than it will have, never fewer, so that a missing one is certain.

Whoever looks for a name asks `plain` first, which is quick and knows what top-level statements bind. Only where a name is
not among those, `possible` reads every node of the file: assignments anywhere, `global` in functions, star imports. Where
a file can get names that its source does not show (`globals()`, a module `__getattr__`), the answer is None: anything.
"""

import ast
from collections.abc import Iterable

from fp.validation.modules import Modules
from fp.validation.sources import Sources
from fp.validation.words import Words, words_of


class Bindings:
    """Answers which names modules may have. One serves one validation, of the files at `reached`."""

    def __init__(self, sources: Sources, reached: Iterable[str], modules: Modules) -> None:
        self._sources = sources
        self._reached = frozenset(reached)
        self._modules = modules
        self._possible: dict[str, frozenset[str] | None] = {}

    def surely_lacks(self, path: str, name: str) -> bool:
        """Whether the module in that file has no such name once it is imported, whatever happens."""
        if path not in self._reached or name in self.plain(path) or (name.startswith("__") and name.endswith("__")):
            return False
        possible = self.possible(path)
        return possible is not None and name not in possible and not self.may_be_set(name)

    def surely_lacks_yet(self, path: str, name: str, count: int) -> bool:
        """The same for a module of which no more than the first `count` top-level statements have run."""
        if path not in self._reached or (name.startswith("__") and name.endswith("__")):
            return False
        bound = self._bound(words_of(self._sources[path].body[:count]), path)
        return bound is not None and name not in bound and not self.may_be_set(name)

    def plain(self, path: str) -> frozenset[str]:
        """Names that top-level statements certainly or maybe bind; not all there may be."""
        return self._sources.outline(path).plain

    def possible(self, path: str) -> frozenset[str] | None:
        """Every name that the module may have once it is imported; None where that cannot be told."""
        if path not in self._possible:
            self._possible[path] = None  # for files that import `*` from each other
            self._possible[path] = self._bound(self._sources.words(path), path)
        return self._possible[path]

    def may_be_set(self, name: str) -> bool:
        """Whether any file assigns an attribute of that name to something, which may be a module."""
        every = (self._sources.words(path) for path in self._reached)
        return any(words.sets_any or name in words.set_elsewhere for words in every)

    def _bound(self, words: Words, path: str) -> frozenset[str] | None:
        if words.tricky:
            return None
        names = words.bound
        for star in words.stars:
            brought = self._from_star(star, path)
            if brought is None:
                return None
            names |= brought
        return names

    def _from_star(self, node: ast.ImportFrom, path: str) -> frozenset[str] | None:
        source = self._modules.absolute(path, node)
        file = self._modules.path(source) if source else None
        return self.possible(file) if file is not None and file in self._reached else None
