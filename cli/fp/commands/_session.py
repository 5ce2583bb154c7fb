"""What a command works on: the platform, the project around the current folder, and the app."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from fp import contexts, names
from fp.contexts import Target
from fp.errors import UsageError, not_logged_in
from fp.project import Project, find_project

if TYPE_CHECKING:
    from fp.client import Client


def target(host: str | None) -> Target:
    """The platform that this command talks to."""
    return contexts.target(contexts.load(contexts.config_file()), host, os.environ)


def connect(host: str | None) -> "Client":
    """A client for the platform. Raises NotLoggedIn when no token is known for it."""
    chosen = target(host)
    if chosen.token is None:
        raise not_logged_in(chosen.host)
    from fp.client import Client

    return Client(chosen.host, chosen.token)


def project() -> Project:
    """The project around the current folder."""
    return find_project(Path.cwd())


def app_name(*given: str | None) -> str:
    """The app that is meant: the first one given, FP_APP, `.fp.yaml`, or the folder's name."""
    named = next((name for name in (*given, os.environ.get(names.ENV_APP)) if name), None)
    return named or project_name(project())


def project_name(found: Project) -> str:
    """The project's app. Raises UsageError where the folder's name cannot be an app's."""
    if found.name is None:
        hint = "Write `name: todo` to .fp.yaml, or say which with --app."
        raise UsageError(f"The folder's name `{found.folder.name}` cannot be an app's name", hint)
    return found.name
