"""Trying an app out, on the wire: its saved requests, and what its own OpenAPI document says."""

from datetime import datetime
from typing import Any

import msgspec

from fp.api.apps import ExampleInput, ExampleRequest


class ExamplesPut(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PUT /api/apps/{id}/examples: all saved requests, at most 50 of at most 64 KB each; each name once."""

    items: list[ExampleInput]


class ExamplePage(msgspec.Struct, frozen=True):
    """All saved requests of an app, in the order they were saved; `next` is always null."""

    items: list[ExampleRequest]
    next: str | None = None


class AppOpenApi(msgspec.Struct, frozen=True):
    """The OpenAPI document that the deployed app tells of itself. `version`: the version's number; `fetched_at`: when it did."""

    version: int
    fetched_at: datetime
    document: dict[str, Any]
