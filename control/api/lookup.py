"""Finding what a route names: an app by id or name, a deploy by id. What belongs to somebody else is not found.

The functions are Litestar dependencies: a handler that takes `app` gets the app of the `{key}` in its path.
"""

from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation

from control.api.audit import remember_app
from control.api.requests import ApiRequest
from control.api.security import Caller
from control.api.services import Services
from control.domain.apps import App
from control.domain.deploys import Deploy
from control.domain.errors import NotFound

# How handlers ask for what `application` provides; the names are `services`, `app` and `found`.
WithServices = NamedDependency[SkipValidation[Services]]
WithApp = NamedDependency[SkipValidation[App]]
WithDeploy = NamedDependency[SkipValidation[tuple[Deploy, App]]]
_MAX_KEY_CHARS = 64


async def find_app(key: FromPath[str], request: ApiRequest, services: WithServices) -> App:
    """The app with that name or id. Raises NotFound."""
    app = await app_of(key, request.user, services)
    remember_app(request.scope, app)
    return app


async def app_of(key: str, caller: Caller, services: Services) -> App:
    """The same for whoever asks without a request. Raises NotFound."""
    if len(key) > _MAX_KEY_CHARS:
        raise NotFound("app", key[:_MAX_KEY_CHARS])
    app = await services.store.apps.by_key(key)
    if caller.scope not in {None, app.owner}:
        raise NotFound("app", key)
    return app


async def find_deploy(deploy_id: FromPath[str], request: ApiRequest, services: WithServices) -> tuple[Deploy, App]:
    """The deploy with that id, and its app. Raises NotFound."""
    try:
        deploy = await services.store.deploys.get(deploy_id[:_MAX_KEY_CHARS])
        return deploy, await find_app(deploy.app, request, services)
    except NotFound:
        raise NotFound("deploy", deploy_id[:_MAX_KEY_CHARS]) from None
