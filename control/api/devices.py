"""Log in by device (RFC 8628): `fp login` shows a code, somebody with a browser approves it, the program gets a session.

The two ends never meet: the program polls with its device code, the browser decides by the user code. Refusals of a poll
are problems whose codes are those of the RFC. The session is opened only while the one that approved is still there, so
an approval that was given by a stolen session dies with it. A poll never answers cookies: another site's page could poll
with a code of its own and so log its visitor in as somebody else.
"""

from litestar import Response, Router, get, post
from litestar.params import FromPath, JSONBody

from control.api import security
from control.api.lookup import WithServices
from control.api.problems import ApiError
from control.api.requests import ApiRequest, client_address, is_https
from control.api.services import Services
from control.api.sessions import keep_session, present_user, printable
from control.api.throttle import Limit
from control.domain import accounts, devices
from control.domain.addresses import platform_url
from control.domain.errors import NotFound
from fp.api.accounts import DeviceCode, DeviceDecision, DevicePoll, DeviceRequest, DeviceStart
from fp.api.auth import Session

_STARTS = Limit("device", burst=20, seconds=15.0)
_POLLS = Limit("device-poll", burst=60, seconds=0.5)
_LOOKS = Limit("device-look", burst=20, seconds=10.0)
_MAX_CODE_CHARS = 100


@post("/", status_code=200, guards=[security.own_origin])
async def start_device(
    data: JSONBody[DeviceStart], request: ApiRequest, services: WithServices
) -> Response[DeviceCode]:
    """Ask to be let in without a password: two codes, one to poll with and one for a person to approve."""
    address = client_address(request)
    services.throttle.spend(_STARTS, address)
    code, login = devices.start_login(printable(data.client) or "a program", address, services.clock())
    login = await services.store.devices.create(login)
    settings, scheme = services.settings, "https" if is_https(request) else "http"
    page = f"{platform_url(settings.domain, settings.port, request.headers.get('host', ''), scheme)}/device"
    body = DeviceCode(
        device_code=code,
        user_code=devices.shown(login.user_code),
        verification_uri=page,
        verification_uri_complete=f"{page}?code={devices.shown(login.user_code)}",
        expires_in=int(devices.LIFE.total_seconds()),
        interval=login.interval,
    )
    return Response(body, status_code=200, headers={"Cache-Control": "no-store"})


@post("/token", status_code=200, guards=[security.own_origin])
async def poll_device(data: JSONBody[DevicePoll], request: ApiRequest, services: WithServices) -> Response[Session]:
    """Ask whether somebody has approved: a session, once.

    Until then the problem `authorization_pending`, or `slow_down` when asked more often than every `interval` seconds;
    in the end `access_denied` or `expired_token`.
    """
    services.throttle.spend(_POLLS, client_address(request))
    code = accounts.token_hash(data.device_code[:_MAX_CODE_CHARS])
    approved = await services.store.devices.claim(code, services.clock())
    if approved is None:
        raise await _refusal(services, code)
    try:
        user = await services.store.users.get(approved.user or "")
    except NotFound:
        raise _denied() from None
    token, session = accounts.open_session(
        user.id, "bearer", services.clock(), approved.client, client_address(request)
    )
    await keep_session(services.store, user, session)
    if await services.store.sessions.get(approved.by or "", services.clock()) is None:
        await services.store.sessions.delete(session.id)
        raise _denied()
    return Response(Session(token=token, user=present_user(user, session)), headers={"Cache-Control": "no-store"})


async def _refusal(services: Services, code: str) -> ApiError:
    login = await services.store.devices.get(code, services.clock())
    if login is None or login.status in {"approved", "claimed"}:
        return ApiError("expired_token", hint="Begin anew: `fp login`.")
    if login.status == "denied":
        return _denied()
    if not await services.store.devices.poll(login, services.clock()):
        return ApiError("slow_down", hint=f"Wait {devices.SLOWER_SECONDS} seconds more between two polls.")
    return ApiError("authorization_pending", hint=f"Ask again in {login.interval} seconds.")


def _denied() -> ApiError:
    return ApiError("access_denied", hint="Begin anew: `fp login`.")


@get("/{user_code:str}", guards=[security.logged_in], opt={"scope": "admin"})
async def get_device(user_code: FromPath[str], request: ApiRequest, services: WithServices) -> DeviceRequest:
    """What asks to be let in under this code. Only for a browser's session."""
    login = await _find(services, request, user_code)
    return DeviceRequest(
        user_code=devices.shown(login.user_code),
        client=login.client,
        address=login.address,
        created_at=login.created_at,
        expires_at=login.expires_at,
    )


@post("/{user_code:str}", status_code=204, guards=[security.logged_in])
async def decide_device(
    user_code: FromPath[str], data: JSONBody[DeviceDecision], request: ApiRequest, services: WithServices
) -> None:
    """Let it in as the caller, or not. Only for a browser's session; decided once."""
    login, me = await _find(services, request, user_code), request.user
    decided = await services.store.devices.decide(
        login.user_code, me.user.id, me.session.id, services.clock(), approve=data.approve
    )
    if not decided:
        raise NotFound("code", user_code[:20])


async def _find(services: Services, request: ApiRequest, text: str) -> devices.DeviceLogin:
    """The request that waits under this code; a guess that misses is counted. Raises NotFound, ApiError."""
    me = request.user
    if me.session.kind != "browser":
        raise ApiError("forbidden", "Only a browser's session may approve.", hint="Open the page in a browser.")
    services.throttle.spend(_LOOKS, me.user.id)
    code = devices.read_user_code(text)
    login = await services.store.devices.pending(code, services.clock()) if code else None
    if login is None:
        raise NotFound("code", text[:20])
    services.throttle.refund(_LOOKS, me.user.id)
    return login


ROUTER = Router("/auth/device", route_handlers=[start_device, poll_device, get_device, decide_device], tags=["auth"])
