"""What changed for a reader, with their marks, and what they may do to these: the same for the pages and the API."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from fastapi import HTTPException, Request
from pydantic import Field
from visitwire_alerting.service import GROUPS

from visitwire_gateway.auth.who import Role, Who
from visitwire_gateway.dependencies import Gateway
from visitwire_gateway.differences import Difference, differences
from visitwire_gateway.marks.seen import VisitMarks
from visitwire_gateway.marks.since import NoTime, ReadUpTo, Since, since_of, yesterday_evening, zone_of
from visitwire_gateway.marks.store import NotTheirs
from visitwire_gateway.model.changes_since import Item, News, Told, anything, news
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.projection import visit_values
from visitwire_gateway.model.queries import changes_of, visit
from visitwire_gateway.model.state import state

NOTHING = VisitMarks()
LONGEST_NOTE = 2000
"""Characters."""
LONG_AGO = timedelta(days=36_500)
PLACE = re.compile(r"([0-9a-z]{1,40})-(\d{1,9})")
"""A life of the read model and the number of an event in it."""

type Show = Literal["all", "unread", "followed", "starred", "mine"]


class ChangesAsked(VisitFilter):
    after: str = Field("", max_length=40, description="yesterday (18:00), 12h, 7d, a day or a time; else your mark.")
    show: Show = Field("all", description="Which of them.")
    old: bool = Field(False, description="Also what stories told that were old when they came.")
    all: bool = Field(False, description="All rows at once.")


@dataclass(frozen=True)
class MarkedChange:
    item: Item
    seen: VisitMarks

    @property
    def unread(self) -> bool:
        return self.seen.read < self.item.revision

    @property
    def differences(self) -> list[Difference]:
        """What is other than it was before all this; none of a visit that is new, whose facts stand there anyway."""
        before = self.item.change.data.change.before
        return differences(before, self.item.visit) if before is not None and not self.item.gone else []

    def fits(self, show: Show) -> bool:
        seen = self.seen
        by_mark = {"unread": self.unread, "followed": seen.followed, "starred": seen.starred, "mine": seen.mine}
        return by_mark.get(show, True)


@dataclass(frozen=True)
class MarkedChanges:
    """What changed, of what fits a filter, with the reader's marks."""

    news: News
    every: tuple[MarkedChange, ...]

    def count(self, show: Show) -> int:
        return sum(row.fits(show) for row in self.every)

    def groups(self, show: Show, most: int | None = None) -> dict[str, list[MarkedChange]]:
        """By what happened; what the reader follows or has to see to first. At most `most` rows."""
        found: dict[str, list[MarkedChange]] = {}
        for row in sorted((row for row in self.every if row.fits(show)), key=_theirs_first)[:most]:
            found.setdefault(row.item.group, []).append(row)
        return found


def _theirs_first(row: MarkedChange) -> tuple[int, bool]:
    """The rest stays in its order, by day."""
    return GROUPS.index(row.item.group), not (row.seen.followed or row.seen.mine)


def since_asked(gateway: Gateway, who: Who, request: Request, after: str) -> Since:
    """From what an address says; else from how far they have read; else yesterday evening. Answers 422."""
    zone, now = zone_of(request), gateway.clock()
    if after:
        try:
            return since_of(after, now, zone)
        except NoTime as why:
            raise HTTPException(422, str(why)) from None
    mark = gateway.marks.place(who) if who.reader is not None else None
    return mark or yesterday_evening(now, zone)


def rows_of(gateway: Gateway, told: Told, who: Who, since: Since, wanted: VisitFilter, *, old: bool) -> MarkedChanges:
    found = news(gateway.engine, since, gateway.clock(), old=old, told=told)
    narrow = bool(wanted.query())
    items = [item for item in found.items if not narrow or wanted.matches(visit_values(item.visit))]
    marks = gateway.marks.of(who, [item.visit.id for item in items]) if who.reader is not None else {}
    return MarkedChanges(found, tuple(MarkedChange(item, marks.get(item.visit.id, NOTHING)) for item in items))


def marking(gateway: Gateway, who: Who) -> dict[str, Any]:
    """What the template of marks asks for."""
    others = gateway.marks.colleagues(who) if who.reader is not None else []
    may = [one.name for one in others] if who.role.may(Role.EDITOR) else [who.name]
    return {"desk_names": may if len(others) > 1 else [], "keeps": who.reader is not None}


def reader(who: Who) -> Who:
    """Answers 403 to a key."""
    if who.reader is None:
        raise HTTPException(403, "An API key is not a person: marks are kept for people who log in.")
    return who


def place_of(gateway: Gateway, upto: str, until: str | datetime) -> ReadUpTo:
    """The place that a page named; nobody has read further than there is something. Answers 422."""
    named, now, (life, last) = PLACE.fullmatch(upto), gateway.clock(), state(gateway.engine)
    try:
        at = min(until if isinstance(until, datetime) else datetime.fromisoformat(until), now)
    except (ValueError, TypeError):  # none, or one of no zone
        at = None
    if named is None or at is None or at < now - LONG_AGO:
        raise HTTPException(422, "upto and until: send them as the page or the API gave them.")
    number = int(named[2])
    return ReadUpTo(named[1], min(number, last) if named[1] == life else number, at)


def opens_first(gateway: Gateway, who: Who, request: Request) -> bool:
    """Whether the page of changes is what somebody wants to see who opens the board: they come for the first time on
    a day of their own, were here before, and something happened meanwhile."""
    if who.reader is None:
        return False
    zone = zone_of(request)
    if gateway.marks.came(who, zone) is None:
        return False
    return anything(gateway.engine, since_asked(gateway, who, request, ""), gateway.clock())


def known(gateway: Gateway, key: str) -> None:
    """Answers 404 where there is no such visit, nor ever was."""
    if visit(gateway.engine, key) is None and not changes_of(gateway.engine, key):
        raise HTTPException(404, f"There is no visit {key}.")


def noted(gateway: Gateway, who: Who, key: str, text: str) -> None:
    if "\0" in text:
        raise HTTPException(422, "note: contains a NUL character.")
    gateway.marks.note(who, key, text)


def give(gateway: Gateway, who: Who, key: str, name: str | None) -> None:
    """A reader takes a visit, or gives back their own; an editor gives it to anybody."""
    if not who.role.may(Role.EDITOR):
        seen = gateway.marks.of(who, [key]).get(key, NOTHING)
        if name not in (None, who.name) or (seen.assigned is not None and not seen.mine):
            raise HTTPException(403, f"Giving a visit to others needs the role {Role.EDITOR}; yours is {who.role}.")
    try:
        gateway.marks.assign(who, key, name)
    except NotTheirs as why:
        raise HTTPException(422, str(why)) from None
