"""`fp validate`: the check a deploy starts with, on this machine and without a platform."""

from pathlib import Path
from typing import Annotated

import typer

from fp.api.apps import Validation
from fp.bundle import collect
from fp.commands import _options as options
from fp.commands._output import json_document, line, note, show_findings
from fp.commands._project import check
from fp.project import find_project

Folder = Annotated[Path, typer.Argument(help="The app's folder.", exists=True, file_okay=False, show_default=False)]


def run(folder: Folder = Path(), as_json: options.Json = False) -> None:
    """Check the app in this folder the way a deploy does."""
    project = find_project(folder)
    bundle = collect(project.folder)
    result = check(project, bundle)
    if as_json:
        json_document(Validation(result.ok, result.framework, result.findings))
    elif result.ok:
        note(f"{len(bundle.files)} files, a {result.framework} app in {project.config.entrypoint}: nothing is wrong.")
    else:
        show_findings(result.findings, line)
    if not result.ok:
        raise typer.Exit(1)
