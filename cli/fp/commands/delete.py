"""`fp delete`: an app with everything it has; asks for its name, so that no other one goes by mistake."""

import typer

from fp.client import Client
from fp.commands import _options as options
from fp.commands._output import is_interactive, note
from fp.commands._session import app_name, connect
from fp.errors import FpError, UsageError


def run(
    app: options.App = None,
    *,
    app_option: options.AppOption = None,
    yes: options.Yes = False,
    host: options.Host = None,
) -> None:
    """Delete an app, its versions, logs and settings. Asks for the app's name first."""
    with connect(host) as client:
        name = client.app(app_name(app, app_option)).name
        if not yes:
            _ask(name, client)
        client.delete_app(name)
    note(f"Deleted {name}.")


def _ask(name: str, client: Client) -> None:
    if not is_interactive():
        raise UsageError("There is no terminal to ask on", "Say it with --yes.")
    note(f"This deletes {name} on {client.host} with all its versions. It cannot be undone.")
    if typer.prompt("Type the app's name to go on", err=True) != name:
        raise FpError("That is not its name; nothing was deleted")
