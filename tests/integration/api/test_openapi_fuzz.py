"""Whatever is sent to an operation of the OpenAPI document, the answer is one that the document has, and never a fault of ours.

Schemathesis makes the requests from the document: what its schemas allow, and what they do not. Names in paths are made up in
some examples and real in the others. The examples are the same in every run; FP_FUZZ_SEED=number makes others.
"""

import os
import re
from collections.abc import Callable, Iterator
from typing import Any, Self

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from control.api.application import make_api
from control.api.openapi import make_openapi
from fp.archive import MEDIA_TYPE, pack
from tests.support.api_process import Api, new_address, new_name
from tests.support.control_mongo import MongoServer

SEED = int(os.environ.get("FP_FUZZ_SEED", "1"))
EXAMPLES = int(os.environ.get("FP_FUZZ_EXAMPLES", "12"))
SECONDS = 30.0
PASSWORD = "correct horse"
TEMPLATE = {"name": "Mine", "description": "Of my own"}
TOKEN = {"name": "mine", "scope": "read"}
PLAIN = {"number": "1", "collection": "things", "rid": "none", "fingerprint": "none"}
HEALTH = list(HealthCheck)
CHECKS = [
    status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance,
]  # fmt: skip
SETS = "PATCH /api/admin/settings"
"""It changes how the platform answers everybody: what was set before is set again afterwards."""
ENDLESS = "GET /api/deploys/{deploy_id}/events"
"""A stream that ends with its deploy, and nobody deploys here: it is asked for deploys that are not there, and no others."""
READY = "GET /api/ready"
"""The one that is to say 503: most of the platform is not there."""
TOO_LONG = {414, 431}
"""What the HTTP server answers by itself, without a body, to a head that is too long for it."""
AWAY = {"unavailable"}
"""Codes of what may be said with a status of 5xx: the parts beside MongoDB are not there."""

DOCUMENT = make_openapi(make_api(None))
schemathesis.openapi.media_type(
    MEDIA_TYPE,
    st.one_of(
        st.binary(max_size=200),
        st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=4).map(lambda files: pack(files, {})),
        st.just(pack({"app.py": "app = None\n"}, {})),
    ),
)
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)}


class Account:
    """Somebody who asks; `with` hangs up at the end."""

    def __init__(self, api: Api, username: str) -> None:
        self.client = httpx.Client(base_url=api.url, timeout=SECONDS, trust_env=False)
        body = {"username": username, "password": PASSWORD}
        made = self.ask("POST", "/api/auth/signup", json=body, headers={"X-Forwarded-For": new_address()})
        self.user = made["user"]["id"]
        self.headers = {"Authorization": f"Bearer {made['token']}"}
        self.client.headers.update(self.headers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def ask(self, method: str, path: str, **given: Any) -> Any:
        answer = self.client.request(method, path, **given)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def own(self, path: str) -> dict[str, str]:
        """Something of theirs for every parameter of the path."""
        return {name: self._one_of(name) for name in re.findall(r"{(\w+)}", path)}

    def _one_of(self, name: str) -> str:
        made: dict[str, Callable[[], Any]] = {
            "key": lambda: self.ask("POST", "/api/apps", json={})["name"],
            "app_id": self._deleted,
            "deploy_id": lambda: self.ask("POST", f"/api/apps/{self._one_of('key')}/deploy", json={})["id"],
            "template_id": lambda: self.ask("POST", "/api/templates", json={"app": self._one_of("key"), **TEMPLATE})[
                "id"
            ],
            "database": lambda: self.ask("POST", "/api/databases", json={"label": "mine"})["id"],
            "token_id": lambda: self.ask("POST", "/api/auth/tokens", json=TOKEN)["token"]["id"],
            "session_id": lambda: self.ask("GET", "/api/auth/sessions")["items"][0]["id"],
            "user_code": lambda: self.ask(
                "POST", "/api/auth/device", json={"client": "a test"}, headers={"X-Forwarded-For": new_address()}
            )["user_code"],
            "user_id": lambda: self.user,
        }
        return str(made[name]()) if name in made else PLAIN[name]

    def _deleted(self) -> Any:
        app = self.ask("POST", "/api/apps", json={})["id"]
        self.ask("DELETE", f"/api/apps/{app}")
        return app


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A process of its own: what it is told must not meet other tests."""
    with MongoServer(tmp_path_factory.mktemp("fuzzed")) as mongo, Api(mongo, tmp_path_factory.mktemp("api")) as api:
        mongo.start()
        yield api.start()


@pytest.fixture(scope="module")
def chief(fuzzed: Api) -> Iterator[Account]:
    """The administrator."""
    with Account(fuzzed, "chief") as first:
        yield first


@pytest.fixture
def ann(fuzzed: Api, chief: Account) -> Iterator[Account]:
    """A new account for each operation, because some end the session that asks, or more."""
    with Account(fuzzed, new_name()) as account:
        yield account


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_as_documented(label: str, fuzzed: Api, chief: Account, ann: Account) -> None:
    real, by = ann.own(label), chief if "/api/admin/" in label else ann
    operation = OPERATIONS[label]
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

    @seeded(SEED)
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=HEALTH
    )
    @given(cases, st.integers(0, 3))
    def asked(case: Case[Any], made_up: int) -> None:
        if made_up and label != ENDLESS:
            case.path_parameters.update({name: real[name] for name in case.path_parameters})
        case.headers.update(by.headers)
        answer = case.call(base_url=fuzzed.url, session=session, timeout=SECONDS)
        if answer.status_code in TOO_LONG and not answer.content:
            return
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 500 and label != READY:
            assert answer.json()["code"] in AWAY, f"{case.as_curl_command()}\n{answer.text}\n{fuzzed.log[-3000:]}"

    print(f"FP_FUZZ_SEED={SEED} FP_FUZZ_EXAMPLES={EXAMPLES}")
    before = chief.ask("GET", "/api/admin/settings")
    with requests.Session() as session:
        try:
            asked()
        finally:
            if label == SETS:
                same = {name: value for name, value in before.items() if name != "revision"}
                chief.ask("PATCH", "/api/admin/settings", json=same)


def test_what_is_asked_in_a_way_of_its_own_is_there() -> None:
    assert {SETS, ENDLESS, READY} <= set(OPERATIONS)
    assert len(OPERATIONS) == sum(len(methods) for methods in DOCUMENT["paths"].values())
