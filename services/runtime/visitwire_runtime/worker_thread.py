"""One thread that a stage works in, and that is left behind when a piece of work does not end."""

import asyncio
import ctypes
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any

LAST = 2.0
"""Seconds that `close` waits for what is under way."""


class Overdue(Exception):
    """The work did not end in its time."""


class _Interrupted(BaseException):
    """Raised inside work that is overdue. Not an `Exception`, which a stage may take for one of its own."""


type _Job = tuple[Callable[[], Any], asyncio.AbstractEventLoop, asyncio.Future[Any]]


class WorkerThread:
    """Does one piece of work after the other, off the event loop.

    Its threads are daemons: work that hangs keeps no process from ending.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: Thread | None = None

    async def do[T](self, work: Callable[[], T], patience: float) -> T:
        """What `work` gives, or raises. Raises `Overdue` after so many seconds: the thread is then interrupted, as soon
        as it runs Python again, and another goes on in its place."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._ready().put((work, loop, future))
        done, _ = await asyncio.wait({future}, timeout=patience)
        if done:
            return future.result()
        self._leave()
        raise Overdue

    def close(self) -> None:
        self._jobs.put(None)
        if self._thread is not None:
            self._thread.join(LAST)

    def _ready(self) -> "SimpleQueue[_Job | None]":
        if self._thread is None:
            self._jobs = SimpleQueue()
            self._thread = Thread(target=_work, args=(self._jobs,), name=self._name, daemon=True)
            self._thread.start()
        return self._jobs

    def _leave(self) -> None:
        thread, self._thread = self._thread, None
        self._jobs.put(None)
        if thread is not None and thread.ident is not None:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(_Interrupted))


def _work(jobs: "SimpleQueue[_Job | None]") -> None:
    with suppress(_Interrupted):
        while (job := jobs.get()) is not None:
            work, loop, future = job
            try:
                result = work()
            except Exception as error:
                _told(loop, future, None, error)
            else:
                _told(loop, future, result, None)


def _told(loop: asyncio.AbstractEventLoop, future: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
    def tell() -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)

    with suppress(RuntimeError):  # the loop has ended: nobody waits any more
        loop.call_soon_threadsafe(tell)
