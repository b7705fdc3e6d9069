"""What changed since one was here, and one's marks on visits."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import AwareDatetime, Field
from visitwire_alerting.service import GROUPS
from visitwire_schemas import Alert, LedgerVisit

from visitwire_gateway.api.shapes import PROBLEMS, Instant
from visitwire_gateway.api_model import Shape
from visitwire_gateway.auth.who import Who
from visitwire_gateway.dependencies import Asking, AtGateway, Gateway
from visitwire_gateway.marks.seen import VisitMarks
from visitwire_gateway.marks.since import ReadUpTo
from visitwire_gateway.model.filters import plain_filter
from visitwire_gateway.user_changes import (
    LONGEST_NOTE,
    NOTHING,
    ChangesAsked,
    give,
    known,
    noted,
    place_of,
    reader,
    rows_of,
    since_asked,
)
from visitwire_gateway.whole_gateway import AtWholeGateway

router = APIRouter(prefix="/api/v1", tags=["marks"], responses=PROBLEMS)

type Key = Annotated[str, Path(max_length=200, description="The visit's id.")]


class NoteSeen(Shape):
    """What somebody of the desk said of a visit, and when."""

    who: str
    """Who said it."""
    at: AwareDatetime
    """When."""
    note: str = Field(description='Their note; "" where they acknowledged the visit.')
    revision: int = Field(description="The visit's revision that they acknowledged; 0 for a note.")


class MarksSeen(Shape):
    """Marks on a visit: one's own, and what the whole desk is to know."""

    read: int = Field(description="The revision up to which you read it; 0 for none.")
    starred: bool
    """You starred it."""
    followed: bool
    """You follow it."""
    note: str = Field(description="Yours.")
    assigned: str | None = Field(description="Whose the visit is.")
    assigned_by: str
    """Who gave it to them."""
    acknowledged: list[NoteSeen] = Field(description="Who knows of it, at which revision.")
    notes: list[NoteSeen] = Field(description="Everybody's, yours too.")


class MarksChange(Shape):
    """What is left out stays."""

    read: int | None = Field(None, ge=0, le=2**31 - 1, description="Read up to this revision; 0 for not read.")
    starred: bool | None = None
    """Star it, or take the star away."""
    followed: bool | None = None
    """Follow it, or no longer."""
    note: str | None = Field(None, max_length=LONGEST_NOTE, description='In place of yours; "" takes it away.')
    assigned: str | None = Field(None, max_length=200, description='Whose it is from now on; "" for nobody\'s.')
    acknowledged: int | None = Field(None, ge=0, le=2**31 - 1, description="The revision you know of; 0 takes it back.")


class ChangeSeen(Shape):
    """What happened to a visit since then, all of it together."""

    group: str = Field(description=f"One of {', '.join(GROUPS)}.")
    change: Alert = Field(description="From the state before the first change to that after the last.")
    visit: LedgerVisit = Field(description="As it stands; of one that is gone, as it last stood.")
    gone: bool
    """True when nothing supports it any more."""
    heard: AwareDatetime = Field(description="When the last of it came.")
    unread: bool
    """True when it changed since you read it."""


class ChangesSeen(Shape):
    """What changed since one was here."""

    since: AwareDatetime
    """From when on."""
    upto: str = Field(description="Where this ends; send it to /me/read when you have read all of it.")
    until: AwareDatetime
    """Up to when."""
    late: int = Field(description="Visits left out of which stories told that were old when they came.")
    items: list[ChangeSeen]
    """A visit each."""


class Read(Shape):
    """`upto` and `until` of the changes that you have read."""

    upto: str = Field(max_length=60)
    """As /me/changes gave it."""
    until: Instant
    """As /me/changes gave it."""


class Kept(Shape):
    """A visit with marks of yours."""

    visit: str
    """Its id."""
    marks: MarksSeen
    """The marks on it."""


@router.get("/me/changes")
def my_changes(
    request: Request, gateway: AtWholeGateway, who: Asking, asked: Annotated[ChangesAsked, Query()]
) -> ChangesSeen:
    """A visit a row, grouped as a digest groups it: since `after`, else since what you read last, else since
    yesterday 18:00 (UTC, where no browser said your zone)."""
    since = since_asked(gateway, who, request, asked.after)
    rows = rows_of(gateway, gateway.told, who, since, plain_filter(asked), old=asked.old)
    items = [
        ChangeSeen(
            group=row.item.group,
            change=row.item.change,
            visit=row.item.visit,
            gone=row.item.gone,
            heard=row.item.heard,
            unread=row.unread,
        )
        for row in rows.every
        if row.fits(asked.show)
    ]
    place, at = rows.news.upto, since.until if isinstance(since, ReadUpTo) else since
    return ChangesSeen(
        since=at, upto=f"{place.life}-{place.number}", until=place.until, late=rows.news.late, items=items
    )


@router.post("/me/read", status_code=204)
def read(gateway: AtGateway, who: Asking, upto: Read) -> None:
    """All changes up to there are read."""
    gateway.marks.move(reader(who), place_of(gateway, upto.upto, upto.until))


@router.get("/me/marks")
def my_marks(gateway: AtGateway, who: Asking) -> list[Kept]:
    """The visits that you starred, follow, were assigned or wrote a note on."""
    return [Kept(visit=visit, marks=_seen(seen)) for visit, seen in gateway.marks.kept(reader(who)).items()]


@router.get("/visits/{key}/marks")
def marks_of(gateway: AtGateway, who: Asking, key: Key) -> MarksSeen:
    """Your marks on a visit, and what the whole desk is to know."""
    known(gateway, key)
    return _marks(gateway, reader(who), key)


@router.patch("/visits/{key}/marks")
def mark(gateway: AtGateway, who: Asking, key: Key, change: MarksChange) -> MarksSeen:
    """Giving a visit to somebody else needs the role editor."""
    known(gateway, key)
    mine, marks = reader(who), gateway.marks
    if change.assigned is not None:
        give(gateway, mine, key, change.assigned or None)
    if change.note is not None:
        noted(gateway, mine, key, change.note)
    if change.read is not None:
        marks.read(mine, key, change.read or None)
    if change.starred is not None:
        marks.star(mine, key, change.starred)
    if change.followed is not None:
        marks.follow(mine, key, change.followed)
    if change.acknowledged is not None:
        marks.acknowledge(mine, key, change.acknowledged or None)
    return _marks(gateway, mine, key)


def _marks(gateway: Gateway, who: Who, key: str) -> MarksSeen:
    return _seen(gateway.marks.of(who, [key]).get(key, NOTHING))


def _seen(seen: VisitMarks) -> MarksSeen:
    return MarksSeen.model_validate(seen, from_attributes=True)
