"""Timetables of reports: what the ledger makes of them, and what is told."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner
from visitwire_alerting.cli.commands import app
from visitwire_alerting.ledger import visit_history
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.ledger.fold.account import REPORTS
from visitwire_alerting.ledger.fold.alerts import alert_of
from visitwire_alerting.ledger.fold.sighting import sightings
from visitwire_alerting.ledger.fold.visits import fold
from visitwire_alerting.ledger.related_reports import reports_related
from visitwire_alerting.storage.database import open_database, reading
from visitwire_alerting.storage.ledger_tables import alerts
from visitwire_runtime import kafka_clients
from visitwire_schemas import Alert, ChangeKind, EnrichedStory, Revision

from tests.helpers.empty_ledgers import lay_out
from tests.unit.alerting.makers import dates, story, visit

XI = {"who": "Xi Jinping", "label": "President", "of": "CN", "to": "FR"}
NAMELESS = {"who": None, "label": "the Chinese president", "of": "CN", "to": "FR"}


def told(folder: Path, stories: Sequence[EnrichedStory]) -> list[tuple[str, str]]:
    """The change and the visit's number of each alert, in order."""
    lay_out(url := f"sqlite:///{folder}/visitwire.sqlite")
    engine = open_database(url)
    record(engine, stories)
    with reading(engine) as connection:
        found = [Alert.model_validate_json(body) for body in connection.execute(select(alerts.c.body)).scalars()]
    engine.dispose()
    ids = list(dict.fromkeys(alert.subject for alert in found))
    return [(alert.data.change.kind.value, str(ids.index(alert.subject) + 1)) for alert in found]


@pytest.mark.parametrize(
    ("stories", "want"),
    [
        pytest.param(
            [story("a", visit("accepted")), story("b", visit("accepted", focus=False), day=1)],
            [("accepted", "1")],
            id="background adds nothing",
        ),
        pytest.param([story("a", visit("concluded", focus=False))], [], id="background alone is not told"),
        pytest.param(
            [story("a", visit("planned", **XI)), story("b", visit("under_way", **NAMELESS), day=3)],
            [("announced", "1"), ("under_way", "1")],
            id="the Chinese president is Xi Jinping",
        ),
        pytest.param(
            [
                story("a", visit("concluded", when=dates("2025-03-26"))),
                story("b", visit("planned", when=dates("2026-03-20")), day=300),
            ],
            [("concluded", "1"), ("announced", "2")],
            id="a second trip next year is another",
        ),
        pytest.param(
            [
                story("a", visit("planned", when=dates("2025-04-10"))),
                story("b", visit("planned", when=dates("2025-04-17")), day=2),
                story("c", visit("postponed"), day=3),
                story("d", visit("planned", when=dates("2025-09-01")), day=20),
            ],
            [("announced", "1"), ("dates_changed", "1"), ("postponed", "1"), ("announced", "1")],
            id="moved, put off and on again",
        ),
        pytest.param(
            [story("a", visit("planned")), story("a", day=1, version=2, revision=Revision.KILL)],
            [("announced", "1"), ("retracted", "1")],
            id="a kill takes it back",
        ),
        pytest.param(
            [
                story("a", visit("concluded")),
                story("a", visit("planned"), day=1, version=2, revision=Revision.CORRECTION),
            ],
            [("concluded", "1"), ("corrected", "1")],
            id="a correction is no news",
        ),
        pytest.param(
            [story("a", visit("planned")), story("b", visit("planned"), wire="south")],
            [("announced", "1"), ("confirmed", "1")],
            id="another wire confirms",
        ),
        pytest.param(
            [
                story("a", visit("planned"), same_as="x"),
                story("b", visit("planned"), wire="south", same_as="x"),
            ],
            [("announced", "1")],
            id="a syndicated copy does not",
        ),
        pytest.param([story("a", visit("cancelled"))], [("denied", "1")], id="ruled out before it was agreed"),
    ],
)
def test_what_is_told(tmp_path: Path, stories: Sequence[EnrichedStory], want: list[tuple[str, str]]) -> None:
    assert told(tmp_path, stories) == want


