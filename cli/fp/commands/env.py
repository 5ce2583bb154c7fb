"""`fp env`: an app's variables and secrets. What is set counts from the next deploy on; secrets are never shown again."""

import sys
from typing import Annotated, Literal

import typer

from fp.api.apps import AppSettings, AppSettingsPatch
from fp.commands import _options as options
from fp.commands._output import clean, json_document, note, table
from fp.commands._session import app_name, connect
from fp.errors import UsageError

Action = Annotated[Literal["list", "set", "unset"], typer.Argument(help="What to do.")]
Items = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME=VALUE | NAME]...", help="`NAME=VALUE` to set, `NAME` to unset.", show_default=False),
]
Secret = Annotated[
    bool, typer.Option("--secret", "-s", help="Set secrets; `NAME` alone reads its value from the input.")
]


def run(
    action: Action = "list",
    items: Items = None,
    *,
    secret: Secret = False,
    app: options.AppOption = None,
    host: options.Host = None,
    as_json: options.Json = False,
) -> None:
    """List, set and unset an app's variables and secrets."""
    patch = _patch(action, items or [], secret=secret)
    with connect(host) as client:
        name = app_name(app)
        settings = client.settings(name) if patch is None else client.change_settings(name, patch)
    if as_json:
        json_document(settings)
    else:
        _show(settings)


def _patch(action: str, items: list[str], *, secret: bool) -> AppSettingsPatch | None:
    if action == "list":
        return None
    if not items:
        raise UsageError(f"`fp env {action}` needs names", f"Such as `fp env {action} {_EXAMPLES[action]}`.")
    if action == "unset":
        away: dict[str, str | None] = dict.fromkeys(items)
        return AppSettingsPatch(env=away, secrets=away)
    values: dict[str, str | None] = dict(_pair(item, secret=secret) for item in items)
    return AppSettingsPatch(secrets=values) if secret else AppSettingsPatch(env=values)


_EXAMPLES = {"set": "DEBUG=1", "unset": "DEBUG"}


def _pair(item: str, *, secret: bool) -> tuple[str, str]:
    name, equals, value = item.partition("=")
    if equals:
        return name, value
    if not secret:
        raise UsageError(f"`{name}` has no value", f"Write `fp env set {name}=VALUE`.")
    if sys.stdin.isatty():
        return name, str(typer.prompt(name, hide_input=True, err=True))
    return name, sys.stdin.read().rstrip("\n")


def _show(settings: AppSettings) -> None:
    rows = sorted(settings.env.items())
    rows += [(name, "(secret)") for name in settings.secrets]
    table(("NAME", "VALUE"), [(name, clean(value)) for name, value in rows])
    waiting = [each for each in settings.undeployed if each.startswith(("env.", "secrets."))]
    if waiting:
        note("Not deployed yet: " + clean(", ".join(waiting)) + ". `fp deploy` makes a version with them.")
