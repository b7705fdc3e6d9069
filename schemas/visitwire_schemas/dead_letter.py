"""A message that a stage could not process, with everything needed to process it later."""

from pydantic import AwareDatetime, Base64Bytes

from visitwire_schemas.base import Message


class DeadLetter(Message):
    """A message that a stage could not process."""

    id: str
    """Made from stage, topic, partition, offset and the bytes: the same rejection twice has the same id."""
    stage: str
    """The stage that rejects it."""
    reason: str
    """In plain words: what is wrong, where, and what to do."""
    error: str
    """The class of the error: "InvalidMessage", or the exception's name when it was a bug."""
    topic: str | None = None
    """None when it never reached a topic (a file that was refused)."""
    partition: int | None = None
    """Where on the topic it lies."""
    offset: int | None = None
    """Where in the partition it lies."""
    key: str | None = None
    """The record's key."""
    headers: tuple[tuple[str, Base64Bytes], ...] = ()
    """The record's headers, each value as base64."""
    raw: Base64Bytes | None = None
    """The bytes as they came. None when they are too large for a record: then `raw_path` says where they lie."""
    raw_path: str | None = None
    """The file that holds the bytes, on the machine that rejected it; None where `raw` has them."""
    raw_size: int
    """How many bytes it has."""
    raw_digest: str
    """SHA-256 (hex) of the whole bytes."""
    at: AwareDatetime
    """When it was rejected."""
