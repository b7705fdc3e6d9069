"""The official visits that a story announces, changes or reports."""

from enum import StrEnum

from visitwire_schemas.base import Confidence, Message, Span


class VisitStatus(StrEnum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    CONCLUDED = "concluded"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    NONE = "none"


class Party(Message):
    """A visitor or a host: a person, a role without a name, or a delegation."""

    entity: str | None = None
    name: str | None = None
    """The person's full name as far as the story gives it."""
    label: str | None = None
    """Office or delegation as the story states it."""
    country: str | None = None


class Destination(Message):
    country: str | None = None
    """ISO 3166 alpha-2 or historic code; None when the story does not say."""
    place: str | None = None


class VisitDates(Message):
    text: str | None = None
    """The words that say when."""
    start: str | None = None
    """ISO 8601, no more precise than known: "2025-03-27", "2025-03", "2025"; a quarter is given by its first month."""
    end: str | None = None
    precision: Precision = Precision.NONE


class Announcer(Message):
    """On whose word: a person, an office, an agency, a newspaper."""

    entity: str | None = None
    name: str | None = None
    label: str | None = None


class Evidence(Span):
    """The words that support a visit."""

    quote: int | None = None
    """Index into the story's quotes, when somebody says it."""
    frame: str | None = None
    """The name of the frame that fired on these words."""


class Visit(Message):
    visitor: Party
    destination: Destination
    host: Party | None = None
    status: VisitStatus
    dates: VisitDates | None = None
    announced_by: Announcer | None = None
    evidence: tuple[Evidence, ...] = ()
    focus: bool = True
    """True when the visit is news of this story, False when it is background."""
    confidence: Confidence = 1.0
    """How sure the reading is: the likelihood that the story tells of this visit. It does not rate the source."""
    readers: tuple[str, ...] = ()
    """Who read it in the story: "rules", "llm"; empty in messages of before there were several readers."""
    differs: tuple[str, ...] = ()
    """What the readers of the story do not agree about: "found" (one of them does not find it), "status", "dates"."""
