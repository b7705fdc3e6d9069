"""What a reader asks for, the same in the address bar, the API, the calendar, the feed and the stream."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import ColumnElement, or_
from visitwire_alerting.service import STATUSES
from visitwire_schemas import VisitStatus

from visitwire_gateway.country_query import LONGEST, known_code, members
from visitwire_gateway.model.sql_tables import VISITS, Values


def given(value: Any) -> Any:
    """A form sends an empty text for what was left open."""
    return None if value == "" else value


def _list(value: Any) -> Any:
    """Several values, repeated or parted by commas: to=IN&to=FR, to=IN,FR."""
    values = [value] if isinstance(value, str) else value or []
    return [part.strip() for one in values for part in str(one).split(",") if part.strip()]


def unknown(why: str) -> PydanticCustomError:
    """The sentence as it is; before that of a ValueError pydantic puts words of its own."""
    return PydanticCustomError("unknown", "{why}", {"why": why})


def _codes(value: Any) -> list[str]:
    try:
        return list(dict.fromkeys(known_code(name) for name in _list(value)))
    except ValueError as wrong:
        raise unknown(str(wrong)) from None


def _statuses(value: Any) -> Any:
    """By the API's name or the word of pages and mails: "cancelled", "called off"."""
    named = [_STATUSES.get(name.casefold(), name) for name in _list(value)]
    for name in named:
        if name not in set(VisitStatus):
            there = ", ".join(f"{one} ({words})" if one != words else one for one, words in STATUSES.items())
            raise unknown(f"{name[:LONGEST]!r} is not a status; use one of {there}.")
    return named


_STATUSES = {words.casefold(): status.value for status, words in STATUSES.items()}


