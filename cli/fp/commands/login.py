"""`fp login`: get a token and keep it, for one of any number of platforms.

A person approves in a browser, where they are logged in already. With `--password` or `--username`, and where the platform
has no account yet, name and password are sent once and the answer's token is kept; a token that is there already is
checked and kept. Nothing is asked where nobody can answer.
"""

import sys
from typing import Annotated

import typer

from fp import contexts
from fp.api.auth import Session, User
from fp.client import Client
from fp.commands._device import log_in
from fp.commands._output import is_interactive, note
from fp.commands._session import target
from fp.errors import NotFound, UsageError

Url = Annotated[
    str | None, typer.Argument(help="Address of the platform. Default: FP_HOST, the last login.", show_default=False)
]
Token = Annotated[
    str | None, typer.Option(help="A token you already have; `-` reads it from stdin.", show_default=False)
]
Username = Annotated[
    str | None, typer.Option("--username", "-u", help="Your account's name; asks the password.", show_default=False)
]
Password = Annotated[bool, typer.Option("--password", help="Ask name and password here, not in a browser.")]
PasswordStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from stdin.")]
Signup = Annotated[bool, typer.Option("--signup", help="Make the account. The first one is the administrator.")]
Name = Annotated[str | None, typer.Option("--name", help="Name to keep this platform under.", show_default=False)]


def run(
    url: Url = None,
    *,
    token: Token = None,
    username: Username = None,
    password: Password = False,
    password_stdin: PasswordStdin = False,
    signup: Signup = False,
    name: Name = None,
) -> None:
    """Log in to a platform: in a browser, with name and password, or with a token."""
    host = target(url).host
    if token is not None:
        token = _line_of_stdin() if token == "-" else token.strip()
        user = _owner(host, token)
    else:
        typed = password or password_stdin or username is not None
        session = _session(host, username, typed=typed, password_stdin=password_stdin, signup=signup)
        token, user = session.token, session.user
    path = contexts.config_file()
    known = contexts.load(path)
    found = known.find(host)
    kept = name or (found[0] if found else contexts.name_for(host))
    contexts.save(path, known.with_context(kept, contexts.Context(host, token, user.username)))
    note(f"Logged in to {host} as {user.username}.")


def _owner(host: str, token: str) -> User:
    if not token or not token.isascii() or not token.isprintable():
        raise UsageError("The token is empty or has characters that no token has", "Copy it again.")
    with Client(host, token) as client:
        return client.me()


def _session(host: str, username: str | None, *, typed: bool, password_stdin: bool, signup: bool) -> Session:
    if not is_interactive() and (username is None or not password_stdin):
        raise UsageError("There is no terminal to ask on", "Give --token, or --username and --password-stdin.")
    with Client(host) as client:
        if not signup and not client.info().has_users:
            note(f"{host} has no account yet: this makes the first one, the administrator's.")
            signup = True
        if not (typed or signup) and (session := _approved(client)):
            return session
        username = username or str(typer.prompt("Username", err=True))
        password = _line_of_stdin() if password_stdin else _ask_password(confirm=signup)
        return client.signup(username, password) if signup else client.login(username, password)


def _approved(client: Client) -> Session | None:
    """The session that somebody approved in a browser; None where the platform is older than that."""
    try:
        return log_in(client)
    except NotFound:
        return None


def _ask_password(*, confirm: bool) -> str:
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=confirm, err=True))


def _line_of_stdin() -> str:
    return sys.stdin.readline().rstrip("\r\n")
