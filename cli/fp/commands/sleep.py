"""`fp sleep`: stop an app now; its next request starts it again."""

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
    """Put an app to sleep now; its next request wakes it."""
    with connect(host) as client:
        state = client.sleep(app_name(app, app_option))
    if as_json:
        json_document(state)
    else:
        line(state.status)
