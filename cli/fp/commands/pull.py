"""`fp pull`: an app's draft, or one of its versions, as the files of this folder.

What was changed here and is nowhere else is not written over without `--force`. A folder that still is what this machine sent or
fetched last has nothing to lose. Files that are only here stay.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from fp.bundle import collect
from fp.commands import _options as options
from fp.commands._output import clean, json_document, note
from fp.commands._session import app_name, connect, project
from fp.errors import FpError
from fp.project import Config, Project, name_from, write_config
from fp.seen import digest, remember, seen_files, state_file
from fp.validation import DEFAULT_RULES
from fp.validation.paths import path_problem

Number = Annotated[
    int | None, typer.Option("--version", "-v", min=1, help="A version instead of the draft.", show_default=False)
]
Force = Annotated[bool, typer.Option("--force", help="Write over files that were changed here.")]


def run(
    app: options.App = None,
    *,
    app_option: options.AppOption = None,
    version: Number = None,
    force: Force = False,
    host: options.Host = None,
    as_json: options.Json = False,
) -> None:
    """Bring an app's draft, or a version, into this folder."""
    with connect(host) as client:
        found, target = project(), client.app(app_name(app, app_option))
        draft = client.draft(target.id)
        files = draft.files if version is None else client.version(target.id, version).files
        here = collect(found.folder)
        seen = seen_files(state_file(), client.host, target.id)
        known = here.files if not here.findings and digest(here.files) == seen else {}
        changed = _changed(found.folder, files, known, force=force)
        _write(found.folder, {path: files[path] for path in changed})
        if version is None:
            _configure(found, target.name, draft.entrypoint)
            remember(state_file(), client.host, target.id, draft.etag, collect(found.folder).files)
    only_here = sorted(here.files.keys() - files.keys())
    if as_json:
        json_document({"folder": str(found.folder), "files": changed, "only_here": only_here})
    what = "the draft" if version is None else f"version {version}"
    note(clean(f"{found.folder} has {what} of {target.name}: {len(changed)} of {len(files)} files written."))
    if only_here:
        note(clean(f"Only here, and in the draft after the next push: {', '.join(only_here[:5])}."))


def _changed(folder: Path, files: Mapping[str, str], known: Mapping[str, str], *, force: bool) -> list[str]:
    """The files to write. Raises FpError where one would be lost: it differs here and is not among the `known`."""
    bad = next((path for path in files if path_problem(path, DEFAULT_RULES) or not _is_inside(folder, path)), None)
    if bad is not None:
        raise FpError(f"There is a file `{bad}`, which cannot be written below {folder}; nothing was written")
    differing = [path for path, text in files.items() if _content(folder / path) != text.encode()]
    lost = [path for path in differing if path not in known and (folder / path).exists()]
    if lost and not force:
        names = ", ".join(lost[:5]) + (", ..." if len(lost) > 5 else "")
        hint = "Commit or copy what you need of it, then `fp pull --force`; or `fp push` to keep what is here."
        raise FpError(f"{names} would be written over, with changes that are only here; nothing was written", hint)
    return sorted(differing)


def _is_inside(folder: Path, path: str) -> bool:
    """Whether writing there ends up in the folder, whatever links lie on the way."""
    return (folder / path).resolve().is_relative_to(folder.resolve())


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _write(folder: Path, files: Mapping[str, str]) -> None:
    try:
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise FpError(f"{error.filename or folder} cannot be written: {error.strerror}") from error


def _configure(found: Project, name: str, entrypoint: str) -> None:
    """Have the folder know whose it is."""
    if found.configured:
        if found.config.entrypoint != entrypoint:
            note(clean(f"The draft's entrypoint is {entrypoint}; write `entrypoint: {entrypoint}` to .fp.yaml."))
        return
    if name != name_from(found.folder.name) or entrypoint != "app.py":
        write_config(found.folder, Config(name=name, entrypoint=entrypoint))
