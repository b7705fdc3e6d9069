"""Who said what."""

from enum import StrEnum

from visitwire_schemas.base import Confidence, Message, Span


class QuoteKind(StrEnum):
    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class SpeakerKind(StrEnum):
    """What kind of source speaks; an anonymous one ("a source close to…") stays anonymous."""

    PERSON = "person"
    ORGANIZATION = "organization"
    COUNTRY = "country"
    DOCUMENT = "document"
    POLL = "poll"
    ANONYMOUS = "anonymous"


class Quote(Message):
    """One attribution. The lists hold spans in text order."""

    kind: QuoteKind
    content: tuple[Span, ...]
    cue: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()
    """The words that name the speaker."""
    speaker: str | None = None
    """The speaker's entity id; None when the story does not tell, or the source is anonymous."""
    speaker_kind: SpeakerKind | None = None
    confidence: Confidence = 1.0
