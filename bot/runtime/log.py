"""Logs for operators: events by name and a few known keys. Nobody's words pass."""

import logging
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

KEYS = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "fault",
        "where",
        "reason",
        "tries",
        "taken",
        "count",
        "platform",
        "seconds",
        "library",
        "signal",
        "port",
        "host",
        "state",
    }
)
"""What may stand in a log line. Anything else is dropped, whoever put it there."""

_HERE = Path(__file__).parents[2]

LOG: Any = structlog.get_logger()


def scrub(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Only known keys, and only short values."""
    return {
        key: value if isinstance(value, int | float) else str(value)[:200]
        for key, value in event.items()
        if key in KEYS
    }


def where(fault: BaseException) -> str:
    """The line a fault came from. Never its text, which may hold somebody's words."""
    trace = fault.__traceback__
    if trace is None:
        return "?"
    while trace.tb_next is not None:
        trace = trace.tb_next
    path = Path(trace.tb_frame.f_code.co_filename)
    short = path.relative_to(_HERE) if path.is_relative_to(_HERE) else Path(path.name)
    return f"{short}:{trace.tb_lineno}"


ADAPTERS = ("landa.slack", "landa.teams", "landa.web")
"""Loggers whose lines are written here, and hold nothing of anybody's."""


class _Libraries(logging.Handler):
    """Libraries' own log lines, without their text: they print what people write."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.name in ADAPTERS:
            LOG.log(record.levelno, record.name, reason=record.getMessage())
            return
        fault = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        at = f"{record.module}:{record.lineno}"
        say = LOG.error if record.levelno >= logging.ERROR else LOG.warning
        say("library", library=record.name, where=at, fault=fault)


def configure(level: str) -> None:
    """level: of our own lines. Libraries are heard from WARNING on, whatever it is."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            scrub,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level.lower()),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers[:] = [_Libraries()]
    root.setLevel(logging.WARNING)
    for name in ("slack_bolt", "slack_sdk", "aiohttp", "asyncio", "apscheduler", "sqlalchemy"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ADAPTERS:
        logging.getLogger(name).setLevel(level.upper())
