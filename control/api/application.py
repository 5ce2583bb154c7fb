"""The HTTP API as one Litestar application: every router, the one exception handler, the dependencies.

It can be made without any services, which is how the OpenAPI document is printed without a database.
"""

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.plugins.base import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin

from control.api import (
    admin_users,
    apps,
    archives,
    auth,
    databases,
    deploys,
    devices,
    docs,
    drafts,
    events,
    explorer,
    failures,
    fleet,
    log_files,
    metrics,
    operate,
    packages,
    problems,
    see,
    sessions,
    settings,
    system,
    tail,
    templates,
    tokens,
    trying,
    versions,
)
from control.api.administration import ROUTER as ADMINISTRATION
from control.api.audit import Audited
from control.api.lookup import find_app, find_deploy
from control.api.requests import ApiRequest
from control.api.security import logged_in
from control.api.services import Services, provide_services

MAX_BODY_BYTES = 64 * 1024
"""For every route that says nothing else."""


PRIVATE = (
    ADMINISTRATION,
    apps.ROUTER,
    apps.TRASH,
    fleet.ROUTER,
    archives.ROUTER,
    drafts.ROUTER,
    packages.ROUTER,
    versions.ROUTER,
    deploys.ROUTER,
    operate.ROUTER,
    settings.ROUTER,
    see.ROUTER,
    templates.ROUTER,
    tokens.ROUTER,
    sessions.ROUTER,
    admin_users.ROUTER,
    databases.ROUTER,
    explorer.ROUTER,
    metrics.ROUTER,
    failures.ROUTER,
    log_files.ROUTER,
    events.ROUTER,
    trying.ROUTER,
)
"""What only those who are logged in may ask."""


class Api(Litestar):
    """Litestar with the one plugin it needs: the others would import pydantic and more, 10 MB for nothing."""

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]


def make_api(services: Services | None) -> Api:
    """The application; without `services` it can only describe itself."""
    private = Router("/", guards=[logged_in], route_handlers=list(PRIVATE))
    # The tail asks who is there by itself: a guard could only refuse the handshake, and no browser tells its page why.
    public = [auth.ROUTER, devices.ROUTER, system.ROUTER, docs.ROUTER, tail.ROUTER]
    return Api(
        [Router("/api", route_handlers=[*public, private])],
        dependencies={
            "services": Provide(provide_services, sync_to_thread=False),
            "app": Provide(find_app),
            "found": Provide(find_deploy),
        },
        middleware=[Audited],
        exception_handlers={Exception: problems.handle},
        request_class=ApiRequest,
        request_max_body_size=MAX_BODY_BYTES,
        state=State({"services": services}),
        openapi_config=None,
        logging_config=None,
        debug=False,
    )
