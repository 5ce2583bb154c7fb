"""What is shipped of a spool, and when its segments go."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster.local import spool as spools
from cluster.local.spool import Spool


def _ship_all(spool: Spool) -> bytes:
    shipped = b""
    while (batch := spool.next_batch()) is not None:
        assert batch.data.endswith(b"\n")
        assert batch.end - batch.start == len(batch.data)
        shipped += batch.data
        spool.acknowledge(batch)
    return shipped


def _segments(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.ndjson"))


def test_only_whole_lines_are_shipped_and_each_once(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "app", 1)
    segment = tmp_path / "000001.ndjson"
    segment.write_bytes(b"one\ntw")
    assert _ship_all(spool) == b"one\n"
    with segment.open("ab") as file:
        file.write(b"o\nthree\n")
    assert _ship_all(spool) == b"two\nthree\n"
    assert _ship_all(spool) == b""
    assert _segments(tmp_path) == ["000001.ndjson"]


def test_what_was_not_acknowledged_comes_again(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "app", 1)
    (tmp_path / "000001.ndjson").write_bytes(b"one\n")
    assert spool.next_batch() == spool.next_batch()


def test_a_segment_goes_when_a_later_one_exists_and_it_is_shipped(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "app", 1)
    (tmp_path / "000001.ndjson").write_bytes(b"one\n")
    assert _ship_all(spool) == b"one\n"
    (tmp_path / "000002.ndjson").write_bytes(b"two\n")
    assert _ship_all(spool) == b"two\n"
    assert _segments(tmp_path) == ["000002.ndjson"]


def test_a_retired_spool_is_emptied_half_a_line_included(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "app", 1)
    (tmp_path / "000001.ndjson").write_bytes(b"one\nhalf")
    (tmp_path / "node.ndjson").write_bytes(b"crash\n")
    spool.retired = True
    assert _ship_all(spool) == b"one\ncrash\n"
    assert _segments(tmp_path) == []


def test_the_nodes_own_lines_are_shipped_while_the_instance_lives_and_its_segment_is_kept(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "app", 1)
    (tmp_path / "000001.ndjson").write_bytes(b"one\n")
    (tmp_path / "node.ndjson").write_bytes(b"limit\n")
    assert _ship_all(spool) == b"one\nlimit\n"
    assert _segments(tmp_path) == ["000001.ndjson", "node.ndjson"]


def test_batches_are_bounded(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "app", 1)
    line = b"x" * 1000 + b"\n"
    (tmp_path / "000001.ndjson").write_bytes(line * 2000)
    batch = spool.next_batch()
    assert batch is not None
    assert spools.BATCH_BYTES - len(line) < len(batch.data) <= spools.BATCH_BYTES
    assert _ship_all(spool) == line * 2000


@pytest.mark.parametrize("size", [spools.BATCH_BYTES, spools.BATCH_BYTES + 1, 3 * spools.BATCH_BYTES])
def test_a_line_longer_than_a_batch_is_shipped_alone(tmp_path: Path, size: int) -> None:
    spool = Spool(tmp_path, "app", 1)
    content = b"x" * size + b"\nnext\n"
    (tmp_path / "000001.ndjson").write_bytes(content)
    assert _ship_all(spool) == content


def test_a_line_that_never_ends_does_not_stop_the_rest(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "app", 1)
    (tmp_path / "000001.ndjson").write_bytes(b"x" * (spools.LONGEST_LINE + 2 * spools.BATCH_BYTES))
    (tmp_path / "000002.ndjson").write_bytes(b"next\n")
    assert _ship_all(spool).endswith(b"next\n")
    assert _segments(tmp_path) == ["000002.ndjson"]


@settings(max_examples=50)
@given(st.lists(st.binary(min_size=1, max_size=30).map(lambda part: part.replace(b"\0", b"\n")), max_size=12))
def test_however_it_is_written_every_whole_line_is_shipped_in_order(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("spool")
    spool, shipped = Spool(folder, "app", 1), b""
    with (folder / "000001.ndjson").open("ab", buffering=0) as file:
        for part in parts:
            file.write(part)
            shipped += _ship_all(spool)
    whole = b"".join(parts)
    assert shipped == whole[: whole.rfind(b"\n") + 1]
