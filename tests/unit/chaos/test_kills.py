"""Who is killed in the chaos of the whole flow, and what counts against it; no broker is needed for that."""

from collections import Counter

from visitwire_alerting.ledger.fold.alerts import alert_of
from visitwire_schemas import Alert, ChangeKind

from tests.chaos.one_ledger import one_ledger
from tests.chaos.suite import DATABASE, Trial, plan
from tests.chaos.verdict import Verdict, table, two_ids
from tests.unit.alerting.makers import person, story, visit


def verdict(**given: list[str]) -> Verdict:
    empty: dict[str, list[str]] = {
        "lost": [],
        "twice": [],
        "two_ids": [],
        "alerts_missing": [],
        "alerts_strange": [],
        "visits_differing": [],
        "dead": [],
    }
    return Verdict(fed=9, seconds=60, killed={}, alerts=7, visits=6, enriched_twice=2, **(empty | given))


def told() -> list[Alert]:
    return list(one_ledger([story(f"s{n}", visit(who=person(n))) for n in range(3)]).alerts.values())


def test_every_worker_every_broker_and_the_database_is_killed_so_many_times() -> None:
    trial = Trial(kills=5)
    blows = plan(trial, ["broker-1", "broker-2", "broker-3"])
    assert set(Counter(blow.target for blow in blows).values()) == {5}
    assert {blow.target for blow in blows} == {*trial.workers, "broker-1", "broker-2", "broker-3", DATABASE}
    assert [blow.at for blow in blows] == sorted(blow.at for blow in blows)


def test_one_ledger_tells_each_change_once() -> None:
    found = one_ledger([story("s0", visit()), story("s1", visit("under_way"), day=1)])
    assert [alert.data.change.kind for alert in found.alerts.values()] == [
        ChangeKind.ANNOUNCED,
        ChangeKind.UNDER_WAY,
    ]
    assert len(found.visits) == 1


def test_one_change_under_two_ids_is_found() -> None:
    first, *others = told()
    again = first.data.visit.model_copy(update={"id": "another"})
    twin = alert_of(again, first.data.change.kinds, None, first.data.evidence[-1].story)
    assert two_ids([first, *others]) == []
    assert two_ids([first, *others, twin]) == [" ".join(sorted((first.id, twin.id)))]


def test_what_came_again_holds_and_what_was_lost_does_not() -> None:
    assert verdict().holds
    assert not verdict(lost=["s1 version 1"]).holds
    assert "| stories lost | 1 |" in table(verdict(lost=["s1 version 1"]), 10)
