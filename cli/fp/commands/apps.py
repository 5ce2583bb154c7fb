"""`fp apps`: everything that is yours."""

from fp.commands import _options as options
from fp.commands._output import json_document, moment, note, table
from fp.commands._session import connect

_HEADERS = ("NAME", "STATUS", "VERSION", "LAST REQUEST", "URL")


def run(host: options.Host = None, as_json: options.Json = False) -> None:
    """List your apps."""
    with connect(host) as client:
        apps = list(client.apps())
    if as_json:
        json_document(apps)
    elif apps:
        rows = [(app.name, app.status, str(app.version or "-"), moment(app.last_request_at), app.url) for app in apps]
        table(_HEADERS, rows)
    else:
        note("You have no apps yet: `fp init`, then `fp deploy`.")
