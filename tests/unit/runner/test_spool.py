"""Segments, rotation, the limit of eight, and what is told of what was dropped."""

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.spool import Spool


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(folder.glob("*.ndjson")) for line in path.read_text().splitlines()]


def test_lines_are_whole_and_ids_unique_from_many_threads(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_bytes=5000, max_segments=1000)

    def write(number: int) -> None:
        for n in range(200):
            spool.log("info", f"{number}-{n}", None)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = lines(tmp_path)
    assert {line["text"] for line in found} == {f"{number}-{n}" for number in range(4) for n in range(200)}
    assert len({line["id"] for line in found}) == 800
    assert all(path.stat().st_size <= 5000 for path in tmp_path.iterdir())


def test_drops_are_counted_and_told_once_there_is_room(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_bytes=1000, max_segments=2)
    for n in range(100):
        spool.log("info", f"{n:0100d}", None)
    kept = len(lines(tmp_path))
    assert len(list(tmp_path.iterdir())) == 2
    (tmp_path / "000001.ndjson").unlink()
    spool._look_again = 0.0
    spool.tick()
    left = lines(tmp_path)
    assert [line["count"] for line in left if line["kind"] == "dropped"] == [100 - kept]
    spool.log("info", "after", None)
    assert lines(tmp_path)[-1]["text"] == "after"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["000002.ndjson", "000003.ndjson"]


def test_drops_are_told_at_the_end_at_the_latest(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_bytes=200, max_segments=1)
    for _ in range(10):
        spool.log("info", "x" * 100, None)
    spool.close()
    assert lines(tmp_path)[-1]["count"] == 9


def test_a_new_spool_never_writes_into_an_old_segment(tmp_path: Path) -> None:
    Spool(tmp_path).log("info", "one", None)
    Spool(tmp_path).log("info", "two", None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["000001.ndjson", "000002.ndjson"]


def test_a_line_larger_than_a_segment_gets_one_to_itself(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_bytes=100)
    for _ in range(2):
        spool.log("info", "x" * 500, None)
    assert len(lines(tmp_path)) == 2


def test_a_disk_that_takes_no_more_counts_as_dropped(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    os.close(spool._fd)
    spool._fd = os.open("/dev/full", os.O_WRONLY)
    spool.log("info", "lost", None)
    spool._begin(2)
    spool.tick()
    assert lines(tmp_path)[0]["count"] == 1


@pytest.mark.parametrize("level", ["info", "error"])
@given(text=st.text(st.characters()))
def test_any_text_is_told_as_it_is_but_for_what_utf8_cannot_say(
    tmp_path_factory: pytest.TempPathFactory, level: str, text: str
) -> None:
    folder = tmp_path_factory.mktemp("spool")
    spool = Spool(folder)
    spool.log(level, text, "r1")
    (line,) = (folder / "000001.ndjson").read_bytes().splitlines()
    spool.close()
    told = json.loads(line)
    assert told["text"] == text.encode("utf-8", "replace").decode()
    assert (told["level"], told["request_id"]) == (level, "r1")
