"""Where in the beginning of an HTML page a tag of the head may be put: at the end of its head, found tag by tag.

Not before what the head has, because a browser looks for the encoding in the first 1,024 bytes, and not by looking for
`</head>`, which may stand in a script or a comment. What is no whole, plain tag of a head ends the head here, so the place is
always one between two tags, where a browser reads tags.
"""

import re

MORE, NOWHERE = -1, -2

_SPACE = re.compile(rb"[ \t\r\n\f]*+")
_BOM = b"\xef\xbb\xbf"
_DOCTYPE = re.compile(rb"<!doctype\s[^>]*+>", re.IGNORECASE)
_VALUE = rb"(?:\"[^\"]*+\"|'[^']*+'|[^ \t\r\n\f\"'=<>`]++(?=[ \t\r\n\f>]))"
_ATTRIBUTE = rb"[^ \t\r\n\f\"'<>/=]++(?:[ \t\r\n\f]*+=[ \t\r\n\f]*+" + _VALUE + rb")?+"
_TAG = re.compile(rb"<([a-z][^ \t\r\n\f/<>]*+)(?:[ \t\r\n\f/]++(?:" + _ATTRIBUTE + rb")?+)*+>", re.IGNORECASE)
"""A tag as it should be written; a browser takes more, and what this does not match is none to us."""
_EMPTY = frozenset({b"meta", b"link", b"base"})
_TEXT = frozenset({b"title", b"style", b"script", b"noscript"})
_ENDS = {name: re.compile(rb"</" + name + rb"[ \t\r\n\f/]*+>", re.IGNORECASE) for name in _TEXT}


def place(data: bytes, *, over: bool) -> int:
    """The place in `data`, a page's first bytes; MORE while it cannot be told yet, NOWHERE where there is none.

    `over`: there is no more to come, so the best place so far is taken.
    """
    if _BOM.startswith(data):
        return NOWHERE if over else MORE
    at, in_head, doctype = len(_BOM) if data.startswith(_BOM) else 0, False, False
    while True:
        begin = _space(data, at)
        rest = data[begin : begin + 9].lower()
        if rest.startswith(b"<!--"):
            end = data.find(b"-->", begin + 2)
            if end < 0 or _ends_early(data[begin : end + 3]):
                return _undecided(at, in_head, over or end >= 0)
            at = end + 3
        elif not in_head and (found := _DOCTYPE.match(data, begin)):
            at, doctype = found.end(), True
        elif (found := _TAG.match(data, begin)) is None:
            ends = in_head and rest.startswith(b"</") and len(rest) > 2
            text = bool(rest) and not rest.startswith(b"<")
            return _undecided(at, in_head, over or ends or text)
        elif (name := found[1].lower()) == b"html" and not in_head:
            at = found.end()
        elif name == b"head" and not in_head:
            at, in_head = found.end(), True
        elif (in_head or doctype) and name in _EMPTY | _TEXT:
            if (end := _end(data, found.end(), name)) < 0:
                return _undecided(at, in_head, over or end == NOWHERE)
            at, in_head = end, True
        else:
            return _undecided(at, in_head, True)


def _space(data: bytes, at: int) -> int:
    found = _SPACE.match(data, at)
    return found.end() if found else at


def _ends_early(comment: bytes) -> bool:
    """Whether a browser takes the comment to be over before its `-->`."""
    return comment.startswith((b"<!-->", b"<!--->")) or b"--!>" in comment


def _end(data: bytes, at: int, name: bytes) -> int:
    """Where an element ends whose opening tag ends at `at`; MORE, or NOWHERE where it cannot be told."""
    if name in _EMPTY:
        return at
    found = _ENDS[name].search(data, at)
    if found is None:
        return MORE
    # Within `<!--` a script may hold the end of another one.
    return NOWHERE if name == b"script" and b"<!--" in data[at : found.start()] else found.end()


def _undecided(at: int, in_head: bool, over: bool) -> int:
    if not over:
        return MORE
    return at if in_head else NOWHERE
