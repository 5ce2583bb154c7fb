"""What is remembered of files: it never changes an answer, whatever was validated before, and it does not grow without end."""

import threading

from hypothesis import given, settings
from hypothesis import strategies as st

from fp.validation import Memory, Rules, ValidationResult, validate
from tests.unit.fp.test_validation_wild import modules, paths

LINES = [
    "from web import x",
    "from web import nowhere",
    "from x import web",
    "import os; os.system('ls')",
    "import socket; s = socket.socket(); s.bind(1)",
    "from app import *",
    "import web; web.nowhere = 1",
    "globals()['nowhere'] = 1",
    "app = 1",
    "import uvicorn; uvicorn.run(app)",
    "x = (",
    "return",
]
RULES = [
    Rules(),
    Rules(packages=frozenset({"fastapi"})),
    Rules(allowed_imports=frozenset({"fastapi"})),
    Rules(blocked_patterns_off=frozenset({"shell"})),
]
edits = st.lists(st.tuples(paths | st.just("socket.py"), st.none() | modules | st.sampled_from(LINES)), max_size=8)
apps = st.dictionaries(paths, modules | st.sampled_from(LINES), min_size=1)


def edited(files: dict[str, str], path: str, change: str | None) -> dict[str, str]:
    """A file more, a file less, or a file with lines more."""
    if change is None:
        return {other: text for other, text in files.items() if other != path}
    return files | {path: f"{files.get(path, '')}\n{change}"}


@given(apps, edits, st.sampled_from(RULES), st.sampled_from([0, 3_000, 10_000_000]))
@settings(max_examples=300, deadline=None)
def test_a_remembered_verdict_is_the_fresh_one(
    files: dict[str, str], changes: list[tuple[str, str | None]], rules: Rules, max_bytes: int
) -> None:
    """Edit by edit, with a memory for everything, for hardly anything and for nothing, under rules that change."""
    memory = Memory(max_bytes)
    for path, change in [("app.py", ""), *changes]:
        files = edited(files, path, change)
        for current in (rules, Rules()):
            assert validate(files, rules=current, memory=memory) == validate(files, rules=current)


def test_a_file_is_known_by_its_text_alone() -> None:
    """The same text under another name is wrong at that name, and other files decide about it anew."""
    memory = Memory()
    web = "from fastapi import FastAPI\nfrom models import User\napp = FastAPI()\n"
    assert validate({"app.py": web, "models.py": "User = 1"}, memory=memory).ok
    found = validate({"app.py": web, "models.py": "Usr = 1"}, memory=memory).findings
    assert [(one.file, one.line, one.code) for one in found] == [("app.py", 2, "unknown_name")]
    for path in ("one.py", "two.py"):
        assert [one.file for one in validate({path: "x = ("}, path, memory=memory).findings] == [path]


def test_the_memory_does_not_grow_without_end() -> None:
    """Of a thousand files, as many are kept as its size allows, those used last among them."""
    memory = Memory(max_bytes=200_000)
    for number in range(1000):
        text = "\n".join(f"import package_{number}_{line}" for line in range(5))
        validate({"app.py": text, "b.py": f"from app import nothing_{number}"}, "b.py", memory=memory)
        assert memory.memory_bytes() <= 200_000
    assert memory.memory_bytes() > 150_000


def test_a_tree_that_can_be_made_only_once() -> None:
    """A file is read with much of the stack left, and asked for again with little: it is left out, and nothing is raised."""
    memory = Memory()
    files = {"app.py": f"async def app(scope, receive, send): ...\nx = {'-' * 1500}1\n"}
    assert validate(files, memory=memory).framework == "asgi"

    def deeper(frames: int) -> ValidationResult:
        return deeper(frames - 1) if frames else validate(files, memory=memory)

    assert deeper(700).ok


def test_many_threads_share_one_memory() -> None:
    """Each gets its own answer."""
    memory = Memory(20_000)
    wrong: list[int] = []

    def check(number: int) -> None:
        for turn in range(30):
            found = validate(
                {"app.py": f"import os\n\nx = {turn}\nfrom thing_{number} import ("}, memory=memory
            ).findings
            if [(one.file, one.line, one.code) for one in found] != [("app.py", 4, "syntax_error")]:
                wrong.append(number)

    threads = [threading.Thread(target=check, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