@pytest.mark.parametrize(
    ("who", "related"),
    [
        ("John Adams", {"adams", "bare", "office"}),
        ("John Baker", {"baker"}),
        ("Adams", {"adams", "bare", "office"}),
        (None, {"adams", "bare", "office"}),
    ],
)
def test_only_what_may_be_of_one_visitor_is_folded_together(tmp_path: Path, who: str | None, related: set[str]) -> None:
    lay_out(url := f"sqlite:///{tmp_path}/visitwire.sqlite")
    ledger = open_database(url)
    said = {
        "adams": visit(who="John Adams", label="Foreign Minister"),
        "baker": visit(who="John Baker", label="Finance Minister"),
        "bare": visit(who="Adams", label=None),
        "office": visit(who=None, label="the foreign minister"),
    }
    record(ledger, [story(name, one) for name, one in said.items()])
    seeds = sightings(story("new", visit(who=who, label=None if who else "the foreign minister")))
    with reading(ledger) as connection:
        assert {held.sighting.report.uri for held in reports_related(connection, seeds).held} == related
    ledger.dispose()


def test_the_commands_show_the_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told(tmp_path, [story("a", visit("accepted", by="Helena Duarte"))])
    monkeypatch.setenv("VISITWIRE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("VISITWIRE_BROKER", "127.0.0.1:1")
    monkeypatch.setitem(kafka_clients.CONFIG, "bootstrap_timeout_ms", 200)
    engine = open_database(f"sqlite:///{tmp_path}/visitwire.sqlite")
    with reading(engine) as connection:
        [one] = visit_history.list_visits(connection)
    engine.dispose()
    wanted = tmp_path / "desk.yaml"
    wanted.write_text("{id: desk, name: A desk, filter: {destination: [FR]}, channels: [{kind: console}]}")
    for command, code, words in (
        (["visits", "list"], 0, "President Vladimir Putin (Russia) to India"),
        (["visits", "show", one.id], 0, "announced by: Helena Duarte"),
        (["visits", "history", one.id], 0, f"Alerts: accepted ({one.id}.1)"),
        (["visits", "show", "nobody"], 1, "no visit has the id 'nobody'"),
        (["visits", "rebuild"], 1, "visitwire visits rebuild --from-ledger"),
        (["visits", "rebuild", "--from-ledger"], 0, "1 stories make 1 visits; 0 differ"),
        (["subscriptions", "add", str(wanted)], 0, "desk: A desk"),
        (["subscriptions", "add", str(wanted), "--version", "1"], 0, "desk: A desk"),
        (["subscriptions", "add", str(wanted), "--version", "1"], 1, "Somebody saved this subscription meanwhile"),
        (["subscriptions", "why", "desk", one.id], 0, "no   destination: asks for FR, found IN"),
        (["subscriptions", "test", "desk"], 0, "desk: 0 of 1 alerts in 30 days"),
        (["deliveries", "list"], 0, "Nothing."),
        (["deliveries", "show", "7"], 1, "there is no delivery 7"),
    ):
        result = CliRunner().invoke(app, command)
        assert (result.exit_code, words in result.output) == (code, True), (command, result.output)


def test_a_visit_of_very_many_reports_lists_the_latest_and_those_that_changed_it() -> None:
    statuses = {0: "invited", 7: "accepted"}
    stories = [story(f"s{n:04}", visit(statuses.get(n, "invited")), day=n / 100) for n in range(REPORTS + 60)]
    found = fold(said for one in stories for said in sightings(one))
    assert [report.uri for report in found.reports[:3]] == ["s0000", "s0007", "s0060"]
    assert len(found.reports) + found.reports_left_out == len(stories)
    told = alert_of(found, [ChangeKind.ACCEPTED], None, "north|s0007").data
    assert len(told.visit.reports) + told.visit.reports_left_out == len(stories)
    assert [report.uri for report in told.evidence] == ["s0007"]
