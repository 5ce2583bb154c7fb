"""What MongoDB says against somebody's query, in words for whoever wrote it.

A query that is wrong or too slow is theirs, not a fault of ours: it becomes Invalid, with the place of the operator that
MongoDB names. Everything else is translated as for the platform's own collections.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pymongo.errors import ExecutionTimeout, OperationFailure

from control.domain.errors import Invalid, StoreUnavailable
from control.store import extended
from control.store.errors import translated
from control.store.mapping import Document

QUERY_MS = 3000
TOO_SLOW = (
    f"the query took longer than {QUERY_MS // 1000} s and was stopped; filter and sort by a field that has an index"
)
_OPERATOR = re.compile(r"\$[A-Za-z]\w*")
_AUTHENTICATION_FAILED = 18
_MAX_MESSAGE_CHARS = 500


@contextmanager
def refused(queries: Mapping[str, Document]) -> Iterator[None]:
    """Raises Invalid for what the server refuses or stops; `queries` are the parts of the request by their names."""
    with translated():
        try:
            yield
        except ExecutionTimeout as error:
            raise Invalid(TOO_SLOW) from error
        except OperationFailure as error:
            if error.code is None or is_passing(error):
                raise
            raise Invalid(_words(error, queries)) from error


def is_passing(error: OperationFailure) -> bool:
    """Whether the same call may work later."""
    try:
        with translated():
            raise error
    except StoreUnavailable:
        return True
    except OperationFailure:
        return error.code == _AUTHENTICATION_FAILED


def _words(error: OperationFailure, queries: Mapping[str, Document]) -> str:
    said = str((error.details or {}).get("errmsg") or error)[:_MAX_MESSAGE_CHARS]
    # Of a pattern that is wrong it tells no operator.
    for operator in _OPERATOR.findall(said) or ["$regex"] * ("egular expression" in said):
        for name, query in queries.items():
            if (place := extended.place_of(query, operator, name)) is not None:
                return f"{place}: {said}"
    return f"MongoDB refuses the query: {said}"
