"""Who looks: an administrator, somebody with much, somebody with nothing, and somebody whose every name is as long as may be."""

from typing import Final

USER: Final = "ada"
"""With a fleet."""

ADMIN: Final = "grace"
"""Who came first, and so administers the platform."""

NEWCOMER: Final = "hedy"
"""Without any app."""

LONGEST: Final = "bartholomew-featherstonehaugh-iv"
"""Of 32 characters, the most there may be; with one app, whose name has 40, paths and lines without an end."""

LONGEST_APP: Final = "the-quarterly-invoice-reconciliation-api"
