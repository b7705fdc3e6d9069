"""The parts of the calendar, each drawn again only when what it shows is another than at the last drawing."""

from dataclasses import dataclass
from datetime import date
from itertools import islice

from markupsafe import Markup

from visitwire_gateway.clashes import Clashes
from visitwire_gateway.diary import Busy, Diary
from visitwire_gateway.fragments import Blocks, Fragments
from visitwire_gateway.month import Bar, Stay
from visitwire_gateway.pages.filter_options import Choices

TOLD = 30
"""Clashes that are named."""
MAYBE = 12
"""Visits that may fall in a month which are named; the rest is a number."""
GUESTS = 8
"""Visitors to a busy capital who are named."""


@dataclass(frozen=True)
class Schedule:
    """A part of the agenda, which has no end but the last visit."""

    days: list[tuple[date, list[Stay]]]
    later: date | None
    """Where it goes on; None where nothing comes after it."""
    more: int = 0
    """Visits that found no room."""


@dataclass(frozen=True)
class Drawing:
    """One drawing of a month."""

    blocks: Blocks
    fragments: Fragments
    clashing: Clashes
    today: date
    first: date
    """The month's."""

    def filter(self, chosen: Choices, view: str) -> Markup:
        hold = {"month": f"{self.first:%Y-%m}", "view": view}
        return self.blocks.draw("filter", (chosen.state, hold), "filter", chosen, "/calendar", hold)

    def maybe(self, vague: list[Stay], chosen: Choices, last: date) -> Markup:
        """What may fall into the month."""
        shown, more = vague[:MAYBE], max(0, len(vague) - MAYBE)
        rest = chosen.also(since=self.first.isoformat(), until=last.isoformat(), sort="date") if more else ""
        return self.blocks.draw("maybe", (shown, more, rest), "maybe", shown, more, rest) if shown else Markup("")

    def weeks(self, diary: Diary, chosen: Choices) -> Markup:
        agenda = chosen.also(month=f"{self.first:%Y-%m}", view="agenda")
        made = []
        for week in diary.weeks():
            guests = [diary.guests(day)[:2] for day in week.days]
            words = [self.clashing.words(bar.stay.visit.id) for bar in week.bars]
            today = self.today if self.today in week.days else None
            state = week, guests, words, today, agenda
            bars = [(bar, clash) for bar, clash in zip(week.bars, words, strict=True)]
            given = (week, guests, bars, today, self.first, agenda, self.bar)
            made.append(self.blocks.draw(("week", week.days[0]), state, "week", *given))
        return Markup("").join(made)

    def bar(self, bar: Bar, clash: str) -> Markup:
        state = bar.stay.visit.id, bar.stay.digest, bar.column, bar.width, bar.line, bar.begins, bar.ends, clash
        return self.fragments.draw("bar", state, bar, clash)

    def days(self, schedule: Schedule) -> Markup:
        made = []
        for day, here in schedule.days:
            words = [self.clashing.words(stay.visit.id) for stay in here]
            entries = list(zip(here, words, strict=True))
            year = day.year != self.first.year
            made.append(
                self.blocks.draw(("day", day), (here, words, year), "agenda_day", day, entries, year, self.entry)
            )
        return Markup("").join(made)

    def entry(self, stay: Stay, clash: str) -> Markup:
        return self.fragments.draw("entry", (stay.visit.id, stay.digest, clash), stay, clash)

    def clashes(self) -> Markup:
        shown = list(islice(self.clashing.found(), TOLD))
        return self.blocks.draw("clashes", shown, "clashes", shown)

    def busy(self, capitals: list[Busy]) -> Markup:
        made = (
            self.blocks.draw(
                ("busy", one.country), (one.day, len(one.stays), one.stays[:GUESTS]), "busy", one, one.stays[:GUESTS]
            )
            for one in capitals
        )
        return Markup("").join(made)
