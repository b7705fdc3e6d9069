"""What alerting tells Prometheus of the queue and the outbox, asked of the database when Prometheus asks."""

from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import ColumnElement, Connection, Engine, func, select
from visitwire_runtime import Unavailable
from visitwire_schemas import ALERTS, REPORTS, VISITS

from visitwire_alerting.storage.database import reading
from visitwire_alerting.storage.delivery_tables import deliveries
from visitwire_alerting.storage.ledger_tables import alerts, report_updates, visit_updates
from visitwire_alerting.storage.subscription_tables import endpoints


class QueueMetrics(Collector):
    """Every worker on a ledger tells the same: take the largest, not the sum."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock

    def describe(self) -> Iterator[Metric]:
        """The database is not asked when the collector is registered."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("visitwire_ledger_up", "1 while the ledger's database answers")
        try:
            with reading(self._engine) as connection:
                found = [*self._deliveries(connection), *self._outbox(connection)]
        except Unavailable:
            found = []
        up.add_metric([], 1.0 if found else 0.0)
        yield up
        yield from found

    def _deliveries(self, connection: Connection) -> Iterator[Metric]:
        states = GaugeMetricFamily("visitwire_deliveries", "Deliveries by state, of those kept", labels=["state"])
        for state in ("pending", "failed"):
            states.add_metric([state], _count(connection, deliveries.c.state == state))
        yield states
        waits = deliveries.c.state == "pending"
        due = connection.execute(select(func.min(deliveries.c.due)).where(waits)).scalar_one()
        yield _gauge("visitwire_deliveries_overdue_seconds", "How long the next delivery is due", self._since(due))
        disabled = connection.execute(
            select(func.count()).select_from(endpoints).where(endpoints.c.disabled.is_not(None))
        ).scalar_one()
        yield _gauge("visitwire_endpoints_disabled", "Channels disabled after failing", disabled)

    def _outbox(self, connection: Connection) -> Iterator[Metric]:
        depth = GaugeMetricFamily("visitwire_outbox_records", "Records still to be published", labels=["topic"])
        unsent = select(func.count(), func.min(alerts.c.at)).select_from(alerts).where(alerts.c.sent.is_(None))
        count, oldest = connection.execute(unsent).one()
        depth.add_metric([ALERTS.name], count)
        for topic, table in ((VISITS, visit_updates), (REPORTS, report_updates)):
            updates = select(func.count()).select_from(table)
            depth.add_metric([topic.name], connection.execute(updates).scalar_one())
        yield depth
        yield _gauge("visitwire_outbox_age_seconds", "How long the oldest alert waits there", self._since(oldest))

    def _since(self, at: datetime | None) -> float:
        return max(0.0, (self._clock() - at).total_seconds()) if at else 0.0


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=value)


def _count(connection: Connection, wanted: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(deliveries).where(wanted)
    return int(connection.execute(query).scalar_one())
