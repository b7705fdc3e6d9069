"""Who uses the service, and who is told of what they changed."""

from collections.abc import Callable
from typing import Protocol


class Actor(Protocol):
    """Who sees or changes something."""

    @property
    def tenant(self) -> str: ...

    @property
    def name(self) -> str: ...


type Note = Callable[[str, str], None]
"""Is told what was done, and to what, after it was done; never what is secret about it."""


def unnoted(_action: str, _what: str) -> None:
    """For where no log is kept."""
