"""Settings tell every error at once; secrets open only where they belong; cursors come back as they went."""

import base64
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.base import Limits
from control.domain.errors import BadCursor, SecretUnreadable
from control.settings import Settings, SettingsError, from_environ
from control.store.bootstrap import BootstrapError, read_settings
from control.store.databases import app_uri
from control.store.paging import decode, encode
from control.store.secrets import SecretBox

KEY = bytes(range(32))
ENVIRON = {
    "FP_MONGO_URI": "mongodb://fp:pw@127.0.0.1:27017/?authSource=admin",
    "FP_SECRET_KEY": base64.urlsafe_b64encode(KEY).decode(),
    "FP_INTERNAL_TOKEN": "token",
    "FP_CONTROL_PORT": "8001",
    "FP_INTERNAL_PORT": "8002",
    "FP_ACTIVATOR_PORT": "8003",
    "FP_NODE_PORT": "8004",
}


def test_settings_have_defaults_for_all_that_has_one() -> None:
    assert from_environ(ENVIRON) == Settings(
        mongo_uri=ENVIRON["FP_MONGO_URI"], secret_key=KEY, internal_token="token", control_port=8001,
        internal_port=8002, activator_port=8003, node_port=8004, port=8080, domain="localhost", apps_domain="localhost",
        web_dir=None, limits=Limits(memory_mb=512, cpus=1.0, processes=128, start_seconds=20.0, grace_seconds=30.0),
    )  # fmt: skip


def test_given_settings_are_taken_and_apps_live_under_the_domain_unless_told() -> None:
    given_ = from_environ(ENVIRON | {"FP_DOMAIN": "FP.example", "FP_WEB_DIR": "/web", "FP_START_SECONDS": "2.5"})
    assert (given_.domain, given_.apps_domain, given_.web_dir) == ("fp.example", "fp.example", Path("/web"))
    assert given_.limits.start_seconds == 2.5


def test_what_an_app_may_use_is_a_setting_of_the_platform() -> None:
    limits = from_environ(ENVIRON | {"FP_APP_MEMORY_MB": "64", "FP_APP_CPUS": "0.5", "FP_APP_PROCESSES": "20"}).limits
    assert (limits.memory_mb, limits.cpus, limits.processes) == (64, 0.5, 20)
    with pytest.raises(SettingsError) as caught:
        from_environ(ENVIRON | {"FP_APP_MEMORY_MB": "1", "FP_APP_CPUS": "0", "FP_APP_PROCESSES": "many"})
    assert len(caught.value.problems) == 3


def test_every_error_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        from_environ({"FP_MONGO_URI": "http://x", "FP_SECRET_KEY": "?", "FP_PORT": "0", "FP_START_SECONDS": "soon"})
    told = "\n".join(caught.value.problems)
    names = ["FP_MONGO_URI", "FP_SECRET_KEY", "FP_PORT", "FP_START_SECONDS", "FP_INTERNAL_TOKEN", "FP_CONTROL_PORT"]
    names += ["FP_INTERNAL_PORT", "FP_ACTIVATOR_PORT", "FP_NODE_PORT"]
    assert all(name in told for name in names)
    assert len(caught.value.problems) == len(names)


@pytest.mark.parametrize("number", ["nan", "inf", "-1"])
def test_odd_numbers_are_refused(number: str) -> None:
    with pytest.raises(SettingsError):
        from_environ(ENVIRON | {"FP_START_SECONDS": number})


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_secret_opens_to_what_was_sealed(text: str) -> None:
    box = SecretBox([KEY])
    assert box.open(box.seal(text, "p"), "p") == text


def test_a_secret_opens_nowhere_else_and_not_when_touched() -> None:
    box = SecretBox([KEY])
    sealed = box.seal("hello", "database:1")
    touched = msgspec.structs.replace(sealed, box=sealed.box[:-1] + bytes([sealed.box[-1] ^ 1]))
    assert b"hello" not in sealed.box
    with pytest.raises(SecretUnreadable):
        box.open(sealed, "database:2")
    with pytest.raises(SecretUnreadable):
        box.open(touched, "database:1")
    with pytest.raises(SecretUnreadable):
        SecretBox([b"k" * 32]).open(sealed, "database:1")


def test_after_a_rotation_old_secrets_still_open_and_new_ones_have_the_new_key() -> None:
    old = SecretBox([KEY]).seal("hello", "p")
    rotated = SecretBox([b"k" * 32, KEY])
    assert rotated.open(old, "p") == "hello"
    assert rotated.seal("hello", "p").key != old.key


MOMENTS = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))
VALUES = st.lists(st.one_of(MOMENTS, st.text(max_size=10), st.integers(-(2**53), 2**53)), min_size=1, max_size=3)


@given(VALUES)
def test_a_cursor_comes_back_as_it_went(values: list[datetime | str | int]) -> None:
    assert decode(encode(values), len(values)) == values


@given(st.text(max_size=30))
def test_a_made_up_cursor_is_refused_never_a_crash(text: str) -> None:
    try:
        decode(text, 2)
    except BadCursor:
        return
    assert len(decode(text, 2)) == 2


def test_an_apps_uri_keeps_the_address_and_options_but_not_the_platforms_credentials() -> None:
    uri = app_uri("mongodb://root:top@db1:27017,db2:27018/?replicaSet=rs&tls=true&authSource=admin", "u_ada_x", "p/w:@")
    parts = urlsplit(uri)
    assert parts.netloc == "u_ada_x:p%2Fw%3A%40@db1:27017,db2:27018"
    assert parts.path == "/u_ada_x"
    assert parse_qs(parts.query) == {"replicaSet": ["rs"], "tls": ["true"], "authSource": ["u_ada_x"]}
    assert "root" not in uri
    single = app_uri("mongodb://root:top@127.0.0.1:27017/?authSource=admin", "u", "p")
    assert parse_qs(urlsplit(single).query) == {"authSource": ["u"], "directConnection": ["true"]}
    assert "directConnection" not in app_uri("mongodb+srv://root:top@cluster.example/", "u", "p")


@pytest.mark.parametrize("uri", ["mongodb://h/", "mongodb://a:1,b:2/", "mongodb://h:x/", ""])
def test_bootstrap_wants_one_address(uri: str) -> None:
    with pytest.raises(BootstrapError):
        read_settings({"FP_MONGO_URI": uri, "FP_MONGO_ROOT_USER": "u", "FP_MONGO_ROOT_PASSWORD": "p"})
    with pytest.raises(BootstrapError, match="FP_MONGO_ROOT_PASSWORD"):
        read_settings({"FP_MONGO_URI": "mongodb://h:1/", "FP_MONGO_ROOT_USER": "u"})
