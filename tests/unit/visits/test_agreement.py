"""Two readers and one resolver: what each finds, what both find, and what they do not agree about."""

from dataclasses import replace
from datetime import date

import pytest
from visitwire_schemas import EntityKind, Mention, Visit, VisitStatus
from visitwire_visits.candidate import Candidate, Told
from visitwire_visits.resolve.resolver import Context, Resolver, joined_by
from visitwire_visits.weights import Weights

from tests.unit.visits.hand_made import TODAY, WEIGHTS, candidate, day, person, resolve, visits

BOTH = ("rules", "other")


def by_other(made: Candidate) -> Candidate:
    return replace(made, reader="other")


def told(*candidates: Candidate) -> list[Visit]:
    return visits(*candidates, readers=BOTH)


def test_one_reader_alone_is_named_and_differs_from_nobody() -> None:
    [found] = visits(candidate())
    assert (found.readers, found.differs) == (("rules",), ())


def test_agreement_raises_the_confidence_above_either() -> None:
    [rules], [other] = visits(candidate(odds=1.0)), visits(by_other(candidate(odds=0.5)))
    [found] = told(candidate(odds=1.0), by_other(candidate(odds=0.5)))

    assert (rules.confidence, other.confidence, found.confidence) == (0.73, 0.62, 0.9)
    assert (found.readers, found.differs) == (BOTH, ())


def test_two_doubtful_readings_that_agree_are_a_visit() -> None:
    assert visits(candidate(odds=-0.5)) == []
    [found] = told(candidate(odds=-0.5), by_other(candidate(odds=-0.5)))
    assert (found.confidence, found.readers) == (0.61, BOTH)


def test_what_one_of_them_does_not_find_is_marked() -> None:
    [found] = told(candidate())
    assert (found.readers, found.differs) == (("rules",), ("found",))
    [found] = told(candidate(odds=-3.0), by_other(candidate()))
    assert (found.readers, found.differs) == (("other",), ("found",))


def test_another_status_is_marked() -> None:
    off = Told(time="ahead", form="ahead", settled="cancelled")
    [found] = told(candidate(odds=2.0), by_other(candidate(odds=1.0, told=off)))
    assert (found.status, found.readers, found.differs) == (VisitStatus.PLANNED, BOTH, ("status",))


def test_each_status_is_told_beside_what_its_reader_tells_of_others() -> None:
    """What a reader by itself would say: how those who go there too stand counts, as where it reads alone."""
    kin = {"status.cancelled": Weights(0.0, {"expect=cancelled": 3.0, "kin=cancelled": 9.0})}
    off = Told(time="ahead", form="ahead", settled="cancelled")
    other_guest = candidate(1, links={("e2", "NO"): 1.5}, told=off)
    context = Context({"e1": person(), "e2": person("e2", "Ola Brandt", "SE")}, TODAY, readers=BOTH)

    found = Resolver({**WEIGHTS, **kin}).resolve(
        [candidate(), other_guest, by_other(candidate()), by_other(other_guest)], context
    )
    [ruiz] = [each.visit for each in found if each.visit is not None and each.visit.visitor.entity == "e1"]
    assert (ruiz.status, ruiz.readers, ruiz.differs) == (VisitStatus.CANCELLED, BOTH, ())

    found = Resolver({**WEIGHTS, **kin}).resolve([candidate(), other_guest, by_other(candidate())], context)
    [ruiz] = [each.visit for each in found if each.visit is not None and each.visit.visitor.entity == "e1"]
    assert (ruiz.status, ruiz.differs) == (VisitStatus.CANCELLED, ("status",))


def test_other_dates_are_marked() -> None:
    [found] = told(
        candidate(odds=2.0, dates=(day("2026-03-20"),)), by_other(candidate(odds=1.0, dates=(day("2026-03-25"),)))
    )
    assert (found.differs, found.dates and found.dates.start) == (("dates",), "2026-03-20")


def test_each_reader_is_weighed_by_its_own_weights_and_against_its_own_rivals() -> None:
    weights = {**WEIGHTS, "visit": Weights(0.0, {"best": 1.0, "rival.visitor": -1.0}), "visit.other": Weights(3.0)}
    context = Context({"e1": person(), "e2": person("e2", "Ola Brandt", "SE")}, TODAY, readers=BOTH)
    alone = candidate(links={("e1", "NO"): 1.0})
    rival = by_other(candidate(1, links={("e2", "NO"): 2.0}))

    likely = {
        found.pair.visitor.id: round(found.likelihood, 3)
        for found in Resolver(weights).resolve([alone, rival], context)
    }
    [by_itself] = Resolver(weights).resolve([alone], context)
    assert likely == {"e1": round(by_itself.likelihood, 3), "e2": 0.953}


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_the_readers_changes_nothing(order: int) -> None:
    given = [candidate(odds=1.0, dates=(day("2026-03-20"),)), by_other(candidate(1, odds=0.5))][::order]
    assert told(*given) == told(*reversed(given))


def test_somebody_whom_only_a_reader_found_is_known_by_words_and_not_by_an_entity() -> None:
    group = person(
        "r1",
        "a Chilean trade delegation",
        named=False,
        office=None,
        office_kind=None,
        kind=EntityKind.ORGANIZATION,
        mentions=(Mention(start=0, end=26),),
    )
    made = replace(candidate(links={("r1", "NO"): 2.0}), newcomers=(group,))
    context = joined_by(Context({}, date(2026, 3, 11)), [made], ("other",))
    [finding] = Resolver(WEIGHTS).resolve([made], context)

    assert finding.visit is not None
    assert (finding.visit.visitor.entity, finding.visit.visitor.label) == (None, "a Chilean trade delegation")
    assert finding.visit.visitor.country == "CL"


def test_candidates_of_two_occasions_are_joined_to_their_own() -> None:
    before = Told(time="past", form="past", earlier=True)
    found = resolve(
        candidate(odds=1.0), candidate(1, odds=1.0, told=before), by_other(candidate(2, odds=1.0)), readers=BOTH
    )
    assert [(f.pair.earlier, f.visit and f.visit.readers) for f in found] == [(False, BOTH), (True, ("rules",))]
