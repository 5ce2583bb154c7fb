"""`fp rollback`: go back to a version: its code, variables, secrets and limits, as a new version."""

from typing import Annotated

import typer

from fp.client import Client
from fp.commands import _options as options
from fp.commands._output import line
from fp.commands._session import app_name, connect
from fp.commands._stages import Stages, followed
from fp.errors import FpError

Number = Annotated[
    int | None,
    typer.Argument(metavar="VERSION", min=1, help="Default: the one before the live one.", show_default=False),
]


def run(
    version: Number = None,
    *,
    app: options.AppOption = None,
    host: options.Host = None,
    as_json: options.Json = False,
) -> None:
    """Go back to a version; prints the app's URL. With --json: one deploy a line, as it changes."""
    with connect(host) as client, Stages() as stages:
        name = app_name(app)
        number = version or _before_live(client, name)
        deploy = followed(client, client.rollback(name, number), stages, as_json=as_json)
    if not as_json:
        line(deploy.url)


def _before_live(client: Client, app: str) -> int:
    """The newest version that is older than the live one. Raises FpError when there is none."""
    live = 0
    for found in client.versions(app):
        if live and found.number < live:
            return found.number
        live = found.number if found.live else live
    raise FpError(f"{app} has no version before the live one", "`fp versions` lists them.")
