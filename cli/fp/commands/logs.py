"""`fp logs`: what the app printed and logged, the last lines or as they come."""

from typing import Annotated

import typer

from fp.api.see import LogLine
from fp.commands import _options as options
from fp.commands._follow import follow, newest
from fp.commands._output import clean, json_document, json_line, line, moment
from fp.commands._session import app_name, connect

Search = Annotated[str | None, typer.Option("--search", "-s", help="Only lines with this text.", show_default=False)]


def run(
    app: options.App = None,
    *,
    app_option: options.AppOption = None,
    lines: options.Count = 100,
    follow_: options.Follow = False,
    search: Search = None,
    host: options.Host = None,
    as_json: options.Json = False,
) -> None:
    """Print an app's last log lines and end; with -f, follow them."""
    with connect(host) as client:
        name = app_name(app, app_option)
        if follow_:
            for record in follow(lambda: client.logs(name, search), lines):
                json_line(record) if as_json else line(_text(record))
            return
        records = newest(client.logs(name, search), lines)
    if as_json:
        json_document(records)
    else:
        for record in records:
            line(_text(record))


def _text(record: LogLine) -> str:
    return clean(f"{moment(record.time)} {record.level:<8} {record.text}")
