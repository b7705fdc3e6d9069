"""Whether what a transport takes will be a story: told where it came from, beside the dead letter it will be."""

from dataclasses import dataclass
from hashlib import sha256

from visitwire_runtime import InvalidMessage
from visitwire_schemas import WireItem

from visitwire_ingestion.formats import read
from visitwire_ingestion.life import digest


@dataclass(frozen=True)
class Outlook:
    """What will become of an item."""

    stories: int = 0
    refused: str | None = None
    """Why it will be a dead letter, or None. It is published all the same, to be replayed after a fix."""
    said: str | None = None
    """The same for items that say the same, whatever else is in their bytes, such as the hour of their making."""


def outlook(item: WireItem) -> Outlook:
    """What will become of the item, by reading it; never raises."""
    try:
        found = read(item)
    except InvalidMessage as error:
        return Outlook(refused=str(error))
    except Exception as bug:  # the stage buries it with its bytes; a transport must go on
        return Outlook(refused=f"The reader failed on it, which is a bug ({type(bug).__name__}).")
    said = sha256("".join(sorted(f"{each.key} {digest(each)}" for each in found)).encode("utf-8", "replace"))
    return Outlook(len(found), said=said.hexdigest())


def refused(item: WireItem) -> str | None:
    """Why the item will be a dead letter, or None."""
    return outlook(item).refused
