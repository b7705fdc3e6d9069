"""Who said what."""

from enum import StrEnum

from visitwire_schemas.base import Confidence, Message, Span


class QuoteKind(StrEnum):
    """In quotation marks (direct), in reported speech (indirect), or both (mixed)."""

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
    """In quotation marks, in reported speech, or both."""
    content: tuple[Span, ...]
    """What is said."""
    cue: tuple[Span, ...] = ()
    """The words that attribute it ("said", "according to")."""
    source: tuple[Span, ...] = ()
    """The words that name the speaker."""
    speaker: str | None = None
    """The speaker's entity id; None when the story does not tell, or the source is anonymous."""
    speaker_kind: SpeakerKind | None = None
    """What kind of source speaks; None where that is not clear."""
    confidence: Confidence = 1.0
    """How sure the reading is that this source says this."""
