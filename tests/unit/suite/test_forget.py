"""A story or a person is taken out of everything kept, for the law's sake, and does not come back."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from typer.testing import CliRunner
from visitwire_alerting.ledger import rebuild
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.service import open_alerting
from visitwire_alerting.storage.database import writing
from visitwire_alerting.storage.database_clock import now
from visitwire_alerting.storage.delivery_tables import attempts, deliveries, delivery_alerts
from visitwire_alerting.storage.ledger_tables import alerts, visit_updates
from visitwire_gateway.model.database import open_database
from visitwire_gateway.model.store_writer import write
from visitwire_ingestion.sql_tables import engine as open_ingestion
from visitwire_ingestion.story_store import Keeper
from visitwire_runtime.settings import Settings
from visitwire_schemas import EnrichedStory
from visitwire_suite.forget import remains
from visitwire_suite.main import app

from tests.helpers.factories import make_item
from tests.unit.alerting.makers import at, dates, story, visit
from tests.unit.gateway.samples import rows
from tests.unit.suite.test_stores import contents

MAY = dates("2025-05-01")
JUAREZ = visit("planned", who="José Juárez", of="MX", to="FR", when=MAY)
ALONE = story("alone", JUAREZ)
BOTH = story("both", visit("planned", when=MAY))
OTHER = story("other", visit("accepted", when=MAY), day=1)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Three stories everywhere: one with a visitor of its own, and two about another's visit. All was told."""
    monkeypatch.setenv("VISITWIRE_DATA_DIR", str(tmp_path))
    found = Settings()
    ledger, board = open_alerting(found).engine, open_database(found.gateway_database.get_secret_value())
    for one in (ALONE, BOTH, OTHER):
        record(ledger, [one], lambda: at(2))
    with writing(ledger) as connection:
        for number, (told,) in enumerate(connection.execute(select(alerts.c.number)).all(), 1):
            mine = {"tenant": "default", "subscription": "desk", "endpoint": "desk/console-1", "lane": "v"}
            done = {"number": number, "state": "delivered", "created": now(), "due": now(), "replay": False}
            connection.execute(insert(deliveries).values(mine | done))
            connection.execute(insert(delivery_alerts).values(delivery=number, alert=told, sequence=1))
            connection.execute(insert(attempts).values(delivery=number, at=now(), result="delivered", milliseconds=1))
    write(board, rows(ALONE, BOTH, OTHER, *rebuild.standing(ledger)))
    keeper = Keeper(open_ingestion(found.ingestion_database.get_secret_value()))
    for one in (ALONE, BOTH, OTHER):
        keeper.receive(make_item(one.story.uri), [one.story])
    keeper.close()
    run = tmp_path / "reprocess/20260101"
    run.mkdir(parents=True)
    lines = [{"story": one.key, "is": ["somebody"]} for one in (ALONE, OTHER)]
    (run / "changes.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    ledger.dispose()
    board.dispose()
    return found


def forget(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["forget", *arguments])
    return result.exit_code, result.output


def anywhere(settings: Settings, words: str) -> set[str]:
    """The tables and files in which these words are."""
    found = {name for name, kept in contents(settings).items() if words in repr(kept)}
    return found | {file.name for file in settings.data_dir.rglob("changes.jsonl") if words in file.read_text()}


def test_a_person_is_nowhere_afterwards(settings: Settings) -> None:
    assert {"ledger.sightings", "ledger.alerts", "ledger.visits", "board.visits"} <= anywhere(settings, "Juárez")
    assert forget("person", "jose juarez", "--kept") == (
        0,
        "north|alone\n1 stories. Nothing was deleted; use --yes to delete them.\n",
    )
    code, words = forget("person", "jose juarez", "--kept", "--yes")
    assert (code, words.splitlines()[:3]) == (
        0,
        [
            "1 stories forgotten",
            "  ledger: 1 stories, 1 reports, 1 alerts, 1 deliveries, 1 visits gone",
            "  board: 1 stories, 1 visits",
        ],
    )
    tombstone = {"ledger.visit_updates"}  # and what it follows, until the publisher has sent both
    assert anywhere(settings, "Juárez") <= tombstone
    assert anywhere(settings, ALONE.story.text) == set()
    assert "changes.jsonl" not in anywhere(settings, ALONE.key)
    assert "changes.jsonl" in anywhere(settings, OTHER.key)
    assert {"ledger.visits", "board.visits"} <= anywhere(settings, "Putin")


def test_a_visit_that_others_report_stands_without_the_story(settings: Settings) -> None:
    report = json.loads(forget("story", BOTH.key, "--kept", "--yes", "--json")[1])
    ledger = report["removed"]["ledger"]
    assert (ledger["visits_changed"], ledger["visits_gone"], ledger["alerts"]) == (1, 0, 1)
    engine = open_alerting(settings).engine
    standing = {one.visitor.name: [report.uri for report in one.reports] for one in rebuild.standing(engine)}
    assert standing == {"Vladimir Putin": ["other"], "José Juárez": ["alone"]}
    with engine.connect() as connection:
        assert connection.execute(select(alerts.c.visit)).all() == [
            (one.id,) for one in rebuild.standing(engine) if one.visitor.name == "José Juárez"
        ]
    assert not list(rebuild.rebuild(rebuild.stored(engine), rebuild.standing(engine)).differing())
    engine.dispose()


@pytest.mark.parametrize("later", [ALONE, story("alone", JUAREZ, version=7, day=9)], ids=["again", "a new version"])
def test_it_does_not_come_back(settings: Settings, later: EnrichedStory) -> None:
    forget("story", ALONE.key, "--kept", "--yes")
    engine, board = open_alerting(settings).engine, open_database(settings.gateway_database.get_secret_value())
    with writing(engine) as connection:
        connection.execute(visit_updates.delete())
    record(engine, [later])
    write(board, rows(later))
    assert anywhere(settings, "Juárez") == set()
    with rebuild.read([later]) as told:
        told.fill(engine)
        assert [one.visitor.name for one in rebuild.rebuild(told, []).visits()] == ["Vladimir Putin"]
    keeper = Keeper(open_ingestion(settings.ingestion_database.get_secret_value()))
    assert keeper.receive(make_item("alone again"), [later.story]) == []
    keeper.close()
    assert json.loads(forget("story", ALONE.key, "--kept", "--yes", "--json")[1])["removed"]["ledger"]["stories"] == 0
    engine.dispose()
    board.dispose()


def test_what_remains_is_told_with_its_last_day() -> None:
    found = {one.where: one.until for one in remains(Settings(), datetime(2026, 1, 1, tzinfo=UTC), kept=False)}
    assert found["stories-v1"] == "2026-01-31T00:00:00+00:00"
    assert found["extraction-dlq"] == "2026-04-01T00:00:00+00:00"
    assert found["visits-v1"] is None
    assert {"backups", "receivers", "spool"} <= set(found)
    assert "stories-v1" not in {one.where for one in remains(Settings(), datetime(2026, 1, 1, tzinfo=UTC), kept=True)}


@pytest.mark.parametrize("asked", [["story", "urn:nw:17"], ["person", "17"]])
def test_what_is_no_story_and_no_name_is_rejected(asked: list[str]) -> None:
    assert forget(*asked)[0] == 2
