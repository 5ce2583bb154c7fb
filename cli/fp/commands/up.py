"""`fp up`: run the whole platform on this machine."""

import os
import sys


def run() -> None:
    """Run the whole platform on this machine until Ctrl-C. Settings: FP_PORT, FP_DATA, FP_BIND, FP_DOMAIN, FP_MONGO_URI."""
    # Replaced, not called: the supervisor lives long and shall not carry the command line's libraries.
    os.execv(sys.executable, [sys.executable, "-m", "fp.local", "up"])
