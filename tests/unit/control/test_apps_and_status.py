"""Hashes, diffs, tokens, addresses, and the one word for what an app is doing."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.base import AppView, Failure
from control.domain.accounts import SESSION_DAYS, new_token, open_session, token_hash
from control.domain.addresses import app_host, app_url
from control.domain.apps import App, Live, Trouble, Version, changed_paths, code_hash, make_draft
from control.domain.clock import utc_now, whole_ms
from control.domain.databases import database_name
from control.domain.deploys import Deploy, fail, new_deploy, succeed
from control.domain.pages import clamp_limit
from control.domain.status import status_of

NOW = datetime(2026, 1, 2, 3, 4, 5, 678000, UTC)
APP = App(id="a1", owner="u1", owner_name="ada", name="todo", created_at=NOW, updated_at=NOW)
LIVE_APP = App(
    id="a1", owner="u1", owner_name="ada", name="todo", created_at=NOW, updated_at=NOW, live=Live("v1", 1, 1)
)
PAUSED = App(id="a1", owner="u1", owner_name="ada", name="t", created_at=NOW, updated_at=NOW, paused=True)
TROUBLED = App(
    id="a1", owner="u1", owner_name="ada", name="t", created_at=NOW, updated_at=NOW, live=Live("v1", 1, 1),
    trouble=Trouble("no", NOW),
)  # fmt: skip
RUNNING = new_deploy("a1", 1, "ada", NOW)
FAILED = fail(RUNNING, [], NOW)
DONE = succeed(RUNNING, NOW)


def view(replicas: int, upstream: str | None = None, *, failed: bool = False, closed: bool = False) -> AppView:
    return AppView(
        app="a1", name="todo", version="v1", number=1, digest="d", hosts=[], idle_minutes=15, replicas=replicas,
        upstream=upstream, closed=closed, failure=Failure("exited", "it died") if failed else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("app", "deploy", "seen", "word"),
    [
        (APP, None, None, "draft"),
        (APP, RUNNING, None, "deploying"),
        (APP, FAILED, None, "error"),
        (LIVE_APP, DONE, view(1, "127.0.0.1:1"), "running"),
        (LIVE_APP, FAILED, view(1, "127.0.0.1:1"), "running"),
        (LIVE_APP, RUNNING, view(1, "127.0.0.1:1"), "deploying"),
        (LIVE_APP, DONE, view(1, "127.0.0.1:1", closed=True), "running"),
        (LIVE_APP, DONE, view(0), "sleeping"),
        (LIVE_APP, DONE, view(1), "waking"),
        (LIVE_APP, DONE, view(1, failed=True), "error"),
        (LIVE_APP, DONE, view(0, failed=True), "error"),
        (LIVE_APP, DONE, None, "waking"),
        (TROUBLED, DONE, None, "error"),
        (PAUSED, RUNNING, None, "paused"),
    ],
)
def test_an_apps_status_is_one_word(app: App, deploy: Deploy | None, seen: AppView | None, word: str) -> None:
    assert status_of(app, deploy, seen) == word


FILES = st.dictionaries(st.text(max_size=5), st.text(max_size=10), max_size=4)


@given(FILES, FILES, st.text(max_size=5))
def test_equal_files_have_equal_hashes_and_others_do_not(a: dict[str, str], b: dict[str, str], entry: str) -> None:
    assert code_hash(a, entry) == code_hash(dict(reversed(a.items())), entry)
    assert (code_hash(a, entry) == code_hash(b, entry)) == (a == b)
    assert code_hash(a, entry) != code_hash(a, entry + "x")


@given(FILES, FILES)
def test_changed_paths_are_those_whose_text_differs(a: dict[str, str], b: dict[str, str]) -> None:
    version = Version(
        id="v", app="a1", number=1, files=b, entrypoint="x", code_hash="", framework=None, deploy="d", by="ada",
        created_at=NOW,
    )  # fmt: skip
    changed = changed_paths(make_draft("a1", a, "x", NOW), version)
    assert changed == sorted(changed)
    assert (changed == []) == (a == b)
    rest = set(changed)
    assert {p: t for p, t in a.items() if p not in rest} == {p: t for p, t in b.items() if p not in rest}
    assert changed_paths(make_draft("a1", a, "x", NOW), None) == sorted(a)


def test_a_session_stores_the_tokens_hash_and_ends() -> None:
    token, session = open_session("u1", "browser", NOW)
    assert session.id == token_hash(token) != token
    assert session.expires_at == NOW + timedelta(days=SESSION_DAYS)
    assert new_token() != new_token()


def test_an_address_leaves_the_schemes_own_port_out() -> None:
    assert app_url("todo", "localhost", 8080) == "http://todo.localhost:8080"
    assert app_url("todo", "Example.com", 443, "https") == "https://todo.example.com"
    assert app_url("{name}", "localhost", 80) == "http://{name}.localhost"
    assert app_host("todo", "Apps.Example.com") == "todo.apps.example.com"


def test_database_names_fit_and_differ() -> None:
    name = database_name("a" * 32)
    assert len(name) <= 63
    assert name != database_name("a" * 32)


def test_times_are_whole_milliseconds_in_utc() -> None:
    elsewhere = datetime(2026, 1, 1, 12, 0, 0, 123456, timezone(timedelta(hours=2)))
    assert whole_ms(elsewhere) == datetime(2026, 1, 1, 10, 0, 0, 123000, UTC)
    assert utc_now().microsecond % 1000 == 0
    with pytest.raises(ValueError, match="ambiguous"):
        whole_ms(datetime(2026, 1, 1))


@pytest.mark.parametrize(("asked", "given_"), [(-1, 1), (0, 1), (7, 7), (10**9, 200)])
def test_a_pages_size_has_bounds(asked: int, given_: int) -> None:
    assert clamp_limit(asked) == given_
