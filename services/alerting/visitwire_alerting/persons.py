"""Which reports are about one visitor: by name, by office, and by office where another report gives its holder's name.

A pure function of the set of reports: the order in which they came does not matter.
"""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from visitwire_alerting.names import alike
from visitwire_alerting.sighting import Sighting


@dataclass
class Person:
    """A visitor, with every report about them."""

    sightings: list[Sighting] = field(default_factory=list)


type Same = Callable[[Sighting, Sighting], bool]
type _Forms = tuple[dict[Hashable, Sighting], Person]
"""A person, with one report of each form."""


class _Asked:
    """A person as loose reports are compared with them: by each form once, and by time without a look at every report,
    of which one person may have thousands."""

    def __init__(self, person: Person) -> None:
        self._forms = {_form(sighting): sighting for sighting in person.sightings}
        self._times = sorted(sighting.report.published for sighting in person.sightings)

    def takes(self, sighting: Sighting, same: Same) -> bool:
        return any(same(sighting, other) for other in self._forms.values())

    def distance(self, at: datetime) -> timedelta:
        """Between `at` and the report nearest to it."""
        place = bisect_left(self._times, at)
        return min(abs(time - at) for time in self._times[max(0, place - 1) : place + 1])


def persons(sightings: Iterable[Sighting]) -> list[Person]:
    """The visitors of reports that all go to one destination.

    Full names first; a bare surname goes to the nearest in time of those who bear it, then a title without a name to
    the nearest in time of those who hold it.
    """
    ordered = sorted(sightings, key=lambda sighting: sighting.order)
    full = [sighting for sighting in ordered if len(sighting.names) > 1]
    bare = [sighting for sighting in ordered if len(sighting.names) == 1]
    untold = [sighting for sighting in ordered if not sighting.names]
    found = _group(full)
    found = _attach(bare, found, same_name)
    return _attach(untold, found, same_office)


def same_name(one: Sighting, other: Sighting) -> bool:
    if one.wikidata and other.wikidata:
        return one.wikidata == other.wikidata
    if not alike(one.names, other.names):
        return False
    whole = one.names == other.names and len(one.names) > 1
    return whole or same_country(one, other)


def same_country(one: Sighting, other: Sighting) -> bool:
    return one.visitor.country is None or other.visitor.country is None or one.visitor.country == other.visitor.country


def same_office(one: Sighting, other: Sighting) -> bool:
    """Where neither has an office, only what gives no name either may be the same."""
    same = one.visitor.country == other.visitor.country and one.office == other.office
    return same and (one.office is not None or not other.names)


def _group(full: Sequence[Sighting]) -> list[Person]:
    """Full names, each with those alike: with the first that every one of its names is like."""
    found: list[_Forms] = []
    for sighting in sorted(full, key=lambda one: (-len(one.names), -sum(map(len, one.names)), one.order)):
        _join(found, sighting, same_name)
    return [person for _, person in found]


def _join(found: list[_Forms], sighting: Sighting, same: Same) -> None:
    """Adds a report to the first person of whom every form fits it, or makes one."""
    fits = (pair for pair in found if all(same(sighting, other) for other in pair[0].values()))
    pair = next(fits, None)
    if pair is None:
        found.append(pair := ({}, Person()))
    distinct, person = pair
    person.sightings.append(sighting)
    distinct.setdefault(_form(sighting), sighting)


def _form(sighting: Sighting) -> Hashable:
    """What `same_name` and `same_office` look at."""
    return sighting.names, sighting.visitor.country, sighting.office, sighting.wikidata


def _attach(loose: Sequence[Sighting], found: Sequence[Person], same: Same) -> list[Person]:
    """Each loose report with the nearest person it fits; those that fit nobody make persons among themselves."""
    result = [Person(list(person.sightings)) for person in found]
    asked = [_Asked(person) for person in found]
    own: list[_Forms] = []
    for sighting in loose:
        at = sighting.report.published
        near = [(one.distance(at), i) for i, one in enumerate(asked) if one.takes(sighting, same)]
        if near:
            result[min(near)[1]].sightings.append(sighting)
        else:
            _join(own, sighting, same)
    return result + [person for _, person in own]
