"""Who we are to the API server, and what is said when that cannot be found out."""

import base64
from pathlib import Path
from typing import Any

import pytest

from cluster.base import Limits
from cluster.kubernetes.access import NoAccess, find_access, read_kubeconfig
from cluster.kubernetes.settings import SettingsError, read_settings


def kubeconfig(user: dict[str, Any], **cluster: Any) -> dict[str, Any]:
    """With one context."""
    return {
        "current-context": "c",
        "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
        "clusters": [{"name": "k", "cluster": {"server": "https://1.2.3.4:6443/", **cluster}}],
        "users": [{"name": "u", "user": user}],
    }


def test_a_token_in_line_and_in_a_file(tmp_path: Path) -> None:
    assert read_kubeconfig(kubeconfig({"token": "t"}), tmp_path).headers() == {"Authorization": "Bearer t"}
    (tmp_path / "token").write_text("from-file\n")
    access = read_kubeconfig(kubeconfig({"tokenFile": "token"}), tmp_path)
    assert (access.url, access.headers()) == ("https://1.2.3.4:6443", {"Authorization": "Bearer from-file"})


@pytest.mark.parametrize("text", ["", "contexts: []", "[]", "a: b: c", "current-context: nobody\ncontexts: []"])
def test_a_kubeconfig_that_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "config").write_text(text)
    with pytest.raises(NoAccess, match="config"):
        find_access({"KUBECONFIG": str(tmp_path / "config")})


def test_no_kubeconfig_at_all(tmp_path: Path) -> None:
    with pytest.raises(NoAccess, match="cannot be read"):
        find_access({"KUBECONFIG": str(tmp_path / "nowhere")})


def test_a_wrong_authority_is_refused(tmp_path: Path) -> None:
    wrong = base64.b64encode(b"no certificate").decode()
    with pytest.raises(Exception, match=r"(?i)pem|cert|ssl"):
        read_kubeconfig(kubeconfig({"token": "t"}, **{"certificate-authority-data": wrong}), tmp_path)


def test_settings_tell_every_problem() -> None:
    with pytest.raises(SettingsError) as wrong:
        read_settings(
            {"FP_CHECKIN_ADDRESS": "nowhere", "FP_POOL": "-1", "FP_DATA_PLANE": "both", "FP_INTERNAL_TOKEN": "t"}
        )
    told = str(wrong.value).splitlines()
    assert [line.split(" ")[0] for line in told] == [
        "FP_RUNNER_IMAGE", "FP_CHECKIN_ADDRESS", "FP_INGEST_ADDRESS", "FP_POOL", "FP_DATA_PLANE",
    ]  # fmt: skip


def test_the_pools_limits_are_the_apps() -> None:
    """Only runners with an app's limits can become it."""
    needed = {"FP_RUNNER_IMAGE": "r", "FP_CHECKIN_ADDRESS": "a:1", "FP_INGEST_ADDRESS": "c:2", "FP_INTERNAL_TOKEN": "t"}
    told = {"FP_APP_MEMORY_MB": "1024", "FP_APP_CPUS": "0.5", "FP_APP_PROCESSES": "64", "FP_START_SECONDS": "30"}
    limits = Limits(memory_mb=1024, cpus=0.5, processes=64, start_seconds=30.0)
    assert read_settings(needed | told).pool_limits == limits
    assert read_settings(needed).pool_limits == Limits()
    with pytest.raises(SettingsError, match="FP_APP_CPUS must be a number"):
        read_settings(needed | {"FP_APP_CPUS": "many"})
