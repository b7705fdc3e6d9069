"""A message that a stage could not process, with everything needed to process it later."""

from pydantic import AwareDatetime, Base64Bytes

from visitwire_schemas.base import Message


class DeadLetter(Message):
    id: str
    """Made from stage, topic, partition, offset and the bytes: the same rejection twice has the same id."""
    stage: str
    reason: str
    """In plain words: what is wrong, where, and what to do."""
    error: str
    """The class of the error: "InvalidMessage", or the exception's name when it was a bug."""
    topic: str | None = None
    """None when it never reached a topic (a file that was refused)."""
    partition: int | None = None
    offset: int | None = None
    key: str | None = None
    headers: tuple[tuple[str, Base64Bytes], ...] = ()
    raw: Base64Bytes | None = None
    """The bytes as they came. None when they are too large for a record: then `raw_path` says where they lie."""
    raw_path: str | None = None
    raw_size: int
    raw_digest: str
    """SHA-256 (hex) of the whole bytes."""
    at: AwareDatetime
