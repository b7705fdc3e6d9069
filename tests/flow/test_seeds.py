"""The invented month of seeds/ through all stages: what is announced, what changes, what is not a visit at all."""

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from visitwire_gateway.app import create_app
from visitwire_gateway.model.database import open_database
from visitwire_gateway.model.projection import project
from visitwire_gateway.model.store_writer import write
from visitwire_runtime import AnyStage
from visitwire_runtime.embedded import Produced, run
from visitwire_runtime.settings import Settings
from visitwire_schemas import ALERTS, STORIES, STORIES_ENRICHED, Alert, ChangeKind
from visitwire_suite.demo import expected, standing
from visitwire_suite.seeds import seed_items

from tests.conformance.readers import ical4j

SEEDS = Path(__file__).parents[2] / "seeds/wires"
NO_VISIT = {
    "lisbon-shares",
    "rosenborg-cup",
    "manila-typhoon",
    "indian-pm-flood",
    "frigate-port-call",
    "mining-executive",
    "vienna-opera",
    "Switzerland/Rail",
    "oman-dates",
    "peru-copper",
}


@pytest.fixture(scope="module")
def month(language: dict[str, AnyStage], tmp_path_factory: pytest.TempPathFactory) -> Produced:
    from visitwire_suite.stages import STAGES, build

    settings = Settings(data_dir=tmp_path_factory.mktemp("month"), news_for=0)
    stages = [language[name] if name in language else build(name, settings) for name in STAGES]
    return run(stages, seed_items(SEEDS), spool=settings.spool)


def test_every_story_goes_through_and_nothing_is_refused(month: Produced) -> None:
    assert [letter.reason for letter in month.dead] == []
    assert len(month.messages(STORIES)) == len(month.messages(STORIES_ENRICHED)) == 42


def test_the_visit_that_the_seeds_are_there_for_is_alerted_once(month: Produced) -> None:
    accepted = [alert for alert in month.messages(ALERTS) if alert.data.change.kind is ChangeKind.ACCEPTED]
    (alert,) = [alert for alert in accepted if expected(alert)]
    report = alert.data.evidence[-1]
    assert (report.provider, alert.data.visit.announced_by and alert.data.visit.announced_by.name) == (
        "nordwire",
        "Helena Duarte",
    )
    assert report.sentence.endswith("Foreign Minister Helena Duarte announced on Monday.")


def test_no_alert_is_told_twice(month: Produced) -> None:
    ids = [alert.id for alert in month.messages(ALERTS)]
    assert len(ids) == len(set(ids))


def test_stories_of_other_things_bring_no_visit(month: Produced) -> None:
    found = {
        enriched.story.uri: [visit.visitor.name for visit in enriched.visits if visit.focus]
        for enriched in month.messages(STORIES_ENRICHED)
        if any(slug in f"{enriched.story.uri} {enriched.story.slugline} {enriched.story.headline}" for slug in NO_VISIT)
    }
    assert {uri: names for uri, names in found.items() if names} == {}


def _course(month: Produced, visitor: str, country: str) -> list[ChangeKind]:
    """What was told of a visitor's visit to a country, in order."""

    def about(alert: Alert) -> bool:
        visit = alert.data.visit
        return visitor in (visit.visitor.name or "") and visit.destination.country == country

    return [kind for alert in month.messages(ALERTS) if about(alert) for kind in alert.data.change.kinds]


@pytest.mark.parametrize(
    ("visitor", "country", "course"),
    [
        ("Andrade", "IN", ["accepted", "confirmed", "confirmed", "announced", "dates_set"]),
        ("Mwangi", "JP", ["announced", "under_way", "concluded"]),
        ("Montferrand", "EG", ["announced", "postponed", "announced", "dates_changed"]),
        ("Reinhardt", "TR", ["announced", "cancelled"]),
        ("Bao", "AU", ["announced", "corrected", "dates_changed"]),
        ("Han", "CL", ["announced", "retracted"]),
        ("Robles", "EG", ["invited", "accepted"]),
        ("Cardenas", "DE", ["denied"]),
        ("Laaksola", "IN", ["announced"]),
        ("Laaksola", "KE", ["announced"]),
    ],
)
def test_the_course_of_a_visit(month: Produced, visitor: str, country: str, course: list[str]) -> None:
    assert [str(kind) for kind in _course(month, visitor, country)] == course


def test_a_killed_visit_stands_no_more(month: Produced) -> None:
    assert [visit for visit in standing(month) if visit.destination.country == "CL"] == []


def _days(month: Produced, visitor: str, country: str) -> tuple[str, str | None]:
    """The first and the last day of a standing visit."""
    (visit,) = [v for v in standing(month) if visitor in (v.visitor.name or "") and v.destination.country == country]
    assert visit.dates is not None
    return visit.dates.start, visit.dates.end


def test_april_has_two_visitors_in_one_country_and_one_who_is_due_in_two(month: Produced) -> None:
    assert _days(month, "Andrade", "IN") == ("2026-04-14", "2026-04-16")
    assert _days(month, "Laaksola", "IN") == ("2026-04-15", "2026-04-17")
    assert _days(month, "Laaksola", "KE") == ("2026-04-16", "2026-04-18")


def test_the_host_is_never_the_visitor(month: Produced) -> None:
    assert [v for v in standing(month) if v.host and v.host.name and v.host.name == v.visitor.name] == []


def test_the_parse_is_gone_and_every_stage_left_its_trace(month: Produced) -> None:
    for enriched in month.messages(STORIES_ENRICHED):
        assert enriched.parse is None
        assert [row.stage for row in enriched.trace] == ["extraction", "attribution", "visits"]


def test_the_same_month_again_brings_nothing_new(suite: Callable[..., list[AnyStage]], tmp_path: Path) -> None:
    items = seed_items(SEEDS)
    first = run(suite(), items, spool=tmp_path)
    again = run(suite(), items, spool=tmp_path)
    assert first.messages(ALERTS) != []
    assert [alert.id for alert in again.messages(ALERTS)] == []


def test_the_calendar_of_the_seeds_is_to_the_letter_of_the_standard(month: Produced, tmp_path: Path) -> None:
    engine = open_database(Settings(data_dir=tmp_path).gateway_database.get_secret_value())
    carried = [project(topic, record) for topic, records in month.records.items() for record in records]
    write(engine, [rows for rows in carried if rows is not None])
    with TestClient(
        create_app(Settings(data_dir=tmp_path), engine), "http://127.0.0.1", client=("127.0.0.1", 5)
    ) as here:
        (tmp_path / "seeds.ics").write_bytes(
            here.get("/visits.ics?background=true&vague=true").raise_for_status().content
        )
    engine.dispose()
    said = ical4j(tmp_path / "seeds.ics")["seeds.ics"]
    assert [line for line in said if not line.startswith("EVENT ")] == []
    dated = [visit for visit in standing(month) if visit.dates is not None and visit.dates.start is not None]
    assert {line.split()[1] for line in said} == {f"{visit.id}@visitwire" for visit in dated}
