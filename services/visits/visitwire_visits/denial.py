"""What is denied: "dismissed reports that the visit was cancelled", "denied that he would go"."""

from visitwire_schemas import VisitStatus

from visitwire_visits.clauses import negated
from visitwire_visits.reading import Reading
from visitwire_visits.status import AHEAD
from visitwire_visits.words import words

_SAID = ("ccomp", "dobj", "xcomp", "pcomp")


def denied(reading: Reading, token: int) -> bool:
    """Whether the token lies in what a verb of denying denies."""
    parse, below = reading.parse, token
    for above in parse.ancestors(token):
        if parse.pos[above] == "VERB" and reading.lemma[above] in words("denying"):
            return parse.dep[below] in _SAID and not negated(reading, above)
        below = above
    return False


def reverse(status: VisitStatus | None) -> tuple[VisitStatus | None, int]:
    """The status, and how surely it is told, where a status is denied: no cancellation is a plan, no plan a refusal."""
    if status in (VisitStatus.CANCELLED, VisitStatus.POSTPONED):
        return VisitStatus.PLANNED, 5
    return (VisitStatus.CANCELLED, 4) if status in AHEAD else (None, -1)
