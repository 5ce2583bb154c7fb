"""`fp logout`: end the session on the platform, and forget its token."""

from fp import contexts
from fp.client import Client
from fp.commands import _options as options
from fp.commands._output import note
from fp.commands._session import target
from fp.errors import BadAnswer, NotLoggedIn, Unreachable


def run(host: options.Host = None) -> None:
    """End the session on the platform and forget its token."""
    path = contexts.config_file()
    known = contexts.load(path)
    found = known.find(target(host).host)
    if found is None:
        note(f"You were not logged in to {target(host).host}.")
        return
    name, context = found
    contexts.save(path, known.without(name))
    try:
        with Client(context.host, context.token) as client:
            client.logout()
    except NotLoggedIn:
        pass
    except (Unreachable, BadAnswer) as error:
        note(f"{error.message}: the token is forgotten here, and still valid there.")
    note(f"Logged out of {context.host}.")
