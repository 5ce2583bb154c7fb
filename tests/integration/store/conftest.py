"""The store's tests run against one real mongod; each begins with empty collections."""

from tests.support.control_mongo import ada, control_mongod, mongo, opened_store, store

__all__ = ["ada", "control_mongod", "mongo", "opened_store", "store"]
