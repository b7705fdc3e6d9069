"""Invented subscriptions, and a ledger that recorded and delivered changes, for the tests of the gateway."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from visitwire_alerting.service import Alerting, Tenant
from visitwire_alerting.storage.database import writing
from visitwire_alerting.storage.delivery_tables import attempts, deliveries, delivery_alerts
from visitwire_alerting.storage.ledger_tables import alerts
from visitwire_alerting.subscriptions import store
from visitwire_alerting.subscriptions.matching import matches
from visitwire_gateway.auth.who import Role, Who
from visitwire_schemas import Alert, LedgerVisit
from visitwire_schemas.subscription import Subscription

from tests.unit.gateway.samples import NOW, alert, many

HOOK = "https://receiver.example/hook/token-in-the-path"
FORM = {
    "old": "on",
    "name": "Visits to South Asia",
    "enabled": "on",
    "destination": ["South Asia", "united kingdom"],
    "change": ["accepted", "cancelled"],
    "unless_visitor_country": "India, BRICS",
    "days": "30",
    "confidence": "0.7",
    "sources": "2",
    "email": "desk@example.org, planner@example.org",
    "webhook": HOOK,
    "wait": "300",
    "quiet_from": "22:00",
    "quiet_to": "06:30",
    "quiet_zone": "Europe/Paris",
    "quiet_but": "cancelled",
    "owner": "ada@example.org",
}
"""What a browser sends of the form of a subscription."""


def subscription(id: str = "south", **fields: Any) -> Subscription:
    """Everything to the console, at once; `fields` say what is different."""
    given = {"id": id, "name": id.title(), "channels": [{"kind": "console"}], "wait": 0.0}
    return Subscription.model_validate(given | fields)


def mine(ledger: Alerting, tenant: str = "default") -> Tenant:
    """What somebody of the tenant sees and changes, now."""
    return ledger.as_tenant(Who(tenant, "somebody", Role.EDITOR), NOW)


def record(ledger: Alerting, told: Sequence[tuple[datetime, Alert]]) -> None:
    """Enters changes as alerting does: recorded then, not yet matched."""
    rows = [{"id": one.id, "visit": one.subject, "at": at, "body": one.model_dump_json()} for at, one in told]
    with writing(ledger.engine) as connection:
        connection.execute(insert(alerts), rows)


def subscribe(ledger: Alerting, *wanted: Subscription, tenant: str = "default") -> None:
    with writing(ledger.engine) as connection:
        for one in wanted:
            store.save(connection, ledger.vault, one, tenant, NOW)


def match(ledger: Alerting, tenant: str = "default") -> None:
    """Queues a delivery to each channel of the tenant's subscriptions that ask for a change recorded so far."""
    stored = [one for one in mine(ledger, tenant).subscriptions() if one.subscription.enabled]
    with writing(ledger.engine) as connection:
        recorded = connection.execute(alerts.select().order_by(alerts.c.number)).all()
        for row in recorded:
            told = Alert.model_validate_json(row.body)
            for one in stored:
                if matches(one.subscription.filter, told, row.at.date()):
                    for end in one.endpoints:
                        queued = {"subscription": one.key, "endpoint": end.id, "lane": row.visit, "tenant": tenant}
                        times = {"state": "pending", "created": row.at, "due": row.at, "attempts": 0, "replay": False}
                        made = insert(deliveries).values(queued | times).returning(deliveries.c.number)
                        number = connection.execute(made).scalar_one()
                        link = {"delivery": number, "alert": row.number, "sequence": 1}
                        connection.execute(insert(delivery_alerts).values(link))


def deliver(ledger: Alerting, failed: Sequence[int] = (), at: datetime = NOW) -> None:
    """Ends every delivery: well, but those that failed."""
    with writing(ledger.engine) as connection:
        numbers = connection.execute(deliveries.select()).all()
        for row in numbers:
            bad = row.number in failed
            ended = {"state": "failed", "last_error": "HTTP 500", "last_status": 500} if bad else {"state": "delivered"}
            connection.execute(
                deliveries.update()
                .where(deliveries.c.number == row.number)
                .values(finished=at, attempts=1, **{"last_status": 200} | ended)
            )
            tried = {"delivery": row.number, "at": at, "milliseconds": 21.5, "status": 500 if bad else 200}
            connection.execute(insert(attempts).values(result="failed" if bad else "delivered", **tried))


def month(visits: Sequence[LedgerVisit], now: datetime = NOW) -> list[tuple[datetime, Alert]]:
    """Changes spread over the last 30 days, the last today."""
    apart = timedelta(days=29) / max(len(visits), 1)
    return [(now - apart * number, alert(one)) for number, one in enumerate(visits)]


def fill_ledger(ledger: Alerting, now: datetime = NOW, count: int = 60) -> None:
    """Three desks, a month of changes, deliveries of which one failed."""
    subscribe(
        ledger,
        subscription(
            "to-italy-and-asia",
            name="Visits to Italy and South Asia",
            filter={
                "destination": ["IT", "South Asia"],
                "change": ["accepted", "dates_set", "cancelled"],
                "unless": {"visitor_country": ["PL"]},
            },
            channels=[{"kind": "webhook", "url": HOOK}, {"kind": "email", "to": ["desk@example.org"]}],
            quiet={"from": "22:00", "to": "06:30", "zone": "Europe/Paris"},
        ),
        subscription("all", name="Everything", channels=[{"kind": "console"}]),
        subscription(
            "planner",
            name="Planner, daily",
            enabled=False,
            filter={"dates": {"days": 30}, "office": ["minister of trade"], "sources": 2},
            channels=[{"kind": "email", "to": ["planner@example.org"]}],
            digest={"at": "07:00", "zone": "Asia/Kolkata"},
        ),
    )
    record(ledger, month(many(count), now))
    match(ledger)
    deliver(ledger, failed=[2], at=now)
