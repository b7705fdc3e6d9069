"""What forbids a visit however likely its words make it: the few things that hold in every language."""

from collections.abc import Sequence

from visitwire_schemas import OfficeKind

from visitwire_visits.candidate import Event
from visitwire_visits.resolve.choose import asked
from visitwire_visits.resolve.pairs import Pair

_CLEARLY = 2.0
"""Log-odds by which somebody else must be the likelier visitor before a source of the words is none."""


def against(pair: Pair, told: Sequence[Pair]) -> str | None:
    """What forbids a visit however likely it is, among all pairs that are likely; None where nothing does."""
    if pair.visitor.named and pair.visitor.office_kind is None:
        return "holds no public office that the story tells"
    if pair.visitor.office_kind is OfficeKind.HEAD_OF_ORGANIZATION and pair.visitor.country is None:
        return "heads an organisation that is no state's"
    if _told_by_name(pair, told):
        return "told by name elsewhere: somebody of the same country goes there by name"
    if all(reading.candidate.told.is_denied for reading in asked(pair)):
        return "the words only suppose it, or say that it was not"
    if _meets_its_own(pair, told):
        return "nobody goes abroad to be met by their own country"
    if _is_a_meeting_of(pair):
        return "a meeting that bears a body's name is no journey of the body"
    if _only_tells(pair, told):
        return "only tells of another's visit"
    return next(iter(pair.best.candidate.against), None)


def _told_by_name(pair: Pair, told: Sequence[Pair]) -> bool:
    """Whether a role or a group goes where somebody of its country goes by name."""
    return not pair.visitor.named and any(
        other.visitor.named and other.visitor.country == pair.visitor.country and other.destination == pair.destination
        for other in told
    )


def _meets_its_own(pair: Pair, told: Sequence[Pair]) -> bool:
    """Whether somebody more likely of the same country is the visitor of the very meeting: the other is the host."""
    best = pair.best
    return best.candidate.event is Event.MEETING and any(
        reading.candidate is best.candidate and reading.odds > best.odds
        for other in told
        if other.destination == pair.destination and other.visitor.country == pair.visitor.country
        for reading in other.readings
    )


def _is_a_meeting_of(pair: Pair) -> bool:
    """ "The ASEAN foreign ministers' meeting": an unnamed group of a body, whose code is longer than two letters."""
    body = not pair.visitor.named and pair.visitor.country is not None and len(pair.visitor.country) > 2
    return body and pair.best.candidate.event in (Event.MEETING, Event.EVENT)


def _only_tells(pair: Pair, told: Sequence[Pair]) -> bool:
    """Whether the visitor is a source of the very words that more likely tell of somebody else."""
    candidate = pair.best.candidate
    if all(source.announcer.entity != pair.visitor.id for source in candidate.sources):
        return False
    return any(
        reading.candidate is candidate and reading.odds > pair.best.odds + _CLEARLY
        for other in told
        if other.destination == pair.destination and other.visitor.id != pair.visitor.id
        for reading in other.readings
    )
