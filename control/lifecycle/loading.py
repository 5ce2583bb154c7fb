"""A dry load of an app's code: what the check of its files cannot see, found by importing it once, where that can be done.

Only on request: a deploy starts the app anyway and tells the same. Nothing is certain about code that asked for a connection
or another program and did not get it, so its failure is no finding then, and the answer says why there is none.
"""

from collections.abc import Mapping
from typing import Protocol

import msgspec
import structlog

from cluster.base import Busy, ClusterError, Loaded
from control.lifecycle.deploying import to_finding
from fp.api.apps import Validation
from fp.names import ENV_PLATFORM_MONGO_URI

log = structlog.get_logger("control.loading")

NO_DATABASE = "mongodb://localhost:1/app"
"""What code finds for its database: a dry load reaches none, and clients only connect when they are used."""
NOWHERE = "Apps run in pods here, and their packages are not where the platform's own processes are; a deploy tells."
_WANTED = {"network": "open a connection", "programs": "start another program"}


class Loader(Protocol):
    """`cluster.local.dry.DryLoad`."""

    async def __call__(
        self, files: Mapping[str, str], entrypoint: str, env: Mapping[str, str], *, memory_mb: int
    ) -> Loaded: ...


async def load(
    loader: Loader | None, checked: Validation, files: Mapping[str, str], entrypoint: str,
    *, env: Mapping[str, str], memory_mb: int,
) -> Validation:  # fmt: skip
    """`checked` with what a dry load adds to it: `loaded`, and findings or the reason why nothing can be said."""
    if not checked.ok:
        return _unsaid(checked, "The code is loaded once nothing else is wrong with it.")
    if loader is None:
        return _unsaid(checked, NOWHERE)
    try:
        loaded = await loader(files, entrypoint, {ENV_PLATFORM_MONGO_URI: NO_DATABASE, **env}, memory_mb=memory_mb)
    except Busy:
        return _unsaid(checked, "Too much code is being loaded at the moment; try again in some seconds.")
    except (OSError, ClusterError) as error:
        log.warning("a dry load could not be made", reason=str(error))
        return _unsaid(checked, "The platform could not start a process for it; try again.")
    return _judged(checked, loaded)


def _judged(checked: Validation, loaded: Loaded) -> Validation:
    if loaded.failure is None:
        return msgspec.structs.replace(checked, loaded=True)
    if wanted := [_WANTED[what] for what in loaded.refused if what in _WANTED]:
        said = f"{loaded.failure.message[:300]}: while it is imported, the code wants to {' and to '.join(wanted)}"
        return _unsaid(checked, f"{said}, which a dry load lets nobody do; a deploy tells whether it starts.")
    return msgspec.structs.replace(checked, ok=False, loaded=False, findings=[to_finding(loaded.failure)])


def _unsaid(checked: Validation, reason: str) -> Validation:
    return msgspec.structs.replace(checked, loaded=False, reason=reason)
