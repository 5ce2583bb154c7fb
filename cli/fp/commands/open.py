"""`fp open`: the app in a browser, or its address where there is none."""

import sys

from fp.commands import _options as options
from fp.commands._browser import open_page
from fp.commands._output import json_document, line
from fp.commands._session import app_name, connect


def run(
    app: options.App = None,
    *,
    app_option: options.AppOption = None,
    host: options.Host = None,
    as_json: options.Json = False,
) -> None:
    """Open an app in the browser; prints its address."""
    with connect(host) as client:
        found = client.app(app_name(app, app_option))
    if as_json:
        json_document({"url": found.url})
        return
    line(found.url)
    if sys.stdout.isatty():
        open_page(found.url)
