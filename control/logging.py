"""Logs of control's processes: structlog to standard error, JSON lines unless a person reads them in a terminal."""

import logging
import sys

import structlog


def configure_logging() -> None:
    """Call it once, first thing in a process."""
    terminal = sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            *([] if terminal else [structlog.processors.format_exc_info]),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # The driver tells of each failed heartbeat with a traceback; what matters of it we say in our own words.
    logging.getLogger("pymongo").setLevel(logging.CRITICAL)
