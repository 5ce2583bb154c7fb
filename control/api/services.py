"""What handlers work with: one frozen struct, made by `control.app`, handed to each handler that asks for `services`."""

import asyncio
from collections.abc import Mapping

import msgspec
from litestar.datastructures import State

from cluster.base import Cluster
from cluster.packages import Packages
from control.api.audit_log import AuditLog
from control.api.door import Door
from control.api.passwords import Passwords
from control.api.throttle import Throttle
from control.domain.clock import Clock, utc_now
from control.lifecycle.activator import Activator
from control.lifecycle.loading import Loader
from control.lifecycle.rules import Validator
from control.lifecycle.views import ClusterViews
from control.settings import Settings
from control.store import Store
from fp.api.apps import Template


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """`views` is what the cluster says of each app; `control.app` runs it.

    `loader` loads code to see whether it can be, where this machine has what apps run in.
    `stopping` is set when the process ends: streams end too.
    """

    settings: Settings
    store: Store
    cluster: Cluster
    activator: Activator
    door: Door
    views: ClusterViews
    audit: AuditLog
    templates: Mapping[str, Template]
    packages: Packages
    validate: Validator
    loader: Loader | None = None
    passwords: Passwords = msgspec.field(default_factory=Passwords)
    throttle: Throttle = msgspec.field(default_factory=Throttle)
    clock: Clock = utc_now
    stopping: asyncio.Event = msgspec.field(default_factory=asyncio.Event)


def provide_services(state: State) -> Services:
    """Litestar's dependency `services`."""
    found: Services = state.services
    return found
