"""`fp status`: one app at a glance."""

import msgspec

from fp.api.apps import App, AppState
from fp.commands import _options as options
from fp.commands._output import clean, json_document, line, moment
from fp.commands._session import app_name, connect


def run(
    app: options.App = None,
    *,
    app_option: options.AppOption = None,
    host: options.Host = None,
    as_json: options.Json = False,
) -> None:
    """Show what an app is doing: running, sleeping, or why it is not."""
    with connect(host) as client:
        name = app_name(app, app_option)
        found, state = client.app(name), client.status(name)
    if as_json:
        json_document({**msgspec.to_builtins(found), **msgspec.to_builtins(state)})
    else:
        for label, value in _lines(found, state):
            line(clean(f"{label:<13} {value}"))


def _lines(app: App, state: AppState) -> list[tuple[str, str]]:
    idle = {None: "-", 0: "never"}.get(app.idle_minutes, f"after {app.idle_minutes} min without a request")
    lines = [
        ("app", app.name),
        ("status", state.status + (f" since {moment(state.since)}" if state.since else "")),
        ("url", app.url),
        ("version", str(state.version or "-")),
        ("sleeps", idle),
        ("last request", moment(app.last_request_at)),
    ]
    if app.draft_differs and app.version:
        lines.append(("draft", f"{app.draft_differs} files differ from the live version: `fp deploy`"))
    if state.failure:
        lines.append(("failure", state.failure))
    return lines
