"""Every route is shut to tokens that are too weak, also one that said nothing of itself."""

from collections.abc import Iterator

import pytest
from litestar import Litestar, Router, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from control.api import security
from control.api.application import make_api

PUBLIC = {
    ("POST", "/api/auth/signup"), ("POST", "/api/auth/login"), ("POST", "/api/auth/logout"),
    ("POST", "/api/auth/device"), ("POST", "/api/auth/device/token"),
    ("GET", "/api/info"), ("GET", "/api/health"), ("GET", "/api/ready"), ("GET", "/api/version"),
    ("GET", "/api/openapi.json"), ("GET", "/api/docs"),
}  # fmt: skip
"""What needs no account at all."""
FOR_DEPLOYING = {
    ("POST", "/api/apps"), ("PUT", "/api/apps/{key}/draft"), ("POST", "/api/apps/{key}/validate"),
    ("POST", "/api/validate"), ("POST", "/api/apps/{key}/deploy"), ("PATCH", "/api/apps/{key}/settings"),
    ("POST", "/api/apps/{key}/wake"), ("POST", "/api/apps/{key}/sleep"), ("POST", "/api/apps/{key}/pause"),
    ("POST", "/api/apps/{key}/resume"), ("POST", "/api/apps/{key}/test"),
}  # fmt: skip
"""What a `deploy` token must be able to change. Other parts may add to it, below `/api/apps` only."""
SAFE = {"GET", "HEAD", "OPTIONS"}


def routes(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                yield from (
                    (method, route.path_format, handler) for method in handler.http_methods if method != "OPTIONS"
                )


def needs(app: Litestar) -> dict[tuple[str, str], str]:
    """The scope of each route that has the guard."""
    return {
        (method, path): security.needed_scope(handler, method)
        for method, path, handler in routes(app)
        if {security.logged_in, security.admin_only} & set(handler.resolve_guards())
    }


def test_every_route_has_the_guard_or_is_known_to_be_public() -> None:
    app = make_api(None)
    assert {(method, path) for method, path, _ in routes(app)} - set(needs(app)) == PUBLIC


def test_reading_tokens_read_only_and_deploying_ones_stay_with_apps() -> None:
    for (method, path), scope in needs(make_api(None)).items():
        if method not in SAFE:
            assert scope != "read", (method, path)
        if scope == "deploy":
            assert path.startswith(("/api/apps", "/api/validate", "/api/deploys")), (method, path)
        account = ("/api/auth/tokens", "/api/auth/sessions", "/api/auth/device", "/api/auth/password", "/api/admin")
        if path.startswith(account):
            assert scope == "admin", (method, path)


def test_what_deploying_needs_is_open_to_it() -> None:
    found = needs(make_api(None))
    assert {route for route in FOR_DEPLOYING if found[route] != "deploy"} == set()
    assert found[("DELETE", "/api/apps/{key}")] == "admin"
    assert found[("DELETE", "/api/auth/me")] == "admin"
    assert found[("GET", "/api/auth/me")] == "read"


@pytest.mark.parametrize("opt", [{}, {"scope": "nonsense"}, {"scope": ""}])
def test_a_route_that_says_nothing_or_nonsense_is_shut(opt: dict[str, str]) -> None:
    @get("/look", opt=opt)
    async def look() -> None: ...

    @post("/act", opt=opt)
    async def act() -> None: ...

    app = Litestar([Router("/new", guards=[security.logged_in], route_handlers=[look, act])], openapi_config=None)
    assert needs(app) == {("GET", "/new/look"): "admin" if opt else "read", ("POST", "/new/act"): "admin"}


def test_what_is_for_administrators_is_so_whatever_the_route_says() -> None:
    @get("/look", guards=[security.admin_only], opt={"scope": "read"})
    async def look() -> None: ...

    app = Litestar([look], openapi_config=None)
    assert needs(app) == {("GET", "/look"): "admin"}
