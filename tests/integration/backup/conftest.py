"""One mongod to back up, and a second one, empty, to restore into."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient

from tests.support.control_mongo import MongoServer, control_mongod, mongo

__all__ = ["control_mongod", "mongo"]


@pytest.fixture(scope="session")
def other_mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MongoServer]:
    with MongoServer(tmp_path_factory.mktemp("other")) as server:
        yield server.start()


@pytest.fixture
def target(tmp_path_factory: pytest.TempPathFactory, other_mongod: MongoServer) -> MongoServer:
    """The other mongod, with nothing of ours on it."""
    with MongoClient[dict[str, Any]](other_mongod.uri) as client:
        for name in client.list_database_names():
            if name == "platform" or name.startswith("u_"):
                client[name].command("dropAllUsersFromDatabase")
                client.drop_database(name)
    return other_mongod
