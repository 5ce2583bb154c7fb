"""How printed text becomes lines."""

import json
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.spool import Spool
from runner.streams import MAX_LINE, LineStream, cut, request_id


def texts(folder: Path) -> list[str]:
    return [json.loads(line)["text"] for line in (folder / "000001.ndjson").read_text().splitlines()]


@given(parts=st.lists(st.text(st.sampled_from("ab \n"), max_size=8), max_size=12))
def test_however_text_is_cut_into_writes_its_lines_come_whole(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("s")
    spool = Spool(folder)
    stream = LineStream(spool, "info", 1, echo=False)
    assert [stream.write(part) for part in parts] == [len(part) for part in parts]
    stream.settle(0)
    spool.close()
    assert texts(folder) == [line for line in "".join(parts).split("\n") if line]


def test_a_line_belongs_to_the_request_that_wrote_it(tmp_path: Path) -> None:
    stream = LineStream(Spool(tmp_path), "info", 1, echo=False)
    token = request_id.set("r7")
    stream.write("begun")
    request_id.reset(token)
    stream.settle(0)
    stream.write("outside\n")
    found = [json.loads(line)["request_id"] for line in (tmp_path / "000001.ndjson").read_text().splitlines()]
    assert found == ["r7", None]


def test_threads_do_not_mix_their_unfinished_lines(tmp_path: Path) -> None:
    stream = LineStream(Spool(tmp_path), "info", 1, echo=False)
    stream.write("ma")
    thread = threading.Thread(target=lambda: (stream.write("other"), stream.write("\n")))
    thread.start()
    thread.join()
    stream.write("in\n")
    assert texts(tmp_path) == ["other", "main"]


def test_a_line_without_end_does_not_fill_memory(tmp_path: Path) -> None:
    stream = LineStream(Spool(tmp_path), "info", 1, echo=False)
    for _ in range(50):
        stream.write("x" * 10_000)
    stream.write("\n")
    assert texts(tmp_path) == ["x" * MAX_LINE + " … [cut]"]


def test_only_long_text_is_cut() -> None:
    assert cut("x" * MAX_LINE) == "x" * MAX_LINE
    assert cut("x" * (MAX_LINE + 1)).endswith("[cut]")


def test_bytes_are_taken_as_text_and_anything_else_is_refused(tmp_path: Path) -> None:
    stream = LineStream(Spool(tmp_path), "info", 1, echo=False)
    stream.buffer.write("ä\n".encode())
    stream.buffer.write(b"\xff\n")
    assert texts(tmp_path) == ["ä", "\\xff"]
    with pytest.raises(TypeError):
        stream.buffer.write("text")
