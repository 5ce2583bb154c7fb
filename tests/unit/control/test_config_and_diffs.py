"""What differs between two states of an app: applied to the one, a diff gives the other."""

import re

from hypothesis import given
from hypothesis import strategies as st

from control.domain.config import Config, changed_settings, merged
from control.domain.databases import Sealed
from control.domain.diffs import MAX_LINES, diff_files, diff_settings
from control.domain.sharing import Sharing

TEXTS = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=12).flatmap(
    lambda lines: st.booleans().map(lambda end: "\n".join(lines) + ("\n" if end and lines else ""))
)


def applied(text: str, diff: str) -> str:
    """The text that a unified diff of ours makes of `text`."""
    old, new, place = text.splitlines(keepends=True), [], 0
    lines = diff.splitlines(keepends=True)[2:]
    for number, line in enumerate(lines):
        if found := re.match(r"@@ -(\d+)(?:,(\d+))? ", line):
            start = int(found[1]) - (0 if found[2] == "0" else 1)
            new += old[place:start]
            place = start
            continue
        if line[0] in " -":
            place += 1
        if line[0] in " +":
            bare = number + 1 < len(lines) and lines[number + 1].startswith("\\")
            new.append(line[1:-1] if bare else line[1:])
    return "".join([*new, *old[place:]])


@given(TEXTS, TEXTS)
def test_a_diff_leads_from_one_text_to_the_other(before: str, after: str) -> None:
    found = diff_files({"f": before}, {"f": after})
    if before == after:
        assert found == []
    else:
        assert applied(before, found[0].diff) == after


def test_files_come_and_go() -> None:
    found = diff_files({"gone.py": "a\nb\n", "same.py": "x"}, {"new.py": "c\n", "same.py": "x"})
    assert [(file.path, file.change, file.added, file.removed) for file in found] == [
        ("gone.py", "removed", 0, 2),
        ("new.py", "added", 1, 0),
    ]


def test_a_file_with_too_many_lines_is_only_said_to_differ() -> None:
    [file] = diff_files({"f": "a\n" * MAX_LINES}, {"f": "b\n"})
    assert (file.diff, file.added, file.removed) == ("", 1, MAX_LINES)


def test_settings_differ_by_name_and_a_secret_tells_nothing() -> None:
    one, two = Sealed("k", b"1", b"one"), Sealed("k", b"2", b"two")
    before = Config(env={"A": "1", "B": "2"}, secrets={"KEY": one, "OLD": one}, cpus=0.5)
    after = Config(env={"A": "1", "B": "3"}, secrets={"KEY": two}, memory_mb=64, sharing=Sharing(title="x"))
    names = ["cpus", "env.B", "memory_mb", "secrets.KEY", "secrets.OLD", "sharing.title"]
    assert changed_settings(after, before) == names
    assert [(each.name, each.before, each.after) for each in diff_settings(before, after)] == [
        ("cpus", "0.5", None),
        ("env.B", "2", "3"),
        ("memory_mb", None, "64"),
        ("secrets.KEY", "(set)", "(set)"),
        ("secrets.OLD", "(set)", None),
        ("sharing.title", None, "x"),
    ]


def test_what_is_given_is_set_and_null_takes_away() -> None:
    assert merged({"A": "1", "B": "2"}, {"B": None, "C": "3", "D": None}) == {"A": "1", "C": "3"}
