"""What the NewsML-G2 schema fixes, checked without the schema itself."""

from visitwire_ingestion.formats.xml import Element


def check(root: Element) -> None:
    """Raises `InvalidMessage` with the line of what breaks the schema."""
