"""Deliveries that are long over are forgotten, a few with each commit; what waits is not, however old, but for an
endpoint that was disabled as long ago."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, insert, select
from visitwire_alerting.delivery import retention as forgetting
from visitwire_alerting.delivery.retention import forget
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.delivery_tables import attempts, deliveries, delivery_alerts
from visitwire_alerting.storage.ledger_tables import alerts
from visitwire_alerting.storage.subscription_tables import endpoints, silences

from tests.unit.alerting.makers import START

AGES = (
    ("delivered", 100),
    ("failed", 95),
    ("dropped", 91),
    ("pending", 100),
    ("delivered", 89),
    ("pending", 100),
    ("pending", 89),
)
"""The state of each delivery, and its age in days. The last two are to an endpoint that was disabled."""


@pytest.fixture
def filled(engine: Engine) -> Engine:
    mine = {"tenant": "default", "subscription": "s", "endpoint": "e", "lane": "v", "attempts": 1, "replay": False}
    with writing(engine) as connection:
        connection.execute(insert(alerts).values(number=1, id="v.1", visit="v", at=START, body="{}"))
        for number, (state, age) in enumerate(AGES, 1):
            made = START - timedelta(days=age)
            mine["endpoint"] = "e" if number < 6 else "disabled"
            connection.execute(
                insert(deliveries).values(mine | {"number": number, "state": state, "created": made, "due": made})
            )
            connection.execute(insert(delivery_alerts).values(delivery=number, alert=1, sequence=number))
            tried = {"delivery": number, "at": made, "result": "delivered", "milliseconds": 1.0}
            connection.execute(insert(attempts).values(tried))
        for endpoint, since in (("e", None), ("disabled", START - timedelta(days=95)), ("new", START)):
            made = {"id": endpoint, "subscription": "s", "kind": "webhook", "disabled": since}
            connection.execute(insert(endpoints).values(made))
        for days in (-91, 1):
            connection.execute(insert(silences).values(subscription="s", until=START + timedelta(days=days)))
    return engine


def test_what_is_long_over_goes_with_all_that_hangs_on_it(filled: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "MOST", 2)
    more = []
    for _ in range(3):
        with writing(filled) as connection:
            more.append(forget(connection, START - timedelta(days=90)))
    assert more == [True, True, False]
    with reading(filled) as connection:
        for column in (deliveries.c.number, delivery_alerts.c.delivery, attempts.c.delivery):
            assert connection.execute(select(column).order_by(column)).scalars().all() == [4, 5, 7]
        assert connection.execute(select(func.count()).select_from(silences)).scalar_one() == 1
        assert connection.execute(select(alerts.c.id)).scalars().all() == ["v.1"]
