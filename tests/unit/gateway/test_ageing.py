"""What is past by its dates leaves the lanes of what is to come, on the board, the map, the list and in calendars."""

from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import Engine, select
from starlette.testclient import TestClient
from visitwire_gateway.model.ageing import age
from visitwire_gateway.model.intake import Intake
from visitwire_gateway.model.sql_tables import VISITS
from visitwire_gateway.model.store_writer import write
from visitwire_schemas import Destination, LedgerVisit, Precision, VisitStatus

from tests.unit.gateway.samples import NOW, carried, dates, rows, visit
from tests.unit.gateway.test_subscriptions import in_words

PLANNED, UNDER_WAY = VisitStatus.PLANNED, VisitStatus.UNDER_WAY
LONG_AGO = NOW - timedelta(days=40)


def lanes_of(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        return {row.id: row.lane for row in connection.execute(select(VISITS.c.id, VISITS.c.lane))}


@pytest.mark.parametrize(
    ("one", "lane"),
    [
        (visit(status=PLANNED, dates=dates("2026-03-20", "2026-03-23")), "over"),
        (visit(status=PLANNED, dates=dates("2026-03-20", "2026-03-24")), "planned"),
        (visit(status=PLANNED, dates=dates("2026-04-20")), "planned"),
        (visit(status=PLANNED, dates=dates("2026-02", precision=Precision.MONTH)), "over"),
        (visit(status=PLANNED, dates=dates("2026-03", precision=Precision.MONTH)), "planned"),
        (visit(status=UNDER_WAY, dates=dates("2026-03-01", "2026-03-03")), "over"),
        (visit(status=UNDER_WAY, updated=LONG_AGO), "over"),
        (visit(status=UNDER_WAY, updated=NOW - timedelta(days=20)), "under_way"),
        (visit(updated=LONG_AGO), "undated"),
        (visit(status=VisitStatus.POSTPONED, dates=dates("2026-03-01")), "postponed"),
        (visit(status=VisitStatus.CONCLUDED, dates=dates("2026-03-01")), "concluded"),
        (visit(status=VisitStatus.CANCELLED, dates=dates("2026-03-01")), "cancelled"),
    ],
)
def test_after_a_grace_time_it_is_over_and_not_reported(engine: Engine, one: LedgerVisit, lane: str) -> None:
    write(engine, rows(one))
    moved = age(engine, NOW)
    assert lanes_of(engine) == {"v1": lane}
    assert [(event.kind, event.ref) for event in moved] == ([("visit", "v1")] if lane == "over" else [])
    assert age(engine, NOW) == []


def test_a_later_word_puts_it_back_where_it_belongs(engine: Engine) -> None:
    write(engine, rows(visit(status=PLANNED, dates=dates("2026-03-01"))))
    age(engine, NOW)
    write(engine, rows(visit(revision=2, status=VisitStatus.CONCLUDED, dates=dates("2026-03-01"))))
    assert (age(engine, NOW), lanes_of(engine)) == ([], {"v1": "concluded"})


def test_a_feed_moves_what_it_brings_and_says_so_in_order(engine: Engine) -> None:
    heard: list[tuple[int, str]] = []
    feed = Intake(engine, lambda events: heard.extend((one.number, one.ref) for one in events), lambda: NOW)
    feed(*carried(visit("past", status=PLANNED, dates=dates("2026-03-01"))))
    feed(*carried(visit("ahead", status=PLANNED, dates=dates("2026-05-01"))))
    feed.close()
    assert lanes_of(engine) == {"past": "over", "ahead": "planned"}
    assert sorted(heard) == heard
    assert [ref for _, ref in heard].count("past") == 2


def test_it_is_over_on_the_board_the_map_the_list_and_in_calendars(engine: Engine, here: TestClient) -> None:
    past = visit("past", status=PLANNED, dates=dates("2026-03-01"))
    ahead = visit("ahead", status=PLANNED, dates=dates("2026-05-01"), destination=Destination(country="FR"))
    write(engine, rows(past, ahead))
    age(engine, NOW)
    board = here.get("/").text
    assert "Over, not reported 1" in in_words(board)
    assert "India to Italy" not in here.get("/map").text
    assert "India to Italy" in here.get("/map?past=true").text
    assert "/visits/past" not in here.get("/list").text
    assert "Over, not reported" in here.get("/list?sort=change").text
    events = {str(one["uid"]): one for one in Calendar.from_ical(here.get("/visits.ics").content).walk("VEVENT")}
    said = {uid: event["categories"].to_ical().decode() for uid, event in events.items()}
    assert said == {"past@visitwire": "Over\\, not reported", "ahead@visitwire": "Planned"}
    assert "over, not reported" in here.get("/visits/past").text


def test_the_board_and_the_list_are_sorted_by_date_or_by_last_change(engine: Engine, here: TestClient) -> None:
    soon = visit("soon", status=PLANNED, dates=dates("2026-04-01"), updated=NOW - timedelta(days=3))
    later = visit("later", status=PLANNED, dates=dates("2026-06-01"), updated=NOW - timedelta(days=1))
    never = visit("never", updated=NOW - timedelta(days=2))
    write(engine, rows(soon, later, never))

    def order(path: str) -> list[str]:
        page = here.get(path).text
        return sorted(("soon", "later", "never"), key=lambda id: page.index(f"/visits/{id}"))

    dated = here.get("/list").text
    assert dated.index("/visits/soon") < dated.index("/visits/later") < dated.index("/visits/never")
    assert order("/list?sort=change") == ["later", "never", "soon"]
    board = here.get("/?sort=date").text
    assert board.index("/visits/soon") < board.index("/visits/later")
    board = here.get("/").text
    assert board.index("/visits/later") < board.index("/visits/soon")


def test_a_lane_and_the_list_go_on_by_date(engine: Engine, here: TestClient) -> None:
    many = [
        visit(f"n{number:03}", status=PLANNED, dates=dates(f"2026-{4 + number // 28:02}-{number % 28 + 1:02}"))
        for number in range(110)
    ]
    write(engine, rows(*many))
    first = here.get("/list").text
    cursor = first.rpartition("cursor=")[2].partition('"')[0]
    assert ("/visits/n099" in first, "/visits/n100" in first) == (True, False)
    second = here.get(f"/list?sort=date&cursor={cursor}").text
    assert ("/visits/n099" in second, "/visits/n100" in second) == (False, True)
    lane = here.get("/?sort=date").text
    cursor = lane.rpartition("cursor=")[2].partition("&")[0].partition('"')[0]
    more = here.get(f"/board/planned?sort=date&cursor={cursor}").text
    assert ("/visits/n039" in more, "/visits/n040" in more) == (False, True)
