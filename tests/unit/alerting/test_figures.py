"""What alerting tells Prometheus: what waits, what failed, for how long; and that its database is away."""

from datetime import timedelta

from sqlalchemy import Engine, insert
from visitwire_alerting.delivery.queue_metrics import QueueMetrics
from visitwire_alerting.storage.database import open_database, writing
from visitwire_alerting.storage.delivery_tables import deliveries
from visitwire_alerting.storage.ledger_tables import alerts, visit_updates
from visitwire_alerting.storage.subscription_tables import endpoints

from tests.unit.alerting.makers import START


def figures(engine: Engine) -> dict[str, float]:
    found = QueueMetrics(engine, lambda: START).collect()
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value for family in found for sample in family.samples
    }


def test_an_empty_ledger_has_nothing_that_waits(engine: Engine) -> None:
    assert figures(engine) == {
        "visitwire_ledger_up": 1,
        "visitwire_deliveries pending": 0,
        "visitwire_deliveries failed": 0,
        "visitwire_deliveries_overdue_seconds": 0,
        "visitwire_endpoints_disabled": 0,
        "visitwire_outbox_records alerts-v1": 0,
        "visitwire_outbox_records visits-v1": 0,
        "visitwire_outbox_records reports-v1": 0,
        "visitwire_outbox_age_seconds": 0,
    }


def test_what_waits_is_counted_and_how_long(engine: Engine) -> None:
    mine = {"tenant": "default", "subscription": "s", "endpoint": "e", "lane": "v", "attempts": 1, "replay": False}
    with writing(engine) as connection:
        for number, (state, age) in enumerate(
            (("pending", 90), ("pending", -60), ("failed", 900), ("delivered", 5)), 1
        ):
            due = START - timedelta(seconds=age)
            row = mine | {"number": number, "state": state, "created": due, "due": due}
            connection.execute(insert(deliveries).values(row))
        for number, sent in enumerate((None, START), 1):
            row = {"number": number, "id": f"v.{number}", "visit": "v", "at": START - timedelta(minutes=2)}
            connection.execute(insert(alerts).values(row | {"body": "{}", "sent": sent}))
        connection.execute(insert(visit_updates).values(visit="v", body=None))
        for name, disabled in (("e", None), ("f", START)):
            row = {"id": name, "subscription": "s", "kind": "webhook", "disabled": disabled}
            connection.execute(insert(endpoints).values(row))
    assert figures(engine) == {
        "visitwire_ledger_up": 1,
        "visitwire_deliveries pending": 2,
        "visitwire_deliveries failed": 1,
        "visitwire_deliveries_overdue_seconds": 90,
        "visitwire_endpoints_disabled": 1,
        "visitwire_outbox_records alerts-v1": 1,
        "visitwire_outbox_records visits-v1": 1,
        "visitwire_outbox_records reports-v1": 0,
        "visitwire_outbox_age_seconds": 120,
    }


def test_a_database_that_is_away_is_told_and_nothing_else() -> None:
    gone = open_database("postgresql+psycopg://nobody@127.0.0.1:1/visits")
    assert figures(gone) == {"visitwire_ledger_up": 0}
    gone.dispose()
