"""Making an app's draft what a folder is: the same for `deploy` and `push`.

A draft that was edited elsewhere and never deployed is not written over without `--force`.
"""

from typing import Annotated

import typer

from fp.api.apps import App, Draft
from fp.bundle import Bundle
from fp.client import Client
from fp.commands._output import clean, note
from fp.errors import DraftChanged, FpError, NotFound
from fp.project import Project
from fp.seen import remember, seen_etag, state_file

Force = Annotated[bool, typer.Option("--force", help="Write over changes made to the draft elsewhere.")]


def app_of(client: Client, name: str) -> App:
    """The app of that name, made if there is none."""
    try:
        return client.app(name)
    except NotFound:
        made = client.create_app(name)
    note(clean(f"Made the app {made.name}."))
    remember(state_file(), client.host, made.id, client.draft(made.id).etag)
    return made


def upload(client: Client, app: App, found: Project, bundle: Bundle, *, force: bool) -> tuple[Draft, str]:
    """Make the draft what the folder is; answers it, and what changed in words. Raises FpError where it would be a loss."""
    draft, message = client.draft(app.id), "nothing changed"
    if draft.files != bundle.files or draft.entrypoint != found.config.entrypoint:
        if not force and _edited_elsewhere(client, app, draft):
            raise _refusal(app)
        message = _changes(draft, bundle)
        draft = _save(client, app, found, bundle, draft)
    remember(state_file(), client.host, app.id, draft.etag, bundle.files)
    return draft, message


def tell_skipped(bundle: Bundle) -> None:
    """Name files that stay here because no app can have them."""
    if bundle.skipped:
        shown = ", ".join(bundle.skipped[:5]) + (", ..." if len(bundle.skipped) > 5 else "")
        note(clean(f"Not uploaded, for they are no text files of an app: {shown}"))


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
    return FpError(message, "Look at it in the browser. `--force` writes over it; `fp pull` brings it here.")


def _changes(draft: Draft, bundle: Bundle) -> str:
    changed = sum(draft.files.get(path) != text for path, text in bundle.files.items())
    removed = len(draft.files.keys() - bundle.files.keys())
    return f"{changed} of {len(bundle.files)} files changed" + (f", {removed} removed" if removed else "")
