"""A visit as it stands over all the stories that report it."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from visitwire_schemas.base import Confidence, Message
from visitwire_schemas.hand import Hand
from visitwire_schemas.story import story_key
from visitwire_schemas.visit import Announcer, Destination, Party, VisitDates, VisitStatus


class ChangeKind(StrEnum):
    """What happened between two states of a visit. `cancelled`: called off; `retracted`: the wire took it back."""

    ANNOUNCED = "announced"
    INVITED = "invited"
    ACCEPTED = "accepted"
    DATES_SET = "dates_set"
    DATES_CHANGED = "dates_changed"
    UNDER_WAY = "under_way"
    CONCLUDED = "concluded"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    DENIED = "denied"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    CONFIRMED = "confirmed"


class Report(Message):
    """One story's word on a visit."""

    provider: str
    """The wire."""
    uri: str
    """Its story."""
    version: int
    """The version of the story."""
    published: AwareDatetime
    """When the wire published this version."""
    headline: str | None = None
    """The story's headline."""
    status: VisitStatus
    """How far along the visit is, by this story."""
    dates: VisitDates | None = None
    """When it is, by this story."""
    announced_by: Announcer | None = None
    """On whose word this story has it."""
    sentence: str
    """The deciding sentence of the story."""
    focus: bool = True
    """True when the visit is news of the story, False when it is background."""
    confidence: Confidence = 1.0
    """How sure the reading is that the story tells of this visit. It does not rate the source."""
    readers: tuple[str, ...] = ()
    """Who read the visit in the story, as `Visit.readers` has it."""
    differs: tuple[str, ...] = ()
    """What they do not agree about, as `Visit.differs` has it."""
    same_as: str | None = None
    """The group of syndicated copies the story belongs to; copies count as one source."""
    embargoed: AwareDatetime | None = None
    """Nobody is told on this report's word before this time."""

    @property
    def story(self) -> str:
        """The key of the story."""
        return story_key(self.provider, self.uri)


class HistoryEntry(Message):
    """A status or date that the visit came to have, and by which report."""

    at: AwareDatetime
    """When the report that brought it was published."""
    change: ChangeKind
    """What it was."""
    status: VisitStatus
    """The status from then on."""
    dates: VisitDates | None = None
    """The dates from then on."""
    provider: str
    """The wire whose story brought it; "desk" for a person's word."""
    uri: str
    """The story that brought it; the id of the hand for a person's word."""

    @property
    def story(self) -> str:
        """The key of the story that gave the report."""
        return story_key(self.provider, self.uri)


class LedgerVisit(Message):
    """A visit as it stands over all the stories that report it."""

    id: str
    """Stays the same through every change, and is made of who and where to ("ru-putin-in-5f0c2a9e")."""
    revision: Annotated[int, Field(ge=1)]
    """Counts the changes of the record."""
    visitor: Party
    """Who travels, in the fullest form that reports give."""
    destination: Destination
    """Where to."""
    host: Party | None = None
    """Whose guest; None where nobody says."""
    status: VisitStatus
    """How far along it is."""
    dates: VisitDates | None = None
    """When it is, as the latest word has it; None where nobody says."""
    announced_by: Announcer | None = None
    """On whose word it has its status."""
    confidence: Confidence = 1.0
    """The highest of its reports' confidences."""
    reports: tuple[Report, ...] = ()
    """By publication time. Of more than 200, those that changed the visit and the latest: a record has its limits."""
    reports_left_out: Annotated[int, Field(ge=0)] = 0
    """How many more reports there are."""
    history: tuple[HistoryEntry, ...] = ()
    """The statuses and dates it came to have, the earliest first."""
    sources_independent: Annotated[int, Field(ge=0)] = 1
    """Wires that report it, each counted once, and syndicated copies of one text counted once."""
    focus: bool = True
    """False while every report mentions it as background only; then it is followed, and nobody is alerted."""
    updated: AwareDatetime
    """When the latest report was published, or the desk last spoke of it."""
    hands: tuple[Hand, ...] = ()
    """What people said of it and stands, the earliest first; the fields have it in them already."""

    @property
    def key(self) -> str:
        return self.id

    @property
    def is_disputed(self) -> bool:
        """Whether two readers do not agree about it in some story listed, and agree about it in none."""
        agreed = any(len(report.readers) > 1 and not report.differs for report in self.reports)
        return not agreed and any(report.differs for report in self.reports)
