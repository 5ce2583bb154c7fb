"""The Python files of one validation, and a memory of files for the validations after it.

As somebody types, one file of an app changes between two validations. `Memory` keeps outlines by the hash of the text they
were made from, whoever's it is, those used last up to a size. An answer never depends on what is remembered, only how soon
it comes.
"""

import ast
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping

from fp.validation.outlines import Outline, outline
from fp.validation.syntax import parse, quiet
from fp.validation.words import Words, words_of


class TooDeep(Exception):
    """A tree could be made once and, with less of the stack left, not again."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Memory:
    """Outlines of texts read before, at most about `max_bytes` of them. Safe to share among threads."""

    def __init__(self, max_bytes: int = 32 * 1024 * 1024) -> None:
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[bytes, tuple[Outline, int]] = OrderedDict()
        self._bytes = 0

    def outlines(self, texts: Mapping[str, str]) -> dict[str, Outline]:
        """The outline of each text, by its key; only those not seen before are read."""
        keys = {path: hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for path, text in texts.items()}
        found = self._recall(keys)
        unread = {path: text for path, text in texts.items() if path not in found}
        if unread:
            with quiet():
                found |= {path: outline(text) for path, text in unread.items()}
        self._remember({keys[path]: found[path] for path in texts})
        return {path: found[path] for path in texts}

    def memory_bytes(self) -> int:
        """About how much memory it takes."""
        return self._bytes

    def _recall(self, keys: Mapping[str, bytes]) -> dict[str, Outline]:
        with self._lock:
            return {path: self._kept[key][0] for path, key in keys.items() if key in self._kept}

    def _remember(self, outlines: Mapping[bytes, Outline]) -> None:
        with self._lock:
            for key, one in outlines.items():
                weight = one.memory_bytes()  # of one already here too: it may have been asked for its words
                self._bytes += weight - self._kept.pop(key, (one, 0))[1]
                self._kept[key] = (one, weight)
            while self._bytes > self._max_bytes:
                self._bytes -= self._kept.popitem(last=False)[1][1]


class Sources(Mapping[str, ast.Module]):
    """The readable Python files of one validation: their outlines, and their trees for who asks for one."""

    def __init__(self, texts: Mapping[str, str], outlines: Mapping[str, Outline]) -> None:
        self._texts = texts
        self._outlines = {path: one for path, one in outlines.items() if one.readable}
        self._trees: dict[str, ast.Module] = {}

    def __getitem__(self, path: str) -> ast.Module:
        """The tree. Raises TooDeep."""
        if path not in self._trees:
            if path not in self._outlines:
                raise KeyError(path)
            try:
                with quiet():
                    self._trees[path] = parse(self._texts[path])
            except (RecursionError, MemoryError) as error:
                raise TooDeep(path) from error
        return self._trees[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._outlines)

    def __len__(self) -> int:
        return len(self._outlines)

    def __contains__(self, path: object) -> bool:
        return path in self._outlines

    def without(self, path: str) -> "Sources":
        """The same but for one file."""
        return Sources(self._texts, {other: one for other, one in self._outlines.items() if other != path})

    def outline(self, path: str) -> Outline:
        """What is known of a readable file."""
        return self._outlines[path]

    def words(self, path: str) -> Words:
        """Every word of a readable file that may bind a name."""
        one = self._outlines[path]
        if one.words is None:
            one.words = words_of(self[path].body)
        return one.words
