"""`fp down`: stop the platform that runs on this machine."""

import os
import sys

import typer

from fp.local.commands import down, say
from fp.local.errors import LocalError
from fp.local.settings import read_settings


def run() -> None:
    """Stop the platform of this data folder (FP_DATA); fine when none runs."""
    try:
        raise typer.Exit(down(read_settings(os.environ)))
    except LocalError as error:
        say(error.message)
        say(error.hint)
        sys.exit(1)
