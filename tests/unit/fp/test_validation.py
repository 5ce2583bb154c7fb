"""Syntax, names, sizes, imports and servers started too early: each finding at its place, all of them at once."""

import pytest

from fp.validation import Rules, validate

APP = "from fastapi import FastAPI\napp = FastAPI()\n"


def codes(files: dict[str, str], rules: Rules | None = None) -> list[tuple[str | None, int | None, str]]:
    """File, line and code of each finding."""
    result = validate(files, rules=rules or Rules())
    return [(finding.file, finding.line, finding.code) for finding in result.findings]


def test_every_wrong_file_is_told_at_once_in_order() -> None:
    """Findings of all checks come together, sorted by file and line."""
    files = {
        "app.py": "import gone.x\n" + APP,
        "gone/y.py": "def f(:\n",
        "a.css": "",
        "logo.png": "",
        "b.py": "x = (\n",
    }
    assert codes(files) == [
        ("app.py", 1, "unknown_module"),
        ("b.py", 1, "syntax_error"),
        ("gone/y.py", 1, "syntax_error"),
        ("logo.png", None, "unsupported_file"),
    ]


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("x = (\n", 1, 5),
        ("def f()\n    pass\n", 1, 8),
        ("if True:\npass\n", 2, 1),
        ("return 3\n", 1, 1),
        ("x = 'é' 'ü' )\n", 1, 13),
        ("await f()\n", 1, 1),
        ("\n\nclass A:\n  x = 1\n y = 2\n", 5, 7),
    ],
)
def test_a_syntax_error_has_its_place(source: str, line: int, column: int) -> None:
    """Line and column count from 1 and in characters, and there is something to do next."""
    result = validate({"app.py": APP, "b.py": source})
    (finding,) = result.findings
    assert (finding.code, finding.file, finding.line, finding.column) == ("syntax_error", "b.py", line, column)
    assert finding.hint
    assert result.framework == "fastapi"


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * 400 + ")" * 400,
        "x = " + "-" * 20_000 + "1",
        "x = 1" + "+1" * 30_000,
        "\n".join(" " * depth + "if 1:" for depth in range(200)),
        "x = 9" + "9" * 6000,
        "x = '\0'",
        "# -*- coding: nonsense -*-\n",
        "x = '\ud800'",
    ],
)
def test_what_python_cannot_read_is_a_finding(source: str) -> None:
    """Deep nesting, null bytes, odd encodings: a finding about that file, never an exception."""
    result = validate({"app.py": APP, "b.py": source})
    assert {finding.file for finding in result.findings} == {"b.py"}


@pytest.mark.parametrize("source", ["\ufeff" + APP, APP.replace("\n", "\r\n"), "# coding: latin-1\n" + APP])
def test_what_python_can_read_is_fine(source: str) -> None:
    """Byte order marks, line ends of Windows and known encodings are no fault."""
    assert codes({"app.py": source}) == []


def test_a_long_chain_of_elif_is_fine() -> None:
    """Python imports a thousand branches, so they pass here too."""
    assert codes({"app.py": APP + "if 1: pass\n" + "elif 1: pass\n" * 1500}) == []


@pytest.mark.parametrize(
    "path",
    ["/etc/x.py", "../x.py", "a/../b.py", "a//b.py", "./x.py", "C:/x.py", "a\\b.py", ".env.py", "a/.b/c.py", "", "a\nb.py",
     "a\u202e.py", " a.py", "a./b.py", "x" * 300 + ".py", "/".join("abcdefghijkl") + ".py", "a?.py"],
)  # fmt: skip
def test_a_path_that_is_none(path: str) -> None:
    """Anything but a plain relative path with visible characters is refused."""
    assert "bad_path" in {code for _, _, code in codes({"app.py": APP, path: ""})}


@pytest.mark.parametrize("pair", [("a.py", "A.py"), ("a.py", "a.py/b.py"), ("ß.py", "SS.py")])
def test_paths_that_exclude_each_other(pair: tuple[str, str]) -> None:
    """Two names that one disk could not hold beside each other."""
    assert "bad_path" in {code for _, _, code in codes({"app.py": APP} | dict.fromkeys(pair, ""))}


