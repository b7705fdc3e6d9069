"""Which statuses the operators of a sentence leave open, as the embedded reader folds them over its triggers."""

from visitwire_schemas import Entity, EntityKind, VisitStatus
from visitwire_visits.candidate import HOPELESS, Candidate, Event, Settled
from visitwire_visits.explain import manner
from visitwire_visits.resolve.choose import FORWARD

from visitwire_reader_llm.page import Page

_ALL = frozenset(VisitStatus)
_OFF = frozenset({VisitStatus.CANCELLED, VisitStatus.POSTPONED})
_AGREED = frozenset({VisitStatus.ACCEPTED, VisitStatus.PLANNED})
_SETTLED: dict[Settled, frozenset[VisitStatus]] = {
    "cancelled": frozenset({VisitStatus.CANCELLED}),
    "barred": frozenset({VisitStatus.CANCELLED}),
    "postponed": frozenset({VisitStatus.POSTPONED}),
    "kept": _ALL - _OFF,
    "accepted": _AGREED,
    "invited": _AGREED | {VisitStatus.INVITED},
}
"""Asked and not yet answered is not been; agreed is not called off. "Begun" and "ended" are told by too many words that
also tell other things ("the last day", "a first leg"), and close nothing."""
_UNSETTLED: dict[Settled, frozenset[VisitStatus]] = {
    "invited": frozenset(),
    "accepted": frozenset({VisitStatus.INVITED, VisitStatus.CANCELLED}),
}
"""The same where they are negated: "has not been invited", "has not accepted"."""
_RIVALS = 1.0
"""Log-odds below the likeliest trigger at which another may be the one that is meant."""
_SURELY = 2.5
"""Log-odds by which another pair must be likelier for the evidence to tell of that one: twelve times as likely."""
_JOURNEYS = frozenset({Event.TRIP, Event.COMPANY, Event.GROUP})
"""Words that tell of nothing but a journey: "his trip", "along with", "a delegation"."""
_OF_JOURNEYS, _OF_OTHERS = -3.5, -2.0
"""Log-odds from which a pair is believed of such a word, and of any other. Meetings, summits, speeches, "to go" and "to
host" tell of many who stay where they are, and of many places where nobody goes. Both were chosen on half of the
stories with gold; the other half agreed (docs/language-models.md)."""


_BORNE_BY: dict[VisitStatus, frozenset[str]] = {
    VisitStatus.INVITED: frozenset({"invited"}),
    VisitStatus.ACCEPTED: frozenset({"accepted"}),
    VisitStatus.POSTPONED: frozenset({"postponed"}),
    VisitStatus.CANCELLED: frozenset({"cancelled", "barred", "doubted"}),
}
"""What the evidence must hold for a status that is never told by a tense alone."""


def allowed(trigger: Candidate, is_verb: bool) -> frozenset[VisitStatus]:
    """The statuses that the words around one trigger leave open; none where they say that there is no visit."""
    told = trigger.told
    if told.doubted and told.settled in ("cancelled", "postponed", "barred"):
        return _ALL - _OFF
    if told.negated and told.settled in _UNSETTLED:
        return _UNSETTLED[told.settled]
    if told.settled == "kept" and told.time == "ahead":
        return FORWARD - _OFF
    if told.settled in _SETTLED:
        return _SETTLED[told.settled]
    if told.is_denied:
        return frozenset({VisitStatus.CANCELLED}) if told.time == "ahead" else frozenset()
    if told.negated and told.time == "ahead":
        return frozenset({VisitStatus.CANCELLED})
    if told.time == "ahead" and told.settled is None:
        return FORWARD
    if is_verb and told.form in ("past", "perfect") and told.modality == "sure" and not told.negated:
        return _ALL - FORWARD
    return _ALL


def contradicts(status: VisitStatus, pair: tuple[str, str], evidence: range, page: Page) -> str | None:
    """What in the evidence a status contradicts, in a word, for `explain`; None where it contradicts nothing.

    Where several triggers may be meant it must contradict each. `pair`: the visitor's entity and the destination's
    country or place.
    """
    if not _is_borne_out(status, pair, evidence, page):
        return f"no word for {status.value}"
    about = [(odds_of(one, pair), one) for one in page.triggers_in(evidence)]
    best = max((odds for odds, _ in about), default=0.0)
    meant = [one for odds, one in about if odds >= best - _RIVALS]
    if not meant or any(status in allowed(one, page.is_verb(one.trigger)) for one in meant):
        return None
    return manner(meant[0])


def _is_borne_out(status: VisitStatus, pair: tuple[str, str], evidence: range, page: Page) -> bool:
    """Whether the evidence has a word for a status that needs one. A "not" calls off only what it governs."""
    needed = _BORNE_BY.get(status)
    if needed is None or needed & page.effects(evidence):
        return True
    return status is VisitStatus.CANCELLED and any(
        one.told.negated or one.told.is_denied for one in page.triggers_in(evidence) if may_tell(one, pair)
    )


def may_tell(trigger: Candidate, pair: tuple[str, str]) -> bool:
    """Whether a trigger may tell of a pair: the embedded reader links the two by it, and not hopelessly."""
    return pair in trigger.links and odds_of(trigger, pair) > HOPELESS


def may_tell_of_unknown(trigger: Candidate) -> bool:
    """Whether a trigger may tell of somebody, or a place, that extraction did not find: a word for a journey or stay
    that the embedded reader hardly takes for another's."""
    return trigger.event in _JOURNEYS | {Event.STAY, Event.ARRIVAL} and trigger.odds < 0


def doubt(pair: tuple[str, str], visitor: Entity, evidence: range, page: Page) -> str | None:
    """Why the evidence is not believed of a pair that it may tell of, in words; None where it is.

    The embedded reader finds less than a language model, but it makes nothing up: what it holds for next to impossible
    needs plainer words than a name, a place and a verb in one sentence.
    """
    if page.odds_of(pair) >= 0:
        return None
    if (
        visitor.kind is EntityKind.PERSON and not visitor.named
    ):  # mostly another's title, or of somebody named elsewhere
        return "its visitor has no name, and the story hardly sends whoever is meant there"
    leading = [one for one in page.triggers_in(evidence) if may_tell(one, pair) and not _is_aside(one, pair)]
    if not leading:
        return "its destination is not where any word of its evidence leads"
    if all(odds_of(one, pair) < (_OF_JOURNEYS if one.event in _JOURNEYS else _OF_OTHERS) for one in leading):
        return "its evidence hardly tells of its visitor's going there"
    return None


def _is_aside(trigger: Candidate, pair: tuple[str, str]) -> bool:
    """Whether the destination plays another part in the sentence than that of where one goes."""
    return any(one.startswith("g=") and one.endswith("|role") for one in trigger.links[pair][1])


def tells_of_others(pair: tuple[str, str], evidence: range, page: Page) -> bool:
    """Whether the evidence tells of another pair: the embedded reader holds that for likelier than not, and this one
    for far less likely. Else whoever stands near a visit could be said to make it, and to any place near."""
    triggers = page.triggers_in(evidence)
    mine = max((odds_of(one, pair) for one in triggers if may_tell(one, pair)), default=float("-inf"))
    best = max((one.odds for one in triggers), default=float("-inf"))
    return best >= 0 and best - mine > _SURELY


def odds_of(trigger: Candidate, pair: tuple[str, str]) -> float:
    """The log-odds that a trigger tells of a pair; well below the trigger's own where it does not link the two."""
    return trigger.odds_of.get(pair, trigger.score - 10)
