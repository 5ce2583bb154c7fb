"""What checking an app costs: one of as many files as there may be, beside `ast.parse` of the same files, in turns.

50 files of ordinary code, each imported by the entrypoint: large ones of 7 KB, and small ones of 2 KB. Cold is the first
validation, of a memory that knows none of the files. What an editor asks for as somebody types is the other one: all files
but one are as they were, and that one has a new line. Parsing alone is the floor of any check that reads the source. All of
it is work of one thread, so what is told is the processor's time, which others on the machine do not lengthen.
"""

import ast
import time
from collections.abc import Callable
from functools import partial
from statistics import median

from bench.apps import ROUTES, TYPICAL
from bench.measure import percentile
from bench.results import Found, Row
from fp import names
from fp.validation import Memory, validate

TARGET_MS = 50.0
Pair = tuple[float, float]
"""Milliseconds of a validation, and of parsing beside it."""


def run(smoke: bool) -> Found:
    """Raises RuntimeError where an answer is wrong."""
    number, rounds = (5, 3) if smoke else (names.MAX_FILES, 40)
    large, small = app_of(number, ROUTES * 2), app_of(number, TYPICAL * 6)
    for files in (large, small):
        _check(files)
    rows = [_cold(large, rounds, "under 3 times"), _cold(small, rounds, "under 50 ms")]
    rows += [_changed(large, rounds * 5), _changed(small, rounds * 5)]
    return Found([row for row, _ in rows], data={row.what: data for row, data in rows})


def app_of(count: int, code: str = ROUTES) -> dict[str, str]:
    """So many files, no two alike, the entrypoint among them; it imports all others."""
    part = code.replace("app = FastAPI()", "from fastapi import APIRouter\n\napp = APIRouter()")
    files = {f"part{number}.py": f"NUMBER = {number}\n{part}" for number in range(count - 1)}
    imports = "".join(f"from part{number} import app as part{number}\n" for number in range(count - 1))
    return files | {"app.py": f"{imports}from fastapi import FastAPI\n\napp = FastAPI()\n"}


def _cold(files: dict[str, str], rounds: int, target: str) -> tuple[Row, list[Pair]]:
    """The first validation of these files."""
    pairs = [(_ms(lambda: validate(files)), _ms(lambda: _parse(*files.values()))) for _ in range(rounds)]
    ratio = median(ours / parsing for ours, parsing in pairs)
    met = ratio < 3 if "times" in target else median(ours for ours, _ in pairs) < TARGET_MS
    against = f"`ast.parse` {median(pair[1] for pair in pairs):.0f} ms: {ratio:.2f} times"
    return Row(f"{_size(files)}, cold", _figures(pairs), against, target, met), pairs


def _changed(files: dict[str, str], rounds: int) -> tuple[Row, list[Pair]]:
    """Validations after each of many edits, by a memory that knows the files as they were before."""
    memory = Memory()
    validate(files, memory=memory)
    pairs: list[Pair] = []
    for number in range(rounds):
        path = f"part{number % (len(files) - 1)}.py"
        files = files | {path: f"{files[path]}\nLINE_{number} = {number}\n"}
        pairs.append((_ms(partial(validate, files, memory=memory)), _ms(partial(_parse, files[path]))))
    parsing = median(pair[1] for pair in pairs)
    met = percentile([pair[0] for pair in pairs], 0.99) < TARGET_MS
    against = f"`ast.parse` of the one file {parsing:.1f} ms"
    return Row(f"{_size(files)}, one changed", _figures(pairs), against, "p99 under 50 ms", met), pairs


def _figures(pairs: list[Pair]) -> str:
    ours = [pair[0] for pair in pairs]
    return f"p50 {percentile(ours, 0.5):.1f} ms, p99 {percentile(ours, 0.99):.1f} ms"


def _size(files: dict[str, str]) -> str:
    return f"{len(files)} files, {sum(map(len, files.values())) / 1024:.0f} KB together"


def _check(files: dict[str, str]) -> None:
    memory = Memory()
    wrong = files | {"part1.py": files["part1.py"] + "\nfrom part0 import nothing\n"}
    for _ in range(2):
        result = validate(files, memory=memory)
        if not result.ok or result.framework != "fastapi":
            raise RuntimeError(f"a sound app was refused: {result.findings[:1]}")
        found = validate(wrong, memory=memory).findings
        if [(one.file, one.code) for one in found] != [("part1.py", "unknown_name")]:
            raise RuntimeError(f"a wrong import was not told: {found[:1]}")


def _parse(*texts: str) -> None:
    for text in texts:
        ast.parse(text)


def _ms(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1000
