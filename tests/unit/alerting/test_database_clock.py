"""Workers whose machines' clocks differ agree on the time: the database's."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, func, select
from visitwire_alerting.delivery.courier import Pace
from visitwire_alerting.ledger import enter_story
from visitwire_alerting.migrate import migrate
from visitwire_alerting.storage.database import open_database, reading
from visitwire_alerting.storage.database_clock import DatabaseClock
from visitwire_alerting.storage.delivery_tables import attempts
from visitwire_alerting.storage.ledger_tables import alerts
from visitwire_runtime.stage import Publish
from visitwire_schemas import Record

from tests.unit.alerting.conftest import empty
from tests.unit.alerting.makers import person, story, visit
from tests.unit.alerting.office import open_office, settings_for, until
from tests.unit.alerting.receiver import receiving

TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def shared(postgres_url: str) -> Iterator[Engine]:
    engine = open_database(postgres_url)
    migrate(engine)
    empty(engine)
    yield engine
    engine.dispose()


def told(engine: Engine) -> datetime:
    with reading(engine) as connection:
        at: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return at


def times(engine: Engine, column: Column[datetime]) -> list[datetime]:
    with reading(engine) as connection:
        return list(connection.execute(select(column)).scalars())


def test_it_is_the_databases_time_and_comes_right_again(shared: Engine) -> None:
    before, clock = told(shared), DatabaseClock(shared)
    assert before <= clock() <= told(shared)

    async def publish(_topic: str, _record: Record) -> None:
        raise AssertionError

    async def scenario() -> None:
        at, since = clock._told
        clock._told = at + TEN_MINUTES, since
        assert clock() > told(shared)
        keeping = asyncio.create_task(clock.keep(Publish(publish)))
        await until(lambda: clock() <= told(shared))
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping

    asyncio.run(scenario())


def test_two_workers_whose_clocks_are_wrong_deliver_once_with_right_times(
    shared: Engine, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = iter([TEN_MINUTES, -TEN_MINUTES] * 10_000)
    monkeypatch.setattr(enter_story, "now", lambda: datetime.now(UTC) + next(wrong))

    async def scenario() -> list[str]:
        settings = settings_for(postgres_url, tmp_path, delivery_timeout=60)
        async with (
            receiving() as receiver,
            open_office(settings, pace=Pace(patience=60), own_clock=True) as one,
            open_office(settings, pace=Pace(patience=60), own_clock=True) as two,
        ):
            one.subscribe(channels=[{"kind": "webhook", "url": receiver.url}])
            for number, office in enumerate([one, two] * 10):
                await asyncio.to_thread(office.enter, [story(f"s{number}", visit("planned", who=person(number)))])
            await until(lambda: len(times(shared, attempts.c.at)) >= 20, patience=60)
        return receiver.ids()

    began = told(shared)
    ids = asyncio.run(scenario())
    assert (len(ids), len(set(ids))) == (20, 20)
    found = [*times(shared, alerts.c.at), *times(shared, attempts.c.at)]
    assert (min(found) >= began, max(found) <= told(shared), len(found)) == (True, True, 40)
