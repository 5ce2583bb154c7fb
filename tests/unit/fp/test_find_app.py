"""Which app `validate` sees in which source: it must agree with what the runner would serve."""

import pytest

from fp.validation import validate

FASTAPI = "from fastapi import FastAPI\n"

FOUND = {
    "fastapi": ("fastapi", {"app.py": FASTAPI + "app = FastAPI()"}),
    "an annotated app": ("fastapi", {"app.py": FASTAPI + "app: FastAPI = FastAPI()"}),
    "a module under another name": ("fastapi", {"app.py": "import fastapi as f\napp = f.FastAPI()"}),
    "a class under another name": ("fastapi", {"app.py": "from fastapi import FastAPI as Web\napp = Web()"}),
    "fast_app": ("fasthtml", {"app.py": "from fasthtml.common import *\napp, rt = fast_app()\nserve()"}),
    "fast_app with tables": (
        "fasthtml",
        {"app.py": "from fasthtml.common import fast_app\napp, rt, t, T = fast_app('x')"},
    ),
    "fast_app by index": ("fasthtml", {"app.py": "import fasthtml.common as fh\nboth = fh.fast_app()\napp = both[0]"}),
    "FastHTML": ("fasthtml", {"app.py": "from fasthtml.common import *\napp = FastHTML(hdrs=[])"}),
    "starlette": ("starlette", {"app.py": "from starlette.applications import Starlette\napp = Starlette()"}),
    "litestar": ("litestar", {"app.py": "import litestar\napp = litestar.Litestar([])"}),
    "a bare function": ("asgi", {"app.py": "async def app(scope, receive, send): ..."}),
    "an object that is called": (
        "asgi",
        {"app.py": "class A:\n    async def __call__(self, scope, receive, send): ...\napp = A()"},
    ),
    "a subclass": ("fastapi", {"app.py": FASTAPI + "class A(FastAPI): ...\nclass B(A): ...\napp = B()"}),
    "a factory": ("fastapi", {"app.py": FASTAPI + "def create_app():\n    a = FastAPI()\n    return a"}),
    "a factory with defaults": ("fastapi", {"app.py": FASTAPI + "def create_app(debug=False): return FastAPI()"}),
    "a factory of another file": (
        "fastapi",
        {"app.py": "from core import create_app", "core.py": FASTAPI + "def create_app(): return FastAPI()"},
    ),
    "a helper that is called": ("fastapi", {"app.py": FASTAPI + "def make(): return FastAPI()\napp = make()"}),
    "an app of another file": ("fastapi", {"app.py": "from web import app", "web.py": FASTAPI + "app = FastAPI()"}),
    "an app of a package": (
        "starlette",
        {
            "app.py": "from pkg import app",
            "pkg/__init__.py": "from .web import app",
            "pkg/web.py": "from starlette.applications import Starlette\napp = Starlette()",
        },
    ),
    "an app of a module": ("fastapi", {"app.py": "import web\napp = web.site", "web.py": FASTAPI + "site = FastAPI()"}),
    "an app in middleware": (
        "fastapi",
        {"app.py": FASTAPI + "from cors import Cors\napi = FastAPI()\napp = Cors(api)"},
    ),
    "the only app, whatever its name": ("fastapi", {"app.py": FASTAPI + "site = FastAPI()"}),
    "its own app beside an imported one": (
        "fastapi",
        {"app.py": FASTAPI + "from admin import admin\nsite = FastAPI()", "admin.py": FASTAPI + "admin = FastAPI()"},
    ),
    "an import that may fail": (
        "fastapi",
        {"app.py": "try:\n    from fastapi import FastAPI\nexcept ImportError:\n    FastAPI = None\napp = FastAPI()"},
    ),
    "a circle of imports": (
        "fastapi",
        {"app.py": "import b\n" + FASTAPI + "app = FastAPI()", "b.py": "import app\nx = app"},
    ),
    "an app of somebody else's package": ("asgi", {"app.py": "from superweb import app"}),
    "an app bound through global": (
        "asgi",
        {"app.py": FASTAPI + "def go():\n    global app\n    app = FastAPI()\ngo()"},
    ),
    "an unknown star import": ("asgi", {"app.py": "from superweb import *"}),
}

