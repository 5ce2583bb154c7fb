"""`fp requests`: the requests an app answered, with those that waited for a wake marked; or one of them in whole."""

from typing import TYPE_CHECKING, Annotated

import typer

from fp.api.see import RecordedHeaders, RequestDetail, RequestRecord
from fp.commands import _options as options
from fp.commands._follow import follow, newest
from fp.commands._output import clean, json_document, json_line, line, milliseconds, moment, table
from fp.commands._session import app_name, connect
from fp.commands._when import Since, Until, wire_time

if TYPE_CHECKING:
    from fp.client import Client

_HEADERS = ("TIME", "STATUS", "MS", "COLD START", "REQUEST")

Status = Annotated[
    str | None, typer.Option("--status", help="Like 5xx, 404 or '>=400' (in quotes).", show_default=False)
]
Method = Annotated[str | None, typer.Option("--method", "-X", help="Like POST.", show_default=False)]
Path = Annotated[
    str | None, typer.Option("--path", help="Like '/items/*' (in quotes); * is any text.", show_default=False)
]
Over = Annotated[float | None, typer.Option("--over", metavar="MS", help="Only slower ones.", show_default=False)]
Cold = Annotated[bool, typer.Option("--cold", help="Only those that waited for a wake.")]
Show = Annotated[
    str | None,
    typer.Option("--show", metavar="ID", help="One request with its log, traceback and headers.", show_default=False),
]


def run(  # noqa: PLR0913 (each is an option of the command)
    app: options.App = None,
    *,
    app_option: options.AppOption = None,
    lines: options.Count = 50,
    follow_: options.Follow = False,
    status: Status = None,
    method: Method = None,
    path: Path = None,
    since: Since = None,
    until: Until = None,
    over: Over = None,
    cold: Cold = False,
    show: Show = None,
    host: options.Host = None,
    as_json: options.Json = False,
) -> None:
    """Print the last requests an app answered; with -f, follow them."""
    only = {
        "status": status,
        "method": method,
        "path": path,
        "since": wire_time("--since", since),
        "until": wire_time("--until", until),
        "ms_over": None if over is None else str(over),
        "cold": "true" if cold else None,
    }
    with connect(host) as client:
        name = app_name(app, app_option)
        if show is not None:
            _show(client.request(name, show), as_json=as_json)
            return
        if follow_:
            _follow(client, name, lines, only, as_json=as_json)
            return
        records = newest(client.requests(name, **only), lines)
    if as_json:
        json_document(records)
    else:
        table(_HEADERS, [_cells(record) for record in records])


def _follow(client: "Client", name: str, count: int, only: dict[str, str | None], *, as_json: bool) -> None:
    for record in follow(lambda: client.requests(name, **only), count):
        json_line(record) if as_json else line(clean("  ".join(_cells(record))))


def _show(found: RequestDetail, *, as_json: bool) -> None:
    """The record, each frame with the lines around it, the headers, then what was printed."""
    if as_json:
        json_document(found)
        return
    table(_HEADERS, [_cells(found.request)])
    if found.request.error:
        line()
        for text in found.request.error.splitlines():
            line(clean(text))
    for frame in found.frames:
        if frame.around:
            line()
            line(clean(f"{frame.file}:{frame.line}"))
        for shown in frame.around:
            line(clean(f"{'>' if shown.line == frame.line else ' '} {shown.line:>5}  {shown.text}"))
    if found.note:
        line(clean(found.note))
    _headers(found.request.headers)
    if found.logs:
        line()
    for record in found.logs:
        line(clean(f"{moment(record.time)} {record.level:<8} {record.text}"))


def _headers(told: RecordedHeaders | None) -> None:
    for mark, headers in ((">", told.request), ("<", told.answer)) if told else ():
        if headers:
            line()
        for header in headers:
            line(clean(f"{mark} {header.name}: {'(not recorded)' if header.value is None else header.value}"))


def _cells(record: RequestRecord) -> tuple[str, ...]:
    path = f"{record.path}?{record.query}" if record.query else record.path
    cold = milliseconds(record.cold_start_ms)
    return moment(record.time), str(record.status), milliseconds(record.ms), cold, f"{record.method} {path}"
