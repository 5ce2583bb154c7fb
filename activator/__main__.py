"""`python -m activator`: settings from the environment, logs to standard error, the cluster that they name."""

import asyncio
import logging
import os
import resource
import signal
import sys

import structlog
import uvloop

from activator.service import serve
from activator.settings import Settings, SettingsError, read_settings
from cluster.opening import SettingsError as ClusterSettingsError
from cluster.opening import open_cluster, read_kind

FILES = 4096
"""Open files beside those who wait: runners that checked in, plugins, idle connections."""


def main() -> int:
    """Run until SIGTERM or SIGINT. 2: the settings are wrong."""
    _log_to_stderr()
    try:
        settings = read_settings(os.environ)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    _make_room(settings.rooms_size)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(_run(settings))
        except ClusterSettingsError as error:
            sys.stderr.write(f"{error}\n")
            return 2
    return 0


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    kind = read_kind(settings.cluster_kind)
    async with open_cluster(
        kind, os.environ, node_port=settings.node_port, token=settings.internal_token, keep=True
    ) as cluster:
        await serve(settings, cluster, stop)


def _make_room(waiting: int) -> None:
    """Everyone who waits holds a connection, which is a file: take as many as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = waiting + FILES
    if hard != resource.RLIM_INFINITY and hard < needed:
        structlog.get_logger(__name__).warning("too few open files allowed for all rooms", allowed=hard, needed=needed)
        needed = hard
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def _log_to_stderr() -> None:
    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            *([] if terminal else [structlog.processors.format_exc_info]),
            structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


if __name__ == "__main__":
    sys.exit(main())
