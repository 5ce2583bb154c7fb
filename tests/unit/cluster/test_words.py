"""Settings, failures and faults: what people read, and what crosses the wire unchanged."""

from pathlib import Path

import msgspec
import pytest

from cluster import base
from cluster.exits import exit_failure
from cluster.local import post_mortem, wire
from cluster.local.settings import SettingsError, read_settings
from tests.support.node_harness import workload

SETTINGS = {
    "FP_DATA": "/data",
    "FP_NODE_PORT": "4001",
    "FP_INTERNAL_TOKEN": "secret",
    "FP_CHECKIN_PORT": "4002",
    "FP_INTERNAL_PORT": "4003",
    "FP_RUNNER_PYTHON": "/bin/sh",
}


def test_settings_have_defaults_where_a_person_need_not_care() -> None:
    settings = read_settings(SETTINGS)
    assert (settings.port, settings.checkin_port, settings.internal_port) == (4001, 4002, 4003)
    assert (settings.start_seconds, settings.folder) == (20.0, Path("/data/node"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FP_NODE_PORT", "0"),
        ("FP_NODE_PORT", "65536"),
        ("FP_CHECKIN_PORT", "-1"),
        ("FP_START_SECONDS", "soon"),
        ("FP_START_SECONDS", "nan"),
        ("FP_RUNNER_PYTHON", "/nowhere/python"),
        ("FP_INTERNAL_TOKEN", ""),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings({**SETTINGS, name: value})


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as told:
        read_settings({"FP_NODE_PORT": "x"})
    assert len(str(told.value).splitlines()) == len(SETTINGS)


@pytest.mark.parametrize(
    ("code", "ready", "kind", "message"),
    [
        (3, True, "exited", "Process exited with code 3"),
        (0, True, "exited", "Process exited with code 0"),
        (1, False, "exited", "Process exited with code 1 before it was ready"),
        (None, True, "exited", "Process exited"),
        (-9, True, "killed", "Process was killed by SIGKILL"),
        (-11, False, "killed", "Process was killed by SIGSEGV before it was ready"),
        (-99, True, "killed", "Process was killed by signal 99"),
    ],
)
def test_a_death_is_told_in_words(code: int | None, ready: bool, kind: str, message: str) -> None:
    failure = exit_failure(code, ready=ready, tail=["last", "words"])
    assert (failure.code, failure.message, failure.traceback) == (kind, message, "last\nwords")


def test_the_tail_of_a_large_output_is_its_end(tmp_path: Path) -> None:
    (tmp_path / "native.log").write_bytes(b"".join(b"line %d \xff\n" % number for number in range(50_000)))
    tail = post_mortem.native_tail(tmp_path)
    assert len(tail) == 100
    assert tail[-1].startswith("line 49999 ")
    assert post_mortem.native_tail(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    "error",
    [
        base.UnknownApp("a"),
        base.UnknownTicket("b"),
        base.Unavailable("c"),
        base.ClusterError("d"),
        base.DeployFailed(base.Failure("import_failed", "e", file="app.py", line=3)),
    ],
)
def test_an_error_is_the_same_on_the_other_side(error: base.ClusterError) -> None:
    told = wire.error(msgspec.msgpack.decode(msgspec.msgpack.encode(wire.fault(1, error)), type=wire.Fault))
    assert (type(told), str(told)) == (type(error), str(error))
    assert getattr(told, "failure", None) == getattr(error, "failure", None)


@pytest.mark.parametrize(
    "event",
    [
        base.AppView("a", "n", "v", 1, "d", [], 5, 1, failure=base.Failure("exited", "x")),
        base.AppGone("a"),
        base.Synced(),
    ],
)
def test_an_event_is_the_same_on_the_other_side(event: base.WatchEvent) -> None:
    assert wire.from_event(msgspec.msgpack.decode(wire.raw(wire.to_event(event)), type=wire.Event)) == event


def test_a_message_too_large_for_a_frame_is_refused_before_it_is_sent() -> None:
    large = workload("app", files={"app.py": "x" * wire.MAX_FRAME})
    with pytest.raises(base.ClusterError, match="bytes"):
        wire.frame(wire.Call(1, wire.Apply(large)))
