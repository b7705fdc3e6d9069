"""What waited and came to nothing is told to nobody; what an editor says is told even if no fact of it is other."""

import pytest
from visitwire_alerting.delivery.digest import group_of
from visitwire_alerting.delivery.message import as_one
from visitwire_schemas import Alert, ChangeKind, Destination, LedgerVisit, VisitStatus

from tests.unit.gateway.samples import alert, dates, visit

FIRST = visit(dates=dates("2026-05-02"))
MOVED = visit(revision=2, dates=dates("2026-05-09"))
BACK = visit(revision=3, dates=dates("2026-05-02"))
OFF = visit(status=VisitStatus.CANCELLED)
OFF_AGAIN = visit(revision=2, status=VisitStatus.CANCELLED, sources_independent=2)
ASIDE = visit(focus=False)


def told(*steps: tuple[ChangeKind, LedgerVisit | None, LedgerVisit]) -> list[Alert]:
    return [alert(after, kind, before) for kind, before, after in steps]


def test_a_visit_that_is_again_as_it_was_is_not_told_and_one_that_is_not_is() -> None:
    moved, back = (ChangeKind.DATES_CHANGED, FIRST, MOVED), (ChangeKind.DATES_CHANGED, MOVED, BACK)
    assert as_one(told(moved, back)) is None
    one = as_one(told(moved))
    assert one is not None
    assert one.data.change.before == FIRST


def test_a_visit_that_was_new_and_taken_back_is_not_told_and_one_known_before_is() -> None:
    gone = (ChangeKind.RETRACTED, FIRST, FIRST.model_copy(update={"revision": 2}))
    for before in (None, ASIDE):
        assert as_one(told((ChangeKind.ACCEPTED, before, FIRST), gone)) is None
    assert as_one(told((ChangeKind.DATES_CHANGED, FIRST, MOVED), gone)) is not None


def test_one_change_of_less_than_facts_is_told() -> None:
    assert as_one(told((ChangeKind.CORRECTED, FIRST, FIRST.model_copy(update={"revision": 2})))) is not None


def test_a_place_that_was_corrected_twice_is_told() -> None:
    bari = visit(revision=2, destination=Destination(country="IT", place="Bari"))
    pisa = visit(revision=3, destination=Destination(country="IT", place="Pisa"))
    one = as_one(told((ChangeKind.CORRECTED, FIRST, bari), (ChangeKind.CORRECTED, bari, pisa)))
    assert one is not None
    assert one.data.visit.destination.place == "Pisa"


@pytest.mark.parametrize(
    ("group", "steps"),
    [
        ("confirmed", [(ChangeKind.CONFIRMED, OFF, OFF_AGAIN)]),
        ("off", [(ChangeKind.CANCELLED, FIRST, OFF), (ChangeKind.CONFIRMED, OFF, OFF_AGAIN)]),
        ("off", [(ChangeKind.DENIED, None, OFF)]),
        ("changed", [(ChangeKind.DATES_CHANGED, FIRST, MOVED), (ChangeKind.CONFIRMED, MOVED, MOVED)]),
        ("new", [(ChangeKind.ACCEPTED, ASIDE, FIRST)]),
    ],
)
def test_what_is_only_confirmed_is_told_as_that_also_when_it_is_off(
    group: str, steps: list[tuple[ChangeKind, LedgerVisit | None, LedgerVisit]]
) -> None:
    one = as_one(told(*steps))
    assert one is not None
    assert group_of(one) == group