MISSING = {
    "an empty file": ("no name `app`", {"app.py": ""}),
    "a number": ("of type `int`", {"app.py": "app = 5"}),
    "flask": ("WSGI", {"app.py": "from flask import Flask\napp = Flask(__name__)"}),
    "a class that is not called": ("a class", {"app.py": "class app:\n    async def __call__(self, a, b, c): ..."}),
    "an object that cannot be called": ("no `__call__`", {"app.py": "class A: ...\napp = A()"}),
    "a function of two arguments": ("a function", {"app.py": "def app(environ, start_response): ..."}),
    "a module": ("a module", {"app.py": "from pkg import app", "pkg/app.py": FASTAPI + "app = FastAPI()"}),
    "a factory that needs arguments": ("needs arguments", {"app.py": FASTAPI + "def create_app(db): return FastAPI()"}),
    "a factory that returns nothing": ("nothing", {"app.py": FASTAPI + "def create_app():\n    FastAPI()"}),
    "a coroutine factory": ("a coroutine", {"app.py": FASTAPI + "async def create_app(): return FastAPI()"}),
    "an app for __main__ only": (
        "no name `app`",
        {"app.py": FASTAPI + "if __name__ == '__main__':\n    app = FastAPI()"},
    ),
    "a router": ("no name `app`", {"app.py": "from fastapi import APIRouter\nrouter = APIRouter()"}),
}


@pytest.mark.parametrize("name", FOUND)
def test_app_is_found_with_its_framework(name: str) -> None:
    """A module that the runner can serve passes, and the framework is known."""
    framework, files = FOUND[name]
    result = validate(files)
    assert (result.ok, result.framework, result.findings) == (True, framework, [])


@pytest.mark.parametrize("name", MISSING)
def test_a_module_without_an_app_says_why(name: str) -> None:
    """Exactly one finding, which points into the entrypoint, says what is there instead, and has a hint."""
    words, files = MISSING[name]
    result = validate(files)
    (finding,) = result.findings
    assert not result.ok
    assert result.framework is None
    assert finding.code == "no_app"
    assert words in finding.message
    assert finding.file == "app.py"
    assert finding.line
    assert finding.hint


def test_two_apps_need_a_choice() -> None:
    """Two apps and no `app`: the finding stands at the second one."""
    (finding,) = validate({"app.py": FASTAPI + "one = FastAPI()\ntwo = FastAPI()"}).findings
    assert (finding.code, finding.line) == ("several_apps", 3)


def test_hints_name_what_would_help() -> None:
    """The hint points at the factory, at the other file, or at the guard that keeps the app from being made."""
    factory = validate({"app.py": FASTAPI + "def get_app(): return FastAPI()"}).findings[0]
    other = validate({"app.py": "", "main.py": FASTAPI + "app = FastAPI()"}).findings[0]
    guard = validate({"app.py": FASTAPI + "if __name__ == '__main__':\n    app = FastAPI()"}).findings[0]
    assert "get_app()" in str(factory.hint)
    assert "main.py" in str(other.hint)
    assert "__main__" in str(guard.hint)


def test_another_entrypoint() -> None:
    """The app is looked for in the entrypoint, also in a folder."""
    files = {"src/main.py": FASTAPI + "app = FastAPI()", "app.py": ""}
    assert validate(files, "src/main.py").framework == "fastapi"


@pytest.mark.parametrize("entrypoint", ["main.py", "static/x.css"])
def test_an_entrypoint_that_cannot_be_one(entrypoint: str) -> None:
    """A missing entrypoint, or one that is no Python file, is its own finding."""
    result = validate({"app.py": FASTAPI + "app = FastAPI()", "static/x.css": ""}, entrypoint)
    assert [finding.code for finding in result.findings] == ["no_entrypoint"]
