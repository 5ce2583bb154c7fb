"""What an app must keep to, as the administrator set it and the packages allow: the same for a draft and for a deploy.

One validator serves a process, so that what it has read of a file once helps whoever validates that file next.
"""

import asyncio
from collections.abc import Mapping

import msgspec
import structlog

from cluster.packages import Packages
from control.store import Store
from fp.validation import DEFAULT_RULES, Memory, Rules, ValidationResult, validate

log = structlog.get_logger("control.rules")


class Validator:
    """Checks files by the rules of this platform as they are now."""

    def __init__(self, store: Store, packages: Packages) -> None:
        self._store = store
        self._packages = packages
        self._memory = Memory()

    async def __call__(self, files: Mapping[str, str], entrypoint: str) -> ValidationResult:
        """Raises StoreUnavailable."""
        rules = await self._rules()
        return await asyncio.to_thread(validate, files, entrypoint, rules=rules, memory=self._memory)

    async def _rules(self) -> Rules:
        settings = await self._store.settings.get()
        return msgspec.structs.replace(
            DEFAULT_RULES,
            packages=await asyncio.to_thread(self._installed),
            allowed_imports=None if settings.allowed_imports is None else frozenset(settings.allowed_imports),
            blocked_patterns_off=frozenset(settings.blocked_patterns_off),
        )

    def _installed(self) -> frozenset[str] | None:
        try:
            return self._packages.modules()
        except (OSError, msgspec.DecodeError) as error:
            # An environment that is being changed: what is not there shows when the app starts.
            log.warning("the packages of apps cannot be read", reason=str(error))
            return None
