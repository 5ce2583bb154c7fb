"""`fp wake`: start a sleeping app without a request."""

from fp.commands import _options as options
from fp.commands._output import json_document, line
from fp.commands._session import app_name, connect


def run(
    app: options.App = None,
    *,
    app_option: options.AppOption = None,
    host: options.Host = None,
    as_json: options.Json = False,
) -> None:
    """Wake an app and wait until it is up."""
    with connect(host) as client:
        state = client.wake(app_name(app, app_option))
    if as_json:
        json_document(state)
    else:
        line(state.status)
