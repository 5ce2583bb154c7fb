"""`fp tokens`: named tokens for scripts and CI. `create` prints the secret alone on stdout, so that it can be piped."""

from enum import StrEnum
from typing import Annotated

import typer

from fp.api.accounts import Token, TokenScope
from fp.client import Client
from fp.commands import _options as options
from fp.commands._output import json_document, line, moment, note, table
from fp.commands._session import connect
from fp.errors import FpError, UsageError

_HEADERS = ("ID", "NAME", "SCOPE", "EXPIRES", "LAST USED", "FROM")


class Action(StrEnum):
    """What to do."""

    LIST = "list"
    CREATE = "create"
    REVOKE = "revoke"


What = Annotated[Action, typer.Argument(help="list, create NAME, or revoke NAME (or its id).", metavar="ACTION")]
Name = Annotated[str | None, typer.Argument(help="The token's name.", metavar="NAME", show_default=False)]
Scope = Annotated[
    TokenScope, typer.Option("--scope", "-s", help="read: only look; deploy: also apps; admin: all that you may.")
]
Days = Annotated[
    int | None, typer.Option("--expires", "-e", min=1, help="Days until it ends. Default: never.", show_default=False)
]


def run(
    action: What = Action.LIST,
    name: Name = None,
    *,
    scope: Scope = "deploy",
    expires: Days = None,
    host: options.Host = None,
    as_json: options.Json = False,
) -> None:
    """List, create or revoke tokens for scripts and CI."""
    if (name is None) != (action is Action.LIST):
        hint = "Write `fp tokens list`, `fp tokens create NAME` or `fp tokens revoke NAME`."
        raise UsageError("A token's name is missing" if name is None else "`list` takes no name", hint)
    with connect(host) as client:
        match action:
            case Action.LIST:
                _list(client, as_json)
            case Action.CREATE:
                _create(client, name or "", scope, expires, as_json)
            case Action.REVOKE:
                _revoke(client, name or "")


def _list(client: Client, as_json: bool) -> None:
    tokens = list(client.tokens())
    if as_json:
        json_document(tokens)
    elif tokens:
        table(_HEADERS, [_cells(token) for token in tokens])
    else:
        note("You have no tokens yet: `fp tokens create NAME`.")


def _cells(token: Token) -> tuple[str, ...]:
    ends = moment(token.expires_at) if token.expires_at else "never"
    return (token.id, token.name, token.scope, ends, moment(token.last_used_at), token.last_used_from or "-")


def _create(client: Client, name: str, scope: TokenScope, expires: int | None, as_json: bool) -> None:
    made = client.create_token(name, scope, expires)
    if as_json:
        json_document(made)
        return
    line(made.secret)
    note(f"This is the only time that it is shown. Use it as FP_TOKEN; it may `{made.token.scope}`.")


def _revoke(client: Client, name: str) -> None:
    """By id, or by a name that only one has."""
    tokens = list(client.tokens())
    found = [token for token in tokens if token.id == name] or [token for token in tokens if token.name == name]
    if not found:
        raise FpError(f"There is no token `{name}`", "`fp tokens list` shows them.")
    if len(found) > 1:
        raise FpError(f"{len(found)} tokens are called `{name}`", "Say its id; `fp tokens list` shows it.")
    client.revoke_token(found[0].id)
    note(f"Revoked {found[0].name}.")
