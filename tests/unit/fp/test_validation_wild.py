"""Validation under inputs nobody thought of: it always answers, and what it answers can be sent."""

import ast
import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fp.validation import Rules, ValidationResult, validate

WORDS = [
    "app",
    "create_app",
    "FastAPI",
    "fast_app",
    "x",
    "web",
    "pkg",
    "fastapi",
    "__call__",
    "scope",
    "receive",
    "send",
]
names = st.sampled_from(WORDS)
expressions = st.recursive(
    st.one_of(names, st.sampled_from(["1", "None", "'text'", "[]", "..."])),
    lambda inner: st.one_of(
        st.builds("{}()".format, inner),
        st.builds("{}({})".format, names, inner),
        st.builds("{}.{}".format, names, names),
        st.builds("({}, {})".format, inner, inner),
        st.builds("({} if x else {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("({})[0]".format, inner),
    ),
    max_leaves=6,
)
simple = st.one_of(
    st.builds("{} = {}".format, names, expressions),
    st.builds("{}, {} = {}".format, names, names, expressions),
    st.builds("from {} import {}".format, names, names),
    st.builds("from {} import *".format, names),
    st.builds("import {} as {}".format, names, names),
    st.builds("from . import {}".format, names),
    st.builds("global_{} = {}".format, names, expressions),
)
blocks = st.one_of(
    simple,
    st.builds("def {}({}):\n    return {}".format, names, names, expressions),
    st.builds("async def {}(scope, receive, send):\n    {}".format, names, simple),
    st.builds("class {}({}):\n    {}".format, names, names, simple),
    st.builds("if {}:\n    {}\nelse:\n    {}".format, expressions, simple, simple),
    st.builds("try:\n    {}\nexcept Exception:\n    {}".format, simple, simple),
    st.builds("if __name__ == '__main__':\n    {}".format, simple),
)
modules = st.lists(blocks, max_size=8).map("\n".join)
paths = st.sampled_from(["app.py", "web.py", "x.py", "pkg/__init__.py", "pkg/app.py", "fastapi.py", "static/a.css"])


def checked(files: dict[str, str], entrypoint: str, rules: Rules) -> ValidationResult:
    """Validate, and check what must hold of every answer."""
    result = validate(files, entrypoint, rules=rules)
    assert result.ok is (not result.findings)
    assert msgspec.json.decode(msgspec.json.encode(result), type=ValidationResult) == result
    assert all(one.message and (one.line or 1) >= 1 and (one.column or 1) >= 1 for one in result.findings)
    places = [(one.file or "", one.line or 0) for one in result.findings]
    assert places == sorted(places)
    return result


@given(st.dictionaries(paths, modules, min_size=1), paths)
@settings(max_examples=300, deadline=None)
def test_any_program_gets_an_answer(files: dict[str, str], entrypoint: str) -> None:
    """Programs made of the words that the checks look for: sound answers, and a framework only where nothing is missing."""
    result = checked(files, entrypoint, Rules(packages=frozenset({"fastapi"})))
    missing = {"no_app", "several_apps", "no_entrypoint"} & {finding.code for finding in result.findings}
    assert not (missing and result.framework)


any_text = st.text(st.characters(exclude_categories=()), max_size=100)


@given(st.dictionaries(any_text, any_text, max_size=8), any_text)
@settings(max_examples=300, deadline=None)
def test_any_text_gets_an_answer(files: dict[str, str], entrypoint: str) -> None:
    """Names and texts of any characters, halves of surrogate pairs too."""
    assert not checked(files, entrypoint, Rules()).ok


@pytest.mark.filterwarnings("ignore")  # Python warns of odd escapes, and a warning is an error in these tests
@given(st.text(alphabet="()[]{}:=,.'\"\\ \n\tabif#0é\0", max_size=120))
@settings(max_examples=300, deadline=None)
def test_syntax_findings_agree_with_python(source: str) -> None:
    """There is a finding exactly when Python itself cannot compile the file."""
    result = validate({"app.py": "async def app(a, b, c): ...", "b.py": source})
    try:
        compile(source.encode(), "b.py", "exec")
        compiles = "\0" not in source
    except (SyntaxError, ValueError):
        compiles = False
    assert result.ok is compiles


def test_functions_that_call_each_other_twice_stay_cheap() -> None:
    """Following calls is bounded: what would be 2^60 of them is answered within a second."""
    source = "\n".join(f"def f{n}():\n    return f{n + 1}() or f{n + 1}()" for n in range(60)) + "\napp = f0()"
    ast.parse(source)
    began = time.process_time()
    assert validate({"app.py": source}).ok
    assert time.process_time() - began < 1
