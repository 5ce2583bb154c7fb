"""Arguments and options that several commands take, so that they read the same everywhere."""

from typing import Annotated

import typer

App = Annotated[
    str | None,
    typer.Argument(
        metavar="APP",
        help="Name or id of the app. Default: FP_APP, `.fp.yaml`, the folder's name.",
        show_default=False,
    ),
]
AppOption = Annotated[
    str | None, typer.Option("--app", "-a", metavar="APP", help="The same as the argument APP.", show_default=False)
]
Host = Annotated[
    str | None,
    typer.Option(
        "--host",
        metavar="URL",
        help="Address or context of the platform. Default: FP_HOST, the last login.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Count = Annotated[int, typer.Option("--lines", "-n", min=1, max=10_000, help="How many, the newest.")]
Follow = Annotated[bool, typer.Option("--follow", "-f", help="Stay and print new ones as they come, until Ctrl-C.")]
