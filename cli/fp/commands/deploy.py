"""`fp deploy`: from this folder to a URL.

Checks here, makes the app if there is none of that name, replaces its draft, starts the deploy and tells its stages.
The exit code is the deploy's final state, also when the event stream breaks. A draft that was edited elsewhere and
never deployed is not written over without `--force`.
"""

import time
from typing import Annotated

import typer

from fp.api.apps import App, AppSettingsPatch, Draft
from fp.api.deploys import Deploy
from fp.bundle import Bundle, collect
from fp.client import Client
from fp.commands import _options as options
from fp.commands._output import clean, json_line, line, note
from fp.commands._project import check
from fp.commands._session import app_name, connect, project
from fp.commands._stages import Stages
from fp.errors import DraftChanged, FpError, NotFound, ProjectError
from fp.project import Project
from fp.seen import remember, seen_etag, state_file

Force = Annotated[bool, typer.Option("--force", help="Write over changes made to the draft elsewhere.")]


def run(
    app: options.App = None,
    *,
    app_option: options.AppOption = None,
    force: Force = False,
    host: options.Host = None,
    as_json: options.Json = False,
) -> None:
    """Deploy the app in this folder; prints its URL. With --json: one deploy a line, as it changes."""
    with connect(host) as client:
        found = project()
        name = app_name(app, app_option)
        bundle = _checked(found)
        with Stages() as stages:
            target = _app(client, name)
            _upload(client, target, found, bundle, stages=stages, force=force)
            deploy = _follow(client, client.deploy(target.id), stages, as_json=as_json)
    if deploy.status == "failed":
        failed = next((stage.message for stage in deploy.stages if stage.status == "failed"), "")
        raise FpError(f"The deploy failed: {failed}".rstrip(": "), "What ran before is untouched.", deploy.findings)
    if not as_json:
        line(deploy.url)


def _checked(found: Project) -> Bundle:
    """The project's files, valid. Raises ProjectError with the findings."""
    bundle = collect(found.folder)
    result = check(found, bundle)
    if not result.ok:
        count = len(result.findings)
        message = f"{count} {'thing is' if count == 1 else 'things are'} wrong in {found.folder}; nothing was uploaded"
        raise ProjectError(message, findings=result.findings)
    if bundle.skipped:
        shown = ", ".join(bundle.skipped[:5]) + (", ..." if len(bundle.skipped) > 5 else "")
        note(clean(f"Not uploaded, for they are no text files of an app: {shown}"))
    return bundle


def _app(client: Client, name: str) -> App:
    """The app of that name, made if there is none."""
    try:
        return client.app(name)
    except NotFound:
        made = client.create_app(name)
    note(clean(f"Made the app {made.name}."))
    remember(state_file(), client.host, made.id, client.draft(made.id).etag)
    return made


def _upload(client: Client, app: App, found: Project, bundle: Bundle, *, stages: Stages, force: bool) -> None:
    """Make the draft what the folder is, and the settings what `.fp.yaml` says."""
    stages.running("upload")
    began = time.perf_counter()
    draft = client.draft(app.id)
    message = "nothing changed"
    if draft.files != bundle.files or draft.entrypoint != found.config.entrypoint:
        if not force and _edited_elsewhere(client, app, draft):
            raise _refusal(app)
        message = _changes(draft, bundle)
        draft = _save(client, app, found, bundle, draft)
    remember(state_file(), client.host, app.id, draft.etag)
    idle = found.config.idle_minutes
    if idle is not None and idle != app.idle_minutes:
        client.change_settings(app.id, AppSettingsPatch(idle_minutes=idle))
    stages.ended(name="upload", ms=(time.perf_counter() - began) * 1000, message=message)


def _save(client: Client, app: App, found: Project, bundle: Bundle, draft: Draft) -> Draft:
    try:
        return client.save_draft(app.id, bundle.files, found.config.entrypoint, draft.etag)
    except DraftChanged:
        raise _refusal(app) from None


def _edited_elsewhere(client: Client, app: App, draft: Draft) -> bool:
    """Whether the draft holds changes that are in no version and that this machine did not upload."""
    return bool(draft.changed) and draft.etag != seen_etag(state_file(), client.host, app.id)


def _refusal(app: App) -> FpError:
    message = f"The draft of {app.name} was changed elsewhere and not deployed; nothing was uploaded"
    return FpError(message, "Look at it in the browser. `fp deploy --force` writes over it.")


def _changes(draft: Draft, bundle: Bundle) -> str:
    changed = sum(draft.files.get(path) != text for path, text in bundle.files.items())
    removed = len(draft.files.keys() - bundle.files.keys())
    return f"{changed} of {len(bundle.files)} files changed" + (f", {removed} removed" if removed else "")


def _follow(client: Client, started: Deploy, stages: Stages, *, as_json: bool) -> Deploy:
    """The deploy's end; shows what happens until then."""
    last = started
    try:
        for last in client.follow_deploy(started.id):
            if as_json:
                json_line(last)
            else:
                stages.show(last)
    except KeyboardInterrupt:
        note("The deploy goes on; `fp status` shows how it ends.")
        raise
    return last
