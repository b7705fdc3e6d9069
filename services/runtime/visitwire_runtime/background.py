"""Keeps a stage's background work up."""

import asyncio

import structlog

from visitwire_runtime.carry import Backoff
from visitwire_runtime.stage import Background, Publish, Unavailable

log = structlog.get_logger()


async def kept_up(work: Background, publish: Publish, backoff: Backoff) -> None:
    """Runs background work, again whenever something outside was unavailable; returns when the work does."""
    attempt = 0
    while True:
        try:
            return await work(publish)
        except Unavailable as missing:
            wait = backoff.after(attempt)
            log.warning("background_unavailable", why=str(missing), wait=round(wait, 2))
            await asyncio.sleep(wait)
            attempt += 1
