"""The journal keeps what it was given across deaths, is bounded, and counts what it had to give up."""

import resource
import shutil
from pathlib import Path

from activator.journal import Journal

LINES = [b'{"n":%d}\n' % number for number in range(10)]


def drained(journal: Journal) -> list[bytes]:
    """All lines, each segment removed as if control had taken it."""
    found: list[bytes] = []
    while (segment := journal.oldest()) is not None:
        found += segment.data.splitlines(keepends=True)
        journal.remove(segment.name)
    return found


def test_lines_come_out_once_and_in_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "not" / "there" / "yet")
    journal.append(LINES[:3])
    journal.append(LINES[3:5])
    assert drained(journal) == LINES[:5]
    assert drained(journal) == []
    journal.append(LINES[5:])
    assert drained(journal) == LINES[5:]


def test_a_segment_that_was_given_out_grows_no_more(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append(LINES[:2])
    segment = journal.oldest()
    journal.append(LINES[2:4])
    assert segment is not None
    assert journal.oldest() == segment, "it was not removed, so it is the oldest still"
    journal.remove(segment.name)
    assert drained(journal) == LINES[2:4]


def test_the_next_one_ships_what_a_killed_one_wrote_but_not_its_half_line(tmp_path: Path) -> None:
    Journal(tmp_path).append(LINES[:2])
    (last,) = tmp_path.iterdir()
    with last.open("ab") as file:
        file.write(b'{"half')
    heir = Journal(tmp_path)
    heir.append(LINES[2:4])
    assert drained(heir) == LINES[:4]
    assert list(tmp_path.iterdir()) == []


def test_beyond_the_bound_the_oldest_are_given_up_and_counted(tmp_path: Path) -> None:
    journal = Journal(tmp_path, segment_bytes=20, max_segments=3)
    journal.append(LINES)
    assert len(list(tmp_path.iterdir())) == 3
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 60
    assert (journal.take_dropped(), journal.take_dropped()) == (4, 0)
    assert drained(journal) == LINES[4:]


def test_a_line_longer_than_a_segment_is_kept_whole(tmp_path: Path) -> None:
    journal = Journal(tmp_path, segment_bytes=20)
    journal.append([LINES[0], b"x" * 100 + b"\n", LINES[1]])
    assert drained(journal) == [LINES[0], b"x" * 100 + b"\n", LINES[1]]


def test_a_disk_without_room_costs_lines_and_leaves_no_half_ones(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append(LINES[:2])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 4, hard))
    try:
        journal.append(LINES[2:5])
        journal.append(LINES[5:6])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    journal.append(LINES[6:7])
    assert journal.take_dropped() == 4
    assert drained(journal) == [*LINES[:2], LINES[6]]


def test_a_folder_that_cannot_be_written_costs_lines_until_it_can(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    folder.write_text("in the way")
    journal = Journal(folder)
    journal.append(LINES[:3])
    assert journal.take_dropped() == 3
    folder.unlink()
    journal.append(LINES[3:])
    assert drained(journal) == LINES[3:]


def test_a_folder_that_was_removed_is_made_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.append(LINES[:3])
    shutil.rmtree(tmp_path / "journal")
    journal.append(LINES[3:])
    assert drained(journal) == LINES[3:]


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "abc.ndjson").write_text("mine")
    journal = Journal(tmp_path, max_segments=1, segment_bytes=10)
    journal.append(LINES[:3])
    assert drained(journal) == LINES[2:3]
    assert {path.name for path in tmp_path.iterdir()} == {"notes.txt", "abc.ndjson"}
