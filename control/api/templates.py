"""The templates that an app can start from."""

from litestar import Router, get
from litestar.params import FromPath

from control.api.lookup import WithServices
from control.domain.errors import NotFound
from fp.api.apps import Template, TemplatePage


@get("/")
async def list_templates(services: WithServices) -> TemplatePage:
    """All templates, the simplest first."""
    return TemplatePage(items=list(services.templates.values()))


@get("/{template_id:str}")
async def get_template(template_id: FromPath[str], services: WithServices) -> Template:
    """One template."""
    template = services.templates.get(template_id)
    if template is None:
        raise NotFound("template", template_id[:64])
    return template


ROUTER = Router("/templates", route_handlers=[list_templates, get_template], tags=["templates"])
