"""`fp push`: this folder becomes the app's draft, for who goes on in the browser.

Nothing is deployed, so the code may be wrong.
"""

from fp.bundle import collect
from fp.commands import _options as options
from fp.commands._output import clean, json_document, note
from fp.commands._session import app_name, connect, project
from fp.commands._upload import Force, app_of, tell_skipped, upload
from fp.errors import ProjectError


def run(
    app: options.App = None,
    *,
    app_option: options.AppOption = None,
    force: Force = False,
    host: options.Host = None,
    as_json: options.Json = False,
) -> None:
    """Save the files of this folder as the app's draft, without deploying it."""
    with connect(host) as client:
        found = project()
        name = app_name(app, app_option)
        bundle = collect(found.folder)
        if bundle.findings:
            message = f"Some files of {found.folder} cannot be part of an app; nothing was uploaded"
            raise ProjectError(message, findings=bundle.findings)
        tell_skipped(bundle)
        target = app_of(client, name)
        draft, message = upload(client, target, found, bundle, force=force)
    if as_json:
        json_document(draft)
    else:
        note(clean(f"Saved the draft of {target.name}: {message}. `fp deploy` deploys it."))
