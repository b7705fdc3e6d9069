"""Two workers of alerting with one PostgreSQL, of which one dies or is cut off while it publishes: each alert is on the
topic once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, text
from visitwire_alerting.migrate import migrate
from visitwire_alerting.storage.database import open_database
from visitwire_runtime.settings import Settings
from visitwire_schemas import ALERTS, STORIES_ENRICHED, EnrichedStory

from tests.integration.harness import Crew, Worker, emptied, send, standing, until
from tests.unit.alerting.conftest import empty
from tests.unit.alerting.makers import story, visit

GATE = 4711
"""The advisory lock without which no worker marks an alert as sent."""
WORKERS = ("alerting-one", "alerting-two")
TWO = (story("a", visit(to="IN")), story("b", visit(to="BR", who="Anna Berg", of="NO")))
HELD_UP = """
create or replace function held_up() returns trigger language plpgsql as
$$ begin perform pg_advisory_xact_lock_shared(4711); return new; end $$;
create trigger held_up before update of sent on alerts for each row execute function held_up();
"""


@pytest.fixture
def ledger(postgres_url: str) -> Iterator[Engine]:
    """An empty one, where nobody marks an alert as sent while somebody holds the gate."""
    engine = open_database(postgres_url)
    migrate(engine)
    empty(engine)
    with engine.begin() as connection:
        connection.execute(text(HELD_UP))
    yield engine
    with engine.begin() as connection:
        connection.execute(text("drop trigger held_up on alerts"))
    engine.dispose()


@pytest.fixture
def workers(
    settings: Settings, ledger: Engine, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, Worker]]:
    """Two, ready, by the names that PostgreSQL knows them by."""
    emptied(settings)
    crew = Crew(settings.model_copy(update={"database_url": SecretStr(postgres_url), "news_for": 0}))
    found = {}
    for name in WORKERS:
        monkeypatch.setenv("PGAPPNAME", name)
        found[name] = crew.start("visitwire_alerting")
    yield {name: worker.ready() for name, worker in found.items()}
    crew.stop()


@contextmanager
def gate(ledger: Engine) -> Iterator[Connection]:
    """Nobody marks an alert as sent until the end."""
    with ledger.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("select pg_advisory_lock(:gate)"), {"gate": GATE})
        try:
            yield connection
        finally:
            connection.execute(text("select pg_advisory_unlock(:gate)"), {"gate": GATE})


def marking(ledger: Connection) -> tuple[str, int] | None:
    """The worker that has sent alerts and would mark them as sent, and its process in PostgreSQL."""
    waiting = "wait_event = 'advisory' and query like 'UPDATE%'"
    row = ledger.execute(text(f"select application_name, pid from pg_stat_activity where {waiting}")).first()
    return (row[0], row[1]) if row else None


def told(stories: Sequence[EnrichedStory], settings: Settings) -> None:
    send(settings, STORIES_ENRICHED.name, map(STORIES_ENRICHED.encode, stories))


def alerts_on(settings: Settings) -> list[str]:
    return [ALERTS.decode(found.record).id for found in standing(settings, ALERTS.name)]


def unsent(ledger: Engine) -> int:
    with ledger.connect() as connection:
        return int(connection.execute(text("select count(*) from alerts where sent is null")).scalar_one())


def assert_each_alert_comes_once(settings: Settings, ledger: Engine) -> None:
    """Those of `TWO`, and that of a third story, which is told now."""
    told([story("c", visit(to="KE", who="Paula Santos", of="BR"))], settings)
    until(lambda: unsent(ledger) == 0 and len(set(alerts_on(settings))) == 3, "every alert")
    assert len(alerts_on(settings)) == 3


def test_the_other_worker_repeats_nothing_of_one_that_was_killed_before_it_marked_what_it_sent(
    settings: Settings, ledger: Engine, workers: dict[str, Worker]
) -> None:
    with gate(ledger) as connection:
        told(TWO, settings)
        name, _ = until(lambda: marking(connection), "alerts to be sent") or ("", 0)
        workers[name].kill()
    assert_each_alert_comes_once(settings, ledger)


def test_a_worker_cut_off_from_the_database_repeats_nothing(
    settings: Settings, ledger: Engine, workers: dict[str, Worker]
) -> None:
    with gate(ledger) as connection:
        told(TWO, settings)
        _, process = until(lambda: marking(connection), "alerts to be sent") or ("", 0)
        connection.execute(text("select pg_terminate_backend(:process)"), {"process": process})
        until(lambda: (now := marking(connection)) is not None and now[1] != process, "another to mark them")
    assert_each_alert_comes_once(settings, ledger)
