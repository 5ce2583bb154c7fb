"""Check of syntax: every Python file is compiled and parsed, never run.

Both work on bytes, as an import does, so that byte order marks and encoding comments mean here what they mean in
production. Compiling finds what the grammar alone lets through (`return` outside a function). Code nested so deeply
that Python gives up is a finding like any other.
"""

import ast
import contextlib
import threading
import warnings
from collections.abc import Iterator

from fp.api.problems import Finding

_warnings_filter = threading.Lock()
"""`warnings.catch_warnings` swaps a list of the whole process; two threads inside it at once would leave it swapped."""

_TOO_DEEP = "The code is nested too deeply for Python to read"

_HINTS = {
    "was never closed": "Add the missing closing bracket.",
    "expected ':'": "Add a colon at the end of the line.",
    "expected an indented block": "Indent the lines that belong to this block, or write `pass`.",
    "unexpected indent": "Remove the spaces at the start of this line.",
    "unindent does not match": "Line the block up with the lines above it.",
    "inconsistent use of tabs": "Use spaces only.",
    "unterminated string": "Close the string with the quote it starts with.",
    "unterminated triple-quoted": "Close the string with three quotes.",
    "Maybe you meant '=='": "Compare with `==`; a single `=` assigns.",
    "perhaps you forgot a comma": "Add a comma between the two values.",
    "outside function": "Move it into a function.",
    "Missing parentheses in call": "This is Python 3: call it with parentheses.",
    "unmatched": "Remove the bracket, or add the one that opens it.",
    "invalid non-printable character": "Type the line again: it has an invisible character.",
}


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Within it Python does not warn of what it reads, on whatever thread; so only one thread is inside at a time."""
    with _warnings_filter, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def read(text: str) -> tuple[ast.Module | None, Finding | None]:
    """The tree of a file, or a finding that names no file; neither for one that compiles and is too deep for a tree.

    The tree is what is compiled, which spares Python to read the text twice; only where that is too deep, the text is.
    """
    tree = None
    try:
        tree = parse(text)
        compile(tree, "<app>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return None, _finding(text, error)
    except (RecursionError, MemoryError, OverflowError, ValueError):
        finding = _compile(text)
        return (None if finding else tree), finding
    return tree, None


def parse(text: str) -> ast.Module:
    """The tree of a file. Raises what Python does for one that has none."""
    return ast.parse(text.encode("utf-8"))


def _compile(text: str) -> Finding | None:
    try:
        compile(text.encode("utf-8"), "<app>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return _finding(text, error)
    except (RecursionError, MemoryError, OverflowError):
        return Finding("syntax_error", _TOO_DEEP, line=1, column=1, hint="Split the expression into steps.")
    except ValueError as error:
        return Finding("syntax_error", _sentence(str(error)), line=1, column=1, hint="Save the file as UTF-8.")
    return None


def _finding(text: str, error: SyntaxError) -> Finding:
    message = error.msg or "invalid syntax"
    last_line = text.count("\n") + 1
    line = min(max(error.lineno or 1, 1), last_line)
    column = max(error.offset or 1, 1)
    hint = next((hint for part, hint in _HINTS.items() if part in message), "Fix the line, then try again.")
    return Finding("syntax_error", _sentence(message), line=line, column=column, hint=hint)


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:]
