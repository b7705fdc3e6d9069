"""What people said of visits, and the trips and reports that it speaks of."""

from collections.abc import Iterable, Sequence

from visitwire_schemas import Hand, HandKind

from visitwire_alerting.ledger.fold.occasions import Occasion
from visitwire_alerting.ledger.fold.sighting import Sighting


def joins_or_parts(hand: Hand) -> bool:
    """Whether it says which reports are of one visit: then all of them are folded with it."""
    return hand.kind in (HandKind.MERGE, HandKind.SPLIT)


def may_concern(said: Iterable[Hand], trips: Iterable[Occasion]) -> list[Occasion]:
    """The trips that what was said may be about: those that one of its stories reports."""
    hands = list(said)
    stories = frozenset(story for hand in hands for story in hand.stories)
    ids = {hand.id for hand in hands}
    return [
        trip
        for trip in trips
        if any(sighting.story in stories for sighting in trip.sightings) or not ids.isdisjoint(trip.spoken_of)
    ]


def with_rivals(near: Sequence[Occasion], every: Sequence[Occasion], said: Iterable[Hand]) -> list[Occasion]:
    """`near`, and of `every` trip those among which a hand has to choose between one of `near` and another."""
    found = list(near)
    rest = list(said)
    while about := [hand for hand in rest if may_concern([hand], found)]:
        rest = [hand for hand in rest if hand not in about]
        known = {id(trip) for trip in found}
        found += [trip for trip in may_concern(about, every) if id(trip) not in known]
    return found


def tied(groups: Sequence[Sequence[Sighting]], said: Sequence[Hand]) -> list[list[Sighting]]:
    """Groups of reports that are folded apart, joined where a hand speaks of several."""
    joined = [list(group) for group in groups]
    for hand in said:
        stories = hand.stories
        mine = [group for group in joined if any(one.story in stories for one in group)]
        if len(mine) > 1:
            joined = [group for group in joined if not any(group is one for one in mine)]
            joined.append([sighting for group in mine for sighting in group])
    return joined
