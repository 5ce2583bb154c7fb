"""Templates that people made, and what an administrator changed about those that came with the platform.

A built-in template stays a file of ours; `Override` holds only what differs, so an upgrade brings the rest. `Stored` is a
template of a user's, or with no owner one of the platform's. `changed` turns a PATCH into the fields to set, after the same
checks that a new template passes; both are pure, and whether the code is an app is asked of them by the API.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from control.domain.errors import Invalid
from control.domain.files import check_files
from control.domain.trying import decoded_examples, encoded_examples
from fp.api.apps import Template, TemplateCategory
from fp.names import ENV_PLATFORM_MONGO_URI

MAX_TEMPLATES = 20
"""That one user may have."""
_LONGEST: Mapping[str, int] = {"name": 60, "description": 300, "icon": 40}
_MAX_TAGS = 10
_MAX_TAG_CHARS = 30


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """One template. `owner` is a user's id, null for the platform's own; `examples` is JSON, whose keys may be anything."""

    id: str
    owner: str | None
    owner_name: str | None
    name: str
    description: str
    icon: str
    category: TemplateCategory
    tags: list[str]
    framework: str
    entrypoint: str
    needs_database: bool
    shared: bool
    created_at: datetime
    updated_at: datetime
    files: dict[str, str] = {}
    examples: bytes = b"[]"
    hidden: bool = False

    def template(self) -> Template:
        """As its readers see it."""
        return Template(
            id=self.id, name=self.name, description=self.description, icon=self.icon, framework=self.framework,
            entrypoint=self.entrypoint, files=self.files, examples=decoded_examples(self.examples),
            category=self.category, tags=self.tags, needs_database=self.needs_database, owner=self.owner_name,
            kind="platform" if self.owner is None else "user", shared=self.shared, hidden=self.hidden,
        )  # fmt: skip


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """What differs from the built-in template `id`; null is as it came. `by` is a username."""

    id: str
    by: str
    updated_at: datetime
    hidden: bool = False
    name: str | None = None
    description: str | None = None
    icon: str | None = None
    category: TemplateCategory | None = None
    tags: list[str] | None = None
    framework: str | None = None
    entrypoint: str | None = None
    needs_database: bool | None = None
    files: dict[str, str] | None = None
    examples: bytes | None = None

    def over(self, built_in: Template) -> Template:
        """The built-in template as it is now."""
        given = {
            name: value
            for name in self.__struct_fields__
            if name in built_in.__struct_fields__
            and name not in {"id", "hidden"}
            and (value := getattr(self, name)) is not None
        }
        if "examples" in given:
            given["examples"] = decoded_examples(given["examples"])
        return msgspec.structs.replace(built_in, **given, hidden=self.hidden, changed=bool(given))


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that were given, as they are kept. Raises Invalid, TooLarge."""
    for field, longest in _LONGEST.items():
        if field in given:
            _check_text(field, given[field], longest)
    if "name" in given and not given["name"].strip():
        raise Invalid("name: a template needs one.")
    if "tags" in given:
        _check_tags(given["tags"])
    fields = dict(given)
    if "examples" in given:
        fields["examples"] = encoded_examples(given["examples"])
    return fields


def check_code(files: Mapping[str, str], entrypoint: str) -> dict[str, Any]:
    """What the files say of themselves, as fields. Raises Invalid, TooLarge."""
    check_files(files, entrypoint)
    uses = any(ENV_PLATFORM_MONGO_URI in text for text in files.values())
    return {"files": dict(files), "entrypoint": entrypoint, "needs_database": uses}


def _check_text(field: str, text: str, longest: int) -> None:
    if len(text) > longest or not text.isprintable():
        raise Invalid(f"{field}: at most {longest} characters, on one line.")


def _check_tags(tags: list[str]) -> None:
    if len(tags) > _MAX_TAGS:
        raise Invalid(f"tags: at most {_MAX_TAGS}.")
    for tag in tags:
        _check_text("tags", tag, _MAX_TAG_CHARS)
