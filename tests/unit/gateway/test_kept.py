"""What is drawn once for all is drawn anew as soon as something changed, and asks little meanwhile."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient
from visitwire_gateway.app import create_app
from visitwire_gateway.auth.who import Role
from visitwire_gateway.dependencies import Around
from visitwire_gateway.ics import CalendarHead, calendar
from visitwire_gateway.model.ageing import age
from visitwire_gateway.model.projection import VisitRow
from visitwire_gateway.model.store_writer import write
from visitwire_runtime.settings import Settings
from visitwire_schemas import Destination, LedgerVisit, Party, VisitStatus
from visitwire_schemas.day_range import days

from tests.unit.gateway.conftest import Asked, Clock
from tests.unit.gateway.samples import NOW, dates, many, rows, visit

KEPT = ["/calendar", "/calendar?view=agenda", "/map", "/list", "/visits.ics"]
HTML = {"accept": "text/html"}


@pytest.fixture
def app(settings: Settings, engine: Engine, clock: Clock) -> FastAPI:
    return create_app(settings, engine, Around(clock=clock))


@pytest.mark.parametrize("path", KEPT)
def test_a_change_shows_at_once_and_what_went_is_gone(engine: Engine, here: TestClient, path: str) -> None:
    kenya, name = Destination(country="KE"), Party(name="Wanjiru Mbeki", country="IN")
    write(engine, rows(visit("v1", dates=dates("2026-03-28"), destination=kenya)))
    assert ("Anil Kapadia" in here.get(path).text, "Wanjiru Mbeki" in here.get(path).text) == (True, False)
    write(engine, rows(visit("v1", revision=2, dates=dates("2026-03-28"), destination=kenya, visitor=name)))
    assert ("Anil Kapadia" in here.get(path).text, "Wanjiru Mbeki" in here.get(path).text) == (False, True)
    write(engine, [VisitRow("v1", None)])
    assert "Wanjiru Mbeki" not in here.get(path).text


@pytest.mark.parametrize("path", KEPT)
def test_what_did_not_change_is_not_read_again(
    engine: Engine, here: TestClient, path: str, asking: Callable[[], Asked]
) -> None:
    write(engine, rows(*many(30)))
    first = here.get(path)
    asked = asking()
    again = here.get(path)
    assert (asked.statements, asked.connections) == (1, 1)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert here.get(path, headers={"if-none-match": first.headers["etag"]}).status_code == 304


def test_each_reader_gets_their_own_page_around_it(engine: Engine, app: FastAPI, here: TestClient) -> None:
    write(engine, rows(*many(30)))
    app.state.gateway.access.people.add_user("default", "ada", "correct horse", Role.READER)
    mine = here.get("/calendar", headers=HTML).text
    with TestClient(app, base_url="http://board.example", client=("203.0.113.7", 5)) as away:
        away.post("/login", data={"name": "ada", "password": "correct horse"})
        theirs = away.get("/calendar", headers=HTML).text
    assert ("Log out ada" in theirs, "Log out" in mine) == (True, False)
    drawn = '<div class="calendar" id="calendar">'
    assert theirs.partition(drawn)[2].partition("</main>")[0] == mine.partition(drawn)[2].partition("</main>")[0]


def test_another_filter_and_another_day_are_drawn_for_themselves(
    engine: Engine, here: TestClient, clock: Clock
) -> None:
    write(engine, rows(visit("today", dates=dates("2026-03-27")), visit("later", dates=dates("2026-04-14"))))
    assert "/visits/today" in here.get("/list").text
    assert "/visits/today" not in here.get("/list?to=KE").text
    clock.now += timedelta(days=1)
    assert "/visits/today" not in here.get("/list").text


def test_a_calendar_of_kept_events_is_the_one_that_is_written_whole(engine: Engine, here: TestClient) -> None:
    board = {f"m{at}": one for at, one in enumerate(many(40))}
    write(engine, rows(*board.values()))
    here.get("/visits.ics?background=true&vague=true")
    board["m1"] = visit("m1", revision=2, status=VisitStatus.CANCELLED, dates=dates("2026-04-02"))
    write(engine, rows(board["m1"]))
    del board["m2"]
    write(engine, [VisitRow("m2", None)])
    over = {event.ref for event in age(engine, NOW + timedelta(days=20))}
    assert len(over) > 3
    want = sorted((one for one in board.values() if days(one.dates)), key=lambda one: (_first_day(one), one.id))
    source = "http://localhost/visits.ics?background=true&vague=true"
    assert here.get("/visits.ics?background=true&vague=true").content == calendar(
        want, CalendarHead("http://localhost/", source), over
    )


def _first_day(one: LedgerVisit) -> date:
    window = days(one.dates)
    return window[0] if window else date.max
