"""Which reports are about one visitor: by name, by office, and by office where another report gives its holder's name.

Reports are taken by publication time, and a visitor is known by what was published so far: so what was made of the past
never changes but by a report of the past.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from pydantic import TypeAdapter
from visitwire_schemas.day_range import Days, days, gap

from visitwire_alerting.ledger.fold.occasions import FAR, TAKEN_PLACE, Occasion
from visitwire_alerting.ledger.fold.sighting import Sighting
from visitwire_alerting.ledger.fold.visitor_form import Form, other_office, same_name, same_office

type Over = tuple[Days | None, str | None, int | None, str]
"""A trip that is long settled: its days, `Occasion.known_as` and `Occasion.account`, and the trip as JSON, which is
read when it is needed."""


_OCCASION = TypeAdapter(Occasion)


@dataclass
class Visitor:
    """A visitor: every form of them so far, with when it was last published, and their trips, the first first."""

    seen: list[tuple[Form, datetime]] = field(default_factory=list)
    trips: list[Occasion] = field(default_factory=list)
    over: list[Over] = field(default_factory=list)
    first_order: str = ""
    """As that of the first trip."""

    def __post_init__(self) -> None:
        """What follows from the fields, and is no part of the JSON."""
        self._places = {form: place for place, (form, _) in enumerate(self.seen)}
        self._recent = list(self.trips)
        self._long_over: list[tuple[Days, Occasion]] = []
        """The settled trips whose days are known, and those days."""
        last = max((over[0][1] for over in self.over if over[0]), default=date.min)
        self._all_over = last + timedelta(days=TAKEN_PLACE)
        """Dates after this day are of none of the trips that are `over`."""

    def forms(self) -> list[Form]:
        return [form for form, _ in self.seen]

    def takes(self, form: Form) -> tuple[int, datetime] | None:
        """How likely a report of this form is about the person, the smallest first, and when one like it was last
        published; None where it is about somebody else."""
        where = form.countries
        near = [(one, last) for one, last in self.seen if one.where == form.where or one.countries & where]
        named = [(one, last) for one, last in near if one.names]
        if form.names and named:
            alike_ = [last for one, last in named if same_name(form, one)]
            whole = len(form.names) > 1
            return (0, max(alike_)) if alike_ and (not whole or len(alike_) == len(named)) else None
        fits = [last for one, last in near if same_office(form, one)]
        return (1, max(fits)) if fits and not other_office(form, [one for one, _ in near]) else None

    def take(self, form: Form, sighting: Sighting, trip: Occasion | None) -> None:
        """Puts the report, which `takes` said is the person's, to the trip that is `nearest`, or to a new one."""
        place = self._places.setdefault(form, len(self.seen))
        self.seen[place : place + 1] = [(form, sighting.report.published)]
        if trip is None:
            trip = Occasion()
            self.trips.append(trip)
        trip.take(form, sighting)
        self.first_order = self.first_order or trip.first_order
        if not any(one is trip for one in self._recent):
            self._recent = sorted([*self._recent, trip], key=lambda one: one.first_order)
            self._long_over = [pair for pair in self._long_over if pair[1] is not trip]

    def nearest(self, sighting: Sighting) -> tuple[int, Occasion | None]:
        """How far the report is from the trip that it fits best, the latest of those alike, and that trip."""
        fits = [
            (far, place, trip)
            for place, trip in enumerate(reversed(self._near(sighting)))
            if (far := trip.distance(sighting)) is not None
        ]
        far, _, trip = min(fits, key=lambda fit: fit[:2], default=(FAR, 0, None))
        return far, trip

    def _near(self, sighting: Sighting) -> list[Occasion]:
        """The trips that the report may be of, the first first: of those long settled, the ones on its very days."""
        today, said = sighting.report.published.date(), days(sighting.report.dates)
        settled = [trip for trip in self._recent if trip.is_settled(today)]
        if settled:
            self._recent = [trip for trip in self._recent if not trip.is_settled(today)]
            self._long_over += [(span, trip) for trip in settled if (span := trip.span)]
        if said is None:
            return self._recent
        if said[0] <= self._all_over:
            self._wake(lambda over: over[0] is not None and gap(over[0], said) <= TAKEN_PLACE)
        met = [trip for span, trip in self._long_over if gap(span, said) <= TAKEN_PLACE]
        return sorted([*met, *self._recent], key=lambda trip: trip.first_order) if met else self._recent

    def remember(self, visits: Collection[str]) -> None:
        """Reads again the settled trips that these visits are."""
        self._wake(lambda over: over[1] in visits)

    def _wake(self, wanted: Callable[[Over], bool]) -> None:
        found = [over for over in self.over if wanted(over)]
        if not found:
            return
        self.over = [over for over in self.over if over not in found]
        for span, _, _, body in found:
            trip = _OCCASION.validate_json(body)
            self.trips.append(trip)
            if span:
                self._long_over.append((span, trip))

    def accounts(self) -> set[int]:
        """Where the ledger keeps what the settled reports of the trips come to."""
        numbers = {*(trip.account for trip in self.trips), *(account for _, _, account, _ in self.over)}
        return {number for number in numbers if number is not None}

    def rest(self, today: date) -> None:
        """Lays aside the trips that are settled, which few reports will ever be about."""
        self.over += [
            (trip.span, trip.known_as, trip.account, _OCCASION.dump_json(trip).decode())
            for trip in self.trips
            if _may_rest(trip, today)
        ]
        self.trips = sorted(
            (trip for trip in self.trips if not _may_rest(trip, today)), key=lambda trip: trip.first_order
        )


def _may_rest(trip: Occasion, today: date) -> bool:
    """A hand looks for its visit among all trips of its stories: those that somebody spoke of stay in sight."""
    return trip.is_settled(today) and not trip.spoken_of


def place(persons: list[Visitor], sighting: Sighting) -> None:
    """Puts a report to its visitor among those known so far: by name before by office, then the one with the nearest
    trip, then the one last reported. One that fits nobody is of somebody new."""
    form = sighting.form
    fits = list(_fitting(persons, form, sighting))
    if fits:
        _, person, trip = min(fits, key=lambda fit: fit[0])
    else:
        person, trip = Visitor(), None
        persons.append(person)
    person.take(form, sighting, trip)


type _Likely = tuple[int, int, float, str]


def _fitting(
    persons: list[Visitor], form: Form, sighting: Sighting
) -> Iterator[tuple[_Likely, Visitor, Occasion | None]]:
    for person in persons:
        found = person.takes(form)
        if found is not None:
            kind, last = found
            far, trip = person.nearest(sighting)
            yield (kind, far, -last.timestamp(), person.first_order), person, trip
