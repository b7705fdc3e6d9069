"""The read model: the same rows however often and from wherever a record comes."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, inspect, select, text
from visitwire_gateway.model.board_lanes import lanes
from visitwire_gateway.model.database import forget, open_database
from visitwire_gateway.model.events import Event, epoch, events_after
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.intake import Intake
from visitwire_gateway.model.lanes import LANES, lane_of
from visitwire_gateway.model.projection import VisitRow, visit_values
from visitwire_gateway.model.queries import changes_of, visit, visits_of_story, visits_page
from visitwire_gateway.model.sql_tables import META, REPORTED, VISITS
from visitwire_gateway.model.store_writer import Position, positions, write
from visitwire_gateway.model.story_queries import quotes_page, story
from visitwire_schemas import VISITS as VISITS_TOPIC
from visitwire_schemas import Precision, PubStatus, Record, VisitStatus

from tests.unit.gateway import samples
from tests.unit.gateway.samples import NOW, alert, carried, dates, letter, rows


def kinds(events: list[Event]) -> list[tuple[str, str]]:
    return [(event.kind, event.ref) for event in events]


def test_keeps_each_message_once_and_tells_of_it_once(engine: Engine) -> None:
    visit_, story_ = samples.visit(), samples.story()
    batch = rows(visit_, alert(visit_), story_, letter())
    told = [("visit", "v1"), ("change", "v1"), ("story", story_.story.key), ("dead-letter", "d1")]
    assert kinds(write(engine, batch)) == told
    assert kinds(write(engine, batch)) == []
    assert visit(engine, "v1") == visit_
    assert changes_of(engine, "v1") == [alert(visit_)]
    assert story(engine, story_.story.key, NOW) == story_


def test_an_older_revision_changes_nothing_and_a_tombstone_takes_away(engine: Engine) -> None:
    old, new = samples.visit(), samples.visit(revision=2, status=VisitStatus.PLANNED)
    write(engine, rows(new))
    assert kinds(write(engine, rows(old))) == []
    assert visit(engine, "v1") == new
    assert kinds(write(engine, [VisitRow("v1", None)])) == [("gone", "v1")]
    assert visit(engine, "v1") is None


def test_positions_are_kept_with_the_rows(engine: Engine) -> None:
    write(engine, rows(samples.visit()), [Position("visits-v1", 3, 12)])
    write(engine, [], [Position("visits-v1", 3, 13), Position("visits-v1", 0, 1)])
    assert positions(engine) == {("visits-v1", 3): 13, ("visits-v1", 0): 1}


def test_a_story_leads_to_the_visits_that_it_reports_and_no_longer_to_others(engine: Engine) -> None:
    one, other = samples.visit("v1"), samples.visit("v2")
    both = one.model_copy(update={"reports": one.reports + other.reports})
    write(engine, rows(both, other))
    assert visits_of_story(engine, "nordwire|urn:nw:v2") == [both, other]
    write(engine, rows(one.model_copy(update={"revision": 2})))
    assert visits_of_story(engine, "nordwire|urn:nw:v2") == [other]
    write(engine, [VisitRow("v2", None)])
    assert visits_of_story(engine, "nordwire|urn:nw:v2") == []
    assert [visit.id for visit in visits_of_story(engine, "nordwire|urn:nw:v1")] == ["v1"]


def test_a_read_model_of_the_first_shape_gets_what_it_lacked(engine: Engine, database: str) -> None:
    visits = samples.many(20)
    write(engine, rows(*visits), [Position("visits-v1", 0, 20)])
    life = epoch(engine)
    with engine.begin() as connection:
        REPORTED.drop(connection)
        connection.execute(delete(META).where(META.c.name == "shape"))
        connection.execute(text("create index visits_to on visits (country)"))
    for _ in range(2):
        again = open_database(database)
        assert visits_of_story(again, "nordwire|urn:nw:m7") == [visits[7]]
        assert (epoch(again), positions(again)) == (life, {("visits-v1", 0): 20})
        names = {one["name"] for one in inspect(again).get_indexes("visits")}
        again.dispose()
        assert "visits_to" not in names
        assert "board_to" in names


def test_forgetting_empties_it_and_begins_another_life(engine: Engine) -> None:
    write(engine, rows(samples.visit(), samples.story()), [Position("visits-v1", 0, 1)])
    life = epoch(engine)
    forget(engine)
    assert (visit(engine, "v1"), positions(engine), events_after(engine, 0)) == (None, {}, [])
    assert epoch(engine) != life
    write(engine, rows(samples.story()))
    assert len(quotes_page(engine, "door", [], NOW, (None, 10)).rows) == 1


def test_a_killed_story_loses_text_and_quotes(engine: Engine) -> None:
    write(engine, rows(samples.story()))
    killed = samples.story(version=2, pubstatus=PubStatus.CANCELED)
    write(engine, rows(killed))
    kept = story(engine, killed.story.key, NOW)
    assert kept is not None
    assert (kept.story.text, kept.quotes, kept.entities) == ("", (), ())
    assert quotes_page(engine, None, [], NOW, (None, 10)).rows == []


def test_an_embargoed_story_appears_when_the_embargo_is_over(engine: Engine) -> None:
    later = NOW + timedelta(hours=2)
    held = samples.story(embargoed=later)
    assert write(engine, rows(held)) == []
    assert story(engine, held.story.key, NOW) is None
    assert story(engine, held.story.key, later) == held


@pytest.mark.parametrize(
    ("words", "found"),
    [("door", 1), ("door neri", 1), ('"is open"', 1), ('"open is"', 0), ("window", 0), ('" OR * NEAR(', 0), ("?!", 2)],
)
def test_searches_quotes_by_words_speaker_and_phrase(engine: Engine, words: str, found: int) -> None:
    write(engine, rows(samples.story()))
    assert len(quotes_page(engine, words, [], NOW, (None, 10)).rows) == found


def test_a_feed_leaves_out_what_is_no_message(engine: Engine) -> None:
    heard: list[tuple[str, str]] = []
    feed = Intake(engine, lambda events: heard.extend(kinds(list(events))))
    feed(VISITS_TOPIC.name, Record(b"v0", b"{}"))
    feed(*carried(samples.visit()))
    feed.close()
    assert heard == [("visit", "v1")]


def test_visits_to_come_without_a_date_have_a_lane_of_their_own() -> None:
    day, month = dates("2026-04-14", "2026-04-16"), dates("2026-04", precision=Precision.MONTH)
    assert lane_of(samples.visit()) == "undated"
    assert lane_of(samples.visit(dates=day)) == "accepted"
    assert lane_of(samples.visit(dates=month)) == "accepted"
    assert lane_of(samples.visit(status=VisitStatus.CANCELLED)) == "cancelled"


def test_lanes_and_pages_cover_every_visit_once(engine: Engine) -> None:
    visits = samples.many(90)
    write(engine, rows(*visits))
    board = lanes(engine, VisitFilter(), 5)
    assert [lane.name for lane in board] == list(LANES)
    assert sum(lane.count for lane in board) == 90
    assert all(len(lane.visits) == min(lane.count, 5) for lane in board)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = visits_page(engine, VisitFilter(), cursor, 7)
        seen += [row.id for row in page.rows]
        if (cursor := page.next) is None:
            break
    assert seen == [one.id for one in visits]


_CODES = st.lists(st.sampled_from([*samples.COUNTRIES, "Europe", "BRICS", "kenya"]), max_size=2)
FILTERS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "q": st.sampled_from(["kapadia", "CARLA", "trade minister", "%", "accepts", "zzz"]),
        "who": st.sampled_from(["neri", "minister of", "_"]),
        "country": _CODES,
        "from": _CODES,
        "to": _CODES,
        "host": _CODES,
        "status": st.lists(st.sampled_from(list(VisitStatus)), max_size=2),
        "provider": st.sampled_from([[], ["nordwire"], ["nord"], ["nordwire", "lupa"]]),
        "since": st.sampled_from(["", "2026-03-20", "2026-04-10"]),
        "until": st.sampled_from(["", "2026-03-20", "2026-04-10"]),
        "sources": st.sampled_from(["", 1, 2]),
        "confidence": st.sampled_from(["", 0.5, 1]),
        "background": st.booleans(),
        "disputed": st.booleans(),
    },
)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from visitwire_gateway.model.database import open_database

    made = open_database(f"sqlite:///{tmp_path_factory.mktemp('many') / 'gateway.sqlite'}")
    write(made, rows(*samples.many(80)))
    yield made
    made.dispose()


@given(FILTERS)
def test_a_filter_means_the_same_in_the_database_and_on_the_stream(many: Engine, asked: dict[str, Any]) -> None:
    wanted = VisitFilter.model_validate(asked)
    with many.connect() as connection:
        stored = set(connection.scalars(select(VISITS.c.id).where(*wanted.conditions())))
    assert stored == {one.id for one in samples.many(80) if wanted.matches(visit_values(one))}
    assert VisitFilter.model_validate(wanted.query()).query() == wanted.query()
