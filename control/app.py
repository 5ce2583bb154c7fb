"""The api process: composes store, cluster, activator and API, and serves two listeners from one event loop.

The public listener has the API and the web page, the internal one takes what apps report. Both are granian servers embedded
in this process, so there is one interpreter to pay for and one place that stops. SIGTERM stops accepting, ends streams, lets
what is in flight finish for two seconds, and cuts the rest. A task that ends before that ends the process.
"""

import asyncio
import gc
import os
import signal
import socket
import sys
from contextlib import AsyncExitStack
from typing import Any

import structlog
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server

from cluster.opening import SettingsError as ClusterSettingsError
from cluster.opening import open_cluster
from cluster.packages import Packages
from control.api.application import make_api
from control.api.audit_log import AuditLog
from control.api.door import Door
from control.api.front import Front
from control.api.ingest import Ingest
from control.api.services import Services
from control.api.web import WebPage
from control.domain.errors import StoreUnavailable
from control.figures import FIGURES
from control.health import say_alive
from control.lifecycle.activator import Activator, connect
from control.lifecycle.loading import Loader
from control.lifecycle.rules import Validator
from control.lifecycle.signals import Backoff
from control.lifecycle.views import ClusterViews
from control.logging import configure_logging
from control.settings import Settings, SettingsError, from_environ
from control.store import Store, open_store
from control.templates import BadTemplates, load_templates

LOG = structlog.get_logger("control.app")
DRAIN_SECONDS = 2.0
CLOSE_SECONDS = 0.5
"""How long WebSockets may take to close, before anything else is stopped."""
STOP_SECONDS = 0.8
"""How long granian may take to close its connections once nothing is in flight."""
MAX_CONNECTIONS = 1024
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


async def run_api(settings: Settings, stop: asyncio.Event) -> None:
    """Serves until `stop` is set. Raises what ended a part that should not have ended."""
    async with AsyncExitStack() as resources:
        store = await _open_store(resources, settings, stop)
        if store is None:
            return
        services = await _compose(resources, settings, store)
        front = Front(make_api(services), WebPage(settings.web_dir))
        servers = [
            _server(front, settings.bind, settings.control_port, websockets=True),
            _server(Ingest(store, settings.internal_token), settings.bind, settings.internal_port),
        ]
        if settings.metrics_port:
            await resources.enter_async_context(await say_alive(settings.bind, settings.metrics_port))
        async with asyncio.TaskGroup() as tasks:
            views = tasks.create_task(services.views.run(), name="views")
            lag = tasks.create_task(FIGURES.watch_loop(), name="lag")
            audit = tasks.create_task(services.audit.run(), name="audit")
            serving = [tasks.create_task(_serve(server, stop), name=f"serve-{server.bind_port}") for server in servers]
            # What is there now stays for good. Left to the collector, all of it would be looked through again and again,
            # for some 30 ms each time, with every request waiting.
            gc.collect()
            gc.freeze()
            LOG.info("api ready", port=settings.control_port, internal_port=settings.internal_port)
            await stop.wait()
            services.stopping.set()
            await front.sockets_closed(CLOSE_SECONDS)
            await _stop(front, servers, serving)
            await services.audit.close(audit)
            views.cancel()
            lag.cancel()
    LOG.info("api stopped")


async def _compose(resources: AsyncExitStack, settings: Settings, store: Store) -> Services:
    cluster = await resources.enter_async_context(
        open_cluster(
            settings.cluster_kind,
            os.environ,
            node_port=settings.node_port,
            token=settings.internal_token,
        )
    )
    activator = await resources.enter_async_context(
        connect(settings.activator_host, settings.activator_port, settings.internal_token)
    )
    packages = Packages(settings.runner_python, settings.packages_file)
    door = Door(settings.port, (settings.door_host, settings.door_port or settings.port))
    resources.push_async_callback(door.aclose)
    return Services(
        settings=settings,
        store=store,
        cluster=cluster,
        views=ClusterViews(cluster),
        audit=AuditLog(store),
        activator=Activator(activator),
        door=door,
        templates=load_templates(),
        packages=packages,
        validate=Validator(store, packages),
        loader=_loader(settings),
    )


def _loader(settings: Settings) -> Loader | None:
    if settings.runner_python is None:
        return None
    from cluster.local.dry import DryLoad

    return DryLoad(settings.runner_python)


async def _open_store(resources: AsyncExitStack, settings: Settings, stop: asyncio.Event) -> Store | None:
    """The store, however long MongoDB takes to come up; null when the process was told to stop before."""
    backoff = Backoff(0.2, 2.0)
    while not stop.is_set():
        try:
            return await resources.enter_async_context(open_store(settings.mongo_uri, settings.secret_key))
        except StoreUnavailable as error:
            LOG.warning("waiting for MongoDB", reason=str(error))
            await backoff.wait()
    return None


def _server(app: Any, bind: str, port: int, *, websockets: bool = False) -> Server:
    """Raises OSError when somebody listens there already; granian alone would share the port with them."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((bind, port))
    return Server(
        app,
        address=bind,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=websockets,
        backlog=MAX_CONNECTIONS,
        backpressure=MAX_CONNECTIONS,
        log_enabled=False,
    )


async def _serve(server: Server, stop: asyncio.Event) -> None:
    await server.serve()
    if not stop.is_set():
        raise RuntimeError(f"the server on port {server.bind_port} ended by itself")


async def _stop(front: Front, servers: list[Server], serving: list[asyncio.Task[None]]) -> None:
    """Closes the listeners, then waits: for what is in flight, and for the servers to notice."""
    for server in servers:
        server.stop()  # type: ignore[no-untyped-call]
    await front.drain(DRAIN_SECONDS)
    _, open_still = await asyncio.wait(serving, timeout=STOP_SECONDS)
    for task in open_still:
        LOG.warning("connections cut", task=task.get_name())
        task.cancel()


async def _main(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop.set)
    await run_api(settings, stop)


def main() -> int:
    """Exit code 0 after a stop signal, 1 when a part died, 2 when the settings or templates are wrong."""
    import uvloop

    configure_logging()
    try:
        uvloop.run(_main(from_environ(os.environ)))
    except SettingsError as error:
        LOG.error("the settings are wrong", problems=error.problems)
        return 2
    except ClusterSettingsError as error:
        LOG.error("the settings are wrong", problems=str(error).splitlines())
        return 2
    except BadTemplates as error:
        LOG.error("templates are wrong", problems=str(error).splitlines())
        return 2
    except Exception:
        LOG.exception("api died")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
