"""Names and circles across an app's files, and what the platform allows: what is told, and above all what is not."""

import importlib
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fp.validation import Rules, validate

APP = "from fastapi import FastAPI\napp = FastAPI()\n"


def told(files: dict[str, str], rules: Rules | None = None) -> list[tuple[str | None, int | None, str]]:
    """File, line and code of each finding."""
    findings = validate(files, rules=rules or Rules()).findings
    return [(one.file, one.line, one.code) for one in findings]


LACKS = "unknown_name"
CIRCLE = "circular_import"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app.py": APP + "from db import Usr", "db.py": "class User: ..."}, ("app.py", 3, LACKS)),
        ({"app.py": APP + "from m.db import x", "m/__init__.py": "", "m/db.py": "y = 1"}, ("app.py", 3, LACKS)),
        ({"app.py": APP + "import m.a", "m/a.py": "from .b import x", "m/b.py": ""}, ("m/a.py", 1, LACKS)),
        ({"app.py": APP + "from a import x", "a.py": "from b import *", "b.py": "y = 1"}, ("app.py", 3, LACKS)),
        ({"app.py": APP + "from a import x", "a.py": "def f():\n    x = 1\n    return y\ny = x"}, None),
    ],
)
def test_a_name_that_a_file_of_the_app_does_not_have(
    files: dict[str, str], expected: tuple[str, int, str] | None
) -> None:
    """It is told at the import; a name that the file binds anywhere at all, even in a function, is left to the deploy."""
    assert told(files) == ([expected] if expected else [])


def test_a_name_nearly_right_is_suggested() -> None:
    result = validate({"app.py": APP + "from db import Uesr, pool", "db.py": "class User: ...\npool = 1"})
    (finding,) = result.findings
    assert (finding.line, finding.column, finding.hint) == (3, 16, "Did you mean `User`?")


@pytest.mark.parametrize(
    "source",
    [
        "for x in [1]: pass",
        "with open('f') as x: pass",
        "(x := 1)",
        "a, (b, *x) = 1, [2, 3]",
        "import json as x",
        "import x.y",
        "if 1:\n    x = 1",
        "if __name__ != '__main__':\n    x = 1",
        "try:\n    x = 1\nexcept E: pass",
        "try: pass\nexcept E as x: pass",
        "def f():\n    global x\n    x = 1",
        "match 1:\n    case x: pass",
        "match {}:\n    case {**x}: pass",
        "x: int = 1",
        "def __getattr__(name): return 1",
        "globals()['x'] = 1",
        "globals().update(x=1)",
        "import sys\nsys.modules[__name__] = object()",
        "import sys\nsetattr(sys.modules[__name__], 'x', 1)",
        "exec('x = 1')",
        "from json import *",
        "from more import *",
        "__dict__ = 1",
        "async def x(): ...",
    ],
)
def test_names_that_may_be_there(source: str) -> None:
    """However a module may come by a name, the import of it is not refused."""
    assert told({"app.py": APP + "from m import x", "m.py": source, "more.py": "x = 1"}) == []


@pytest.mark.parametrize(
    "statement",
    [
        "try:\n    from m import x\nexcept ImportError:\n    x = 1",
        "if 0:\n    from m import x",
        "def f():\n    from m import x",
        "if TYPE_CHECKING:\n    from m import x",
        "from contextlib import suppress\nwith suppress(ImportError):\n    from m import x",
        "from m import __name__, __file__, __doc__",
        "import m\nm.x = 1\nfrom m import x",
        "import m\nsetattr(m, 'x', 1)\nfrom m import x",
        "from m import *",
    ],
)
def test_imports_of_names_that_may_not_fail(statement: str) -> None:
    """An import that may not run, that is forgiven, or of a name that somebody else may have set."""
    assert told({"app.py": APP + statement, "m.py": "y = 1"}) == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app.py": "from a import x\n" + APP, "a.py": "from app import app\nx = 1"}, [("a.py", 1, CIRCLE)]),
        ({"app.py": "import a\n" + APP, "a.py": "from b import x\ny = 1", "b.py": "from a import y\nx = 1"},
         [("b.py", 1, CIRCLE)]),
        ({"app.py": APP + "from a import x\ndb = 1", "a.py": "from app import db\nx = 1"}, [("a.py", 1, CIRCLE)]),
        ({"app.py": "import p.a\n" + APP, "p/__init__.py": "", "p/a.py": "from .b import x\ny = 1",
          "p/b.py": "from .a import y\nx = 1"}, [("p/b.py", 1, CIRCLE)]),
        ({"app.py": "import p\n" + APP, "p/__init__.py": "from .a import x\nv = 1", "p/a.py": "from p import v\nx = 1"},
         [("p/a.py", 1, CIRCLE)]),
        ({"app.py": "from a import x\n" + APP, "a.py": "from app import x"}, [("a.py", 1, CIRCLE)]),
        ({"app.py": "from app import app\n" + APP}, [("app.py", 1, CIRCLE)]),
    ],
)  # fmt: skip
def test_a_circle_that_must_fail(files: dict[str, str], expected: list[tuple[str, int, str]], tmp_path: Path) -> None:
    """A name is imported from a module that has not come to it; Python itself agrees."""
    assert told(files) == expected
    assert not imports(files, tmp_path)


