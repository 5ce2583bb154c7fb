"""`python -m fp` is the command `fp`."""

import sys

from fp.cli import main

if __name__ == "__main__":
    sys.exit(main())
