"""Read what the wires send into stories."""

from collections.abc import Iterable

from visitwire_runtime import Stage
from visitwire_schemas import STORIES, WIRE_ITEMS, Story, WireItem

from visitwire_ingestion.formats import read


def ingestion() -> Stage[WireItem, Story]:
    """The ingestion stage."""

    def handle(item: WireItem) -> Iterable[Story]:
        yield from read(item)

    return Stage("ingestion", source=WIRE_ITEMS, sink=STORIES, handle=handle)
