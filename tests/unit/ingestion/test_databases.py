"""The same memory on SQLite and on PostgreSQL, and under several workers at once."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from visitwire_ingestion.sql_tables import engine, metadata
from visitwire_ingestion.story_store import Keeper
from visitwire_schemas import PubStatus, Revision, Story, WireItem

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONG = " ".join(f"word{number}" for number in range(60))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        made = engine(f"sqlite:///{tmp_path / 'a.sqlite'}")
    else:
        made = engine(request.getfixturevalue("postgres_url"))
        metadata.drop_all(made)
        metadata.create_all(made)
    yield made
    made.dispose()


def story(version: int, kill: bool = False, **fields: object) -> Story:
    values: dict[str, object] = {
        "provider": "mercury",
        "uri": "m:1",
        "version": version,
        "received": NOON,
        "text": LONG,
    }
    if kill:
        values |= {"pubstatus": PubStatus.CANCELED, "revision": Revision.KILL}
    return Story.model_validate(values | {"versioncreated": NOON + timedelta(minutes=version)} | fields)


def item(version: int, turn: int = 0) -> WireItem:
    return WireItem(raw=str(version).encode(), provider="mercury", received=NOON + timedelta(seconds=turn))


def test_versions_kills_and_copies(database: Engine) -> None:
    keeper = Keeper(database, clock=lambda: NOON)
    (first,) = keeper.receive(item(2), [story(2)])
    assert keeper.receive(item(1), [story(1)]) == []
    assert keeper.receive(item(2, 9), [story(2)]) == []
    (copy,) = keeper.receive(item(7), [story(1, provider="lupa", uri="l:1")])
    (dead,) = keeper.receive(item(3), [story(3, kill=True)])
    assert (copy.same_as, dead.version) == (first.same_as, 3)
    assert keeper.receive(item(4), [story(4)]) == []
    assert keeper.standing() == {"killed": 1, "live": 1}


def test_an_embargo_waits_in_the_database(database: Engine) -> None:
    waiting = story(1, embargoed=NOON + timedelta(hours=1))
    assert Keeper(database, clock=lambda: NOON).receive(item(1), [waiting]) == []
    later = Keeper(database, clock=lambda: NOON + timedelta(hours=1))
    assert later.due() == [item(1)]
    assert [each.uri for each in later.receive(item(1), [waiting])] == ["m:1"]
    assert later.due() == []


def test_workers_at_once_agree_on_what_stands(database: Engine) -> None:
    """Forty deliveries of one story by four workers: nothing usable is passed on after the kill was remembered."""
    keeper = Keeper(database, clock=lambda: NOON)
    deliveries = [(version, version == 8) for version in (1, 2, 3, 5, 8) for _ in range(8)]
    random.Random(3).shuffle(deliveries)

    def deliver(turn: int) -> list[Story]:
        version, kill = deliveries[turn]
        return keeper.receive(item(version, turn), [story(version, kill)])

    with ThreadPoolExecutor(4) as workers:
        passed = [each for found in workers.map(deliver, range(len(deliveries))) for each in found]
    assert keeper.standing() == {"killed": 1}
    assert sum(1 for each in passed if each.revision == Revision.KILL) == 1
    usable = [each.version for each in passed if each.revision != Revision.KILL]
    assert len(set(usable)) == len(usable)
    assert keeper.receive(item(5, 99), [story(5)]) == []
