"""What the platform itself does, in the audit log: deploys that ended, apps of which nothing is left.

An entry's id is made of what it tells, so a step that is done twice after a crash is told once. An entry that cannot be
stored goes into the process's log; nothing else may fail for it.
"""

from datetime import datetime

import msgspec
import structlog

from control.domain.apps import App
from control.domain.deploys import Deploy
from control.domain.errors import DomainError
from control.store import Store
from fp.api.admin import AuditEntry

log = structlog.get_logger("control.audit")
WORKER = "worker"


async def note_deploy(store: Store, deploy: Deploy, now: datetime) -> None:
    """That the deploy is over."""
    status = 200 if deploy.status == "succeeded" else 422
    codes = [finding.code for finding in deploy.findings]
    await _note(store, _entry("deploy_ended", deploy.app, deploy.id, now, status=status, what=codes))


async def note_purge(store: Store, app: App, now: datetime) -> None:
    """That nothing is left of a deleted app."""
    entry = _entry("app_purged", app.id, app.id, now)
    await _note(store, msgspec.structs.replace(entry, target_kind="app", app_name=app.name, target_name=app.name))


def _entry(
    operation: str, app: str, target: str, now: datetime, *, status: int = 200, what: list[str] | None = None
) -> AuditEntry:
    return AuditEntry(
        id=f"{operation}-{target}", time=now, user=None, username="", credential=WORKER, address="", method="", route="",
        operation=operation, status=status, request_id="", app=app, target_kind="deploy", target=target, what=what or [],
    )  # fmt: skip


async def _note(store: Store, entry: AuditEntry) -> None:
    try:
        await store.audit.add([entry])
    except DomainError as error:
        log.error("audit entry not stored", reason=str(error), entry=msgspec.to_builtins(entry))
