"""Structured logs on standard error, without secrets."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

SECRET_NAME = re.compile(r"password|passwd|secret|token|authorization|credential|api_?key", re.IGNORECASE)
USER_INFO = re.compile(r"(\w+://)[^/@\s]+@")
"""Credentials inside a URL."""
HIDDEN = "***"
TALKATIVE = ("aiokafka", "alembic", "faust", "kafka", "mode", "httpx", "httpcore", "asyncio")
"""Libraries whose everyday lines would drown ours."""
WITH_HEADERS = "httpcore"
"""Writes down the headers of every reply when debugging, and a server may send back in them what it was sent."""
REPEATING = ("aiokafka", "kafka")
"""Libraries that say the same with every attempt, several times a second, while the broker is away."""
ACCEPTING = ("socket.accept() out of system resource", "Exception in callback BaseSelectorEventLoop._start_serving")
"""What asyncio says, with a traceback, thousands of times a second while a server has no descriptors left."""
SELDOM = 60.0
"""Seconds in which each of these says one thing, unless something worse comes."""


def hide_secrets(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Blanks the values of fields named like secrets, and credentials inside URLs."""
    _hide(event)
    return event


def _hide(fields: MutableMapping[str, Any]) -> None:
    for name, value in fields.items():
        if SECRET_NAME.search(name):
            fields[name] = HIDDEN
        elif isinstance(value, str):
            fields[name] = USER_INFO.sub(rf"\1{HIDDEN}@", value)
        elif isinstance(value, dict):
            _hide(value)


class Seldom(logging.Filter):
    """Lets a repeating library say one thing in `SELDOM` seconds, or something graver than that. What failed is told by
    whoever of us asked for it."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        what = _repeating(record)
        if what is None:
            return True
        at, level = self._said.get(what, (-SELDOM, 0))
        if record.created - at < SELDOM and record.levelno <= level:
            return False
        self._said[what] = record.created, record.levelno
        return True


def _repeating(record: logging.LogRecord) -> str | None:
    """What of all that repeats itself this is, if it is."""
    library = record.name.partition(".")[0]
    if library == "asyncio":
        words = record.getMessage()
        return next((start for start in ACCEPTING if words.startswith(start)), None)
    return library if library in REPEATING else None


def configure(level: str = "info", form: str = "json") -> None:
    """Sends structlog's and the standard library's records to standard error, one line each."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: Processor = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, hide_secrets, last],
        )
    )
    if level != "debug":
        handler.addFilter(Seldom())
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    logging.getLogger(WITH_HEADERS).setLevel(logging.INFO)
    for name in TALKATIVE if level != "debug" else ():
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
