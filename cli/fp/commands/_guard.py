"""What a command's end means to the shell: errors become words on stderr and an exit code, never a traceback."""

import functools
from collections.abc import Callable

import typer

from fp.commands._output import report
from fp.errors import FpError

INTERRUPTED = 130


def guarded(run: Callable[..., None]) -> Callable[..., None]:
    """The same command, with its errors reported: 1 failed, 2 usage, 3 not logged in, 4 not found, 130 interrupted."""

    @functools.wraps(run)
    def command(**arguments: object) -> None:
        try:
            run(**arguments)
        except FpError as error:
            report(error, as_json=bool(arguments.get("as_json")))
            raise typer.Exit(error.exit_code) from None
        except (KeyboardInterrupt, typer.Abort):
            raise typer.Exit(INTERRUPTED) from None

    return command
