"""Reads one wire item, whatever its format."""

from visitwire_schemas import Story, WireItem

from visitwire_ingestion.formats import jsonl


def read(item: WireItem) -> list[Story]:
    """The stories in `item`, at least one.

    Raises `InvalidMessage` with one sentence that says what is wrong, where, and what to do.
    """
    return jsonl.read(item, item.raw.decode("utf-8"))
