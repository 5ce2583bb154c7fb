"""`python -m cluster.local`: the node as a process.

SIGTERM (or SIGINT) drains and ends every instance and the zygote. SIGKILL leaves the instances serving; the next node takes
them over. A side task that dies takes the process with it, for the same reason: what it owned is found again.
"""

import asyncio
import logging
import os
import signal
import sys
from contextlib import AsyncExitStack

import httpx
import structlog
import uvloop

from cluster.base import ClusterError
from cluster.local.node import Node
from cluster.local.process import adopt_orphans
from cluster.local.server import Server
from cluster.local.settings import NodeSettings, SettingsError, read_settings
from cluster.local.shipper import Shipper
from cluster.local.store import Store

FLUSH_SECONDS = 2.0
log = structlog.get_logger(__name__)


def main() -> int:
    """Run until told to stop; the exit code."""
    _configure_logging()
    try:
        settings = read_settings(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    # Everything the node writes holds code or secrets.
    os.umask(0o077)
    adopt_orphans()
    try:
        uvloop.run(_serve(settings))
    except (ClusterError, OSError) as error:
        log.error("node cannot run", reason=str(error))
        return 1
    return 0


async def _serve(settings: NodeSettings) -> None:
    told_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    async with AsyncExitStack() as stack:
        store = Store(settings.folder)
        store.open()
        stack.callback(store.close)
        http = await stack.enter_async_context(
            httpx.AsyncClient(headers={"Authorization": f"Bearer {settings.token}"}, trust_env=False)
        )
        shipper = Shipper(http, f"http://127.0.0.1:{settings.internal_port}/ingest")
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        node = Node(settings, store, shipper, tasks)
        node.restore()
        server = Server(node, settings.token)
        await server.start(settings.port)
        zygote = tasks.create_task(node.run(), name="zygote")
        shipping = tasks.create_task(shipper.run(), name="shipper")
        log.info("node ready", port=settings.port, pid=os.getpid())
        await told_to_stop.wait()
        log.info("node stops")
        await node.stop()
        await server.aclose()
        shipping.cancel()
        zygote.cancel()
        await shipper.flush(FLUSH_SECONDS)
    log.info("node stopped")


def _configure_logging() -> None:
    render: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if sys.stderr.isatty():
        render = structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


if __name__ == "__main__":
    sys.exit(main())
