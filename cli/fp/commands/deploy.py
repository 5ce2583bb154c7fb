"""`fp deploy`: from this folder to a URL.

Checks here, makes the app if there is none of that name, replaces its draft, starts the deploy and tells its stages.
The exit code is the deploy's final state, also when the event stream breaks. A draft that was edited elsewhere and
never deployed is not written over without `--force`.
"""

import time

from fp.api.apps import App, AppSettingsPatch, SharingPatch
from fp.bundle import Bundle, collect
from fp.client import Client
from fp.commands import _options as options
from fp.commands._output import line
from fp.commands._project import check
from fp.commands._session import app_name, connect, project
from fp.commands._stages import Stages, followed
from fp.commands._upload import Force, app_of, tell_skipped, upload
from fp.errors import ProjectError
from fp.project import Project


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
            target = app_of(client, name)
            _upload(client, target, found, bundle, stages=stages, force=force)
            deploy = followed(client, client.deploy(target.id), stages, as_json=as_json)
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
    tell_skipped(bundle)
    return bundle


def _upload(client: Client, app: App, found: Project, bundle: Bundle, *, stages: Stages, force: bool) -> None:
    """Make the draft what the folder is, and the settings what `.fp.yaml` says."""
    stages.running("upload")
    began = time.perf_counter()
    _, message = upload(client, app, found, bundle, force=force)
    idle = found.config.idle_minutes
    if idle is not None and idle != app.idle_minutes:
        client.change_settings(app.id, AppSettingsPatch(idle_minutes=idle))
    if found.config.env:
        client.change_settings(app.id, AppSettingsPatch(env=dict(found.config.env)))
    if found.config.sharing:
        client.change_settings(app.id, AppSettingsPatch(sharing=SharingPatch(**found.config.sharing)))
    stages.ended(name="upload", ms=(time.perf_counter() - began) * 1000, message=message)
