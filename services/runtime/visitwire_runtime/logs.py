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
TALKATIVE = ("aiokafka", "faust", "kafka", "mode", "httpx", "httpcore", "asyncio")
"""Libraries whose everyday lines would drown ours."""


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
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for name in TALKATIVE if level != "debug" else ():
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
