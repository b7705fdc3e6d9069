"""What a wire sent, byte for byte, before anybody reads it."""

from pydantic import AwareDatetime

from visitwire_schemas.base import Message


class WireItem(Message):
    """On the topic the value is `raw` itself and the other fields are record headers, so that any Kafka producer can
    feed a wire: `provider`, `name`, `content-type`, `received` (ISO 8601). All are optional there."""

    raw: bytes
    """The item as the wire sent it."""
    provider: str = "unknown"
    """The wire's slug; the record's key, so that one wire's items stay in order."""
    name: str | None = None
    """File name, URL or message id, for messages to people; formats are recognised by their bytes."""
    content_type: str | None = None
    """Its media type, as the wire or the transport gave it."""
    received: AwareDatetime
    """When Visitwire had it."""
