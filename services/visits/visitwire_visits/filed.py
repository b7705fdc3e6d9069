"""Where and when a story was filed: its dateline, the day it is written on, the country and place it comes from."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from visitwire_language.gazetteer.seats import country_of, is_country
from visitwire_language.time.patterns import month_number
from visitwire_language.time.period import make_date
from visitwire_schemas import Dateline, EnrichedStory, EntityKind

_DATELINE_DAY = re.compile(r"(?P<month>[A-Z][A-Za-z]{2,8})\.?\s+(?P<day>\d{1,2})(?:,?\s+(?P<year>\d{4}))?")
_PREFIX = re.compile(
    r"\s*(?P<line>(?P<place>[A-Z][A-Z .'’-]{2,30}?(?:, [A-Z][A-Za-z .]+?)??)"
    r"(?:,? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}(?:, \d{4})?)?)"
    r"\s*(?:\([^)]{2,30}\)\s*)?(?P<mark>-{1,2}|–|—|:)\s"
)
_NEAR = 3
"""Days that a dateline may lie from the day the story came in; further off it is another year's or a misprint."""
_PLACES = (EntityKind.PLACE, EntityKind.COUNTRY)


@dataclass(frozen=True)
class Filed:
    """Reads the dateline of a story, whether the wire gave it or it stands at the head of the text."""

    enriched: EnrichedStory

    @cached_property
    def prefix(self) -> re.Match[str] | None:
        """The dateline at the head of the text ("PARIS, March 10 (Nordwire) - "), where it stands there."""
        match = _PREFIX.match(self.enriched.story.text)
        if match is None or match["mark"] != ":" or country_of(match["place"].strip(" ,")):
            return match
        return None

    @cached_property
    def dateline(self) -> Dateline | None:
        if self.enriched.story.dateline is not None or self.prefix is None:
            return self.enriched.story.dateline
        return Dateline(text=self.prefix["line"], place=self.prefix["place"].strip(" ,"))

    @cached_property
    def today(self) -> date | None:
        """The day the story is written on: the dateline's, else the wire's; None when neither tells.

        A dateline without a day is of the day the story came in; a text without a dateline may be of any day.
        """
        line, story = self.dateline, self.enriched.story
        sent = story.versioncreated or story.firstcreated or (story.received if line else None)
        if line and line.date and re.fullmatch(r"\d{4}-\d\d-\d\d", line.date):
            return date.fromisoformat(line.date)
        match = _DATELINE_DAY.search(line.text or "") if line else None
        day = self._told_day(match, sent.date() if sent else None) if match else None
        dated = story.versioncreated or story.firstcreated
        if day and (dated is None or abs((day - dated.date()).days) <= _NEAR):
            return day
        return sent.date() if sent else None

    @staticmethod
    def _told_day(match: re.Match[str], sent: date | None) -> date | None:
        """The day of a dateline: without a year, the last that is not later than the day the story came in."""
        if match["year"]:
            return _day(match, int(match["year"]))
        if sent is None:
            return None
        days = [day for year in (sent.year, sent.year - 1) if (day := _day(match, year))]
        return next((day for day in days if (day - sent).days <= _NEAR), None)

    @cached_property
    def here(self) -> tuple[str, str | None] | None:
        """The country and the place that the story is filed from."""
        words = (self.dateline.place or self.dateline.text) if self.dateline else None
        if not words:
            return None
        place = re.split(r",|\(|--| - |/|;", words.lstrip("* "))[0].strip(" .:")
        country = self._country_of(place)
        if country is None and "," in words:
            country = self._country_of(words.split(",")[1].strip(" ()"))
        shown = place.title() if place.isupper() and len(place) > _NEAR else place
        return (country, None if is_country(place) else shown) if country else None

    def _country_of(self, place: str) -> str | None:
        return country_of(place, self.today) or self._named_country(place)

    def _named_country(self, place: str) -> str | None:
        """The country of a place that the story itself names, where extraction knows it."""
        wanted, text = place.lower(), self.enriched.story.text
        for entity in self.enriched.entities:
            if entity.kind in _PLACES and entity.country:
                names = {entity.name.lower(), *(text[m.start : m.end].lower() for m in entity.mentions)}
                if wanted in names:
                    return entity.country
        return None


def _day(match: re.Match[str], year: int) -> date | None:
    try:
        return make_date(year, month_number(match["month"]), int(match["day"]))
    except StopIteration:
        return None
