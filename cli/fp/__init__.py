"""The `fp` package: wire types, validation, typed client and command line of the fp platform.

It is published on its own (`fp-cli`) and imports nothing else of the platform, so that a script or a CI job can
use it without the servers. The platform imports it for the types both sides share.
"""

__version__ = "0.1.0"
