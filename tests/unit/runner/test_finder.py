"""Which object of a module is the app."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from runner.failure import StartFailed
from runner.finder import find

PRELUDE = """
class Asgi:
    async def __call__(self, scope, receive, send): ...
class Router:
    async def __call__(self, scope, receive, send): ...
Router.__module__ = "starlette.routing"
Asgi.__module__ = "starlette.applications"
async def bare(scope, receive, send): ...
async def handler(request, response, more): ...
class Callable3:
    def __call__(self, a, b, c): ...
"""


@pytest.fixture
def load(tmp_path: Path) -> object:
    (tmp_path / "kinds.py").write_text(PRELUDE)
    kinds = ModuleType("kinds")
    exec(PRELUDE, vars(kinds))

    def make(source: str) -> ModuleType:
        (tmp_path / "app.py").write_text(source)
        module = ModuleType("app")
        module.__file__ = str(tmp_path / "app.py")
        sys.modules["kinds"] = kinds
        try:
            exec(compile(source, module.__file__, "exec"), vars(module))
        finally:
            del sys.modules["kinds"]
        return module

    return make


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("from kinds import Asgi\napp = Asgi()\nother = Asgi()", "app"),
        ("from kinds import Asgi\nweb = Asgi()", "web"),
        ("from kinds import Asgi, Router\nrouter = Router()\nweb = Asgi()", "web"),
        ("from kinds import Asgi\nweb = Asgi()\nalias = web", "web"),
        ("from kinds import Asgi, Callable3\nclass Mine(Asgi): ...\nthing = Callable3()\nweb = Mine()", "web"),
        ("async def serve(scope, receive, send): ...\nasync def other(a, b, c): ...", "serve"),
        ("from kinds import bare as app", "app"),
        ("def app(scope, receive, send): ...", "app"),
    ],
)
def test_the_right_object_is_found(load, tmp_path: Path, source: str, name: str) -> None:  # type: ignore[no-untyped-def]
    module = load(source)
    assert find(module, tmp_path) is vars(module)[name]


def test_create_app_is_called_when_there_is_no_instance_of_its_own(load, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    module = load(
        "from kinds import Asgi\nmade = []\ndef create_app(n=1):\n    made.append(Asgi())\n    return made[0]"
    )
    found = find(module, tmp_path)
    assert found is module.made[0]


def test_an_own_instance_counts_more_than_an_imported_one(load, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    module = load("import kinds\nkinds.shared = kinds.Asgi()\nfrom kinds import shared, Asgi\nown = Asgi()")
    assert find(module, tmp_path) is module.own


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        ("x = 1", "no_app", "no ASGI application"),
        ("class app: ...", "no_app", "no ASGI application"),
        ("from kinds import Asgi\napp = Asgi", "no_app", "no ASGI application"),
        ("def view(request): ...\nasync def other(request): ...", "no_app", "no ASGI application"),
        ("from kinds import Asgi\na = Asgi()\nb = Asgi()", "several_apps", "`a`, `b`"),
        ("def create_app(name): ...", "no_app", "needs arguments"),
        ("async def create_app(): ...", "no_app", "async"),
        ("def create_app(): ...", "no_app", "NoneType"),
        ("def create_app():\n    return 1 / 0", "import_failed", "ZeroDivisionError"),
    ],
)
def test_what_is_wrong_is_named(load, tmp_path: Path, source: str, code: str, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StartFailed) as caught:
        find(load(source), tmp_path)
    assert caught.value.failure["code"] == code
    assert words in str(caught.value.failure["message"])


def test_an_error_in_create_app_has_its_line(load, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StartFailed) as caught:
        find(load("def create_app():\n    return 1 / 0"), tmp_path)
    assert (caught.value.failure["file"], caught.value.failure["line"]) == ("app.py", 2)
