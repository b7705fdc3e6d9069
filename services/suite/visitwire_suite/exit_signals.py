"""The signals that end a process, noted while it is not yet able to end."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread
from types import FrameType


class ExitSignals:
    """True once SIGTERM or Ctrl-C came. To be made in the main thread.

    It raises nothing: what loads a language model catches every exception here and there, so that one raised by a
    handler was swallowed, or became another, and the process went on for ever.
    """

    def __init__(self) -> None:
        self._number: int | None = None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    def __bool__(self) -> bool:
        return self._number is not None

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._number = number


@contextmanager
def stopping() -> Iterator[Event]:
    """An event that SIGTERM and Ctrl-C set, so that what is under way ends in order."""
    stop = Event()

    def set_it(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, set_it) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def ctrl_c_ends() -> Iterator[None]:
    """Ctrl-C in here raises `KeyboardInterrupt` when the block is left, and at once if it is pressed again.

    Imports, and what loads a language model, swallow here and there what a handler raises, or turn it into another
    exception; and after one that was raised in `exec` Python ends as if killed, whoever caught it. A handler of
    somebody else stays, and so does a signal that is ignored; a thread other than the main one gets no signals.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler or current_thread() is not main_thread():
        yield
        return
    heard = 0

    def note(_number: int, _frame: FrameType | None) -> None:
        nonlocal heard
        heard += 1
        if heard > 1:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if heard:
        raise KeyboardInterrupt
