"""What a reader gives and a resolver takes: data about possible visits, without a word of grammar.

A candidate is one place of a story that may tell of a visit. Whom and where it tells of is open: each visitor and each
destination comes with a score, in log-odds, that adds to the candidate's own; a feature is a name that the score was
summed over, kept so that `explain` can show it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Literal, NamedTuple

from visitwire_schemas import Announcer, Entity, Precision, Span

type Time = Literal["past", "now", "ahead", "unknown"]
type Settled = Literal["invited", "accepted", "cancelled", "postponed", "started", "ended", "kept", "barred"]

HOPELESS = -4.0
"""Log-odds of the likeliest reading below which nobody and nowhere make a visit; of the opened stories none did."""


class Event(StrEnum):
    """What kind of thing is told, as far as it bears on how a visit stands."""

    STAY = "stay"
    TRIP = "trip"
    GOING = "going"
    ROUTE = "route"
    ARRIVAL = "arrival"
    DEPARTURE = "departure"
    LEAVING = "leaving"
    RETURN = "return"
    EVENT = "event"
    MEETING = "meeting"
    SPEECH = "speech"
    PRESENCE = "presence"
    INVITATION = "invitation"
    HOSTING = "hosting"
    SENDING = "sending"
    AWAITING = "awaiting"
    COMPANY = "company"
    GROUP = "group"


class Told(NamedTuple):
    """How a candidate is told."""

    time: Time = "unknown"
    form: str = ""
    """The reading behind `time`, as the reader names it ("perfect", "progressive"); a feature, never compared."""
    modality: Literal["sure", "possible", "wished", "supposed"] = "sure"
    negated: bool = False
    settled: Settled | None = None
    doubted: bool = False
    """Somebody says that it is not so."""
    earlier: bool = False
    """Told as another occasion than the news: "his last visit"."""
    aside: bool = False
    """Told in a subordinate clause, beside something else."""

    @property
    def is_denied(self) -> bool:
        """Whether it only supposes a visit ("if", "should"), or says that there was or will be none at all."""
        if self.settled is not None:
            return False
        if self.modality == "supposed":
            return True
        return (self.negated and self.time == "past") or (self.doubted and self.time == "ahead")


class Filler(NamedTuple):
    """Somebody who may be the visitor or the host: an entity of the story."""

    entity: str
    score: float
    features: tuple[str, ...] = ()


class Goal(NamedTuple):
    """A place that may be the destination; `country` is None where only the place is known."""

    country: str | None
    place: str | None
    score: float
    features: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The country; the place where none is known."""
        return self.country or self.place or "?"


class Days(NamedTuple):
    """From a first to a last day, in ISO 8601 and no more precise than told; `end` is None where one day is told."""

    start: str
    end: str | None
    precision: Precision


class DateRead(NamedTuple):
    """An expression of time that may date the visit, as it reads where the visit is to come and where it is over.

    `text` is None for a day that no word tells (an arrival is of the day of the story). `features` name how it stands
    to the trigger; the resolver weighs them, as it alone knows how far along the visit is.
    """

    text: str | None
    ahead: Days | None
    back: Days | None
    features: tuple[str, ...] = ()
    start: int | None = None
    """Where in the text the expression stands."""
    holder: int | None = None
    """Where the trigger stands that the expression hangs on, this candidate's own or another's; None: on no trigger."""
    places: tuple[str | None, str | None] = (None, None)
    """The destinations that its sentence names last before it and first after it."""
    names: frozenset[str] = frozenset()
    """The ids of the people and the destinations that its sentence names."""


class Source(NamedTuple):
    """On whose word it may be told."""

    announcer: Announcer
    features: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """One place of the story that may tell of a visit."""

    event: Event
    rule: str
    """The frame that fired."""
    trigger: Span
    evidence: Span
    """The sentence."""
    sentence: int
    """Its number in the story, from 0."""
    told: Told
    visitors: tuple[Filler, ...]
    """Best first."""
    destinations: tuple[Goal, ...]
    """Best first, one a country."""
    hosts: tuple[Filler, ...] = ()
    dates: tuple[DateRead, ...] = ()
    sources: tuple[Source, ...] = ()
    quote: int | None = None
    """Index of the quote whose content holds the trigger."""
    score: float = 0.0
    features: tuple[str, ...] = ()
    links: Mapping[tuple[str, str], tuple[float, tuple[str, ...]]] = field(default_factory=dict)
    """(visitor's entity, destination's country or place) -> what the two add together, and by which features: the first
    tells how far the grammar vouches for both ("g=first|filled")."""
    against: tuple[str, ...] = ()
    """Reasons of the reader, in plain words; where this is the likeliest reading of a pair, they forbid a visit."""
    reader: str = "rules"
    """Who read it: what readers give of one visit is weighed reader by reader."""
    newcomers: tuple[Entity, ...] = ()
    """Visitors that the reader found in the words of the story and extraction did not."""

    @cached_property
    def odds_of(self) -> Mapping[tuple[str, str], float]:
        """The log-odds that it tells of each pair that it links, by the keys of `links`."""
        visitors = {filler.entity: filler.score for filler in self.visitors}
        goals = {goal.key: goal.score for goal in self.destinations}
        return {
            (who, where): self.score + visitors[who] + goals[where] + link
            for (who, where), (link, _) in self.links.items()
        }

    @cached_property
    def odds(self) -> float:
        """The log-odds of the likeliest visitor and destination; minus infinity where there are none."""
        return max(self.odds_of.values(), default=-math.inf)
