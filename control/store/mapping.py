"""Structs to documents and back, and one thin collection on top of pymongo's.

A struct's `id` (or the field that `key` names) is the document's `_id`. Maps from paths to text become lists of pairs,
because a path has dots in it and a document's key should not. `Collection` has the few verbs that the store uses; each
translates the driver's errors.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection

from control.store.errors import translated

Document = dict[str, Any]
S = TypeVar("S", bound=msgspec.Struct)


def to_document(struct: msgspec.Struct, key: str = "id") -> Document:
    """The struct as a document; times and bytes stay what they are."""
    document: Document = msgspec.to_builtins(struct, builtin_types=(datetime, bytes))
    if key in document:
        document["_id"] = document.pop(key)
    if isinstance(document.get("files"), dict):
        document["files"] = files_to_list(document["files"])
    return document


def from_document(document: Mapping[str, Any], kind: type[S], key: str = "id") -> S:
    """The document as a struct of that kind; fields that it does not know are left out."""
    fields = dict(document)
    if "_id" in fields:
        fields[key] = fields.pop("_id")
    if isinstance(fields.get("files"), list):
        fields["files"] = files_from_list(fields["files"])
    return msgspec.convert(fields, kind)


def files_to_list(files: Mapping[str, str]) -> list[list[str]]:
    return [[path, text] for path, text in files.items()]


def files_from_list(pairs: Sequence[Sequence[str]]) -> dict[str, str]:
    return {pair[0]: pair[1] for pair in pairs}


class Collection(Generic[S]):
    """One collection of structs of one kind. `hidden` fields are never fetched (they are not in the struct)."""

    def __init__(
        self, raw: AsyncCollection[Document], kind: type[S], *, key: str = "id", hidden: Sequence[str] = ()
    ) -> None:
        self.raw = raw
        self._kind = kind
        self._key = key
        self.projection: Document | None = dict.fromkeys(hidden, 0) or None

    def load(self, document: Mapping[str, Any]) -> S:
        return from_document(document, self._kind, self._key)

    async def insert(self, struct: S, session: AsyncClientSession | None = None, **extra: Any) -> None:
        """Raises Duplicate. `extra` are fields of the document that are not in the struct."""
        with translated():
            await self.raw.insert_one(to_document(struct, self._key) | extra, session=session)

    async def find_one(self, query: Document) -> S | None:
        with translated():
            document = await self.raw.find_one(query, self.projection)
        return None if document is None else self.load(document)

    async def find(self, query: Document, *, sort: Sequence[tuple[str, int]] = (), limit: int = 0) -> AsyncIterator[S]:
        with translated():
            cursor = self.raw.find(query, self.projection, limit=limit, sort=list(sort) or None)
            async for document in cursor:
                yield self.load(document)

    async def change(
        self, query: Document, update: Document | Sequence[Document], *, sort: Sequence[tuple[str, int]] = ()
    ) -> S | None:
        """One atomic update of the first document that matches; answers it as it is afterwards, null when none did."""
        with translated():
            document = await self.raw.find_one_and_update(
                query, update, projection=self.projection, sort=sort or None, return_document=ReturnDocument.AFTER
            )
        return None if document is None else self.load(document)

    async def update(self, query: Document, update: Document | Sequence[Document]) -> bool:
        """One atomic update; answers whether a document matched."""
        with translated():
            return (await self.raw.update_one(query, update)).matched_count == 1

    async def remove(self, query: Document) -> int:
        """Removes all that match; answers how many."""
        with translated():
            return (await self.raw.delete_many(query)).deleted_count
