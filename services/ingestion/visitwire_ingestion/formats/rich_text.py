"""Rich Text Format, as word processors of newsrooms write it: its words as plain text."""

from striprtf.striprtf import rtf_to_text
from visitwire_runtime import InvalidMessage
from visitwire_schemas import WireItem

from visitwire_ingestion.formats import plain_text
from visitwire_ingestion.formats.draft import Draft

START = b"{\\rtf"
_LARGEST = 2 * 1024 * 1024
"""Bytes of the largest document that is taken apart; what is larger holds pictures."""


def read(item: WireItem) -> Draft:
    """The draft of one story. Raises `InvalidMessage` for a document that is broken, or has too many bytes."""
    if len(item.raw) > _LARGEST:
        raise InvalidMessage(f"The RTF document has more than {_LARGEST:,} bytes: send it as plain text.")
    try:
        words = str(rtf_to_text(item.raw.decode("cp1252", "replace"), errors="replace"))  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise InvalidMessage(f"The RTF document is broken ({type(error).__name__}): send it as plain text.") from error
    if not words.strip():
        raise InvalidMessage("The RTF document has no words: send the text that goes with it.")
    return plain_text.read(words)
