"""Whose turn it is to publish."""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from visitwire_alerting.ledger import publisher_lock
from visitwire_alerting.ledger.publisher_lock import LOCK, PublisherLock
from visitwire_alerting.storage.database import open_database
from visitwire_runtime import Unavailable

PATIENCE = 20.0


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_one_has_the_turn_and_another_when_it_is_given_back(database: str) -> None:
    engines = open_database(database), open_database(database)
    first, second = map(PublisherLock, engines)
    assert (first.ours(), second.ours(), first.ours()) == (True, False, True)
    with first.writing() as connection:
        connection.execute(text("select 1"))
    first.close()
    until(second.ours)
    assert not first.ours()
    second.close()
    for engine in engines:
        engine.dispose()


def test_whose_connection_ended_does_not_go_on_by_another(postgres_url: str) -> None:
    engine = open_database(postgres_url)
    first, second = PublisherLock(engine), PublisherLock(engine)
    assert first.ours()
    _end_its_connection(engine)
    for _ in range(2):
        with pytest.raises(Unavailable), first.reading() as connection:
            connection.execute(text("select 1"))
    until(second.ours)
    for each in (first, second):
        each.close()
    engine.dispose()


def test_postgresql_takes_the_turn_from_who_is_silent(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publisher_lock, "SILENT", 1)
    engine = open_database(postgres_url)
    first, second = PublisherLock(engine), PublisherLock(engine)
    assert (first.ours(), second.ours()) == (True, False)
    until(second.ours)
    with pytest.raises(Unavailable), first.reading() as connection:
        connection.execute(text("select 1"))
    for each in (first, second):
        each.close()
    engine.dispose()


def _end_its_connection(engine: Engine) -> None:
    holders = "select pid from pg_locks where locktype = 'advisory' and granted and objid = :lock"
    with engine.connect() as connection:
        connection.execute(text(f"select pg_terminate_backend(pid) from ({holders}) as held"), {"lock": LOCK})
