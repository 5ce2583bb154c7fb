"""Where pymongo's exceptions end: each becomes one of the domain's errors.

`translated()` wraps a piece of work with the database; `Collection` in `mapping.py` does it for every call, so the
files of the collections see domain errors only.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    NotPrimaryError,
    OperationFailure,
    PyMongoError,
    WTimeoutError,
)

from control.domain.errors import DomainError, StoreUnavailable
from control.figures import FIGURES

DUPLICATE_KEY = 11000
# Answers of a server that is starting, stepping down or shutting down: the same call works later.
# 18 is a refused log-in: a server that was not bootstrapped yet has no users.
_PASSING_CODES = frozenset({6, 7, 18, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436})


class Duplicate(DomainError):
    """A unique index refused the document; stays inside the store, whose files say what it means."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(f"there is a document with the same {', '.join(fields)}")
        self.fields = fields


@contextmanager
def translated() -> Iterator[None]:
    """Raises Duplicate and StoreUnavailable in place of pymongo's errors; what is our own fault passes as it is."""
    try:
        yield
    except DuplicateKeyError as error:
        details = error.details or {}
        raise Duplicate(tuple(details.get("keyPattern", {}))) from error
    except (ConnectionFailure, NotPrimaryError, WTimeoutError, ExecutionTimeout) as error:
        FIGURES.mongo_failed(error)
        raise StoreUnavailable(_short(error)) from error
    except BulkWriteError:
        raise
    except OperationFailure as error:
        FIGURES.mongo_failed(error)
        if error.code in _PASSING_CODES or error.has_error_label("RetryableWriteError"):
            raise StoreUnavailable(_short(error)) from error
        raise


def _short(error: PyMongoError) -> str:
    """The driver's message without its dump of the topology."""
    return str(error).split(", Timeout:", maxsplit=1)[0][:200]
