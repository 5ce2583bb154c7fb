"""`fp wake`, `fp sleep`, `fp restart`: one request each about one app, answered once it is so."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from fp.api.apps import AppState
from fp.commands import _options as options
from fp.commands._output import json_document, line
from fp.commands._session import app_name, connect

if TYPE_CHECKING:
    from fp.client import Client


def _command(ask: Callable[["Client", str], AppState], about: str) -> Callable[..., None]:
    """The command that asks for it; `about` is what its help says."""

    def run(
        app: options.App = None,
        *,
        app_option: options.AppOption = None,
        host: options.Host = None,
        as_json: options.Json = False,
    ) -> None:
        with connect(host) as client:
            state = ask(client, app_name(app, app_option))
        if as_json:
            json_document(state)
        else:
            line(state.status)

    run.__doc__ = about
    return run


RUNS = {
    "wake": _command(lambda client, app: client.wake(app), "Wake an app and wait until it is up."),
    "sleep": _command(lambda client, app: client.sleep(app), "Put an app to sleep now; its next request wakes it."),
    "restart": _command(
        lambda client, app: client.restart(app), "Start an app anew, the same version, and wait until it is up."
    ),
}
