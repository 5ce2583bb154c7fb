"""Which platform a command talks to, and how the answer is kept."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fp import contexts, seen
from fp.contexts import Context, Contexts, Target
from fp.errors import FpError, UsageError

HOME = Context("https://fp.example.org", "t1", "ada")
KNOWN = Contexts("home", {"home": HOME, "localhost:8080": Context("http://localhost:8080", "t2", "bob")})


@pytest.mark.parametrize(
    ("host", "environment", "expected"),
    [
        (None, {}, Target(HOME.host, "t1")),
        ("localhost:8080", {}, Target("http://localhost:8080", "t2")),
        (None, {"FP_HOST": "http://localhost:8080/"}, Target("http://localhost:8080", "t2")),
        ("home", {"FP_HOST": "http://localhost:8080"}, Target(HOME.host, "t1")),
        (None, {"FP_TOKEN": "ci"}, Target(HOME.host, "ci")),
        ("https://other.org", {}, Target("https://other.org", None)),
        ("other.org", {"FP_TOKEN": "ci"}, Target("https://other.org", "ci")),
    ],
)
def test_the_platform_a_command_talks_to(host: str | None, environment: dict[str, str], expected: Target) -> None:
    """`--host` over FP_HOST over the current one; names and addresses; FP_TOKEN over a kept token."""
    assert contexts.target(KNOWN, host, environment) == expected


def test_without_anything_it_is_this_machine() -> None:
    """The default is the address of `fp up`."""
    assert contexts.target(Contexts(), None, {}) == Target("http://localhost:8080", None)


@pytest.mark.parametrize("host", ["", "ftp://x", "http://", "http://x:99999", "http://x/path", "a b", "http://[::1"])
def test_addresses_that_are_none(host: str) -> None:
    """They end as usage errors that show what one looks like."""
    with pytest.raises(UsageError) as caught:
        contexts.normalized(host)
    assert "https://" in caught.value.hint


@given(st.text())
def test_any_address_is_normalized_once_or_refused(text: str) -> None:
    """What comes out stays the same when it goes in again."""
    try:
        host = contexts.normalized(text)
    except UsageError:
        return
    assert contexts.normalized(host) == host


def test_what_is_kept_is_read_by_its_owner_alone(tmp_path: Path) -> None:
    """Tokens are in a file of mode 0600, replaced in one step, with nothing left beside it."""
    path = tmp_path / "config" / "contexts.json"
    contexts.save(path, KNOWN)
    contexts.save(path, KNOWN.without("home"))
    assert contexts.load(path) == Contexts(None, {"localhost:8080": KNOWN.contexts["localhost:8080"]})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [item.name for item in path.parent.iterdir()] == ["contexts.json"]


def test_a_spoiled_file_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    """Not a traceback, and not silently nobody."""
    path = tmp_path / "contexts.json"
    path.write_text("{")
    with pytest.raises(FpError) as caught:
        contexts.load(path)
    assert "fp login" in caught.value.hint


def test_etags_are_remembered_per_platform_and_app(tmp_path: Path) -> None:
    """The last one counts; a spoiled file only means that nothing is remembered."""
    path = tmp_path / "drafts.json"
    seen.remember(path, "http://a", "1", "x")
    seen.remember(path, "http://a", "1", "y")
    seen.remember(path, "http://b", "1", "z")
    assert [seen.seen_etag(path, host, "1") for host in ("http://a", "http://b", "http://c")] == ["y", "z", None]
    path.write_text("spoiled")
    assert seen.seen_etag(path, "http://a", "1") is None
