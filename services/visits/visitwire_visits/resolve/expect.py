"""What a candidate by itself lets one expect of how far along the visit is: a table of events and tenses, no language.

The resolver does not believe it: it is one feature among others, the strongest.
"""

from visitwire_schemas import VisitStatus

from visitwire_visits.candidate import Candidate, Event, Time

_I, _A, _P, _U, _C = (
    VisitStatus.INVITED,
    VisitStatus.ACCEPTED,
    VisitStatus.PLANNED,
    VisitStatus.UNDER_WAY,
    VisitStatus.CONCLUDED,
)
_SETTLED = {
    "cancelled": VisitStatus.CANCELLED,
    "barred": VisitStatus.CANCELLED,
    "postponed": VisitStatus.POSTPONED,
    "kept": _P,
    "invited": _I,
    "accepted": _A,
}
_TIMES: dict[Event, dict[Time, VisitStatus]] = {
    Event.STAY: {"past": _C, "now": _U, "ahead": _P},
    Event.TRIP: {"past": _C, "now": _U, "ahead": _P},
    Event.GOING: {"past": _U, "now": _P, "ahead": _P},
    Event.ROUTE: {"past": _C, "now": _P, "ahead": _P},
    Event.ARRIVAL: {"past": _U, "now": _U, "ahead": _P},
    Event.DEPARTURE: {"past": _U, "now": _P, "ahead": _P},
    Event.LEAVING: {"past": _C, "now": _U, "ahead": _U},
    Event.RETURN: {"past": _C, "now": _C, "ahead": _U},
    Event.EVENT: {"past": _C, "now": _U, "ahead": _P},
    Event.MEETING: {"past": _C, "now": _U, "ahead": _P},
    Event.SPEECH: {"past": _C, "now": _U, "ahead": _P},
    Event.PRESENCE: {"past": _C, "now": _U, "ahead": _P},
    Event.INVITATION: {"past": _I, "now": _I, "ahead": _P},
    Event.HOSTING: {"past": _C, "now": _U, "ahead": _P},
    Event.SENDING: {"past": _U, "now": _P, "ahead": _P},
    Event.AWAITING: {"past": _P, "now": _P, "ahead": _P},
    Event.COMPANY: {"past": _C, "now": _U, "ahead": _P},
    Event.GROUP: {"past": _C, "now": _U, "ahead": _P},
}
_HERE = {
    Event.STAY: _U,
    Event.TRIP: _U,
    Event.EVENT: _U,
    Event.MEETING: _U,
    Event.SPEECH: _U,
    Event.PRESENCE: _U,
    Event.HOSTING: _U,
    Event.GROUP: _U,
}
"""What is told as past, in a story filed from the place and about this day, still goes on."""


def expected(candidate: Candidate, here: bool, recent: bool) -> VisitStatus | None:
    """The status to expect, None where nothing tells; `here`: filed from the destination; `recent`: of about today."""
    told, event = candidate.told, candidate.event
    if told.doubted and told.settled in ("cancelled", "postponed", "barred"):
        return _P
    if told.settled in _SETTLED and not (told.settled == "invited" and told.time == "ahead"):
        return _SETTLED[told.settled]
    if told.negated and told.time == "ahead":
        return VisitStatus.CANCELLED
    if told.earlier:
        return _C
    if told.settled == "started":
        return _P if told.time == "ahead" else _U
    if told.settled == "ended":
        return _U if told.time == "ahead" or told.form == "progressive" else _C
    if told.form == "during" and event in (Event.STAY, Event.TRIP, Event.MEETING):
        return None
    status = _TIMES[event].get(told.time)
    if status is _C and here and recent:
        return _HERE.get(event, status)
    return status
