"""Which messages may go: however much waits for one endpoint, the others' are found."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, insert
from visitwire_alerting import lanes
from visitwire_alerting.database import writing
from visitwire_alerting.lanes import PATIENCE
from visitwire_alerting.tables import deliveries, endpoints

from tests.unit.alerting.makers import START


def queue(engine: Engine, endpoint: str, count: int, due: datetime, failures: int = 0) -> None:
    with writing(engine) as connection:
        row = {"id": endpoint, "subscription": "s", "kind": "webhook", "failures": failures}
        connection.execute(insert(endpoints).values(row))
        fresh = {"tenant": "default", "subscription": "s", "state": "pending", "attempts": 0, "replay": False}
        rows = [fresh | {"endpoint": endpoint, "lane": f"v{n}", "created": due, "due": due} for n in range(count)]
        connection.execute(insert(deliveries), rows)


@pytest.mark.parametrize(("failures", "under_way", "its"), [(0, 0, 4), (0, 4, 0), (PATIENCE, 0, 1), (PATIENCE, 1, 0)])
def test_a_backlog_hides_no_other_endpoint(engine: Engine, failures: int, under_way: int, its: int) -> None:
    queue(engine, "backlog", 500, START, failures)
    for n in range(5):
        queue(engine, f"well-{n}", 1, START + timedelta(hours=1))
    with writing(engine) as connection:
        jobs = lanes.take(connection, "w", START + timedelta(hours=2), {"backlog": under_way}, 9, 4)
    want = {"backlog": its} if its else {}
    assert Counter(job.endpoint for job in jobs) == want | {f"well-{n}": 1 for n in range(5)}
