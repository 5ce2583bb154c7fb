"""Packages that apps can import, on the wire."""

import msgspec


class Package(msgspec.Struct, frozen=True):
    """`name` as it is published; `modules`: the names that an import begins with, those that apps may import."""

    name: str
    version: str
    modules: list[str]


class PackageList(msgspec.Struct, frozen=True):
    """Answer of GET /api/packages. `known`: false where the platform does not know which there are; then nothing is told."""

    items: list[Package]
    known: bool
    next: str | None = None
