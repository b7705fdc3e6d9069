"""The read model made anew: from the ledger where there are no topics, and from the topics where there are."""

from typing import Any

import pytest
from sqlalchemy import Column, Engine, Table, insert, select
from typer.testing import CliRunner
from visitwire_alerting.service import Alerting, open_alerting
from visitwire_alerting.storage.database import writing
from visitwire_alerting.storage.ledger_tables import alerts, visits
from visitwire_gateway.cli import app
from visitwire_gateway.model.database import open_database
from visitwire_gateway.model.events import epoch
from visitwire_gateway.model.sql_tables import CHANGES, ENTITIES, QUOTES, READING, REPORTED, STORIES, VISITS
from visitwire_gateway.model.store_writer import Position, write
from visitwire_runtime.settings import Settings
from visitwire_schemas import LedgerVisit

from tests.unit.gateway.samples import NOW, alert, letter, rows, story, visit

MADE_ANEW = (STORIES, QUOTES, ENTITIES, VISITS, REPORTED, CHANGES)


@pytest.fixture
def settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Those that the command reads too."""
    monkeypatch.setenv("VISITWIRE_DATA_DIR", str(settings.data_dir))
    return settings


@pytest.fixture
def engine(settings: Settings) -> Engine:
    return open_database(settings.gateway_database.get_secret_value())


def enter(ledger: Alerting, *standing: LedgerVisit) -> None:
    with writing(ledger.engine) as connection:
        for one in standing:
            row = {"id": one.id, "revision": one.revision, "standing": True, "status": one.status.value}
            connection.execute(insert(visits).values(updated=one.updated, body=one.model_dump_json(), **row))
            told = alert(one)
            connection.execute(
                insert(alerts).values(id=told.id, visit=one.id, at=NOW, body=told.model_dump_json(), sent=NOW)
            )


def contents(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """All but the numbers of events, which belong to one life of the read model."""
    with engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(*_same(table)))), key=lambda row: row[0])
            for table in MADE_ANEW
        }


def _same(table: Table) -> list[Column[Any]]:
    return [*table.primary_key.columns, *(column for column in table.columns if column is not CHANGES.c.number)]


def rebuilt() -> tuple[int, str]:
    result = CliRunner().invoke(app, ["rebuild"])
    return result.exit_code, result.output


def test_in_one_process_it_comes_from_the_ledger_and_the_stories_kept(engine: Engine, ledger: Alerting) -> None:
    here, there = visit("v1"), visit("v2")
    enter(ledger, here, there)
    write(engine, rows(here, there, alert(here), alert(there), story(), letter()))
    before, life = contents(engine), epoch(engine)
    assert rebuilt() == (0, "Rebuilt from the ledger: 2 visits, 2 changes, 1 stories.\n")
    assert contents(engine) == before
    assert epoch(engine) != life


def test_what_the_read_model_lost_or_had_wrong_is_mended(engine: Engine, ledger: Alerting) -> None:
    enter(ledger, visit("v1", revision=3))
    write(engine, rows(visit("v1"), visit("ghost"), story()))
    with engine.begin() as connection:
        connection.execute(QUOTES.delete())
    assert rebuilt()[0] == 0
    found = contents(engine)
    assert [row[0] for row in found["visits"]] == ["v1"]
    assert len(found["quotes"]) == 2
    with engine.connect() as connection:
        assert connection.scalars(select(VISITS.c.revision)).all() == [3]


def test_an_empty_ledger_empties_no_board(engine: Engine, settings: Settings) -> None:
    open_alerting(settings).engine.dispose()
    write(engine, rows(visit("v1")))
    before = contents(engine)
    code, words = rebuilt()
    assert (code, "has no visits but the board does" in words) == (1, True)
    assert contents(engine) == before


def test_on_kafka_the_topics_are_read_again(engine: Engine) -> None:
    write(engine, rows(visit("v1")), [Position("visits-v1", 0, 7)])
    assert rebuilt() == (0, "The read model is empty; the next start reads the topics again.\n")
    with engine.connect() as connection:
        kept = {table.name: connection.execute(select(table)).all() for table in READING.sorted_tables}
    assert {name: found for name, found in kept.items() if found and name != "meta"} == {}
