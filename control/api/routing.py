"""Telling the cluster at once what the door needs to know of an app; if it is away, the reconciler tells it later."""

from contextlib import suppress

from cluster.base import Unavailable, UnknownApp
from control.api.present import host_of
from control.api.services import Services
from control.domain.apps import App
from control.lifecycle.workload import blocked_of


async def tell_cluster(services: Services, app: App) -> None:
    """Configure the app as its document says. An app that is not deployed is not told: its first deploy does that."""
    if app.live is None:
        return
    with suppress(UnknownApp, Unavailable):
        await services.cluster.configure(
            app.id, idle_minutes=app.idle_minutes, hosts=[host_of(services, app)], blocked=blocked_of(app)
        )
