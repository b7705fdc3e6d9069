"""Whether what a transport takes will be a story: told where it came from, beside the dead letter it will be."""

from visitwire_runtime import InvalidMessage
from visitwire_schemas import WireItem

from visitwire_ingestion.formats import read


def refused(item: WireItem) -> str | None:
    """Why the item will be a dead letter, or None. It is published all the same, to be replayed after a fix."""
    try:
        read(item)
    except InvalidMessage as error:
        return str(error)
    except Exception as bug:  # the stage buries it with its bytes; a transport must go on
        return f"The reader failed on it, which is a bug ({type(bug).__name__})."
    return None
