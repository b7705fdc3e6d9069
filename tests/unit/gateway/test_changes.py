"""What changed since somebody was here: nothing is overlooked or told twice, and it opens first in the morning."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, inspect, text
from starlette.testclient import TestClient
from visitwire_gateway.app import create_app
from visitwire_gateway.auth.who import Role
from visitwire_gateway.dependencies import Around
from visitwire_gateway.marks.since import NoTime, ReadUpTo, since_of, yesterday_evening
from visitwire_gateway.model.changes_since import News, anything, news
from visitwire_gateway.model.database import open_database
from visitwire_gateway.model.events import epoch, last_number
from visitwire_gateway.model.projection import Rows, VisitRow, heard
from visitwire_gateway.model.rebuild import remake
from visitwire_gateway.model.store_writer import write
from visitwire_runtime.settings import Settings
from visitwire_schemas import Alert, ChangeKind, LedgerVisit, Report, VisitStatus

from tests.unit.gateway.conftest import Clock
from tests.unit.gateway.samples import NOW, alert, dates, fill, rows, visit

EVENING = NOW - timedelta(hours=18)
"""18:00 of the day before."""
MORNING = NOW + timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")


def came(at: datetime, *messages: LedgerVisit | Alert) -> list[Rows]:
    """What the projection makes of messages that came at that time."""
    return [heard(one, at) for one in rows(*messages)]


def new(id: str, at: datetime, **fields: object) -> list[Rows]:
    made = visit(id, **fields)
    return came(at, made, alert(made))


def groups(found: News) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for item in found.items:
        told.setdefault(item.group, []).append(item.visit.id)
    return told


def upto(engine: Engine, now: datetime = NOW) -> ReadUpTo:
    return ReadUpTo(epoch(engine), last_number(engine), now)


def test_it_is_grouped_as_a_digest_and_each_group_is_by_day(engine: Engine) -> None:
    before = visit("moved", dates=dates("2026-05-02"))
    after = visit("moved", revision=2, dates=dates("2026-05-09"))
    off = visit("off", revision=2, status=VisitStatus.CANCELLED)
    gone = visit("gone", revision=2)
    write(engine, new("late", NOW, dates=dates("2026-06-01")) + new("soon", NOW, dates=dates("2026-04-01")))
    write(engine, came(NOW, after, alert(after, ChangeKind.DATES_CHANGED, before)))
    write(engine, came(NOW, off, alert(off, ChangeKind.CANCELLED, visit("off"))))
    write(engine, came(NOW, alert(gone, ChangeKind.RETRACTED, visit("gone"))))
    write(engine, new("dateless", NOW))
    found = news(engine, EVENING, NOW)
    assert groups(found) == {
        "new": ["soon", "late", "dateless"],
        "changed": ["moved"],
        "off": ["off"],
        "taken back": ["gone"],
    }
    assert [item.gone for item in found.items] == [False] * 5 + [True]


def test_several_changes_of_a_visit_are_one_row_from_the_first_state_to_the_last(engine: Engine) -> None:
    first, second = visit(), visit(revision=2, dates=dates("2026-05-02"))
    third = visit(revision=3, dates=dates("2026-05-02"), sources_independent=2)
    write(engine, came(EVENING - timedelta(hours=1), alert(first)))
    write(engine, came(NOW, alert(second, ChangeKind.DATES_SET, first), third))
    write(engine, came(NOW, alert(third, ChangeKind.CONFIRMED, second)))
    (item,) = news(engine, EVENING, NOW).items
    assert (item.group, item.change.data.change.before, item.visit, item.revision) == ("changed", first, third, 3)


def test_another_wires_word_for_the_same_is_a_group_of_its_own_and_opens_nothing(engine: Engine) -> None:
    again = visit(revision=2, sources_independent=2)
    write(engine, came(NOW, again, alert(again, ChangeKind.CONFIRMED, visit())))
    assert groups(news(engine, EVENING, NOW)) == {"confirmed": ["v1"]}
    assert not anything(engine, EVENING, NOW)


def test_what_came_and_went_meanwhile_is_left_out_and_so_is_what_turned_out_to_be_another(engine: Engine) -> None:
    killed = visit("killed", revision=2)
    write(engine, came(NOW, alert(visit("killed")), alert(killed, ChangeKind.RETRACTED, visit("killed"))))
    write(engine, new("merged", NOW))
    write(engine, [VisitRow("merged", None)])
    assert news(engine, EVENING, NOW).items == ()


def test_old_stories_are_left_out_and_counted_unless_asked_for(engine: Engine) -> None:
    one = alert(visit("archive"))
    old = one.model_copy(update={"data": one.data.model_copy(update={"old": True})})
    write(engine, came(NOW, visit("archive"), old) + new("fresh", NOW))
    found = news(engine, EVENING, NOW)
    assert (groups(found), found.late) == ({"new": ["fresh"]}, 1)
    assert groups(news(engine, EVENING, NOW, old=True)) == {"new": ["archive", "fresh"]}


def test_a_late_story_counts_by_when_it_came(engine: Engine) -> None:
    write(engine, new("v1", NOW, updated=NOW - timedelta(days=2)))
    assert groups(news(engine, NOW - timedelta(hours=1), NOW)) == {"new": ["v1"]}


def test_after_a_mark_only_what_came_after_it_is_told_however_close(engine: Engine) -> None:
    write(engine, new("a", NOW))
    mark = news(engine, EVENING, NOW).upto
    assert news(engine, mark, NOW).items == ()
    write(engine, new("b", NOW - timedelta(seconds=5)))  # by a clock that is behind ours
    assert groups(news(engine, mark, NOW)) == {"new": ["b"]}
    assert news(engine, news(engine, mark, NOW).upto, NOW).items == ()


def test_an_embargo_that_ends_is_told_then_and_not_before(engine: Engine) -> None:
    ends = NOW + timedelta(hours=2)
    held = visit("held")
    reports = tuple(one.model_copy(update={"embargoed": ends}) for one in held.reports)
    held = held.model_copy(update={"reports": reports})
    write(engine, came(NOW, held, alert(held)))
    mark = upto(engine)
    assert news(engine, EVENING, NOW).items == news(engine, mark, NOW).items == ()
    later = ends + timedelta(minutes=1)
    assert groups(news(engine, mark, later)) == groups(news(engine, EVENING, later)) == {"new": ["held"]}
    assert groups(news(engine, NOW + timedelta(hours=1), later)) == {"new": ["held"]}
    assert news(engine, upto(engine, later), later + timedelta(hours=1)).items == ()


def test_a_mark_holds_through_a_rebuild_by_its_time(engine: Engine) -> None:
    read, unread = visit("read"), visit("unread")
    write(engine, came(NOW, read, alert(read)))
    mark = upto(engine, NOW + timedelta(minutes=1))
    later = NOW + timedelta(minutes=2)
    write(engine, came(later, unread, alert(unread)))
    remake(engine, [read, unread], [(NOW, alert(read)), (later, alert(unread))])
    assert groups(news(engine, mark, later)) == {"new": ["unread"]}


def test_a_read_model_of_an_older_release_takes_changes_to_have_come_when_they_were(
    engine: Engine, database: str
) -> None:
    write(engine, rows(visit(), alert(visit())))
    with engine.begin() as connection:
        for index in ("changes_by_number", "changes_by_hearing", "changes_held"):
            connection.execute(text(f"drop index {index}"))
        for column in ("heard", "number", "embargoed"):
            connection.execute(text(f"alter table changes drop column {column}"))
    again = open_database(database)
    assert groups(news(again, EVENING, NOW)) == {"new": ["v1"]}
    assert news(again, upto(again), NOW).items == ()
    write(again, new("v2", NOW))
    assert groups(news(again, EVENING, NOW)) == {"new": ["v1", "v2"]}
    assert {"changes_by_number", "changes_held"} <= {one["name"] for one in inspect(again).get_indexes("changes")}
    again.dispose()


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("yesterday", "2026-03-26T18:00:00+01:00"),
        ("12h", "2026-03-27T00:00:00+00:00"),
        ("7d", "2026-03-20T12:00:00+00:00"),
        ("2026-03-25", "2026-03-25T00:00:00+01:00"),
        ("2026-03-25T07:30", "2026-03-25T07:30:00+01:00"),
        ("2026-03-25T07:30Z", "2026-03-25T07:30:00+00:00"),
    ],
)
def test_a_time_is_the_readers_own(words: str, at: str) -> None:
    assert since_of(words, NOW, BERLIN) == datetime.fromisoformat(at)


@pytest.mark.parametrize("words", ["soon", "12", "9999h", "0001-01-01", "-1d", "9999-12-31T23:59-23:59", "yesterday "])
def test_what_is_no_time_is_refused_with_a_sentence(here: TestClient, words: str) -> None:
    with pytest.raises(NoTime, match="is not a time; write it as yesterday"):
        since_of(words, NOW, BERLIN)
    answer = here.get("/api/v1/me/changes", params={"after": words})
    assert (answer.status_code, "is not a time" in answer.json()["detail"]) == (422, True)


def test_evening_is_at_six_of_the_day_before_also_when_clocks_change() -> None:
    after_the_change = datetime.fromisoformat("2026-03-29T08:00+02:00")
    assert yesterday_evening(after_the_change, BERLIN) == datetime.fromisoformat("2026-03-28T18:00+01:00")


@pytest.fixture
def app(settings: Settings, engine: Engine, clock: Clock) -> FastAPI:
    return create_app(settings, engine, Around(clock=clock))


def test_it_opens_first_on_a_morning_after_something_happened(engine: Engine, here: TestClient, clock: Clock) -> None:
    fill(engine)
    assert here.get("/").url.path == "/"  # who is here for the first time wants to see the board
    clock.now = MORNING
    write(engine, new("overnight", MORNING - timedelta(hours=3)))
    assert here.get("/?to=IT").url.path == "/"
    page = here.get("/")
    assert (page.url.path, "change-overnight" in page.text) == ("/changes", True)
    assert here.get("/").url.path == "/"  # once a day
    clock.now = MORNING + timedelta(days=3)
    assert here.get("/").url.path == "/"  # nothing happened since yesterday evening


def test_a_morning_begins_by_the_readers_clock(engine: Engine, here: TestClient, clock: Clock) -> None:
    here.cookies.set("zone", "Asia/Tokyo")
    clock.now = datetime.fromisoformat("2026-03-27T12:00+09:00")
    here.get("/")
    clock.now = datetime.fromisoformat("2026-03-28T06:30+09:00")  # still the 27th in UTC
    write(engine, new("overnight", datetime.fromisoformat("2026-03-27T19:00+09:00")))
    assert here.get("/").url.path == "/changes"


@pytest.mark.parametrize("zone", ["Nowhere/Town", "../../etc/passwd", "Europe", "%00", "x" * 300])
def test_a_zone_that_is_none_is_utc(engine: Engine, here: TestClient, zone: str) -> None:
    here.cookies.set("zone", zone)
    assert here.get("/api/v1/me/changes").json()["since"] == "2026-03-26T18:00:00Z"


def test_who_has_read_all_of_it_begins_anew_from_there(engine: Engine, here: TestClient, clock: Clock) -> None:
    write(engine, new("a", NOW))
    page = here.get("/changes")
    assert 'id="change-a"' in page.text
    told = here.get("/api/v1/me/changes").json()
    write(engine, new("b", NOW))  # while they read
    form = {"upto": told["upto"], "until": told["until"]}
    assert f'value="{told["upto"]}"' in page.text
    clock.now += timedelta(minutes=5)
    after = here.post("/changes/read", data=form)
    assert ('id="change-a"' in after.text, 'id="change-b"' in after.text) == (False, True)
    assert 'id="change-a"' in here.get("/changes?after=yesterday").text
    assert here.get("/api/v1/me/changes").json()["since"] == told["until"]


def test_nobody_reads_further_than_there_is_something(engine: Engine, here: TestClient) -> None:
    write(engine, new("a", NOW))
    far = {"upto": f"{epoch(engine)}-999999", "until": "2199-01-01T00:00:00Z"}
    assert here.post("/api/v1/me/read", json=far).status_code == 204
    write(engine, new("b", NOW))
    assert [one["visit"]["id"] for one in here.get("/api/v1/me/changes").json()["items"]] == ["b"]


@pytest.mark.parametrize("upto", ["", "12", "life-", "life-x", "life--1", "life-99999999999999999999"])
def test_a_place_that_is_none_is_refused(here: TestClient, upto: str) -> None:
    assert here.post("/api/v1/me/read", json={"upto": upto, "until": NOW.isoformat()}).status_code == 422
    assert here.post("/changes/read", data={"upto": upto, "until": NOW.isoformat()}).status_code == 422


def test_the_filter_narrows_it_and_the_rest_is_one_click_away(engine: Engine, here: TestClient) -> None:
    many = [row for number in range(230) for row in new(f"n{number}", NOW)]
    write(engine, many + new("dahl", NOW, reports=(report("Siri Dahl in Oslo"),)))
    page = here.get("/changes").text
    assert page.count('class="sheet change') == 200
    assert "All of them, 31 more" in page
    assert here.get("/changes?all=true").text.count('class="sheet change') == 231
    narrowed = here.get("/changes?q=oslo").text
    assert (narrowed.count('class="sheet change'), 'id="change-dahl"' in narrowed) == (1, True)


def report(headline: str) -> Report:
    return visit().reports[0].model_copy(update={"headline": headline})


def test_a_key_is_told_what_changed_since_yesterday_evening_and_keeps_no_marks(
    engine: Engine, app: FastAPI, away: TestClient
) -> None:
    write(engine, new("a", NOW))
    secret = app.state.gateway.access.people.add_key("default", "script", Role.ADMIN)[1]
    away.headers["authorization"] = f"Bearer {secret}"
    told = away.get("/api/v1/me/changes").json()
    assert (told["since"], [one["visit"]["id"] for one in told["items"]]) == ("2026-03-26T18:00:00Z", ["a"])
    assert "I have read all of it" not in away.get("/changes").text
    for answer in (
        away.post("/api/v1/me/read", json={"upto": told["upto"], "until": told["until"]}),
        away.get("/api/v1/me/marks"),
        away.patch("/api/v1/visits/a/marks", json={"starred": True}),
        away.get("/mine"),
    ):
        assert answer.status_code == 403