def test_limits() -> None:
    """At a limit is fine, past it is a finding; sizes are bytes of UTF-8."""
    fifty = {f"m{number}.py": "" for number in range(49)} | {"app.py": APP}
    assert codes(fifty) == []
    assert codes(fifty | {"one.py": ""}) == [(None, None, "too_many_files")]
    assert codes({"app.py": APP, "a.txt": "é" * 51_200}) == []
    assert codes({"app.py": APP, "a.txt": "é" * 51_201}) == [("a.txt", None, "file_too_large")]
    full = {f"{number}.txt": "x" * 102_400 for number in range(5)}
    assert codes(full | {"app.py": APP}) == [(None, None, "too_large")]


@pytest.mark.parametrize(
    ("statement", "files"),
    [
        ("import helpers.db", {"helpers/a.py": ""}),
        ("from helpers import db", {"helpers/a.py": ""}),
        ("from helpers.db import x", {"helpers/__init__.py": ""}),
        ("import routes.x", {"routes.py": ""}),
        ("from .routes import x", {"routes.py": "x = 1"}),
        ("def f():\n    import helpers.db", {"helpers/a.py": ""}),
    ],
)
def test_a_local_module_that_is_not_there(statement: str, files: dict[str, str]) -> None:
    """An import below a folder or file of the app that does not exist, or out of the app, fails at import."""
    assert [code for _, _, code in codes({"app.py": APP + statement, **files})] == ["unknown_module"]


@pytest.mark.parametrize(
    ("statement", "files"),
    [
        ("from helpers import db", {"helpers/db.py": ""}),
        ("from helpers import anything", {"helpers/__init__.py": "anything = 1"}),
        ("import helpers.db as d", {"helpers/db.py": ""}),
        ("from helpers import db", {"helpers/db.py": "from .other import x", "helpers/other.py": "x = 1"}),
        ("from helpers import a", {"helpers/a.py": "from . import b", "helpers/b.py": ""}),
        ("from a.b import c", {"a/b/c.py": "from ..d import x", "a/d.py": "x = 1"}),
        ("try:\n    import helpers.db\nexcept ImportError: ...", {"helpers/a.py": ""}),
        ("from contextlib import suppress\nwith suppress(ImportError):\n    import helpers.db", {"helpers/a.py": ""}),
        ("if TYPE_CHECKING:\n    import helpers.db", {"helpers/a.py": ""}),
        ("import json.tool", {"json.py": ""}),
        ("import fastapi.responses", {"fastapi/notes.py": ""}),
        ("import static.x", {"static/x.css": ""}),
        ("", {"unused.py": "import helpers.db", "helpers/a.py": ""}),
    ],
)
def test_imports_that_work_or_may_work(statement: str, files: dict[str, str]) -> None:
    """Nothing is said where Python finds the module, where the author expects a failure, and in files nobody imports."""
    assert codes({"app.py": APP + statement, **files}) == []


def test_packages_that_are_not_there() -> None:
    """With a list of packages, others are findings with a near name as hint; the standard library and own files pass."""
    rules = Rules(packages=frozenset({"fastapi", "pymongo"}))
    files = {"app.py": "import json, own, pymongoo\n" + APP, "own.py": "import numpy"}
    result = validate(files, rules=rules)
    assert [(one.code, one.file) for one in result.findings] == [
        ("unknown_package", "app.py"),
        ("unknown_package", "own.py"),
    ]
    assert "pymongo" in str(result.findings[0].hint)


@pytest.mark.parametrize(
    "statement",
    ["import uvicorn\nuvicorn.run(app)", "from uvicorn import run as go\ntry:\n    go(app)\nfinally:\n    pass"],
)
def test_a_server_started_while_importing(statement: str) -> None:
    """It would never come to an end."""
    assert [code for _, _, code in codes({"app.py": APP + statement})] == ["blocking_call"]


@pytest.mark.parametrize(
    "statement",
    [
        "import uvicorn\nif __name__ == '__main__':\n    uvicorn.run(app)",
        "import uvicorn\ndef main():\n    uvicorn.run(app)",
        "import uvicorn, sys\nif 'serve' in sys.argv:\n    uvicorn.run(app)",
        "class uvicorn:\n    run = print\nuvicorn.run(app)",
    ],
)
def test_a_server_that_may_never_start(statement: str) -> None:
    """Only what certainly runs counts."""
    assert codes({"app.py": APP + statement}) == []
