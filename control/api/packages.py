"""Packages: which ones apps can import here, for an editor that completes their names; and which an administrator can allow."""

import asyncio

from litestar import Router, get

from control.api.lookup import WithServices
from control.api.security import admin_only
from fp.api.packages import Package, PackageList


@get("/packages", tags=["code"])
async def list_packages(services: WithServices) -> PackageList:
    """The packages that apps find installed, with the modules that an administrator lets them import; all of them at once."""
    found = await asyncio.to_thread(services.packages.all)
    allowed = (await services.store.settings.get()).allowed_imports
    items = [
        Package(package.name, package.version, modules)
        for package in found
        if (modules := [name for name in package.modules if allowed is None or name in allowed])
    ]
    return PackageList(items=items, known=bool(found))


@get("/admin/packages", guards=[admin_only], tags=["admin"])
async def list_installed_packages(services: WithServices) -> PackageList:
    """The packages that are installed, allowed or not: what there is to choose from for `allowed_imports`."""
    found = await asyncio.to_thread(services.packages.all)
    items = [Package(package.name, package.version, list(package.modules)) for package in found]
    return PackageList(items=items, known=bool(found))


ROUTER = Router("/", route_handlers=[list_packages, list_installed_packages])
