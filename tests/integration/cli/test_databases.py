"""`fp db` against a real api and its MongoDB: databases, collections, and documents found by a filter, as JSON lines."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from fp.api.databases import Database, DatabaseCreate
from fp.cli import main
from fp.client import Client
from fp.transport import Transport
from tests.support.api_process import Api, new_name
from tests.support.control_mongo import MongoServer, control_mongod

__all__ = ["control_mongod"]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def api(control_mongod: MongoServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with Api(control_mongod, tmp_path_factory.mktemp("api")) as running:
        yield running.start()


@pytest.fixture
def token(api: Api) -> str:
    """A fresh account's."""
    with Client(api.url) as client:
        return client.signup(new_name(), "correct horse").token


@pytest.fixture
def fp(
    api: Api, token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """`fp("db", "list")` runs a command in this process: its exit code, stdout and stderr."""
    monkeypatch.setenv("FP_HOST", api.url)
    monkeypatch.setenv("FP_TOKEN", token)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def make_database(api: Api, token: str, mongo: MongoServer, label: str = "") -> str:
    """The name of a new database of the account's, with two collections."""
    transport = Transport(api.url, token)
    name = transport.call("POST", "databases", Database, body=DatabaseCreate(label)).name
    transport.close()
    with MongoClient[dict[str, Any]](mongo.uri) as client:
        client[name]["notes"].insert_many([{"_id": n, "n": n % 50, "text": "x" * 100} for n in range(150)])
        client[name]["big"].insert_one({"_id": 2**60, "said": "\x9b31mred"})
    return name


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_databases_and_collections(fp: Run, api: Api, token: str, control_mongod: MongoServer) -> None:
    """Without a name it is the only database; of several one must be named."""
    code, out, err = fp("db", "collections")
    assert (code, out) == (1, "")
    assert "no databases yet" in err
    assert fp("db")[:2] == (0, "")
    name = make_database(api, token, control_mongod, "Shop")
    (database,) = json.loads(fp("db", "list", "--json")[1])
    assert (database["name"], database["label"], database["apps"]) == (name, "Shop", [])
    assert f"{name}  Shop" in fp("db")[1]
    shown = fp("db", "collections")[1]
    assert [row.split()[:3] for row in shown.splitlines()[1:]] == [
        ["big", "collection", "1"],
        ["notes", "collection", "150"],
    ]
    assert fp("db", "collections", database["id"])[1] == shown
    assert json.loads(fp("db", "collections", "--json")[1])[1]["indexes"] == 1
    make_database(api, token, control_mongod)
    code, out, err = fp("db", "collections")
    assert (code, out) == (1, "")
    assert "several" in err
    assert fp("db", "collections", name)[1] == shown


def test_documents(fp: Run, api: Api, token: str, control_mongod: MongoServer) -> None:
    """A document a line, as many as asked for over several pages; control characters do not reach the terminal."""
    name = make_database(api, token, control_mongod)
    assert len(lines(fp("db", "find", "notes")[1])) == 20
    found = lines(fp("db", "find", "notes", "--filter", '{"n": {"$lt": 45}}', "--sort", "-n,_id", "-n", "130")[1])
    assert [(one["n"], one["_id"]) for one in found[:4]] == [(44, 44), (44, 94), (44, 144), (43, 43)]
    assert len({one["_id"] for one in found}) == 130
    named = fp("db", "find", f"{name}/notes", "-n", "1", "--sort", '{"_id": -1}', "--json")[1]
    assert json.loads(named)[0]["_id"] == 149
    assert fp("db", "find", "big")[1] == '{"_id":{"$numberLong":"1152921504606846976"},"said":"31mred"}\n'
    code, out, err = fp("db", "find", "notes", "--filter", '{"a": {"$where": "1"}}')
    assert (code, out) == (1, "")
    assert "filter.a.$where: not allowed here" in err
    assert fp("db", "find", "nothing")[0] == 4
    assert fp("db", "find", "nothing/notes")[0] == 4


def test_a_whole_collection(fp: Run, api: Api, token: str, control_mongod: MongoServer) -> None:
    """Each document once, with its types, however many pages that were."""
    name = make_database(api, token, control_mongod)
    code, out, err = fp("db", "export", "notes")
    assert (code, "Exported" in err) == (0, True)
    assert sorted(one["_id"]["$numberInt"] for one in lines(out)) == sorted(str(number) for number in range(150))
    assert lines(fp("db", "export", f"{name}/big")[1])[0]["_id"] == {"$numberLong": str(2**60)}
    assert fp("db", "export", "nowhere")[:2] == (4, "")
    assert fp("db", "export")[:2] == (2, "")


@pytest.mark.parametrize(
    "arguments", [("find",), ("list", "x"), ("nothing",), ("find", "a", "-n", "0"), ("find", "a", "-f", "x" * 60_000)]
)
def test_wrong_usage(fp: Run, arguments: tuple[str, ...]) -> None:
    """Exit code 2, words on stderr, no data."""
    code, out, err = fp("db", *arguments)
    assert (code, out) == (2, ""), err
    assert "Traceback" not in err
