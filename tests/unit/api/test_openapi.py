"""The OpenAPI document says what the structs say and what the server does."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

import fp.api.accounts
import fp.api.admin
import fp.api.apps
import fp.api.auth
import fp.api.databases
import fp.api.deploys
import fp.api.metrics
import fp.api.packages
import fp.api.problems
import fp.api.see
import fp.api.templates
import fp.api.trying
import fp.api.versions
from control.api.application import make_api
from control.api.docs import render
from control.api.openapi import make_openapi

MODULES = (
    fp.api.accounts,
    fp.api.admin,
    fp.api.apps,
    fp.api.auth,
    fp.api.databases,
    fp.api.deploys,
    fp.api.metrics,
    fp.api.packages,
    fp.api.problems,
    fp.api.see,
    fp.api.templates,
    fp.api.trying,
    fp.api.versions,
)
STRUCTS: dict[str, type[msgspec.Struct]] = {
    name: kind
    for module in MODULES
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__module__ == module.__name__
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return make_openapi(make_api(None))


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, found) for path, methods in document["paths"].items() for method, found in methods.items()]


@pytest.mark.parametrize("name", sorted(STRUCTS))
def test_every_wire_struct_is_a_schema_with_its_fields(document: dict[str, Any], name: str) -> None:
    schema = document["components"]["schemas"][name]
    assert list(schema["properties"]) == [field.encode_name for field in msgspec.structs.fields(STRUCTS[name])]


@pytest.mark.parametrize("name", sorted(STRUCTS))
def test_what_must_be_sent_is_required(document: dict[str, Any], name: str) -> None:
    must = {field.encode_name for field in msgspec.structs.fields(STRUCTS[name]) if field.required}
    assert must <= set(document["components"]["schemas"][name].get("required", []))


def test_answers_have_all_their_fields_and_times_are_times(document: dict[str, Any]) -> None:
    app = document["components"]["schemas"]["App"]
    assert set(app["required"]) == set(app["properties"])
    assert app["properties"]["created_at"] == {"type": "string", "format": "date-time"}
    assert {"type": "string", "format": "date-time"} in app["properties"]["last_request_at"]["anyOf"]


def test_operations_have_names_of_their_own_and_tell_of_problems(document: dict[str, Any]) -> None:
    names = [found["operationId"] for _, _, found in operations(document)]
    assert len(names) == len(set(names))
    for path, method, found in operations(document):
        assert found["summary"], (path, method)
        assert "application/problem+json" in found["responses"]["default"]["content"]


def test_only_these_need_no_account(document: dict[str, Any]) -> None:
    public = {path for path, _, found in operations(document) if "security" not in found}
    assert public == {
        "/api/auth/signup", "/api/auth/login", "/api/auth/logout", "/api/auth/device", "/api/auth/device/token",
        "/api/info", "/api/health", "/api/ready", "/api/version",
    }  # fmt: skip


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    text = msgspec.json.encode(document).decode()
    for part in text.split('"$ref":"#/components/schemas/')[1:]:
        assert part.partition('"')[0] in document["components"]["schemas"]


def test_the_page_shows_each_route_and_loads_nothing(document: dict[str, Any]) -> None:
    page = render(document)
    for path, _, found in operations(document):
        assert path in page
        assert f'id="{found["operationId"]}"' in page
    assert "<script" not in page
    assert "src=" not in page
    assert 'id="problem-draft_changed"' in page


def test_it_can_be_printed_without_any_setting() -> None:
    root = Path(__file__).resolve().parents[3]
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join([str(root), str(root / "cli")])}
    command = [sys.executable, "-m", "control.api.openapi"]
    done = subprocess.run(command, env=environ, capture_output=True, check=True, timeout=60)
    assert msgspec.json.decode(done.stdout)["openapi"] == "3.1.0"
