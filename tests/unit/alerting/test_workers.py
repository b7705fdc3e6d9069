"""Several workers on one database, and workers that are killed."""

import asyncio
from collections import Counter
from pathlib import Path

from sqlalchemy import select
from visitwire_alerting.migrate import migrate
from visitwire_alerting.storage.database import open_database, reading
from visitwire_alerting.storage.delivery_tables import deliveries

from tests.chaos.deliveries import Trial, run
from tests.unit.alerting.conftest import empty
from tests.unit.alerting.makers import person, story, visit
from tests.unit.alerting.office import open_office, settings_for, until
from tests.unit.alerting.receiver import receiving


def test_two_workers_on_postgresql_do_no_work_twice(postgres_url: str, tmp_path: Path) -> None:
    async def scenario() -> list[str]:
        settings = settings_for(postgres_url, tmp_path)
        engine = open_database(postgres_url)
        migrate(engine)
        empty(engine)
        async with receiving() as receiver, open_office(settings) as one, open_office(settings) as two:
            one.subscribe(channels=[{"kind": "webhook", "url": receiver.url}])
            halves = [
                [story(f"s{n}", visit("planned", who=person(n // 2 * 2))) for n in range(start, 60, 2)]
                for start in (0, 1)
            ]
            await asyncio.gather(
                *(asyncio.to_thread(one_.enter, half) for one_, half in zip((one, two), halves, strict=True))
            )

            def over() -> bool:
                with reading(engine) as connection:
                    states = Counter(connection.execute(select(deliveries.c.state)).scalars())
                return states == {"delivered": 30}

            await until(over, patience=60)

            def published() -> int:
                return sum(topic == "alerts-v1" for office in (one, two) for topic, _ in office.published)

            await until(lambda: published() >= 30, patience=60)  # what one entered the other may publish
            assert published() == 30
        engine.dispose()
        return receiver.ids()

    ids = asyncio.run(scenario())
    assert (len(ids), len(set(ids))) == (30, 30)


def test_nothing_is_lost_when_the_deliverer_is_killed_and_receivers_misbehave(tmp_path: Path) -> None:
    trial = Trial(alerts=100, kills=1, rate=50, hang=False)
    found = asyncio.run(run(trial, f"sqlite:///{tmp_path}/ledger.sqlite", tmp_path))
    assert (found.alerts, found.lost, found.strangers) == (100, 0, 0)
