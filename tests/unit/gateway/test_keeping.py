"""Stories, changes and dead letters of long ago leave the read model; visits stay until the ledger lets them go."""

from datetime import timedelta

from sqlalchemy import Engine, func, select
from visitwire_gateway.model.retention import SOME, keeping, let_go
from visitwire_gateway.model.sql_tables import CHANGES, ENTITIES, LETTERS, QUOTES, STORIES, VISITS
from visitwire_gateway.model.store_writer import write

from tests.unit.gateway.samples import NOW, alert, letter, rows, story, visit

TABLES = (STORIES, QUOTES, ENTITIES, CHANGES, LETTERS, VISITS)


def counts(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return [int(connection.scalar(select(func.count()).select_from(table)) or 0) for table in TABLES]


def test_what_is_older_goes_a_few_rows_at_a_time(engine: Engine) -> None:
    many = [story(f"urn:nw:{number}") for number in range(SOME + 1)]
    write(engine, rows(visit(), alert(visit()), letter(), *many))
    before = counts(engine)
    assert not let_go(engine, NOW - timedelta(days=365))
    assert counts(engine) == before
    assert let_go(engine, NOW + timedelta(days=365))
    assert not let_go(engine, NOW + timedelta(days=365))
    assert counts(engine) == [0, 0, 0, 0, 0, 1]


def test_a_gateway_lets_go_by_itself(engine: Engine) -> None:
    write(engine, rows(story()))
    with keeping(engine, 0, lambda: NOW + timedelta(days=9999)):
        pass
    assert counts(engine)[0] == 1
    with keeping(engine, 30, lambda: NOW + timedelta(days=9999)):
        pass  # it looks at once, and is waited for
    assert counts(engine)[0] == 0
