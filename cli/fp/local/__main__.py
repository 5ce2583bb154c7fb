"""`python -m fp.local up|down`: the supervisor without the command line's libraries, so that it stays small."""

import os
import sys

from fp.local.commands import down, say, up
from fp.local.errors import LocalError
from fp.local.settings import read_settings

USAGE = (
    "Usage: python -m fp.local up|down   (settings: FP_PORT, FP_DATA, FP_BIND, FP_DOMAIN, FP_APPS_DOMAIN, FP_MONGO_URI)"
)


def main(arguments: list[str]) -> int:
    """0 ok, 1 failed, 2 usage."""
    command = {"up": up, "down": down}.get(arguments[0] if len(arguments) == 1 else "")
    if command is None:
        say(USAGE)
        return 2
    try:
        return command(read_settings(os.environ))
    except LocalError as error:
        say(error.message)
        if error.hint:
            say(error.hint)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
