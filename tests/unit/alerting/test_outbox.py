"""What is published while something fails."""

import asyncio

import pytest
from sqlalchemy import Engine, insert
from visitwire_alerting.ledger.outbox import publish_outbox
from visitwire_alerting.storage.bell import Bell
from visitwire_alerting.storage.database import writing
from visitwire_alerting.storage.database_clock import now
from visitwire_alerting.storage.ledger_tables import visit_updates
from visitwire_runtime import Publish, Unavailable
from visitwire_schemas import Record


def test_a_failure_waits_for_what_was_begun_so_that_nothing_old_comes_after_the_next_try(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(insert(visit_updates), [{"visit": visit, "body": "{}"} for visit in ("one", "two", "two")])
    began, ended = list[str](), list[str]()

    async def send(_topic: str, record: Record) -> None:
        key = (record.key or b"").decode()
        began.append(key)
        if key == "one":
            raise Unavailable("the broker is away")
        await asyncio.sleep(0.01)
        ended.append(key)

    async def scenario() -> None:
        with pytest.raises(Unavailable):
            await publish_outbox(engine, Bell(), now, Publish(send))
        assert (sorted(began), ended) == (["one", "two", "two"], ["two", "two"])

    asyncio.run(scenario())
