"""A story is forgotten on a real broker: the topics are told, nobody is alerted, a replay does not bring it back."""

import json
import os

import pytest
from typer.testing import CliRunner
from visitwire_alerting.ledger import rebuild
from visitwire_alerting.storage.database import open_database
from visitwire_runtime.settings import Settings
from visitwire_schemas import ALERTS, STORIES_ENRICHED, VISITS, PubStatus
from visitwire_suite.main import app

from tests.integration.harness import Crew, arrived, environment, forget, send, standing, until
from tests.unit.alerting.makers import dates, person, story, visit

TOLD = [story(str(number), visit(who=person(number), of="NO", when=dates("2025-05-01"))) for number in range(20)]


def uris(settings: Settings) -> set[str]:
    engine = open_database(settings.database.get_secret_value())
    found = {report.uri for one in rebuild.each_standing(engine) for report in one.reports}
    engine.dispose()
    return found


def test_a_forgotten_story_is_withdrawn_and_stays_away(
    flow: Settings, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", environment(flow) | {"VISITWIRE_NEWS_FOR": "0"})
    send(flow, STORIES_ENRICHED.name, map(STORIES_ENRICHED.encode, TOLD))
    worker = crew.start("visitwire_alerting").ready()
    arrived(flow, ALERTS.name, len(TOLD))
    done = CliRunner().invoke(app, ["forget", "story", TOLD[7].key, "--yes", "--json"], catch_exceptions=False)
    report = json.loads(done.stdout)
    assert (report["removed"]["ledger"]["visits_gone"], done.exit_code) == (1, 0)
    assert {one["where"] for one in report["remains"]} >= {"stories-v1", "alerts-v1", "visits-v1", "backups"}
    tombstones = [one for one in arrived(flow, VISITS.name, len(TOLD) + 1) if one.record.value is None]
    assert len(tombstones) == 1
    every = [STORIES_ENRICHED.decode(one.record) for one in standing(flow, STORIES_ENRICHED.name)]
    withdrawn = [one for one in every if one.story.pubstatus is PubStatus.CANCELED]
    assert [(one.key, one.story.text, one.visits) for one in withdrawn] == [(TOLD[7].key, "", ())]
    left = {one.story.uri for one in TOLD} - {"7"}
    assert uris(flow) == left

    assert worker.stop() == 0
    forget(flow, "alerting")  # and with it how far it had read: all comes again
    crew.start("visitwire_alerting").ready()
    after = story("after", visit(who=person(99), of="NO"))
    send(flow, STORIES_ENRICHED.name, [STORIES_ENRICHED.encode(after)])
    until(lambda: uris(flow) == left | {"after"}, "the replay")
    assert len(arrived(flow, ALERTS.name, len(TOLD) + 1)) == len(TOLD) + 1
    again = CliRunner().invoke(app, ["visits", "rebuild"], catch_exceptions=False)
    assert (again.exit_code, f"make {len(TOLD)} visits; 0 differ" in again.stdout) == (0, True), again.stdout
