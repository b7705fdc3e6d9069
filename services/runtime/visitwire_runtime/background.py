"""Keeps a stage's background work up."""

import asyncio
from collections.abc import Callable

import structlog

from visitwire_runtime.backoff import Backoff
from visitwire_runtime.stage import Background, Publish, Unavailable

log = structlog.get_logger()


STEADY = 5.0
"""Seconds that work must go on for what was unavailable to count as there again."""


async def kept_up(
    work: Background,
    publish: Publish,
    backoff: Backoff,
    tell: Callable[[str | None], None] = lambda words: None,
    steady: float = STEADY,
) -> None:
    """Runs background work, again whenever something outside was unavailable; returns when the work does.

    `tell` hears what is unavailable, and None once the work has gone on for `steady` seconds.
    """
    attempt = 0
    while True:
        begun = asyncio.get_running_loop().time()
        well = asyncio.get_running_loop().call_later(steady, tell, None)
        try:
            return await work(publish)
        except Unavailable as missing:
            attempt = 0 if asyncio.get_running_loop().time() - begun >= steady else attempt
            wait = backoff.after(attempt)
            tell(f"waits: {missing}")
            log.warning("background_unavailable", why=str(missing), wait=round(wait, 2))
            well.cancel()
            await asyncio.sleep(wait)
            attempt += 1
        finally:
            well.cancel()
