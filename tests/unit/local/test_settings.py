"""What `up` reads from the environment, and what it says of what it cannot read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fp.local.child import in_words
from fp.local.errors import LocalError
from fp.local.settings import CHECKOUT, read_settings


def test_defaults_need_no_environment() -> None:
    """Port 8080 on loopback, data beside the code, apps under the platform's own domain."""
    settings = read_settings({})
    assert (settings.port, settings.bind, settings.domain, settings.apps_domain) == (
        8080,
        "127.0.0.1",
        "localhost",
        "localhost",
    )
    assert settings.data == CHECKOUT / ".fp"
    assert settings.url == "http://localhost:8080"


def test_apps_domain_follows_the_domain_unless_set() -> None:
    """FP_DOMAIN alone moves both; FP_APPS_DOMAIN moves the apps."""
    assert read_settings({"FP_DOMAIN": "fp.lan"}).apps_domain == "fp.lan"
    assert read_settings({"FP_DOMAIN": "fp.lan", "FP_APPS_DOMAIN": "apps.lan"}).apps_domain == "apps.lan"


def test_a_relative_data_folder_is_made_absolute() -> None:
    """Children run in other folders, so a relative path would mean something else to each."""
    assert read_settings({"FP_DATA": "here"}).data == Path.cwd() / "here"


@given(st.text())
def test_any_text_as_a_port_is_a_port_or_a_clear_error(text: str) -> None:
    """Never a traceback: a number from 1 to 65535, or an error that quotes what was given."""
    try:
        port = read_settings({"FP_PORT": text}).port
    except LocalError as error:
        assert "FP_PORT" in error.message
        assert repr(text) in error.message
    else:
        assert 0 < port < 65536


def test_every_mistake_is_told_at_once() -> None:
    """Two wrong variables, one error."""
    with pytest.raises(LocalError) as raised:
        read_settings({"FP_PORT": "0", "FP_DATA_PLANE": "pigeons"})
    assert "FP_PORT" in raised.value.message
    assert "pigeons" in raised.value.message


def test_exit_codes_in_words() -> None:
    """Signals by name, codes by number, unknown signals still said."""
    assert in_words(3) == "ended with code 3"
    assert in_words(-9) == "was killed by SIGKILL"
    assert in_words(-250) == "was killed by signal 250"
