"""From the commit before to this one, while an app of the old one is awake and asked all the time."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.test_apps import asleep
from tests.cluster.test_dying import Visitors
from tests.support.account import Account
from tests.support.apps import HELLO
from tests.support.cluster_platform import UP_SECONDS, ClusterPlatform
from tests.support.platform import ROOT, wait_for


@pytest.fixture
def before(tmp_path: Path) -> Iterator[Path]:
    """A checkout of the commit before."""
    folder = tmp_path / "before"
    made = subprocess.run(
        ["git", "worktree", "add", "--detach", folder, "HEAD~1"], cwd=ROOT, capture_output=True, check=False
    )
    if made.returncode or not (folder / "tools" / "cluster.py").exists():
        pytest.skip("there is no commit before this one that could be put into a cluster")
    # The page is not what is tried here, and building it takes a minute.
    shutil.copytree(ROOT / "frontend" / "dist", folder / "frontend" / "dist")
    yield folder
    subprocess.run(["git", "worktree", "remove", "--force", folder], cwd=ROOT, capture_output=True, check=False)


def test_an_upgrade_disturbs_no_awake_app(platform: ClusterPlatform, ada: Account, name: str, before: Path) -> None:
    if platform.settings["FP_DATA_PLANE"] != "plugin":
        pytest.skip("once is enough")
    env = {**os.environ, **platform.settings, "PYTHONPATH": f"{before}:{before / 'cli'}"}
    argv = [sys.executable, str(before / "tools" / "cluster.py"), "up"]
    done = subprocess.run(argv, env=env, cwd=before, capture_output=True, text=True, timeout=UP_SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    ada.publish(name, HELLO)
    door = [pod["metadata"]["name"] for pod in platform.pods("fp.dev/part=traefik", "fp-edge")]
    with Visitors(platform.url, f"{name}.localhost").asking() as visitors:
        wait_for(lambda: len(visitors.answers) > 50, 20, "answers")
        platform.up()
        seen = len(visitors.answers)
        wait_for(lambda: len(visitors.answers) > seen + 100, 30, "answers")
    if door == [pod["metadata"]["name"] for pod in platform.pods("fp.dev/part=traefik", "fp-edge")]:
        assert visitors.bad() == []
    assert len(visitors.bad()) < len(visitors.answers) / 20, visitors.bad()[:20]
    asleep(ada, name)
    assert ada.call(name).status_code == 200
