"""Named tokens: for scripts and CI, each with a scope and perhaps an end.

`read` only looks. `deploy` also makes apps, saves drafts, deploys and operates them: what CI needs, and neither an app's
end nor anything of the account. `admin` may all that its account may. A token can make no token that is stronger than
itself, nor one that lives longer.
"""

from litestar import Response, Router, delete, get, post
from litestar.params import FromPath, JSONBody

from control.api.lookup import WithServices
from control.api.paging import Cursor, PageSize
from control.api.problems import ApiError
from control.api.requests import ApiRequest
from control.api.throttle import Limit
from control.domain import accounts
from fp.api.accounts import NewToken, Token, TokenCreate, TokenPage

_CREATIONS = Limit("token-create", burst=60, seconds=10.0)


@get("/", opt={"scope": "admin"})
async def list_tokens(
    request: ApiRequest, services: WithServices, cursor: Cursor = None, limit: PageSize = 50
) -> TokenPage:
    """The caller's named tokens, newest first."""
    page = await services.store.sessions.page(
        request.user.user.id, services.clock(), tokens=True, limit=limit, cursor=cursor
    )
    return TokenPage(items=[_present(item) for item in page.items], next=page.next)


@post("/")
async def create_token(data: JSONBody[TokenCreate], request: ApiRequest, services: WithServices) -> Response[NewToken]:
    """Make a named token. The answer is the only one that ever shows its secret."""
    user, now = request.user.user, services.clock()
    secret, token = accounts.make_token(user.id, data.name, data.scope, data.expires_days, now)
    if accounts.is_stronger(token, request.user.session):
        raise ApiError(
            "forbidden",
            "A token can make no token that may more than itself, or lives longer.",
            hint="Ask for less, or log in and make it then.",
        )
    services.throttle.spend(_CREATIONS, user.id)
    if await services.store.sessions.count_tokens(user.id, now, accounts.MAX_TOKENS) >= accounts.MAX_TOKENS:
        raise ApiError("conflict", f"There are {accounts.MAX_TOKENS} tokens already.", hint="Revoke one first.")
    await services.store.sessions.create(token)
    body = NewToken(secret=secret, token=_present(token))
    return Response(body, status_code=201, headers={"Cache-Control": "no-store"})


@delete("/{token_id:str}", status_code=204)
async def revoke_token(token_id: FromPath[str], request: ApiRequest, services: WithServices) -> None:
    """Revoke a named token; from now on nothing answers to it."""
    await services.store.sessions.end(request.user.user.id, token_id, tokens=True)


def _present(token: accounts.Session) -> Token:
    return Token(
        id=token.short_id,
        name=token.name,
        scope=token.scope,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.used_at,
        last_used_from=token.used_from or None,
    )


ROUTER = Router("/auth/tokens", route_handlers=[list_tokens, create_token, revoke_token], tags=["auth"])
