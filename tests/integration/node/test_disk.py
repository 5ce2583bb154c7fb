"""A disk that does not do its part costs the deploy and nothing else. Needs the right to mount a small file system."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from cluster.base import ClusterError, DeployFailed
from tests.support.node_harness import LocalHarness, apply, get, workload
from tests.support.node_process import APPS_PYTHON


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB where the node keeps its apps."""
    folder = tmp_path / "node"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode or not APPS_PYTHON.exists():
        pytest.skip("no right to mount, or no packages for apps")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


async def test_a_full_disk_fails_the_deploy_and_the_old_version_serves(small_disk: Path, tmp_path: Path) -> None:
    async with LocalHarness.running(tmp_path) as local:
        await apply(local.cluster, workload("app"))
        answer = await get(await local.follower.awake("app"))
        filler = _fill(small_disk)
        large = workload("app", 2, files={"app.py": workload("app", 2).files["app.py"], "data.txt": "x" * 100_000})
        with pytest.raises(ClusterError, match="the disk is full") as failed:
            await apply(local.cluster, large)
        assert not isinstance(failed.value, DeployFailed)
        with pytest.raises(ClusterError, match="the disk is full"):
            await local.cluster.configure("app", idle_minutes=1, hosts=["a.localhost"], blocked="")
        assert await get(await local.follower.awake("app")) == answer
        assert local.follower.views["app"].hosts == ["app.localhost"]
        assert [folder.name[:3] for folder in (small_disk / "apps" / "app" / "code").iterdir()] == ["v1-"]
        filler.unlink()
        await apply(local.cluster, large)
        assert (await get(await local.follower.view("app", lambda view: view.number == 2))).startswith("version 2 ")


async def test_a_wake_needs_no_room_on_the_disk_but_a_folder(small_disk: Path, tmp_path: Path) -> None:
    async with LocalHarness.running(tmp_path) as local:
        await apply(local.cluster, workload("app"))
        await local.cluster.scale("app", 0)
        await local.follower.view("app", lambda view: view.replicas == 0)
        filler = _fill(small_disk)
        await local.cluster.scale("app", 1)
        assert (await get(await local.follower.awake("app"))).startswith("version 1 ")
        await local.cluster.scale("app", 0)
        filler.unlink()


def _fill(folder: Path) -> Path:
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    assert shutil.disk_usage(folder).free == 0
    return filler


@contextmanager
def _read_only(folder: Path) -> Iterator[None]:
    if subprocess.run(["mount", "--bind", str(folder), str(folder)], capture_output=True, check=False).returncode:
        pytest.skip("no right to mount")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("part", ["apps/app", "apps/app/code"])
async def test_a_folder_that_cannot_be_written_fails_the_deploy_in_words(local: LocalHarness, part: str) -> None:
    await apply(local.cluster, workload("app"))
    answer = await get(await local.follower.awake("app"))
    with _read_only(local.node.folder / part):
        with pytest.raises(ClusterError, match="read-only"):
            await apply(local.cluster, workload("app", 2))
        assert await get(local.follower.views["app"]) == answer
    await apply(local.cluster, workload("app", 2))
    assert (await get(await local.follower.view("app", lambda view: view.number == 2))).startswith("version 2 ")
