"""Frames, settings, static files, module names."""

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner import bundle, settings, static, wire
from runner.loading import module_name

GOOD = {"FP_TICKET": "t", "FP_INSTANCE": "i", "FP_CHECKIN": "127.0.0.1:4000", "FP_SPOOL": "/tmp/x"}


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none()))
def test_a_frame_comes_back_as_it_was(content: dict[str, object]) -> None:
    message = {**content, "type": "hello"}
    encoded = wire.encode(message)
    assert wire.body_length(encoded[:4]) == len(encoded) - 4
    assert wire.decode(encoded[4:]) == message


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"type":1}', b"\xff"])
def test_what_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.decode(body)


def test_a_frame_that_is_too_long_is_refused() -> None:
    with pytest.raises(wire.WireError):
        wire.body_length((wire.MAX_FRAME + 1).to_bytes(4, "big"))


def test_settings_leave_the_environment() -> None:
    environment = {**GOOD, "FP_START_SECONDS": "7.5", "FP_ECHO": "0", "OTHER": "1"}
    taken = settings.take(environment)
    assert environment == {"OTHER": "1"}
    assert (taken.checkin, taken.start_seconds, taken.grace_seconds, taken.echo) == (
        ("127.0.0.1", 4000),
        7.5,
        None,
        False,
    )


def test_every_wrong_setting_is_named_at_once() -> None:
    with pytest.raises(settings.SettingsError) as caught:
        settings.take({**GOOD, "FP_SPOOL": "", "FP_CHECKIN": "x", "FP_START_SECONDS": "-1", "FP_GRACE_SECONDS": "soon"})
    message = str(caught.value)
    assert all(name in message for name in ("FP_SPOOL", "FP_CHECKIN", "FP_START_SECONDS", "FP_GRACE_SECONDS"))


@pytest.mark.parametrize(
    "trick", ["../secret", "a/../../secret", "/etc/passwd", "a\0b", "link/secret", "", "sub", "a.txt/"]
)
def test_nothing_outside_of_static_is_found(tmp_path: Path, trick: str) -> None:
    (tmp_path / "secret").write_text("x")
    folder = tmp_path / "static"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text("a")
    (folder / "link").symlink_to(tmp_path)

    async def app(*_: object) -> None: ...

    served = static.Static(app, folder)
    assert served.find("a.txt") == str(folder / "a.txt")
    assert served.find(trick) is None


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x.py", "a/../../x.py", "a\0.py"])
def test_a_bundle_writes_nothing_outside_of_its_folder(path: str) -> None:
    with pytest.raises(wire.WireError):
        bundle.unpack({"type": "bundle", "entrypoint": "app.py", "files": {path: "x"}})


@pytest.mark.parametrize(
    "message", [{}, {"entrypoint": "app.py"}, {"entrypoint": "app.py", "files": [1]}, {"entrypoint": ""}]
)
def test_a_bundle_that_lacks_something_is_refused(message: dict[str, object]) -> None:
    with pytest.raises(wire.WireError):
        bundle.unpack({"type": "bundle", **message})


@pytest.mark.parametrize(
    ("path", "name"),
    [("app.py", "app"), ("pkg/main.py", "pkg.main"), ("pkg/__init__.py", "pkg"), ("a/b/c.py", "a.b.c")],
)
def test_module_names(path: str, name: str) -> None:
    assert module_name(PurePosixPath(path)) == name
