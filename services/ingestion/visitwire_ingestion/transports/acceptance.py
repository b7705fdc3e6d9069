"""Whether what a transport takes will be a story: told where it came from, beside the dead letter it will be."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from visitwire_runtime import InvalidMessage
from visitwire_schemas import Story, WireItem

from visitwire_ingestion.life import digest


@dataclass(frozen=True)
class Outlook:
    """What will become of an item."""

    stories: int = 0
    refused: str | None = None
    """Why it will be a dead letter, or None. It is published all the same, to be replayed after a fix."""
    said: str | None = None
    """The same for items that say the same, whatever else is in their bytes, such as the hour of their making."""


type Accept = Callable[[WireItem], Outlook]
"""Tells what will become of an item; never raises."""


def accepting(read: Callable[[WireItem], list[Story]]) -> Accept:
    """What will become of an item, by reading it."""

    def accept(item: WireItem) -> Outlook:
        try:
            found = read(item)
        except InvalidMessage as error:
            return Outlook(refused=str(error))
        except Exception as bug:  # the stage buries it with its bytes; a transport must go on
            return Outlook(refused=f"The reader failed on it, which is a bug ({type(bug).__name__}).")
        said = sha256("".join(sorted(f"{each.key} {digest(each)}" for each in found)).encode("utf-8", "replace"))
        return Outlook(len(found), said=said.hexdigest())

    return accept
