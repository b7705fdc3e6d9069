"""Which statuses the operators of a sentence leave open, as the embedded reader folds them over its triggers."""

from visitwire_schemas import VisitStatus
from visitwire_visits.candidate import Candidate, Settled
from visitwire_visits.explain import manner
from visitwire_visits.resolve.choose import FORWARD
from visitwire_visits.resolve.resolver import HOPELESS
from visitwire_visits.rules.survey import STILL

from visitwire_reader_llm.page import NEGATED, Page

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
_RIVALS = 1.0
"""Log-odds below the likeliest trigger at which another may be the one that is meant."""
_SURELY = 3.0
"""Log-odds by which another pair must be likelier for the evidence to tell of that one: twenty times as likely."""


_BORNE_BY: dict[VisitStatus, frozenset[str]] = {
    VisitStatus.INVITED: frozenset({"invited"}),
    VisitStatus.ACCEPTED: frozenset({"accepted"}),
    VisitStatus.POSTPONED: frozenset({"postponed"}),
    VisitStatus.CANCELLED: frozenset({"cancelled", "barred", "doubted", NEGATED}),
}
"""What the evidence must hold for a status that is never told by a tense alone."""


def allowed(trigger: Candidate, is_verb: bool) -> frozenset[VisitStatus]:
    """The statuses that the words around one trigger leave open; none where they say that there is no visit."""
    told = trigger.told
    if told.doubted and told.settled in ("cancelled", "postponed", "barred"):
        return _ALL - _OFF
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
    needed = _BORNE_BY.get(status)
    if needed is not None and not needed & page.effects(evidence):
        return f"no word for {status.value}"
    about = [(odds_of(one, pair), one) for one in page.triggers_in(evidence)]
    best = max((odds for odds, _ in about), default=0.0)
    meant = [one for odds, one in about if odds >= best - _RIVALS]
    if not meant or any(status in allowed(one, page.is_verb(one.trigger)) for one in meant):
        return None
    return manner(meant[0])


def may_tell(trigger: Candidate, pair: tuple[str, str]) -> bool:
    """Whether a trigger may tell of a pair. A word for going somewhere may, also of two that the embedded reader does
    not link. "Is in" and "spoke in" mostly tell of nobody's going: they may not, nor what links the two hopelessly."""
    if pair in trigger.links:
        return odds_of(trigger, pair) > HOPELESS
    return trigger.event not in STILL


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
