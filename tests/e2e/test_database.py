"""Every app has a database: its owner's, with a MongoDB user that has rights on it alone."""

import pytest

from tests.support.account import Account

PROBE = """\
import os

from fastapi import FastAPI
from pymongo import MongoClient
from pymongo.errors import OperationFailure

app = FastAPI()
client = MongoClient(os.environ["PLATFORM_MONGO_URI"])
db = client.get_default_database()


@app.post("/{text}")
def write(text: str):
    db.words.insert_one({"text": text})
    return {"database": db.name}


@app.get("/")
def read():
    return {"database": db.name, "words": [word["text"] for word in db.words.find()]}


@app.get("/peek/{database}/{collection}")
def peek(database: str, collection: str):
    try:
        return {"found": client[database][collection].find_one() is not None}
    except OperationFailure as error:
        return {"refused": error.code}
"""


def test_apps_of_one_owner_share_a_database_and_nobody_elses_is_readable(ada: Account) -> None:
    """What one app writes another of the same owner reads; another user's database and the platform's are refused."""
    ada.publish("writer", {"app.py": PROBE})
    ada.publish("reader", {"app.py": PROBE})
    ada.call("writer", "/hello", "POST")
    seen = ada.call("reader").json()
    assert seen["words"] == ["hello"]

    bob = Account(ada.platform, "bob")
    bob.publish("bobs", {"app.py": PROBE})
    assert bob.call("bobs").json()["words"] == []
    assert bob.call("bobs", f"/peek/{seen['database']}/words").json() == {"refused": 13}
    assert bob.call("bobs", "/peek/platform/users").json() == {"refused": 13}


@pytest.mark.parametrize("template", ["hello", "todo", "notes", "counter"])
def test_every_template_works_as_it_is(ada: Account, template: str) -> None:
    """Created, deployed, and its first example answers."""
    examples = {one["id"]: one["examples"] for one in ada.api("GET", "/templates")["items"]}
    name = f"from-{template}"
    ada.create(name, template=template)
    deploy = ada.deploy(name)
    assert deploy["status"] == "succeeded", deploy
    assert examples[template]
    for example in examples[template]:
        headers = {"content-type": "application/json"} if example["body"] else {}
        answer = ada.call(name, example["path"], example["method"], content=example["body"], headers=headers)
        assert answer.status_code < 400, (example, answer.text)


def test_somebody_elses_app_is_not_there(ada: Account) -> None:
    """Another user's app answers 404 to every verb, and its name is taken all the same."""
    ada.create("adas")
    carol = Account(ada.platform, "carol")
    for method, path in [
        ("GET", ""),
        ("DELETE", ""),
        ("GET", "/draft"),
        ("POST", "/deploy"),
        ("GET", "/logs"),
        ("POST", "/wake"),
    ]:
        assert carol.http.request(method, f"/api/apps/adas{path}").status_code == 404, (method, path)
    assert carol.http.post("/api/apps", json={"name": "adas"}).json()["code"] == "name_taken"
