"""Deploys: ask for one, list them, follow one as it happens.

The worker does the deploying; here it is only queued and told. Events are numbered from 1 without gaps, so a reader that
comes back with `Last-Event-ID` is told each step it missed; after the last one there is nothing to come back for, which
204 says to a browser's EventSource.
"""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
from litestar import Response, Router, get, post
from litestar.params import HeaderParameter

from control.api import sse
from control.api.lookup import WithApp, WithDeploy, WithServices
from control.api.paging import Cursor, PageSize
from control.api.present import present_deploy
from control.api.requests import ApiRequest
from control.api.services import Services
from control.api.streams import streamed
from control.domain import deploys
from control.domain.apps import App
from control.domain.errors import DomainError
from fp.api.deploys import Deploy, DeployEvent, DeployPage

IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key", required=False, min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$",
        description="The same key again answers the deploy it made, and makes no second one.",
    ),
]  # fmt: skip
_LastEvent = Annotated[
    str | None,
    HeaderParameter(name="Last-Event-ID", required=False, max_length=20, description="`id` of the last event you saw."),
]


@post("/apps/{key:str}/deploy", status_code=202, opt={"scope": "deploy"})
async def deploy(
    app: WithApp, request: ApiRequest, services: WithServices, idempotency_key: IdempotencyKey = None
) -> Deploy:
    """Deploy the draft with the settings as they are now.

    Follow the answer's `id`; a newer deploy of the app ends an older one.
    """
    draft = await services.store.drafts.get(app.id)
    source = deploys.Source(draft.files, draft.entrypoint, app.config)
    by, now = request.user.user.username, services.clock()
    queued = await services.store.request_deploy(app, by, source, now, request_key=idempotency_key)
    return present_deploy(services, app, queued)


@get("/apps/{key:str}/deploys")
async def list_deploys(app: WithApp, services: WithServices, cursor: Cursor = None, limit: PageSize = 50) -> DeployPage:
    """The app's deploys, newest first."""
    page = await services.store.deploys.page(app.id, limit=limit, cursor=cursor)
    return DeployPage(items=[present_deploy(services, app, item) for item in page.items], next=page.next)


@get("/deploys/{deploy_id:str}")
async def get_deploy(found: WithDeploy, services: WithServices) -> Deploy:
    """One deploy, with its stages and what went wrong."""
    return present_deploy(services, found[1], found[0])


@post("/deploys/{deploy_id:str}/cancel", status_code=202, opt={"scope": "deploy"})
async def cancel_deploy(found: WithDeploy, request: ApiRequest, services: WithServices) -> Deploy:
    """Take a deploy back before it is live.

    It then ends as `failed` with the finding `cancelled`, and what served before serves on. Where its version went live at the
    same moment it succeeds all the same: follow it to its end. Cancelling again changes nothing.
    """
    current, app = found
    by = request.user.user.username
    return present_deploy(services, app, await services.store.deploys.cancel(current.id, by, services.clock()))


@get("/deploys/{deploy_id:str}/events", media_type=sse.MEDIA_TYPE)
async def deploy_events(found: WithDeploy, services: WithServices, last_event_id: _LastEvent = None) -> Response[Any]:
    """Follow a deploy: server-sent events named `deploy`, each with the whole deploy, until it is over."""
    current, app = found
    seen = int(last_event_id) if last_event_id and last_event_id.isdecimal() else 0
    if current.status != "running" and seen >= current.seq:
        return Response(None, status_code=204, media_type="text/plain")
    stream = sse.stream(_steps(services, app, current, min(seen, current.seq)), services.stopping)
    return streamed(stream, sse.MEDIA_TYPE, sse.HEADERS)


async def _steps(services: Services, app: App, current: deploys.Deploy, seen: int) -> AsyncIterator[sse.Event]:
    """Every step after `seen`, up to and with the one that ends the deploy. Ends early when the store is away."""
    try:
        async for moved in services.store.deploys.watch(current.id):
            for seq in range(seen + 1, moved.seq + 1):
                event = DeployEvent(seq=seq, deploy=present_deploy(services, app, deploys.as_of(moved, seq)))
                yield sse.Event(id=str(seq), name="deploy", data=msgspec.json.encode(event))
            seen = max(seen, moved.seq)
    except DomainError:
        return


ROUTER = Router("/", route_handlers=[deploy, list_deploys, get_deploy, cancel_deploy, deploy_events], tags=["deploy"])
