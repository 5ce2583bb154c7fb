"""Deploys and reconciling run against one real mongod and one real node; each test begins with both empty."""

from tests.support.control_mongo import ada, control_mongod, mongo, opened_store, store
from tests.support.control_node import loops, node, views, watched

__all__ = ["ada", "control_mongod", "loops", "mongo", "node", "opened_store", "store", "views", "watched"]
