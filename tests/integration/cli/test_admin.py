"""`fp admin` against a real platform: settings, figures, the audit log; a backup, restored on another machine's platform."""

import base64
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from fp.api.admin import PlatformSettingsPatch
from fp.commands.admin import read_patch
from fp.dump import check
from fp.errors import UsageError
from tests.integration.cli.conftest import PASSWORD, Fp
from tests.integration.cli.real_platform import RealPlatform
from tests.support.control_mongo import SECRET_KEY


@pytest.fixture
def admin(platform: RealPlatform, fp: Fp) -> None:
    """Logged in as the platform's administrator."""
    answer = fp("login", platform.url, "--username", "admin", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert answer.returncode == 0, answer.stderr


def test_settings_are_shown_and_changed(fp: Fp, admin: None) -> None:
    assert "logs_days              3\n" in fp("admin", "settings").stdout
    changed = fp("admin", "settings", "logs_days=4", "allowed_imports=fastapi, httpx", "--json")
    found = json.loads(changed.stdout)
    assert (found["logs_days"], found["allowed_imports"], found["signup_open"]) == (4, ["fastapi", "httpx"], True)
    back = fp("admin", "settings", "logs_days=3", "allowed_imports=null").stdout
    assert "allowed_imports        null\n" in back
    refused = fp("admin", "settings", "logs_days=400")
    assert (refused.returncode, "logs_days: 1 to 30" in refused.stderr) == (1, True)


def test_a_change_is_read_as_what_the_setting_is() -> None:
    assert read_patch(["signup_open=false", "wakes_days=9"]) == PlatformSettingsPatch(signup_open=False, wakes_days=9)
    assert read_patch(["allowed_imports="]).allowed_imports == []
    for wrong in ("signup_open", "colour=red", "signup_open=perhaps", "logs_days=many"):
        with pytest.raises(UsageError):
            read_patch([wrong])


def test_figures_and_the_audit_log_are_shown(fp: Fp, admin: None) -> None:
    told = fp("admin", "stats").stdout
    assert [word in told for word in ("users", "given back by sleep", "MongoDB", "api process")] == [True] * 4
    assert json.loads(fp("admin", "stats", "--json").stdout)["users"] >= 1
    [entry] = json.loads(fp("admin", "audit", "--operation", "login", "--lines", "1", "--json").stdout)
    assert (entry["username"], entry["status"]) == ("admin", 200)
    assert "login" in fp("admin", "audit", "--user", "admin").stdout


def test_others_are_told_that_they_may_not(fp: Fp, ada: str, folder: Path) -> None:
    for command in (["settings"], ["stats"], ["audit"], ["backup", "mine.zip"]):
        refused = fp("admin", *command)
        assert (refused.returncode, "administrator" in refused.stderr) == (1, True), refused.stderr
    assert [path.name for path in folder.iterdir() if "mine" in path.name] == []


def test_a_backup_is_restored_into_a_platform_that_does_not_run(
    fp: Fp, admin: None, folder: Path, tmp_path: Path
) -> None:
    made = fp("admin", "backup", "fp.zip")
    assert (made.returncode, made.stdout) == (0, "fp.zip\n"), made.stderr
    archive = folder / "fp.zip"
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert check(archive).documents > 3
    assert fp("admin", "backup", "fp.zip").returncode == 2, "it would overwrite a backup"
    there: dict[str, Any] = {"FP_DATA": str(tmp_path / "data")}
    other = fp("admin", "restore", "fp.zip", **there)
    assert (other.returncode, "FP_SECRET_KEY" in other.stderr) == (1, True), other.stderr
    there["FP_SECRET_KEY"] = base64.urlsafe_b64encode(SECRET_KEY).decode()
    restored = fp("admin", "restore", "fp.zip", **there)
    assert (restored.returncode, "Restored" in restored.stderr) == (0, True), restored.stderr
    again = fp("admin", "restore", "fp.zip", **there)
    assert (again.returncode, "accounts" in again.stderr) == (1, True), again.stderr
    asked = fp("admin", "restore", "fp.zip", "--replace", **there)
    assert (asked.returncode, "no terminal" in asked.stderr) == (2, True), asked.stderr
    archive.write_bytes(archive.read_bytes()[:-50])
    cut = fp("admin", "restore", "fp.zip", "--replace", "--yes", **there)
    assert (cut.returncode, "no whole backup" in cut.stderr) == (1, True), cut.stderr
