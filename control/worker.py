"""The worker process: composes store, cluster and loops, and runs them as named tasks of one group.

It serves nothing. Killed at any moment it loses nothing: deploys are claimed again, the reconciler compares again. It
waits for MongoDB and for what runs the apps as long as it must; a loop that ends with anything but an outage ends the
process. SIGTERM cancels the loops, which hand back what they hold.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from cluster.base import Cluster
from cluster.opening import SettingsError as ClusterSettingsError
from cluster.opening import open_cluster
from cluster.packages import Packages
from control.domain.clock import utc_now
from control.domain.deploys import Deploy
from control.domain.errors import StoreUnavailable
from control.figures import FIGURES
from control.health import say_alive
from control.lifecycle.deploying import DeployRun
from control.lifecycle.door import DoorCheck
from control.lifecycle.reconcile import Reconciler
from control.lifecycle.rules import Validator
from control.lifecycle.signals import Backoff
from control.lifecycle.views import ClusterViews
from control.lifecycle.workload import Recipe
from control.logging import configure_logging
from control.settings import Settings, SettingsError, from_environ
from control.store import Store, open_store
from control.workers.awake import AwakeWorker
from control.workers.cancelling import cancelled
from control.workers.deploys import DeployWorker
from control.workers.reconciling import ReconcileWorker

log = structlog.get_logger("control.worker")

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


async def run_worker(settings: Settings, stop: asyncio.Event) -> None:
    """Runs all loops until `stop` is set. Raises what ended a loop that should not have ended."""
    async with AsyncExitStack() as resources:
        store = await _unless_stopped(resources, settings, stop)
        if store is None:
            return
        cluster = await resources.enter_async_context(
            open_cluster(
                settings.cluster_kind,
                os.environ,
                node_port=settings.node_port,
                token=settings.internal_token,
            )
        )
        if settings.health_port:
            await resources.enter_async_context(await say_alive(settings.bind, settings.health_port))
        async with asyncio.TaskGroup() as tasks:
            loops = start_loops(tasks, store, cluster, settings)
            await store.events.add("worker_started")
            log.info("worker ready", loops=[loop.get_name() for loop in loops])
            await stop.wait()
            await cancelled(loops)
    log.info("worker stopped")


def start_loops(
    tasks: asyncio.TaskGroup, store: Store, cluster: Cluster, settings: Settings
) -> list[asyncio.Task[None]]:
    """Makes the loops and starts each as a task of the group."""
    reachable = DoorCheck(settings.activator_host, settings.activator_port, settings.internal_token)
    validate = Validator(store, Packages(settings.runner_python, settings.packages_file))
    recipe = Recipe(settings.apps_domain, settings.limits)
    views = ClusterViews(cluster)
    reconciling = ReconcileWorker(store, Reconciler(store, cluster, views, recipe, utc_now))
    views.on_sync(reconciling.ring)

    def make_run(deploy: Deploy) -> DeployRun:
        return DeployRun(
            deploy,
            store=store,
            cluster=cluster,
            reachable=reachable,
            validate=validate,
            recipe=recipe,
            clock=utc_now,
        )

    deploying = DeployWorker(store, make_run, reconciling.ring, utc_now)
    loops = {
        "views": views.run,
        "deploys": deploying.run,
        "deploys-listen": deploying.listen,
        "reconcile": reconciling.run,
        "reconcile-listen": reconciling.listen,
        "reconcile-lead": reconciling.lead,
        "awake": AwakeWorker(store, cluster, views, reconciling.leads, utc_now).run,
        "lag": FIGURES.watch_loop,
    }
    return [tasks.create_task(loop(), name=name) for name, loop in loops.items()]


@asynccontextmanager
async def _patiently(settings: Settings) -> AsyncIterator[Store]:
    """The store, however long MongoDB takes to come up."""
    backoff = Backoff(0.2, 5.0)
    async with AsyncExitStack() as stack:
        while True:
            try:
                store = await stack.enter_async_context(open_store(settings.mongo_uri, settings.secret_key))
            except StoreUnavailable as error:
                log.warning("waiting for MongoDB", reason=str(error))
                await backoff.wait()
                continue
            break
        yield store


async def _unless_stopped(resources: AsyncExitStack, settings: Settings, stop: asyncio.Event) -> Store | None:
    """The opened store, or null when the process was told to stop before there was one."""
    opening = asyncio.ensure_future(resources.enter_async_context(_patiently(settings)))
    stopping = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait({opening, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if opening.done():
        return opening.result()
    opening.cancel()
    await asyncio.wait({opening})
    return None


async def _main(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop.set)
    await run_worker(settings, stop)


def main() -> int:
    """Exit code 0 after a stop signal, 1 when a loop died, 2 when the settings are wrong."""
    configure_logging()
    try:
        settings = from_environ(os.environ)
    except SettingsError as error:
        log.error("the settings are wrong", problems=error.problems)
        return 2
    except ClusterSettingsError as error:
        log.error("the settings are wrong", problems=str(error).splitlines())
        return 2
    try:
        asyncio.run(_main(settings))
    except Exception:
        log.exception("worker died")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
