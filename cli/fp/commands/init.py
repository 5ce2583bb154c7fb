"""`fp init`: an app to start from in this folder, and its `.fp.yaml`.

Without a template it needs no platform. A folder that already has an app keeps it and gets `.fp.yaml` alone. Nothing
that exists is written over.
"""

from pathlib import Path
from typing import Annotated

import typer

from fp import hello
from fp.commands import _options as options
from fp.commands._output import clean, json_document, note, table
from fp.commands._session import connect
from fp.errors import FpError, NotLoggedIn, Unreachable, UsageError
from fp.project import CONFIG_FILE, Config, name_from, name_problem, write_config
from fp.validation import DEFAULT_RULES
from fp.validation.paths import path_problem

TemplateId = Annotated[
    str | None, typer.Argument(metavar="TEMPLATE", help="Id of a template; `--list` shows them.", show_default=False)
]
List = Annotated[bool, typer.Option("--list", help="List the platform's templates and end.")]
Name = Annotated[str | None, typer.Option("--name", help="The app's name. Default: the folder's.", show_default=False)]


def run(
    template: TemplateId = None,
    list_: List = False,
    name: Name = None,
    host: options.Host = None,
    as_json: options.Json = False,
) -> None:
    """Start an app in this folder: the template's files and .fp.yaml."""
    if list_:
        _list(host, as_json=as_json)
        return
    folder = Path.cwd()
    if name is not None and name_problem(name):
        raise UsageError(f"The name `{name}` {name_problem(name)}")
    has_app = template is None and (folder / "app.py").exists()
    files, entrypoint = ({}, "app.py") if has_app else _template(template, host)
    written = _write(folder, files, Config(name=name or name_from(folder.name), entrypoint=entrypoint))
    if as_json:
        json_document({"folder": str(folder), "files": written})
    note(clean(f"Wrote {', '.join(written)}. Next: `fp deploy`."))


def _list(host: str | None, *, as_json: bool) -> None:
    with connect(host) as client:
        templates = list(client.templates())
    if as_json:
        json_document(templates)
    else:
        table(("ID", "FRAMEWORK", "DESCRIPTION"), [(one.id, one.framework, one.description) for one in templates])


def _template(template: str | None, host: str | None) -> tuple[dict[str, str], str]:
    """A template's files and entrypoint; `hello` can be had without a platform."""
    if template is None:
        return hello.FILES, "app.py"
    try:
        with connect(host) as client:
            found = client.template(template)
    except (NotLoggedIn, Unreachable):
        if template != "hello":
            raise
        return hello.FILES, "app.py"
    return found.files, found.entrypoint


def _write(folder: Path, files: dict[str, str], config: Config) -> list[str]:
    """Write everything or nothing; answers the names written."""
    bad = next((path for path in files if path_problem(path, DEFAULT_RULES)), None)
    if bad is not None:
        raise FpError(f"The template has a file `{bad}`, which cannot be written")
    existing = [path for path in (*files, CONFIG_FILE) if (folder / path).exists()]
    if existing:
        raise FpError(f"{', '.join(existing)} exists already; nothing was written", "Go to an empty folder.")
    try:
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8", newline="")
        write_config(folder, config)
    except OSError as error:
        raise FpError(f"{error.filename or folder} cannot be written: {error.strerror}") from error
    return [*files, CONFIG_FILE]
