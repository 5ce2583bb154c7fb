"""Which packages apps can import, found without importing any: read from the metadata of the environment they run in.

On one machine that environment is there to be read, and read again when something was installed. On Kubernetes it is in
another image; control's own has the list that was made from the same lock (`requirements/apps.json`, which
`python -m cluster.packages <python>` prints).
"""

import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

_CODE: Final = (".py", ".so", ".pyd")


class Package(msgspec.Struct, frozen=True):
    """An installed package: `name` as it is published, and the top-level `modules` that an import may name."""

    name: str
    version: str
    modules: list[str]


class Packages:
    """The packages of an interpreter's environment, or those of a list; without either, nobody knows and none are told."""

    def __init__(self, python: Path | None, listed: Path | None = None) -> None:
        self._folders = site_packages(python) if python else []
        self._listed = listed
        self._seen: list[int] | None = None
        self._all: list[Package] = []
        self._modules: frozenset[str] = frozenset()

    def all(self) -> list[Package]:
        """Sorted by name, as installed now. Raises OSError and msgspec.DecodeError for a list that cannot be read."""
        seen = [folder.stat().st_mtime_ns for folder in self._folders]
        if seen != self._seen:
            self._all = self._read()
            loose = {name for folder in self._folders for name in _names_in(folder)}
            self._modules = frozenset(loose.union(*(package.modules for package in self._all)))
            self._seen = seen
        return self._all

    def modules(self) -> frozenset[str] | None:
        """Every name that an import may begin with, None where that is not known. Raises as `all` does."""
        self.all()
        return self._modules or None

    def _read(self) -> list[Package]:
        if self._folders:
            return installed(self._folders)
        return msgspec.json.decode(self._listed.read_bytes(), type=list[Package]) if self._listed else []


def site_packages(python: Path) -> list[Path]:
    """The folders of packages of an interpreter, found beside it and without running it."""
    prefix = python.parent.parent
    return sorted(folder for library in ("lib", "lib64") for folder in prefix.glob(f"{library}/python3*/site-packages"))


def installed(folders: list[Path]) -> list[Package]:
    """The packages in these folders, sorted by name; without those whose metadata cannot be read."""
    found: dict[str, Package] = {}
    for one in distributions(path=[str(folder) for folder in folders]):
        with suppress(OSError, ValueError, KeyError, TypeError):
            package = Package(one.metadata["Name"], one.version, sorted(set(_modules(one))))
            if package.name and package.modules:
                found.setdefault(package.name, package)
    return sorted(found.values(), key=lambda package: package.name.lower())


def _modules(one: Distribution) -> Iterator[str]:
    for path in one.files or []:
        name = _module(PurePosixPath(path.as_posix()))
        if name:
            yield name


def _names_in(folder: Path) -> Iterator[str]:
    for path in folder.iterdir():
        name = _module(PurePosixPath(path.name, "x.py") if path.is_dir() else PurePosixPath(path.name))
        if name:
            yield name


def _module(path: PurePosixPath) -> str:
    """The name by which a file below site-packages makes something importable, empty for none."""
    if path.suffix not in _CODE:
        return ""
    top = path.parts[0]
    name = top if len(path.parts) > 1 else top.partition(".")[0]
    return name if name.isidentifier() and name != "__pycache__" else ""


def main(python: str) -> None:
    """Print the list of an interpreter's packages, one in a line."""
    lines = (msgspec.json.encode(package).decode() for package in installed(site_packages(Path(python))))
    sys.stdout.write("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main(sys.argv[1])
