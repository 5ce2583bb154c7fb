"""A recorded traceback, read back into the frames it tells of.

The runner has trimmed it to the user's own code, paths relative to its root. It is text that an app made, so it may say
anything: whatever does not look like a frame is no frame, and there are never more than MAX_FRAMES.
"""

import re
from collections.abc import Mapping

from fp.api.see import CodeLine, TraceFrame

MAX_FRAMES = 100
AROUND = 3
"""Lines shown before and after a frame's own."""
_MAX_LINE_CHARS = 500
# Frames of exception groups stand behind bars: `  |   File "app.py", line 3, in index`.
_FRAME = re.compile(r'[ |+]{2,60}File "([^"\n]{1,500})", line ([0-9]{1,9})(?:, in ([^\n]{1,300}))?')


def frames_of(traceback: str, files: Mapping[str, str] | None) -> list[TraceFrame]:
    """The frames in their order, the innermost last; code from `files`, the version that ran (null: it is gone)."""
    lines = traceback.splitlines()
    frames: list[TraceFrame] = []
    for place, text in enumerate(lines):
        if (found := _FRAME.fullmatch(text)) is None:
            continue
        following = lines[place + 1] if place + 1 < len(lines) else ""
        recorded = "" if _FRAME.fullmatch(following) else following.strip(" |")
        file, line = found[1], int(found[2])
        around = code_around((files or {}).get(file), line)
        code = next((shown.text.strip() for shown in around if shown.line == line), recorded)
        frames.append(TraceFrame(file, line, found[3], code[:_MAX_LINE_CHARS], around))
    return frames[-MAX_FRAMES:]


def code_around(source: str | None, line: int) -> list[CodeLine]:
    """The line and its neighbours; empty when there is no such line."""
    if source is None:
        return []
    lines = source.split("\n")
    if not 1 <= line <= len(lines):
        return []
    first = max(1, line - AROUND)
    return [
        CodeLine(number, text.rstrip("\r")[:_MAX_LINE_CHARS])
        for number, text in enumerate(lines[first - 1 : line + AROUND], first)
    ]