def test_the_circle_is_drawn() -> None:
    """Who imports whom, what is missing, where it would come, and what to do."""
    files = {"app.py": "from models import User\n" + APP + "db = 1", "models.py": "import store\nclass User: ..."}
    (finding,) = validate(files | {"store.py": "x = 1\nfrom app import app, db"}).findings
    assert "app.py -> models.py -> store.py -> app.py" in finding.message
    assert (finding.file, finding.line, finding.column) == ("store.py", 2, 17)
    assert "line 1" in str(finding.hint)
    assert "`app` (line 3)" in str(finding.hint)


@pytest.mark.parametrize(
    "files",
    [
        {"app.py": APP + "import a", "a.py": "from app import app"},
        {"app.py": "import a\n" + APP, "a.py": "import app\ndef f(): return app.app"},
        {"app.py": "import a\n" + APP, "a.py": "def f():\n    from app import app"},
        {"app.py": "import a\n" + APP, "a.py": "try:\n    from app import app\nexcept ImportError: pass"},
        {"app.py": "import a\n" + APP, "a.py": "TYPE_CHECKING = 0\nif TYPE_CHECKING:\n    from app import app"},
        {"app.py": "import a\n" + APP, "a.py": "from app import *"},
        {"app.py": "import p.a\n" + APP, "p/__init__.py": "", "p/a.py": "from p import b", "p/b.py": "from p import a"},
        {"app.py": "import p.a\n" + APP, "p/__init__.py": "from . import a, b\nx = 1", "p/a.py": "from . import b", "p/b.py": ""},
        {"app.py": "x = 1\nfrom a import y\n" + APP, "a.py": "from app import x\ny = 1"},
        {"app.py": "try:\n    import a\nexcept ImportError: pass\n" + APP, "a.py": "from app import app"},
        {"app.py": "def f():\n    import b\nf()\nimport a\n" + APP, "a.py": "from b import x\ny = 1",
         "b.py": "x = 1\nfrom a import y"},
        {"app.py": "import b, a\n" + APP, "a.py": "from b import x\ny = 1", "b.py": "x = 1\nfrom a import y"},
        {"app.py": "import importlib\nimportlib.import_module('b')\nimport a\n" + APP, "a.py": "from b import x\ny = 1",
         "b.py": "x = 1\nfrom a import y"},
    ],
)  # fmt: skip
def test_a_circle_that_works_or_may_work(files: dict[str, str], tmp_path: Path) -> None:
    """Nothing is said, and Python does import them."""
    assert told(files) == []
    assert imports(files, tmp_path)


names = st.sampled_from(["app", "a", "b", "c"])
lines = st.one_of(
    st.builds("import {}".format, names),
    st.builds("from {} import {}".format, names, st.sampled_from(["x", "y", "a", "b"])),
    st.builds("{} = 1".format, st.sampled_from(["x", "y"])),
    st.builds("from {} import *".format, names),
    st.builds("def f():\n    import {}".format, names),
    st.just("globals().get('f', int)()"),
    st.builds("if len('1') == 1:\n    import {}".format, names),
    st.builds("try:\n    from {} import x\nexcept ImportError: pass".format, names),
    st.builds("{0} = 1\nimport {0}".format, names),
)
modules = st.lists(lines, max_size=4).map("\n".join)


@given(st.fixed_dictionaries({f"{name}.py": modules for name in ("app", "a", "b", "c")}))
@settings(max_examples=150)
def test_what_is_told_of_a_circle_is_true(tmp_path_factory: pytest.TempPathFactory, files: dict[str, str]) -> None:
    """Whatever small programs are made of: where such a finding is told, Python cannot import the app."""
    if {code for _, _, code in told(files)} & {LACKS, CIRCLE}:
        assert not imports(files, tmp_path_factory.mktemp("code"))


def imports(files: dict[str, str], folder: Path) -> bool:
    """Whether Python can import the app; FastAPI is an empty class here."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text.replace("from fastapi import FastAPI", "class FastAPI: ..."))
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        importlib.invalidate_caches()
        importlib.import_module("app")
    except (ImportError, AttributeError, RecursionError):
        return False
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            del sys.modules[name]
    return True


def test_packages_that_are_not_allowed() -> None:
    """Installed but not allowed is another finding than not there; the standard library and own files need no permission."""
    rules = Rules(packages=frozenset({"fastapi", "numpy", "pandas"}), allowed_imports=frozenset({"fastapi", "pandas"}))
    files = {"app.py": "import json, own, numpy.linalg, scipy\n" + APP, "own.py": "def f():\n    from pandas import x"}
    result = validate(files, rules=rules)
    assert [(one.code, one.line) for one in result.findings] == [("import_not_allowed", 1), ("unknown_package", 1)]
    assert "Allowed here: fastapi, pandas." in str(result.findings[0].hint)
    assert "administrator" in str(result.findings[0].hint)
    assert "numpy" not in str(result.findings[1].hint)


def test_what_is_allowed_does_not_depend_on_how_it_is_imported() -> None:
    """A `try` forgives what is not there, and not what is not allowed; without a list of packages too."""
    guarded = APP + "try:\n    import numpy\nexcept ImportError:\n    numpy = None"
    allowed = frozenset({"fastapi"})
    assert told({"app.py": guarded}, Rules(allowed_imports=allowed)) == [("app.py", 4, "import_not_allowed")]
    assert told({"app.py": guarded}, Rules(allowed_imports=allowed, packages=allowed)) == []
    assert told({"app.py": guarded}, Rules(packages=frozenset({"fastapi", "numpy"}))) == []
    assert [code for _, _, code in told({"app.py": APP}, Rules(allowed_imports=frozenset()))] == ["import_not_allowed"]
