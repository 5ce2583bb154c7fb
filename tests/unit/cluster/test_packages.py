"""Which packages apps can import: read from an environment's metadata, or from the list that was made of it."""

import os
import re
from pathlib import Path

import msgspec
import pytest

from cluster.packages import Packages, installed, site_packages
from tests.support.node_process import APPS_PYTHON, ROOT

LISTED = ROOT / "requirements" / "apps.json"


def environment(folder: Path) -> Path:
    """An environment with nothing in it; answers its interpreter."""
    (folder / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    (folder / "bin").mkdir()
    return folder / "bin" / "python"


def install(python: Path, name: str, *files: str) -> Path:
    """A package as an installer leaves it; answers its folder of metadata."""
    site = site_packages(python)[0]
    info = site / f"{name}-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    for file in files:
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        (site / file).write_text("raise Exception('imported')\n")
    (info / "RECORD").write_text(
        "".join(f"{file},,\n" for file in (*files, f"{info.name}/METADATA", "../../../bin/x.py"))
    )
    return info


def test_modules_are_what_an_import_begins_with(tmp_path: Path) -> None:
    """Packages, single files and compiled ones, folders without `__init__.py`; no data, no scripts, no caches."""
    python = environment(tmp_path)
    files = ("beauty/soup.py", "single.py", "fast.cpython-311-x86_64-linux-gnu.so", "data/x.json", "bad-name/x.py")
    install(python, "Beauty-Soup", *files, "beauty/__pycache__/soup.cpython-311.pyc")
    packages = Packages(python)
    assert [(one.name, one.version, one.modules) for one in packages.all()] == [
        ("Beauty-Soup", "1.2", ["beauty", "fast", "single"])
    ]
    assert packages.modules() == frozenset({"beauty", "fast", "single", "data"}), "a folder of data can be imported"


def test_what_is_installed_later_is_seen(tmp_path: Path) -> None:
    """Without a restart; a module that no package says is its own may be imported too."""
    python = environment(tmp_path)
    packages = Packages(python)
    assert packages.modules() is None
    install(python, "one", "one/a.py")
    assert packages.modules() == frozenset({"one"})
    (site_packages(python)[0] / "loose.py").write_text("")
    os.utime(site_packages(python)[0], ns=(0, 0))
    assert packages.modules() == frozenset({"one", "loose"})
    assert [one.name for one in packages.all()] == ["one"]


def test_broken_metadata_hides_nothing_else(tmp_path: Path) -> None:
    python = environment(tmp_path)
    (install(python, "broken", "broken/a.py") / "METADATA").write_bytes(b"\xff\0")
    (install(python, "bare", "bare/a.py") / "RECORD").unlink()
    install(python, "fine", "fine/a.py")
    packages = Packages(python)
    assert [one.name for one in packages.all()] == ["fine"]
    assert packages.modules() == frozenset({"broken", "bare", "fine"})


def test_nobody_knows_without_an_environment(tmp_path: Path) -> None:
    """Then nothing is said of imports; a list that is not there is an error."""
    assert Packages(None).modules() is None
    assert Packages(tmp_path / "bin" / "python").modules() is None
    with pytest.raises(FileNotFoundError):
        Packages(None, tmp_path / "list.json").modules()
    (tmp_path / "list.json").write_text("{}")
    with pytest.raises(msgspec.DecodeError):
        Packages(None, tmp_path / "list.json").all()


def test_the_list_in_the_images_is_what_the_lock_installs() -> None:
    """Each package of the list has the version of the lock, and whatever is installed here is in the list."""
    lock = dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", (ROOT / "requirements" / "apps.txt").read_text(), re.M))
    listed = {one.name.lower().replace("_", "-").replace(".", "-"): one for one in Packages(None, LISTED).all()}
    assert {name: one.version for name, one in listed.items()} == {name: lock[name] for name in listed}
    assert {"fastapi", "python-fasthtml", "pymongo", "starlette", "litestar"} <= set(listed)
    if not APPS_PYTHON.exists():
        pytest.skip("the apps' packages are not installed")
    assert installed(site_packages(APPS_PYTHON)) == Packages(None, LISTED).all(), "the list is old: ./justw generate"
