"""How a transport passes on what it takes, and hears whether it will be a story: told where it came from, beside the
dead letter it will be.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from visitwire_runtime import InvalidMessage, Publish
from visitwire_schemas import WIRE_ITEMS, Story, WireItem

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


@dataclass(frozen=True)
class Acceptance:
    """Where the items of a transport go."""

    publish: Publish
    accept: Accept

    async def take(self, item: WireItem) -> Outlook:
        """Publishes the item, and tells what will become of it. Raises what publishing raises."""
        await self.publish(WIRE_ITEMS, item)
        return await self.outlook(item)

    async def outlook(self, item: WireItem) -> Outlook:
        """What will become of the item."""
        return await asyncio.to_thread(self.accept, item)


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
