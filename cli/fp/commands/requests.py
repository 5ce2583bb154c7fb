"""`fp requests`: the requests an app answered, with those that waited for a wake marked."""

from fp.api.see import RequestRecord
from fp.commands import _options as options
from fp.commands._follow import follow, newest
from fp.commands._output import clean, json_document, json_line, line, milliseconds, moment, table
from fp.commands._session import app_name, connect

_HEADERS = ("TIME", "STATUS", "MS", "COLD START", "REQUEST")


def run(
    app: options.App = None,
    *,
    app_option: options.AppOption = None,
    lines: options.Count = 50,
    follow_: options.Follow = False,
    host: options.Host = None,
    as_json: options.Json = False,
) -> None:
    """Print the last requests an app answered; with -f, follow them."""
    with connect(host) as client:
        name = app_name(app, app_option)
        if follow_:
            for record in follow(lambda: client.requests(name), lines):
                json_line(record) if as_json else line(clean("  ".join(_cells(record))))
            return
        records = newest(client.requests(name), lines)
    if as_json:
        json_document(records)
    else:
        table(_HEADERS, [_cells(record) for record in records])


def _cells(record: RequestRecord) -> tuple[str, ...]:
    path = f"{record.path}?{record.query}" if record.query else record.path
    cold = milliseconds(record.cold_start_ms)
    return moment(record.time), str(record.status), milliseconds(record.ms), cold, f"{record.method} {path}"
