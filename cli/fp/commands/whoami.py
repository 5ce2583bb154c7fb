"""`fp whoami`: the account behind the token, and where."""

import msgspec

from fp.commands import _options as options
from fp.commands._output import clean, json_document, line
from fp.commands._session import connect


def run(host: options.Host = None, as_json: options.Json = False) -> None:
    """Show who you are on the platform."""
    with connect(host) as client:
        user = client.me()
    if as_json:
        json_document({**msgspec.to_builtins(user), "host": client.host})
    else:
        scope = f", with a token for `{user.scope}`" if user.scope else ""
        line(clean(f"{user.username}{' (admin)' if user.admin else ''} at {client.host}{scope}"))
