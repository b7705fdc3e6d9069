"""What the ledger need not know any more goes, as if it had never been, and nobody hears of it."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, insert, select, update
from visitwire_alerting.ledger import rebuild
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.ledger.retention import RetentionLimits, let_go
from visitwire_alerting.storage.database import writing
from visitwire_alerting.storage.delivery_tables import deliveries, delivery_alerts
from visitwire_alerting.storage.ledger_tables import alerts, claims, sightings, stories, visit_updates

from tests.unit.alerting.makers import at, dates, story, visit

YEARS = 1000
KEPT = RetentionLimits(visits=timedelta(days=500), alerts=timedelta(days=365))
LONG_AGO = story("old", visit("concluded", when=dates("2025-04-01")))
NEW = story("new", visit("planned", when=dates("2027-12-20")), day=YEARS)
SILENT = story("silent")


@pytest.fixture
def told(engine: Engine) -> Engine:
    for one, day in ((LONG_AGO, 0), (SILENT, 0), (NEW, YEARS)):
        record(engine, [one], lambda day=day: at(day))  # type: ignore[misc]
    return engine


def count(engine: Engine, table: str) -> int:
    tables = {one.name: one for one in (alerts, claims, sightings, stories, visit_updates)}
    with engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(tables[table])).scalar_one())


def all_gone(engine: Engine, kept: RetentionLimits, day: float) -> None:
    while let_go(engine, kept, at(day)):
        pass


@pytest.mark.usefixtures("few_reports_are_folded")
def test_a_visit_last_reported_long_ago_goes_with_its_reports(told: Engine) -> None:
    all_gone(told, RetentionLimits(visits=KEPT.visits), YEARS)
    [left] = rebuild.standing(told)
    assert [report.uri for report in left.reports] == ["new"]
    assert (count(told, "sightings"), count(told, "stories"), count(told, "claims"), count(told, "alerts")) == (
        1,
        1,
        1,
        2,
    )
    with told.connect() as connection:
        last = (
            connection.execute(select(visit_updates.c.body).order_by(visit_updates.c.number.desc())).scalars().first()
        )
    assert last is None  # a tombstone
    assert not list(rebuild.rebuild(rebuild.stored(told), [left]).differing())
    record(told, [story("next", visit("accepted", when=dates("2027-12-20")), day=YEARS + 1)], lambda: at(YEARS + 1))
    assert len(rebuild.standing(told)) == 1


def test_nothing_goes_before_its_time_or_without_a_setting(told: Engine) -> None:
    all_gone(told, KEPT, 499)
    all_gone(told, RetentionLimits(), 10_000)
    assert (count(told, "sightings"), count(told, "stories"), count(told, "alerts")) == (2, 3, 2)


def test_an_alert_goes_when_it_was_told_and_no_kept_delivery_tells_it(told: Engine) -> None:
    with writing(told) as connection:
        connection.execute(update(alerts).values(sent=at(1), matched=at(1)))
        [first, _] = connection.execute(select(alerts.c.number).order_by(alerts.c.number)).scalars()
        row = {"tenant": "default", "subscription": "s", "endpoint": "e", "lane": "v", "state": "pending"}
        connection.execute(insert(deliveries).values(row | {"number": 1, "created": at(0), "due": at(0)}))
        connection.execute(insert(delivery_alerts).values(delivery=1, alert=first, sequence=1))
    all_gone(told, RetentionLimits(alerts=KEPT.alerts), YEARS)
    assert count(told, "alerts") == 2
    with writing(told) as connection:
        connection.execute(delivery_alerts.delete())
    all_gone(told, RetentionLimits(alerts=KEPT.alerts), YEARS)
    assert count(told, "alerts") == 1
