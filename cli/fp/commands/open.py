"""`fp open`: the app in a browser, or its address where there is none."""

import os
import sys
import webbrowser

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
    """Open an app in the browser; prints its address."""
    with connect(host) as client:
        found = client.app(app_name(app, app_option))
    if as_json:
        json_document({"url": found.url})
        return
    line(found.url)
    if sys.stdout.isatty() and _has_browser() and found.url.startswith(("http://", "https://")):
        webbrowser.open(found.url)


def _has_browser() -> bool:
    """On Linux a browser needs a display; without one a text browser would take over the terminal."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
