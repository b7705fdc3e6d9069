"""Which reports are about one visitor: by name, by office, and by office where another report gives its holder's name.

A pure function of the set of reports: the order in which they came does not matter.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from visitwire_alerting.names import alike
from visitwire_alerting.sighting import Sighting


@dataclass
class Person:
    """A visitor, with every report about them."""

    sightings: list[Sighting] = field(default_factory=list)

    def distance(self, at: datetime) -> float:
        """Seconds between `at` and the report nearest to it."""
        return min(abs((sighting.report.published - at).total_seconds()) for sighting in self.sightings)


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
    found: list[tuple[list[Sighting], Person]] = []
    for sighting in sorted(full, key=lambda one: (-len(one.names), -sum(map(len, one.names)), one.order)):
        fits = (pair for pair in found if all(same_name(sighting, other) for other in pair[0]))
        pair = next(fits, None)
        if pair is None:
            found.append(pair := ([], Person()))
        distinct, person = pair
        person.sightings.append(sighting)
        if not any(_same_form(sighting, other) for other in distinct):
            distinct.append(sighting)
    return [person for _, person in found]


def _same_form(one: Sighting, other: Sighting) -> bool:
    return (one.names, one.visitor.country, one.wikidata) == (other.names, other.visitor.country, other.wikidata)


def _attach(
    loose: Sequence[Sighting], found: Sequence[Person], same: Callable[[Sighting, Sighting], bool]
) -> list[Person]:
    """Each loose report with the nearest person it fits; those that fit nobody make persons among themselves."""
    result = [Person(list(person.sightings)) for person in found]
    fixed = len(found)
    for sighting in loose:
        at = sighting.report.published
        near = [(found[i].distance(at), i) for i in range(fixed) if any(same(sighting, x) for x in found[i].sightings)]
        if near:
            result[min(near)[1]].sightings.append(sighting)
            continue
        own = next((p for p in result[fixed:] if all(same(sighting, other) for other in p.sightings)), None)
        if own is None:
            result.append(Person([sighting]))
        else:
            own.sightings.append(sighting)
    return result
