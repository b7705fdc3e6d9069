"""Which messages may go: however much waits for one endpoint, the others' are found."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, insert, update
from visitwire_alerting.delivery import delivery_queue, live_workers
from visitwire_alerting.delivery.courier import Courier
from visitwire_alerting.delivery.dispatch import Book
from visitwire_alerting.delivery.settle import PATIENCE
from visitwire_alerting.storage.bell import Bell
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.delivery_tables import deliveries, workers
from visitwire_alerting.storage.subscription_tables import endpoints
from visitwire_alerting.storage.vault import Vault

from tests.unit.alerting.makers import START
from tests.unit.alerting.office import Clock


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
        jobs = delivery_queue.take(connection, "w", START + timedelta(hours=2), {"backlog": under_way}, 9, 4)
    want = {"backlog": its} if its else {}
    assert Counter(job.endpoint for job in jobs) == want | {f"well-{n}": 1 for n in range(5)}


@pytest.mark.parametrize(("seen", "taken"), [(0, 0), (-4, 0), (-6, 1), (4, 0), (3600, 1)])
def test_what_a_dead_worker_had_taken_is_free_also_when_the_clock_was_put_back(
    engine: Engine, seen: int, taken: int
) -> None:
    """`seen` is when the worker last showed life, in seconds from now."""
    queue(engine, "one", 1, START)
    with writing(engine) as connection:
        connection.execute(update(deliveries).values(claimed_by="other"))
        connection.execute(insert(workers).values(id="other", seen=START + timedelta(seconds=seen)))
        assert len(delivery_queue.take(connection, "w", START, {}, 9, 4)) == taken


def test_a_worker_shows_life_also_when_the_clock_was_put_back(engine: Engine) -> None:
    clock = Clock()
    courier = Courier(engine, Book(Vault(Fernet.generate_key().decode())), {}, Bell(), Bell(), clock)

    async def life() -> datetime:
        await courier.step()
        with reading(engine) as connection:
            return live_workers.last_life(connection) or START

    async def scenario() -> None:
        await life()
        clock.advance(hours=-1)
        assert await life() <= clock()

    asyncio.run(scenario())
