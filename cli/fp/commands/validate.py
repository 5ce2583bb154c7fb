"""`fp validate`: the check a deploy starts with, on this machine and without a platform.

With `--load` a platform goes on from there: it knows the packages that apps have there and its administrator's rules, and
imports the code once in a process of its own. Here nothing is ever imported: what counts is whether it works where it runs.
"""

from pathlib import Path
from typing import Annotated

import typer

from fp.api.apps import Validation
from fp.bundle import collect
from fp.commands import _options as options
from fp.commands._output import clean, json_document, line, note, show_findings
from fp.commands._project import check
from fp.commands._session import connect
from fp.errors import NotFound
from fp.project import Project, find_project

Folder = Annotated[Path, typer.Argument(help="The app's folder.", exists=True, file_okay=False, show_default=False)]
Load = Annotated[bool, typer.Option("--load", help="Also have the platform import the code once. Needs a login.")]


def run(
    folder: Folder = Path(), *, load: Load = False, host: options.Host = None, as_json: options.Json = False
) -> None:
    """Check the app in this folder the way a deploy does."""
    project = find_project(folder)
    bundle = collect(project.folder)
    found = check(project, bundle)
    result = Validation(found.ok, found.framework, found.findings)
    if load and result.ok:
        result = _loaded(project, bundle.files, host)
    if as_json:
        json_document(result)
    elif result.ok:
        note(f"{len(bundle.files)} files, a {result.framework} app in {project.config.entrypoint}: {_verdict(result)}")
    else:
        show_findings(result.findings, line)
    if not result.ok:
        raise typer.Exit(1)


def _loaded(project: Project, files: dict[str, str], host: str | None) -> Validation:
    """What the platform says, with the variables of the app of that name if there is one."""
    entrypoint = project.config.entrypoint
    with connect(host) as client:
        if project.name is not None:
            try:
                return client.validate_app(project.name, files, entrypoint, load=True)
            except NotFound:
                pass
        return client.validate(files, entrypoint, load=True)


def _verdict(result: Validation) -> str:
    if result.loaded is None:
        return "nothing is wrong."
    return "nothing is wrong, and it loads." if result.loaded else clean(f"nothing is wrong so far. {result.reason}")
