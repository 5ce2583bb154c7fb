"""What was done and what happened: deploys that ended, apps paused, settings changed, the node away; kept for thirty days.

An event is told after the fact it is about, beside it: who made the fact never fails because the story of it could not be
written. So a missing event is possible (MongoDB went away in between), a wrong one is not.
"""

from typing import Any

import msgspec
import structlog

from control.domain.clock import utc_now
from control.domain.deploys import Deploy
from control.domain.errors import StoreUnavailable
from control.domain.ids import new_id
from control.domain.pages import Page
from control.store.errors import Duplicate
from control.store.mapping import Collection, Document
from control.store.paging import read_page
from fp.api.metrics import Event, EventKind

log = structlog.get_logger("control.events")
_MAX_MESSAGE = 500


class Events:
    """Collection `events`."""

    def __init__(self, raw: Any) -> None:
        self._events = Collection(raw, Event)

    async def add(
        self, kind: EventKind, app: str | None = None, *, by: str = "", message: str = "", version: int | None = None
    ) -> None:
        """Tells an event of that app (its id; null: of the platform) that happens now. `by`: a username."""
        await self._write(
            Event(new_id(), utc_now(), kind, message=message[:_MAX_MESSAGE], app=app, by=by, version=version)
        )

    async def deploy_ended(self, deploy: Deploy) -> None:
        """Tells how the deploy ended, which it did; twice is once."""
        kind: EventKind = "deploy_succeeded" if deploy.status == "succeeded" else "deploy_failed"
        message = deploy.findings[0].message if deploy.findings else ""
        event = Event(
            f"deploy-{deploy.id}", deploy.finished_at or utc_now(), kind, message[:_MAX_MESSAGE], deploy.app, deploy.by
        )
        await self._write(msgspec.structs.replace(event, version=deploy.version, deploy=deploy.id))

    async def page(self, app_id: str | None, *, limit: int = 50, cursor: str | None = None) -> Page[Event]:
        """The events of an app, null: all there are; newest first. Raises BadCursor."""
        query: Document = {} if app_id is None else {"app": app_id}
        return await read_page(self._events, query, order=("time", "_id"), limit=limit, cursor=cursor)

    async def delete_of_app(self, app_id: str) -> None:
        await self._events.remove({"app": app_id})

    async def _write(self, event: Event) -> None:
        try:
            await self._events.insert(event)
        except Duplicate:
            return
        except StoreUnavailable as error:
            log.warning("an event is not told", kind=event.kind, app=event.app, reason=str(error))
