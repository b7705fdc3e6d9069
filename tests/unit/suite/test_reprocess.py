"""The past that a board without Kafka keeps is read again; and what the command refuses."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from typer.testing import CliRunner
from visitwire_alerting.ledger import rebuild
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.service import open_alerting
from visitwire_gateway.model.database import open_database
from visitwire_gateway.model.store_writer import write
from visitwire_gateway.model.story_queries import story as kept
from visitwire_runtime import InvalidMessage, Stage
from visitwire_runtime.settings import Settings
from visitwire_schemas import STORIES, STORIES_ENRICHED, EnrichedStory, Story, Trace
from visitwire_suite import stages
from visitwire_suite.reprocess import app

from tests.unit.alerting.makers import at, story, visit
from tests.unit.gateway.samples import rows

KEPT = ("--from", "2025-03-01", "--to", "2025-04-30", "--kept")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """With three stories in the ledger and on the board, and a reader that finds another status in two of them."""
    monkeypatch.setenv("VISITWIRE_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(stages, "LANGUAGE", ("extraction",))
    monkeypatch.setattr("visitwire_suite.reprocess.LANGUAGE", ("extraction",))
    made = Stage("extraction", STORIES, STORIES_ENRICHED, _read, version="0.1.0+new")
    monkeypatch.setattr(stages, "STAGES", {"extraction": lambda settings: made})
    found = Settings()
    told = [_traced(story(uri, visit("planned", to=to))) for uri, to in (("a", "IN"), ("b", "FR"), ("bad", "KE"))]
    ledger, board = open_alerting(found).engine, open_database(found.gateway_database.get_secret_value())
    record(ledger, told, lambda: at(1))
    write(board, rows(*told))
    ledger.dispose()
    board.dispose()
    return found


def _traced(enriched: EnrichedStory) -> EnrichedStory:
    return enriched.model_copy(update={"trace": (Trace(stage="extraction", version="0.1.0+old", milliseconds=1),)})


def _read(one: Story) -> Iterable[EnrichedStory]:
    if one.uri == "bad":
        raise InvalidMessage("It is a bad story.")
    yield EnrichedStory(story=one, visits=(visit("accepted", to={"a": "IN", "b": "FR"}[one.uri]),))


def test_the_board_and_the_ledger_take_the_new_reading(settings: Settings) -> None:
    result = CliRunner().invoke(app, [*KEPT, "--json"])
    report = json.loads(result.stdout)
    assert (result.exit_code, report["read"], report["failed"], report["other_visits"]) == (1, 2, 1, 2)
    assert report["alerts_held"] == {"corrected": 2}
    lines = [json.loads(line) for line in Path(report["report"]).read_text().splitlines()]
    assert [line["failed"] for line in lines if "failed" in line] == ["extraction: It is a bad story."]
    assert {line["was"][0].rpartition(" to ")[2] for line in lines if "was" in line} == {
        "FR, planned, no date",
        "IN, planned, no date",
    }
    ledger, board = open_alerting(settings).engine, open_database(settings.gateway_database.get_secret_value())
    by_country = {one.destination.country: one.status.value for one in rebuild.standing(ledger)}
    assert by_country == {"IN": "accepted", "FR": "accepted", "KE": "planned"}
    shown = kept(board, "north|a", at(9))
    assert shown is not None
    assert [one.status.value for one in shown.visits] == ["accepted"]
    write(board, rows(_traced(story("a", visit("planned", to="IN")))))
    assert kept(board, "north|a", at(9)) == shown  # an older reading that comes late
    ledger.dispose()
    board.dispose()


def test_a_dry_run_leaves_everything_and_its_report_can_be_seen_again(settings: Settings) -> None:
    result = CliRunner().invoke(app, [*KEPT, "--dry"])
    assert "2 visits would change, of which 0 no longer exist" in result.stdout
    assert "2 alerts held back (2 corrected), 0 sent" in result.stdout
    ledger = open_alerting(settings).engine
    assert {one.status.value for one in rebuild.standing(ledger)} == {"planned"}
    ledger.dispose()
    [run] = (settings.data_dir / "reprocess").iterdir()
    assert not (run / "ledger.sqlite").exists()
    assert CliRunner().invoke(app, ["--show", run.name]).stdout == result.stdout


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ([], "use --from, or --resume with a run"),
        (["--from", "2025-04-01", "--to", "2025-03-01"], "is not before --to"),
        (
            ["--from", "30d", "--stage", "alerting"],
            "is not a stage that reads; use one of extraction, attribution, visits",
        ),
        (["--from", "30d", "--stage", "visits", "--kept"], "the board stores no parse"),
    ],
)
def test_what_is_not_possible_is_said(
    asked: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISITWIRE_DATA_DIR", str(tmp_path))
    result = CliRunner().invoke(app, asked)
    assert (result.exit_code, words in " ".join(result.output.replace("│", "").split())) == (2, True)


def test_a_run_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISITWIRE_DATA_DIR", str(tmp_path))
    result = CliRunner().invoke(app, ["--resume", "20260101"])
    assert (result.exit_code, "there is no run '20260101'" in str(result.exception)) == (1, True)


def test_of_what_was_lost_only_versions_are_read_that_the_ledger_never_heard_of(settings: Settings) -> None:
    board = open_database(settings.gateway_database.get_secret_value())
    write(board, rows(_traced(story("a", visit("planned"), version=2))))
    board.dispose()
    report = json.loads(CliRunner().invoke(app, [*KEPT, "--lost", "--json"]).stdout)
    assert (report["read"], report["left_out"]) == (1, {"in the ledger already": 2})
    assert (report["alerts_held"], sum(report["alerts_told"].values())) == ({}, 1)
