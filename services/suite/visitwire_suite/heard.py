"""The signals that end a process, noted while it is not yet able to end."""

import signal
from types import FrameType


class Heard:
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
