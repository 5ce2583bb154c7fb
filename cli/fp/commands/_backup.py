"""`fp admin backup` asks a running platform; `fp admin restore` works on its database while it is stopped."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from fp.commands import _options as options
from fp.commands._output import is_interactive, line, note
from fp.commands._session import connect
from fp.dump import Manifest, check
from fp.errors import FpError, UsageError

Target = Annotated[
    Path | None,
    typer.Argument(metavar="FILE", help="Where to write it. Default: fp-backup-<time>.zip here.", show_default=False),
]
Source = Annotated[Path, typer.Argument(metavar="FILE", help="A file that `fp admin backup` wrote.")]
Replace = Annotated[bool, typer.Option("--replace", help="Remove the accounts, apps and data that are there now.")]
OtherKey = Annotated[
    bool, typer.Option("--other-key", help="Also without the FP_SECRET_KEY that its secrets need; they are lost then.")
]


def backup(file: Target = None, *, host: options.Host = None) -> None:
    """Write a backup of the whole platform to a file: accounts, apps, versions, settings, users' data."""
    path = file or Path(f"fp-backup-{datetime.now(UTC):%Y%m%d-%H%M%S}.zip")
    if path.exists():
        raise UsageError(f"{path} exists already", "Name another file.")
    half = path.with_name(path.name + ".part")
    with connect(host) as client:
        try:
            # Only its owner may read it: there are password hashes and everybody's data in it.
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
                client.admin.backup(opened)
                opened.flush()
                os.fsync(opened.fileno())
            manifest = check(half)
            half.replace(path)
        except OSError as error:
            raise FpError(f"{path} cannot be written: {error.strerror}") from error
        finally:
            half.unlink(missing_ok=True)
    _tell(manifest)
    line(str(path))


def _tell(manifest: Manifest) -> None:
    note(f"{manifest.documents} documents of {len(manifest.databases)} databases; all checksums are right.")
    for database in manifest.databases:
        for name in database.skipped:
            note(f"Left out: the collection {name!r} of {database.name}, because no driver can name it.")
    note(
        f"Its secrets need FP_SECRET_KEY {manifest.key} (on one machine: secrets/secret.key in the data folder). Keep that too."
    )


def restore(file: Source, *, replace: Replace = False, other_key: OtherKey = False, yes: options.Yes = False) -> None:
    """Put a backup into this machine's platform, or into FP_MONGO_URI. The platform must not run."""
    from fp.local.errors import LocalError
    from fp.local.restoring import restore_into
    from fp.local.settings import read_settings

    check(file)
    try:
        settings = read_settings(os.environ)
        if replace and not yes:
            _ask("FP_MONGO_URI" if settings.mongo_uri else str(settings.data))
        flags = [flag for flag, given in (("--replace", replace), ("--other-key", other_key)) if given]
        code = restore_into(settings, file.resolve(), flags)
    except LocalError as error:
        raise FpError(error.message, error.hint) from error
    if code:
        raise FpError("Nothing was restored, or not all of it", "What is above says why.")
    note("Restored. `fp up` starts it." if not settings.mongo_uri else "Restored. Start the platform.")


def _ask(where: str) -> None:
    if not is_interactive():
        raise UsageError("There is no terminal to ask on", "Say it with --yes.")
    note(f"This removes every account, app and database in {where} first. It cannot be undone.")
    if typer.prompt("Type `replace` to go on", err=True) != "replace":
        raise FpError("That is not it; nothing was changed")
