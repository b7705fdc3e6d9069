"""What the wires send, in any format, as stories. Formats are recognised by their bytes, not by their names."""

from visitwire_ingestion.formats.ninjs_out import to_ninjs
from visitwire_ingestion.formats.read import read

__all__ = ["read", "to_ninjs"]
