"""Making and changing templates, on the wire. `Template` itself is in `fp.api.apps`."""

import msgspec

from fp.api.apps import ExampleInput, TemplateCategory


class TemplateCreate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/templates: a template of the draft of one of your apps (`app`, its id or name), or of `files`.

    Without `examples` those that are saved for the app, or else a GET of `/`. `platform`: for everybody, for which it takes an
    administrator.
    """

    name: str
    description: str = ""
    app: str | None = None
    files: dict[str, str] | None = None
    entrypoint: str = "app.py"
    icon: str = "file-code"
    category: TemplateCategory = "other"
    tags: list[str] = []
    examples: list[ExampleInput] = []
    platform: bool = False


class TemplatePatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PATCH /api/templates/{id}: only what is given changes. `shared` and `hidden` are an administrator's."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType = msgspec.UNSET
    files: dict[str, str] | msgspec.UnsetType = msgspec.UNSET
    entrypoint: str | msgspec.UnsetType = msgspec.UNSET
    icon: str | msgspec.UnsetType = msgspec.UNSET
    category: TemplateCategory | msgspec.UnsetType = msgspec.UNSET
    tags: list[str] | msgspec.UnsetType = msgspec.UNSET
    examples: list[ExampleInput] | msgspec.UnsetType = msgspec.UNSET
    shared: bool | msgspec.UnsetType = msgspec.UNSET
    hidden: bool | msgspec.UnsetType = msgspec.UNSET
