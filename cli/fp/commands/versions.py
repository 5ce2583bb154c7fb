"""`fp versions`: what was deployed, when and by whom; the one that runs is marked."""

from fp.api.versions import AppVersion
from fp.commands import _options as options
from fp.commands._follow import newest
from fp.commands._output import json_document, moment, table
from fp.commands._session import app_name, connect

_HEADERS = ("VERSION", "TIME", "BY", "FRAMEWORK", "NOTE")


def run(
    app: options.App = None,
    *,
    app_option: options.AppOption = None,
    lines: options.Count = 20,
    host: options.Host = None,
    as_json: options.Json = False,
) -> None:
    """Print an app's versions; `fp rollback NUMBER` goes back to one."""
    with connect(host) as client:
        found = newest(client.versions(app_name(app, app_option)), lines)
    if as_json:
        json_document(found)
    else:
        table(_HEADERS, [_cells(version) for version in found])


def _cells(version: AppVersion) -> tuple[str, ...]:
    note = f"rollback of v{version.rollback_of}" if version.rollback_of else ""
    note = ", ".join(filter(None, ("live" if version.live else "", note)))
    return f"v{version.number}", moment(version.created_at), version.by, version.framework or "asgi", note
