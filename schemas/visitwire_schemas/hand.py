"""What a person at the desk says of a visit: it stands over what wires say, until it is lifted."""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from visitwire_schemas.base import Message
from visitwire_schemas.visit import Announcer, Destination, Party, VisitDates, VisitStatus

DESK = "desk"
"""The provider of a report by the desk, whose story is the hand's id."""


class HandKind(StrEnum):
    """Say what is right of a visit, dismiss it as false, make two one, or set some of its stories apart."""

    CORRECT = "correct"
    DISMISS = "dismiss"
    MERGE = "merge"
    SPLIT = "split"


class Right(Message):
    """What is right of a visit. None says nothing: there what wires say stands."""

    visitor: Party | None = None
    """Of its parts, those that are given."""
    destination: Destination | None = None
    """Of its parts, those that are given."""
    host: Party | None = None
    """The host as a whole."""
    status: VisitStatus | None = None
    """The status."""
    dates: VisitDates | None = None
    """The dates, as a whole."""
    announced_by: Announcer | None = None
    """On whose word, as a whole."""
    none: tuple[Literal["host", "dates", "announced_by"], ...] = ()
    """Of what there is none, whatever wires say."""


class Like(Message):
    """A visit as wires had it when somebody spoke of it: by this it is found again, whatever its id."""

    stories: tuple[str, ...]
    """The keys of those that reported it."""
    visitor: Party
    """Who travelled, as wires had it."""
    destination: Destination
    """Where to, as wires had it."""
    dates: VisitDates | None = None
    """When, as wires had it."""


class Hand(Message):
    """One thing that a person said of a visit."""

    id: str
    """Names it; a correction's turn in the history has it as `uri`."""
    kind: HandKind
    """What was done."""
    at: AwareDatetime
    """When it was said."""
    by: str
    """Who said it."""
    note: str | None = None
    """Why, in their words."""
    about: Like
    """The visit it is about."""
    right: Right | None = None
    """What is right, of a correction."""
    other: Like | None = None
    """The visit that is the same, of a merge."""
    apart: tuple[str, ...] = ()
    """The keys of the stories that report another visit, of a split."""

    @property
    def stories(self) -> frozenset[str]:
        """The keys of the stories by which it finds its visits."""
        return frozenset((*self.about.stories, *(self.other.stories if self.other else ())))

    @property
    def order(self) -> tuple[AwareDatetime, str]:
        """Later words stand over earlier ones."""
        return self.at, self.id
