"""Frames however they are cut; settings with every problem at once."""

import json
import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activator import frames
from activator.settings import SettingsError, read_settings

HELLO = {"type": "hello", "protocol": 1, "ticket": "t", "instance": "i", "port": 5, "serving": False, "phases": {}}
ACTIVITY = {"type": "activity", "id": 7, "in_flight": 0, "idle_seconds": 12.5, "served": 31}
GOOD = {"FP_ACTIVATOR_PORT": "1", "FP_CHECKIN_PORT": "2", "FP_NODE_PORT": "3", "FP_INTERNAL_TOKEN": "t"}


@given(cuts=st.lists(st.integers(0, 400), max_size=10))
def test_frames_come_out_whole_however_they_are_cut(cuts: list[int]) -> None:
    stream = frames.encode(HELLO) + frames.encode(ACTIVITY)
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    splitter = frames.Splitter()
    found = [frame for a, b in pairwise(edges) for frame in splitter.feed(stream[a:b])]
    assert found == [frames.Hello(1, "t", "i", 5), frames.Activity(7, 0, 12.5, 31)]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b'{"type":7}',
        b"\xff",
        b'{"type":"hello"}',
        json.dumps({**HELLO, "port": "x"}).encode(),
    ],
)
def test_what_is_no_frame_is_refused(body: bytes) -> None:
    with pytest.raises(frames.FrameError):
        frames.Splitter().feed(struct.pack(">I", len(body)) + body)


def test_what_a_newer_runner_says_beyond_that_is_passed_over() -> None:
    newer = frames.encode({"type": "weather", "sun": True}) + frames.encode({**ACTIVITY, "later": [1]})
    assert frames.Splitter().feed(newer) == [frames.Activity(7, 0, 12.5, 31)]


def test_a_frame_that_is_too_long_is_refused_before_it_arrives() -> None:
    with pytest.raises(frames.FrameError):
        frames.Splitter().feed(struct.pack(">I", frames.MAX_FRAME + 1))


def test_settings_have_defaults_and_units() -> None:
    settings = read_settings({**GOOD, "FP_HOLD_SECONDS": "2.5", "FP_ROOM_SIZE": "7"})
    assert (settings.hold_seconds, settings.room_size, settings.idle_seconds_per_minute) == (2.5, 7, 60.0)


def test_every_problem_of_the_settings_is_told_at_once() -> None:
    wrong = {"FP_ACTIVATOR_PORT": "x", "FP_CHECKIN_PORT": "70000", "FP_NODE_PORT": "3", "FP_HOLD_SECONDS": "-1"}
    wrong["FP_TRUSTED_PROXIES"] = "10.0.0.0/8,home"
    with pytest.raises(SettingsError) as raised:
        read_settings(wrong)
    for name in ("FP_ACTIVATOR_PORT", "FP_CHECKIN_PORT", "FP_INTERNAL_TOKEN", "FP_HOLD_SECONDS", "'home'"):
        assert name in str(raised.value)
    assert "FP_NODE_PORT" not in str(raised.value)


def test_lists_are_taken_apart_and_may_be_empty() -> None:
    lists = {"FP_STATIC_AGENTS": "Bot, !CUBOT ,", "FP_STATIC_PATHS": "", "FP_TRUSTED_PROXIES": "10.0.0.1/8, ::1"}
    settings = read_settings({**GOOD, **lists})
    assert settings.static_agents == ("bot", "!cubot")
    assert settings.static_paths == ()
    assert [str(network) for network in settings.trusted_proxies] == ["10.0.0.0/8", "::1/128"]
    assert read_settings(GOOD).static_paths == ("/favicon.ico", "/robots.txt")
