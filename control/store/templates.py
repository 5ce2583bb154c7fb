"""Templates that people made (collection `templates`), and changes to the built-in ones (`template_overrides`).

Lists leave the files out: a page of them is small, however large each template is.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from control.domain.errors import NotFound
from control.domain.pages import Page
from control.domain.templates import Override, Stored
from control.store.errors import translated
from control.store.mapping import Collection, Document, files_to_list
from control.store.paging import read_page


class Templates:
    """The two collections."""

    def __init__(self, raw: Any, overrides: Any) -> None:
        self._templates = Collection(raw, Stored)
        self._summaries = Collection(raw, Stored, hidden=["files"])
        self._overrides = Collection(overrides, Override)
        self._override_summaries = Collection(overrides, Override, hidden=["files"])

    async def create(self, template: Stored) -> None:
        await self._templates.insert(template)

    async def get(self, template_id: str) -> Stored:
        """Raises NotFound."""
        found = await self._templates.find_one({"_id": template_id})
        if found is None:
            raise NotFound("template", template_id)
        return found

    async def page(self, reader: str | None, *, limit: int = 50, cursor: str | None = None) -> Page[Stored]:
        """Those that the user `reader` may see (null: all there are), newest first, without files. Raises BadCursor."""
        shown: Document = {"$or": [{"owner": reader}, {"shared": True, "hidden": False}]}
        query = {} if reader is None else shown
        return await read_page(self._summaries, query, order=("created_at", "_id"), limit=limit, cursor=cursor)

    async def count_of(self, owner: str) -> int:
        with translated():
            return int(await self._templates.raw.count_documents({"owner": owner}))

    async def change(self, template_id: str, seen: datetime, fields: Mapping[str, Any]) -> Stored | None:
        """Sets the fields if nobody changed the template since `seen` (its `updated_at`); null when somebody did."""
        return await self._templates.change({"_id": template_id, "updated_at": seen}, {"$set": _document(fields)})

    async def delete(self, template_id: str) -> None:
        await self._templates.remove({"_id": template_id})

    async def delete_of_user(self, owner: str) -> None:
        """Those of a deleted account, shared ones too."""
        await self._templates.remove({"owner": owner})

    async def overrides(self) -> dict[str, Override]:
        """What was changed about built-in templates, by id; without files, so `files` is null."""
        return {override.id: override async for override in self._override_summaries.find({})}

    async def override(self, template_id: str) -> Override | None:
        return await self._overrides.find_one({"_id": template_id})

    async def set_override(self, template_id: str, fields: Mapping[str, Any]) -> None:
        with translated():
            await self._overrides.raw.update_one({"_id": template_id}, {"$set": _document(fields)}, upsert=True)

    async def drop_override(self, template_id: str) -> None:
        """The built-in template is again as it came."""
        await self._overrides.remove({"_id": template_id})


def _document(fields: Mapping[str, Any]) -> Document:
    return {name: files_to_list(value) if name == "files" else value for name, value in fields.items()}
