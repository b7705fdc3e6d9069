"""Threads of their own for calls that may hang: those of asyncio are few, shared by everybody, and waited for at the
end."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Thread


async def in_thread[T](work: Callable[[], T]) -> T:
    """What `work` gives, from a thread that nobody else waits for; cancelled, it is left to its own end."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type] # None is a result too, where T is None

    def run() -> None:
        result, failure = None, None
        try:
            result = work()
        except BaseException as error:  # it is raised where it is awaited
            failure = error
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, result, failure)

    Thread(target=run, daemon=True).start()
    return await future
