"""The plan closes gaps and nothing else; the digest changes exactly when an instance would be another one."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.base import AppView, Blocked, Failure, Limits, Workload
from control.domain.apps import App, Version, VersionSummary, code_hash
from control.domain.config import Config
from control.domain.sharing import Sharing
from control.lifecycle.deploying import to_finding
from control.lifecycle.plan import Apply, Configure, Delete, make_plan
from control.lifecycle.reconcile import LONGEST_PAUSE, pause_after
from control.lifecycle.workload import Recipe, Wanted, build_wanted, build_workload
from fp.names import SHARING_VARIABLE
from runner.bundle import SHARING

NOW = datetime(2026, 1, 2, tzinfo=UTC)
APP = App(id="a1", owner="u1", owner_name="ada", name="todo", created_at=NOW, updated_at=NOW)
FILES = {"app.py": "x = 1"}
VERSION = Version(
    id="v1", app="a1", number=1, files=FILES, entrypoint="app.py", code_hash=code_hash(FILES, "app.py"),
    framework=None, deploy="d", by="ada", created_at=NOW,
)  # fmt: skip
RECIPE = Recipe("localhost", Limits(start_seconds=20.0))
URI = "mongodb://u:p@127.0.0.1:1/u"


def wanted(app: str, digest: str = "d", idle: int = 15, blocked: Blocked = "") -> Wanted:
    return Wanted(app=app, digest=digest, hosts=[f"{app}.localhost"], idle_minutes=idle, blocked=blocked)


def seen(app: str, digest: str = "d", idle: int = 15, **more: Any) -> AppView:
    return AppView(
        app=app, name=app, version="v", number=1, digest=digest, hosts=[f"{app}.localhost"], idle_minutes=idle,
        **{"replicas": 0, **more},
    )  # fmt: skip


def test_what_is_as_wanted_needs_nothing_awake_or_asleep() -> None:
    views = {"a": seen("a"), "b": seen("b", replicas=1, upstream="x:1"), "c": seen("c", failure=Failure("exited", ""))}
    assert make_plan([wanted("a"), wanted("b"), wanted("c")], views, set()) == []


def test_each_gap_has_its_action_and_deletions_come_first() -> None:
    views = {"stale": seen("stale", "old"), "idle": seen("idle", idle=1), "orphan": seen("orphan")}
    plan = make_plan([wanted("missing"), wanted("stale"), wanted("idle")], views, set())
    assert plan[0] == Delete("orphan")
    assert [(type(action), action.app) for action in plan[1:]] == [
        (Apply, "missing"), (Apply, "stale"), (Configure, "idle"),
    ]  # fmt: skip
    assert plan[3] == Configure("idle", 15, ["idle.localhost"], "")


def test_an_app_is_blocked_and_let_go_by_configuring_it() -> None:
    views = {"stop": seen("stop"), "go": seen("go", blocked="paused"), "still": seen("still", blocked="paused")}
    plan = make_plan([wanted("stop", blocked="paused"), wanted("go"), wanted("still", blocked="paused")], views, set())
    assert plan == [
        Configure("stop", 15, ["stop.localhost"], "paused"),
        Configure("go", 15, ["go.localhost"], ""),
    ]


def test_an_app_under_deploy_is_left_alone() -> None:
    views = {"stale": seen("stale", "old"), "new": seen("new")}
    assert make_plan([wanted("stale"), wanted("missing")], views, {"stale", "missing", "new"}) == []


APPS = st.sampled_from(["a", "b", "c", "d"])
DIGESTS = st.sampled_from(["1", "2"])


@given(st.dictionaries(APPS, DIGESTS), st.dictionaries(APPS, DIGESTS), st.sets(APPS))
def test_after_the_plan_the_cluster_is_as_wanted(want: dict[str, str], have: dict[str, str], busy: set[str]) -> None:
    cluster = dict(have)
    for action in make_plan([wanted(a, d) for a, d in want.items()], {a: seen(a, d) for a, d in have.items()}, busy):
        assert action.app not in busy
        if isinstance(action, Delete):
            del cluster[action.app]
        else:
            cluster[action.app] = want[action.app]
    assert {a: d for a, d in cluster.items() if a not in busy} == {a: d for a, d in want.items() if a not in busy}


def test_a_workload_has_what_an_instance_needs() -> None:
    workload = build_workload(APP, VERSION, URI, RECIPE, secrets={})
    assert workload == Workload(
        app="a1", name="todo", version="v1", number=1, digest=workload.digest, files=FILES, entrypoint="app.py",
        env={"PLATFORM_MONGO_URI": URI}, hosts=["todo.localhost"], idle_minutes=15, limits=workload.limits,
    )  # fmt: skip
    assert workload.limits.start_seconds == 20.0
    assert len(workload.digest) == 64


def test_what_chats_show_goes_with_the_version_to_its_instances() -> None:
    shown = msgspec.structs.replace(VERSION, config=Config(sharing=Sharing(title='a "title"', picture="/og.png")))
    workload = build_workload(APP, shown, URI, RECIPE, secrets={})
    told = msgspec.json.decode(workload.env[SHARING_VARIABLE])
    assert told == {"title": 'a "title"', "picture": "/og.png"}
    assert SHARING_VARIABLE == SHARING, "the runner looks for it under this name"


def test_a_version_brings_its_variables_secrets_and_limits() -> None:
    config = Config(env={"DEBUG": "1", "PLATFORM_MONGO_URI": "mine"}, memory_mb=64)
    version = msgspec.structs.replace(VERSION, config=config)
    workload = build_workload(APP, version, URI, RECIPE, secrets={"KEY": "s3cret"})
    assert workload.env == {"DEBUG": "1", "KEY": "s3cret", "PLATFORM_MONGO_URI": URI}
    assert workload.limits == msgspec.structs.replace(RECIPE.limits, memory_mb=64)


def test_what_is_wanted_can_be_told_without_the_code() -> None:
    summary = msgspec.convert(msgspec.structs.asdict(VERSION), VersionSummary)
    want = build_wanted(APP, summary, URI, RECIPE)
    workload = build_workload(APP, VERSION, URI, RECIPE, secrets={})
    assert (want.digest, want.hosts, want.idle_minutes) == (workload.digest, workload.hosts, workload.idle_minutes)


@pytest.mark.parametrize(
    ("app", "version", "uri", "recipe"),
    [
        ({"name": "other"}, {}, URI, RECIPE),
        ({}, {"id": "v2"}, URI, RECIPE),
        ({}, {"number": 2}, URI, RECIPE),
        ({}, {"code_hash": "other"}, URI, RECIPE),
        ({}, {"entrypoint": "main.py"}, URI, RECIPE),
        ({}, {"config": Config(memory_mb=64)}, URI, RECIPE),
        ({}, {"config": Config(cpus=0.5)}, URI, RECIPE),
        ({}, {}, URI + "x", RECIPE),
        ({}, {}, URI, Recipe("localhost", Limits(start_seconds=5.0))),
        ({}, {}, URI, Recipe("localhost", Limits(memory_mb=64))),
        ({}, {}, URI, Recipe("localhost", Limits(cpus=0.5))),
        ({}, {}, URI, Recipe("localhost", Limits(processes=20))),
    ],
)
def test_another_instance_has_another_digest(
    app: dict[str, Any], version: dict[str, Any], uri: str, recipe: Recipe
) -> None:
    changed = build_wanted(
        msgspec.structs.replace(APP, **app), msgspec.structs.replace(VERSION, **version), uri, recipe
    )
    assert changed.digest != build_wanted(APP, VERSION, URI, RECIPE).digest


def test_routing_and_idle_time_change_no_digest() -> None:
    other = build_wanted(
        msgspec.structs.replace(APP, idle_minutes=1), VERSION, URI, Recipe("example.com", Limits(start_seconds=20.0))
    )
    assert other.digest == build_wanted(APP, VERSION, URI, RECIPE).digest
    assert other.hosts == ["todo.example.com"]


def test_a_paused_app_is_blocked_with_the_same_digest() -> None:
    paused = build_workload(msgspec.structs.replace(APP, paused=True), VERSION, URI, RECIPE, secrets={})
    assert paused.blocked == "paused"
    assert msgspec.structs.replace(paused, blocked="") == build_workload(APP, VERSION, URI, RECIPE, secrets={})


def test_pauses_grow_and_end_growing() -> None:
    pauses = [pause_after(n) for n in range(1, 40)]
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[1]
    assert pauses[-1] == LONGEST_PAUSE


def test_a_failure_keeps_every_detail_as_a_finding() -> None:
    failure = Failure("import_failed", "no module x", "app.py", 3, 5, "add it", "Traceback ...")
    assert msgspec.structs.asdict(to_finding(failure)) == msgspec.structs.asdict(failure)
