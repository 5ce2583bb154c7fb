"""`fp logs`: what the app printed and logged, the last lines or as they come."""

from collections import deque
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from fp.api.see import LogLine
from fp.api.tail import TailDropped
from fp.commands import _options as options
from fp.commands._follow import REMEMBERED, follow, newest
from fp.commands._output import clean, json_document, json_line, line, moment, note
from fp.commands._session import app_name, connect
from fp.commands._when import Since, Until, wire_time
from fp.errors import UsageError

if TYPE_CHECKING:
    from fp.client import Client

Search = Annotated[str | None, typer.Option("--search", "-s", help="Only lines with this text.", show_default=False)]
Level = Annotated[
    Literal["debug", "info", "warning", "error", "critical"] | None,
    typer.Option("--level", "-l", help="Only lines of this level and above.", show_default=False),
]
Request = Annotated[
    str | None, typer.Option("--request", help="Only lines of the request with this id.", show_default=False)
]


def run(  # noqa: PLR0913 (each is an option of the command)
    app: options.App = None,
    *,
    app_option: options.AppOption = None,
    lines: options.Count = 100,
    follow_: options.Follow = False,
    search: Search = None,
    level: Level = None,
    since: Since = None,
    until: Until = None,
    request: Request = None,
    host: options.Host = None,
    as_json: options.Json = False,
) -> None:
    """Print an app's last log lines and end; with -f, follow them."""
    narrowed = {
        "since": wire_time("--since", since),
        "until": wire_time("--until", until),
        "request_id": request,
    }
    if follow_ and any(narrowed.values()):
        raise UsageError("--follow goes with --search and --level only")
    with connect(host) as client:
        name = app_name(app, app_option)
        if follow_:
            _follow(client, name, lines, {"q": search, "level": level}, as_json=as_json)
            return
        records = newest(client.logs(name, q=search, level=level, **narrowed), lines)
    if as_json:
        json_document(records)
    else:
        for record in records:
            line(_text(record))


def _follow(client: "Client", name: str, count: int, only: dict[str, str | None], *, as_json: bool) -> None:
    """Print lines as they arrive: told by the platform, or where that is not to be had, asked for in turns."""
    from fp.tail import live

    known: deque[str] = deque(maxlen=REMEMBERED)
    for message in live(client, name, count, level=only["level"], search=only["q"]):
        if isinstance(message, TailDropped):
            note(f"{message.count} lines were passed over: they came faster than they could be shown.")
            continue
        for record in message.items:
            known.append(record.id)
            _show(record, as_json=as_json)
    for record in follow(lambda: client.logs(name, **only), count, known):
        _show(record, as_json=as_json)


def _show(record: LogLine, *, as_json: bool) -> None:
    json_line(record) if as_json else line(_text(record))


def _text(record: LogLine) -> str:
    return clean(f"{moment(record.time)} {record.level:<8} {record.text}")
