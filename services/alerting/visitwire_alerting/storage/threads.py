"""Database work off the event loop, to its end."""

import asyncio
from collections.abc import Callable


async def in_thread[**P, R](work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Runs `work` in a thread. Unlike `asyncio.to_thread`, a cancelled caller waits for it: a transaction that nobody
    waits for would keep its locks, and its connection, behind everybody's back."""
    running = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise
