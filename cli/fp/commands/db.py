"""`fp db`: your databases, their collections, documents by a MongoDB filter, whole collections. It reads and never writes."""

import sys
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import msgspec
import typer

from fp.commands import _options as options
from fp.commands._output import clean, json_document, line, moment, note, table
from fp.commands._session import connect
from fp.errors import FpError, UsageError

if TYPE_CHECKING:
    from fp.client import Client

_DATABASES = ("NAME", "LABEL", "APPS", "MADE")
_COLLECTIONS = ("NAME", "KIND", "DOCUMENTS", "SIZE", "ON DISK", "INDEXES")
_MAX_QUERY_CHARS = 50_000
_KILO = 1000


class Action(StrEnum):
    """What to do."""

    LIST = "list"
    COLLECTIONS = "collections"
    FIND = "find"
    EXPORT = "export"


_OF_A_COLLECTION = frozenset({Action.FIND, Action.EXPORT})
What = Annotated[
    Action,
    typer.Argument(
        help="list, collections [DATABASE], find [DATABASE/]COLLECTION, or export [DATABASE/]COLLECTION.",
        metavar="ACTION",
        show_default=False,
    ),
]
Name = Annotated[str | None, typer.Argument(help="The database or the collection.", metavar="NAME", show_default=False)]
Filter = Annotated[
    str,
    typer.Option(
        "--filter", "-f", metavar="JSON", help='Such as \'{"age": {"$gt": 30}}\', Extended JSON.', show_default=False
    ),
]
Sort = Annotated[
    str,
    typer.Option(
        "--sort", "-s", metavar="FIELDS", help="Such as `-age,name`, or JSON. Default: by `_id`.", show_default=False
    ),
]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="How many documents.")]


def run(
    action: What = Action.LIST,
    name: Name = None,
    *,
    where: Filter = "{}",
    sort: Sort = "",
    limit: Limit = 20,
    host: options.Host = None,
    as_json: options.Json = False,
) -> None:
    """List your databases or their collections, find documents, or export all of a collection: one a line, as JSON."""
    if (name is None and action in _OF_A_COLLECTION) or (name is not None and action is Action.LIST):
        fault = "`list` takes no name" if name else "A collection's name is missing"
        raise UsageError(
            fault,
            "Write `fp db list`, `fp db collections [DATABASE]`, or `fp db find` or `export` `[DATABASE/]COLLECTION`.",
        )
    with connect(host) as client:
        match action:
            case Action.LIST:
                _list(client, as_json)
            case Action.COLLECTIONS:
                _collections(client, _database(client, name), as_json)
            case Action.FIND:
                _find(client, name or "", {"filter": where, "sort": _sort(sort)}, limit, as_json=as_json)
            case Action.EXPORT:
                _export(client, name or "")


def _list(client: "Client", as_json: bool) -> None:
    found = list(client.databases())
    if as_json:
        json_document(found)
    elif found:
        table(_DATABASES, [(one.name, one.label, ", ".join(one.apps), moment(one.created_at)) for one in found])
    else:
        note("You have no databases yet: the first deploy of an app makes one.")


def _collections(client: "Client", database: str, as_json: bool) -> None:
    found = list(client.collections(database))
    if as_json:
        json_document(found)
    elif found:
        rows = [
            (one.name, one.kind, _count(one.count), _size(one.bytes), _size(one.storage_bytes), _count(one.indexes))
            for one in found
        ]
        table(_COLLECTIONS, rows)
    else:
        note(f"{database} has no collections yet.")


def _find(client: "Client", name: str, query: dict[str, str], limit: int, *, as_json: bool) -> None:
    if sum(len(quote(text, safe="")) for text in query.values()) > _MAX_QUERY_CHARS:
        raise UsageError("The filter is too long", "Filter by less; `$in` takes a few thousand values at most.")
    database, _, collection = name.rpartition("/")
    found = islice(client.documents(_database(client, database), collection, query, min(limit, 100)), limit)
    if as_json:
        json_document(list(found))
        return
    for document in found:
        line(clean(bytes(document).decode()))


def _export(client: "Client", name: str) -> None:
    """Every type kept, in no particular order, as it is: to a file or a pipe, never to a terminal."""
    if sys.stdout.isatty():
        hint = (
            f"Write `fp db export {name} > {name.rpartition('/')[2]}.jsonl`, or look at some with `fp db find {name}`."
        )
        raise UsageError("An export goes to a file or a pipe", clean(hint))
    database, _, collection = name.rpartition("/")
    size = client.export(_database(client, database), collection, sys.stdout.buffer)
    sys.stdout.buffer.flush()
    note(f"Exported {_size(size)}.")


def _database(client: "Client", given: str | None) -> str:
    """The database that is meant: the one given, the only one, or the one that apps get by default."""
    if given:
        return given
    found = list(client.databases())
    chosen = next((one for one in found if one.default or len(found) == 1), None)
    if chosen is None:
        hint = "Say which; `fp db list` tells them." if found else "The first deploy of an app makes one."
        raise FpError("You have several databases" if found else "You have no databases yet", hint)
    return chosen.name


def _sort(text: str) -> str:
    """`-age,name` as JSON; JSON as it is."""
    if not text.strip() or text.lstrip().startswith("{"):
        return text.strip() or "{}"
    names = [part.strip() for part in text.split(",") if part.strip()]
    return msgspec.json.encode({name.lstrip("+-"): -1 if name[0] == "-" else 1 for name in names}).decode()


def _count(number: int | None) -> str:
    return "-" if number is None else str(number)


def _size(number: int | None) -> str:
    """Bytes in the largest unit that fits, by thousands."""
    if number is None:
        return "-"
    size, units = float(number), ["B", "kB", "MB", "GB"]
    while size >= _KILO and len(units) > 1:
        size /= _KILO
        units.pop(0)
    return f"{number} B" if units[0] == "B" else f"{size:.1f} {units[0]}"