def day(value: Any) -> Any:
    """A date as ISO 8601 writes it; None of an empty text."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and value else value or None
    except ValueError:
        raise unknown(f"{value[:LONGEST]!r} is not a day; write it as 2026-03-27.") from None


def month(value: Any) -> Any:
    """The first day of a month written as 2026-03; None of an empty text."""
    if not isinstance(value, str) or not value:
        return value or None
    if not re.fullmatch(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", value):
        raise unknown(f"{value[:LONGEST]!r} is not a month from 1900 to 2199; write it as 2026-03.")
    return date.fromisoformat(f"{value}-01")


def near(value: date | None) -> date | None:
    """A day around which a calendar can be laid out."""
    if value is not None and not 1900 <= value.year < 2200:
        raise unknown("the calendar covers 1900 to 2199.")
    return value


Codes = Annotated[list[str], BeforeValidator(_codes)]
Texts = Annotated[list[str], BeforeValidator(_list)]
Statuses = Annotated[list[VisitStatus], BeforeValidator(_statuses)]
type Text = Annotated[Annotated[str, Field(max_length=200)] | None, BeforeValidator(given)]
type Number = Annotated[Annotated[int, Field(ge=0, le=1000)] | None, BeforeValidator(given)]
type Share = Annotated[Annotated[float, Field(ge=0, le=1)] | None, BeforeValidator(given)]
type Flag = Annotated[bool | None, BeforeValidator(given)]
type Day = Annotated[date | None, BeforeValidator(day)]
type CalendarDay = Annotated[date | None, BeforeValidator(day), AfterValidator(near)]
type Month = Annotated[date | None, BeforeValidator(month)]

COUNTRY = "a country (IN, India), bloc (EU) or region (South Asia)."


class VisitFilter(BaseModel):
    """Every condition given must hold; within one, any of the values."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    q: Text = Field(None, description="Words that names, offices, places or headlines must contain.")
    who: Text = Field(None, description="Words in the visitor's name or office.")
    country: Codes = Field(default_factory=list, max_length=50, description=f"Visitor, host or destination: {COUNTRY}")
    origin: Codes = Field(default_factory=list, max_length=50, alias="from", description=f"The visitor's: {COUNTRY}")
    to: Codes = Field(default_factory=list, max_length=50, description=f"Visited: {COUNTRY}")
    host: Codes = Field(default_factory=list, max_length=50, description=f"The host's: {COUNTRY}")
    status: Statuses = Field(default_factory=list, max_length=50, description="Any of these statuses.")
    provider: Texts = Field(default_factory=list, max_length=50, description="A wire that reports it.")
    since: Day = Field(None, description="Dated visits that end on or after this day.")
    until: Day = Field(None, description="Dated visits that begin on or before this day.")
    sources: Number = Field(None, description="At least so many independent sources.")
    confidence: Share = Field(None, description="At least this confidence.")
    background: Flag = Field(None, description="Also visits that stories mention as background only.")

    disputed: Flag = Field(None, description="Only visits about which the readers of a story do not agree.")

    def words(self) -> list[str]:
        return (self.q or "").casefold().split()

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filter as conditions on the table of visits."""
        table = VISITS.c
        found: list[ColumnElement[bool]] = [table.words.contains(word, autoescape=True) for word in self.words()]
        found += [table.who.contains(word, autoescape=True) for word in (self.who or "").casefold().split()]
        if self.country:
            places = (table.visitor_country, table.host_country, table.country)
            found.append(or_(*(place.in_(sorted(members(self.country))) for place in places)))
        for column, codes in (
            (table.visitor_country, self.origin),
            (table.country, self.to),
            (table.host_country, self.host),
        ):
            if codes:
                found.append(column.in_(sorted(members(codes))))
        if self.status:
            found.append(table.status.in_([status.value for status in self.status]))
        if self.provider:
            found.append(or_(*(table.providers.contains(f" {one} ", autoescape=True) for one in self.provider)))
        return found + self._bounds()

    def _bounds(self) -> list[ColumnElement[bool]]:
        table = VISITS.c
        found: list[ColumnElement[bool]] = []
        if self.since is not None:
            found.append(table.last_day >= self.since.isoformat())
        if self.until is not None:
            found.append(table.first_day <= self.until.isoformat())
        if self.sources is not None:
            found.append(table.sources >= self.sources)
        if self.confidence is not None:
            found.append(table.confidence >= self.confidence)
        if not self.background:
            found.append(table.focus.is_(True))
        if self.disputed:
            found.append(table.disputed.is_(True))
        return found

    def matches(self, visit: Values) -> bool:
        """The same conditions on one row's values, for the stream."""
        tests: list[tuple[bool, Callable[[], bool]]] = [
            (bool(self.q), lambda: all(word in visit["words"] for word in self.words())),
            (bool(self.who), lambda: all(word in visit["who"] for word in (self.who or "").casefold().split())),
            (
                bool(self.country),
                lambda: any(
                    visit[name] in members(self.country) for name in ("visitor_country", "host_country", "country")
                ),
            ),
            (bool(self.origin), lambda: visit["visitor_country"] in members(self.origin)),
            (bool(self.to), lambda: visit["country"] in members(self.to)),
            (bool(self.host), lambda: visit["host_country"] in members(self.host)),
            (bool(self.status), lambda: visit["status"] in self.status),
            (bool(self.provider), lambda: any(f" {one} " in visit["providers"] for one in self.provider)),
            (self.since is not None, lambda: (visit["last_day"] or "") >= str(self.since)),
            (self.until is not None, lambda: (visit["first_day"] or "9999-99") <= str(self.until)),
            (self.sources is not None, lambda: visit["sources"] >= (self.sources or 0)),
            (self.confidence is not None, lambda: visit["confidence"] >= (self.confidence or 0)),
            (not self.background, lambda: visit["focus"]),
            (bool(self.disputed), lambda: visit["disputed"]),
        ]
        return all(test() for asked, test in tests if asked)

    def query(self) -> dict[str, Any]:
        """The filter as an address carries it, without what was left open."""
        return {
            name: value
            for name, value in self.model_dump(mode="json", by_alias=True).items()
            if value not in (None, [], False)
        }


def plain_filter(asked: VisitFilter) -> VisitFilter:
    """The filter alone, of a page that asks for more."""
    return VisitFilter.model_construct(**{name: getattr(asked, name) for name in VisitFilter.model_fields})
