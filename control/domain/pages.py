"""A page of a list: some items and the cursor of the page after them."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`next` goes into `cursor` of the following call; null on the last page."""

    items: list[T]
    next: str | None = None


def clamp_limit(limit: int) -> int:
    """The number of items that a page of that `limit` may have: 1 to MAX_LIMIT."""
    return max(1, min(limit, MAX_LIMIT))
