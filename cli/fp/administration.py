"""The part of the typed client that only administrators may use: `Client(...).admin`."""

from collections.abc import Iterator
from typing import IO

from fp.api.admin import AuditEntry, AuditPage, PlatformSettings, PlatformSettingsPatch, Stats
from fp.transport import Transport

_PAGE = 100


class Administration:
    """Calls below /api/admin. Raises ApiError `forbidden` for everybody else."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def settings(self) -> PlatformSettings:
        return self._transport.call("GET", "admin/settings", PlatformSettings)

    def change_settings(self, patch: PlatformSettingsPatch) -> PlatformSettings:
        return self._transport.call("PATCH", "admin/settings", PlatformSettings, body=patch, repeatable=True)

    def stats(self) -> Stats:
        return self._transport.call("GET", "admin/stats", Stats)

    def audit(self, **wanted: str | None) -> Iterator[AuditEntry]:
        """Entries of the audit log, newest first. `wanted`: user, app, operation, outcome, since, until."""
        cursor: str | None = None
        while True:
            params = {**wanted, "limit": _PAGE, "cursor": cursor}
            page = self._transport.call("GET", "admin/audit", AuditPage, params=params)
            yield from page.items
            cursor = page.next
            if cursor is None:
                return

    def backup(self, file: IO[bytes]) -> int:
        """Writes a backup of the whole platform to `file`; answers its bytes. Look at it with `fp.dump.check`."""
        return self._transport.download("admin/backup", file)
