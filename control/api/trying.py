"""What the test panel knows of an app before a request is sent: the requests that were saved, and the app's own OpenAPI.

The document is asked of the app itself through the front door, once for each version: a sleeping app is not woken for it unless
the caller says so.
"""

from typing import Annotated, Any

import msgspec
from litestar import Router, get, put
from litestar.params import JSONBody, QueryParameter

from cluster.base import AppView
from control.api.lookup import WithApp, WithServices
from control.api.present import host_of
from control.api.problems import ApiError
from control.api.services import Services
from control.domain.apps import App
from control.domain.errors import NotDeployed
from control.domain.trying import check_names
from control.store.examples import Told
from fp.api.see import TestRequest, TestResponse
from fp.api.trying import AppOpenApi, ExamplePage, ExamplesPut

PATH = "/openapi.json"
MAX_PUT_BYTES = 4 * 1024 * 1024
_MAX_DEPTH = 100

_Wake = Annotated[
    bool,
    QueryParameter(name="wake", required=False, description="`true`: wake the app if it has to be asked and sleeps."),
]


@get("/examples")
async def list_examples(app: WithApp, services: WithServices) -> ExamplePage:
    """The app's saved requests."""
    return ExamplePage(items=await services.store.examples.get(app.id))


@put("/examples", request_max_body_size=MAX_PUT_BYTES)
async def save_examples(data: JSONBody[ExamplesPut], app: WithApp, services: WithServices) -> ExamplePage:
    """Save all requests; what is not in `items` is forgotten."""
    check_names(data.items)
    await services.store.examples.put(app.id, data.items)
    return ExamplePage(items=await services.store.examples.get(app.id))


@get("/openapi")
async def app_openapi(app: WithApp, services: WithServices, wake: _Wake = False) -> AppOpenApi:
    """What the deployed app says of itself: its `/openapi.json`, kept for as long as the version is live."""
    if app.live is None:
        raise NotDeployed(app.name)
    kept = await services.store.openapis.get(app.id, app.live.version)
    return _shown(kept or await _ask(services, app, wake))


async def _ask(services: Services, app: App, wake: bool) -> Told:
    """Asks the app, and keeps the answer if it was certainly the live version's."""
    before = services.views.get(app.id)
    if app.paused:
        raise ApiError("conflict", f"{app.name} is paused.", hint="Resume it first.")
    if not wake and _sleeps(before):
        raise _asleep(app)
    # It may fall asleep before the request is there; the door does not wake an app for who only guesses.
    guess = {} if wake else {"Sec-Purpose": "prefetch"}
    answer = await services.door.send(
        host_of(services, app), TestRequest(path=PATH, headers={"Accept": "application/json"} | guess)
    )
    if not wake and answer.status == 503 and _sleeps(services.views.get(app.id)):
        raise _asleep(app)
    document = _document(app, answer)
    assert app.live is not None  # the caller saw to it
    told = Told(
        app=app.id, version=app.live.version, number=app.live.number, fetched_at=services.clock(), document=document
    )
    after = services.views.get(app.id)
    if before is not None and after is not None and before.version == after.version == told.version:
        await services.store.openapis.put(told)
    return told


def _sleeps(view: AppView | None) -> bool:
    return view is None or view.upstream is None


def _asleep(app: App) -> ApiError:
    hint = "Ask with ?wake=true, or send it any request first."
    return ApiError("conflict", f"{app.name} sleeps, and was not asked yet.", hint=hint)


def _document(app: App, answer: TestResponse) -> bytes:
    """The answer's body as JSON of one kind. Raises ApiError `not_found` when it is no OpenAPI document."""
    if answer.status != 200:
        raise _none(f"{app.name} answers {answer.status} to {PATH}.")
    if answer.truncated:
        raise _none(f"What {app.name} answers to {PATH} is over 1 MB, or did not end.")
    try:
        found = msgspec.json.decode(answer.body) if answer.encoding == "utf-8" else None
    except (msgspec.DecodeError, RecursionError):
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("openapi"), str) or _depth(found) > _MAX_DEPTH:
        raise _none(f"What {app.name} answers to {PATH} is no OpenAPI document.")
    return msgspec.json.encode(found)


def _depth(value: Any) -> int:
    """How deep the value is nested, without going deeper into the stack for it."""
    depth, level = 0, [value]
    while level and depth <= _MAX_DEPTH:
        depth += 1
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return depth


def _none(detail: str) -> ApiError:
    hint = f"FastAPI and Litestar make one by themselves; any app may answer GET {PATH} with one. Requests work without it."
    return ApiError("not_found", detail, hint=hint)


def _shown(told: Told) -> AppOpenApi:
    return AppOpenApi(
        version=told.number,
        fetched_at=told.fetched_at,
        document=msgspec.json.decode(told.document, type=dict[str, Any]),
    )


ROUTER = Router("/apps/{key:str}", route_handlers=[list_examples, save_examples, app_openapi], tags=["try"])
