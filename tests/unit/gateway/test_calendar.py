"""The calendar: the month it opens on, an agenda that goes on, clashes that are none, and a page that stays small."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from starlette.testclient import TestClient
from visitwire_gateway import dated_visits as dated_stays
from visitwire_gateway.clashes import clashes
from visitwire_gateway.model.projection import VisitRow
from visitwire_gateway.model.queries import bodies
from visitwire_gateway.model.state import Cache
from visitwire_gateway.model.store_writer import write
from visitwire_gateway.month import LINES, Stay, stays, week
from visitwire_schemas import Destination, LedgerVisit, Party, Precision, VisitStatus

from tests.unit.gateway.samples import NOW, dates, rows, visit

PLANNED = VisitStatus.PLANNED


def dated(id: str, *days: str, **fields: object) -> LedgerVisit:
    return visit(id, status=PLANNED, dates=dates(*days), **fields)


def opened(here: TestClient, path: str = "/calendar") -> str:
    found = re.search(r"<h1>(.*?)</h1>", here.get(path).text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("visits", "month"),
    [
        ([], "March 2026"),
        ([dated("a", "2026-03-30")], "March 2026"),
        ([dated("a", "2026-03-20", "2026-03-27"), dated("b", "2027-04-15")], "March 2026"),
        ([dated("a", "2026-03-02"), dated("b", "2026-05-10"), dated("c", "2027-04-15")], "May 2026"),
        ([dated("a", "2026-03-02")], "March 2026"),
        ([visit("a", dates=dates("2026-06", precision=Precision.MONTH))], "March 2026"),
    ],
)
def test_it_opens_on_the_month_of_today_or_of_the_next_visit(
    engine: Engine, here: TestClient, visits: list[LedgerVisit], month: str
) -> None:
    write(engine, rows(*visits))
    assert opened(here) == month


def test_it_opens_on_the_next_visit_of_its_filter(engine: Engine, here: TestClient) -> None:
    far = Destination(country="FR")
    write(engine, rows(dated("a", "2026-04-02"), dated("b", "2026-09-02", destination=far)))
    assert (opened(here), opened(here, "/calendar?to=FR")) == ("April 2026", "September 2026")


def test_the_agenda_goes_on_over_the_months_to_the_last_visit(engine: Engine, here: TestClient) -> None:
    write(
        engine, rows(*(dated(f"n{number:03}", f"{NOW.date() + timedelta(days=number)}") for number in range(-5, 320)))
    )
    seen: list[str] = []
    path: str | None = "/calendar?view=agenda"
    while path is not None:
        page = here.get(path).text
        seen += re.findall(r'<li class="sheet.*?/visits/(n[^"]*)"', page)
        later = re.search(r'href="([^"]*)">Later<', page)
        path = later[1].replace("&amp;", "&") if later else None
    assert seen == [f"n{number:03}" for number in range(320)]


def test_a_day_with_more_visits_than_a_page_says_so_and_the_agenda_goes_on(engine: Engine, here: TestClient) -> None:
    write(engine, rows(*(dated(f"n{number:03}", "2026-03-27") for number in range(170)), dated("next", "2026-03-29")))
    first = here.get("/calendar?view=agenda").text
    assert "and 20 more on this day" in first
    assert "/visits/next" in here.get("/calendar?view=agenda&day=2026-03-28").text


def test_a_tour_that_one_story_tells_of_clashes_with_nothing() -> None:
    def stop(id: str, country: str, *days: str, told_by: tuple[LedgerVisit, ...] = ()) -> LedgerVisit:
        made = dated(id, *days, destination=Destination(country=country), visitor=Party(name="Marc Tremblay"))
        reports = tuple(report for one in told_by for report in one.reports)
        return made.model_copy(update={"reports": reports or made.reports})

    one, other = visit("s1"), visit("s2")
    ghana = stop("gh", "GH", "2026-04-03", "2026-04-09", told_by=(one,))
    for nigeria, clash in (
        (stop("ng", "NG", "2026-04-05", "2026-04-06", told_by=(one,)), False),
        (stop("ng", "NG", "2026-04-05", "2026-04-06", told_by=(one, other)), False),
        (stop("ng", "NG", "2026-04-05", "2026-04-06", told_by=(other,)), True),
    ):
        assert bool(clashes(stays([ghana, nigeria]))) is clash


def test_months_do_not_drown_in_what_may_fall_in_them_and_the_page_stays_small(
    engine: Engine, here: TestClient
) -> None:
    month = [
        visit(f"v{number}", status=PLANNED, dates=dates("2026-04", precision=Precision.MONTH)) for number in range(400)
    ]
    days = [dated(f"d{number}", f"2026-04-{number % 28 + 1:02}") for number in range(1200)]
    write(engine, rows(*month, *days))
    page = here.get("/calendar?month=2026-04")
    maybe = page.text.partition("May fall in this month")[2].partition("</ul>")[0]
    assert maybe.count("<li") == 13
    assert re.search(r"and \d+ more", maybe) is not None
    for path in ("/calendar?month=2026-04", "/calendar?view=agenda&month=2026-04"):
        assert len(here.get(path).content) < 300_000


def test_after_a_change_only_the_changed_visit_is_read_and_the_page_is_the_one_drawn_anew(
    engine: Engine, app: FastAPI, here: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(engine, rows(*(dated(f"d{number:02}", f"2026-03-{number + 1:02}") for number in range(30))))
    here.get("/calendar")
    read: list[str] = []
    monkeypatch.setattr(dated_stays, "bodies", lambda engine, ids: read.extend(ids) or bodies(engine, ids))
    write(engine, [VisitRow("d03", None), *rows(dated("d05", "2026-03-29", revision=2), dated("new", "2026-03-02"))])
    changed = here.get("/calendar").text
    assert sorted(read) == ["d05", "new"]
    gateway = app.state.gateway
    app.state.gateway = replace(gateway, dated=dated_stays.Dated(engine), memory=Cache(engine))
    assert here.get("/calendar").text == changed
    assert len(read) == 2 + 30


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(("GH", "NG")), st.integers(1, 9), st.integers(0, 9))))
def test_clashes_are_all_pairs_of_two_places_with_a_day_in_common(told: list[tuple[str, str, int, int]]) -> None:
    visits = [
        dated(
            f"v{at}",
            f"2026-04-{day:02}",
            f"2026-04-{day + more:02}",
            destination=Destination(country=to),
            host=None,
            visitor=Party(name=who),
        )
        for at, (who, to, day, more) in enumerate(told)
    ]
    found = {frozenset((clash.one.visit.id, clash.other.visit.id)) for clash in clashes(stays(visits))}
    assert found == {
        frozenset((f"v{at}", f"v{to}"))
        for at, one in enumerate(told)
        for to, other in enumerate(told[:at])
        if one[:2] != other[:2] and one[0] == other[0] and _meet(one[2:], other[2:])
    }


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """A day in common, other than by leaving one place on the day of coming to the next, unless both have but that."""
    (first, more), (begin, longer) = one, other
    common = first <= begin + longer and begin <= first + more
    return common and first + more != begin and begin + longer != first


MONDAY = date(2026, 3, 23)
lengths = st.lists(st.tuples(st.integers(-3, 6), st.integers(0, 9)), max_size=60)


def placed(known: list[Stay]) -> tuple[list[tuple[str, int]], int]:
    """The visits that find room in a week, each with its line, and how many find none: looked at one by one."""
    free = [MONDAY] * LINES
    found = []
    for stay in known:
        line = next((at for at, day in enumerate(free) if day <= max(stay.first, MONDAY)), None)
        if line is not None:
            free[line] = stay.last + timedelta(days=1)
            found.append((stay.visit.id, line + 1))
    return found, len(known) - len(found)


@given(lengths)
def test_a_week_holds_as_many_bars_as_find_room(taken: list[tuple[int, int]]) -> None:
    begun = [MONDAY + timedelta(days=first) for first, _ in taken]
    ends = [day + timedelta(days=length) for day, (_, length) in zip(begun, taken, strict=True)]
    visits = [
        dated(f"v{number}", first.isoformat(), last.isoformat())
        for number, (first, last) in enumerate(zip(begun, ends, strict=True))
        if last >= MONDAY
    ]
    known = stays(visits)
    made = week(MONDAY, known)
    assert ([(bar.stay.visit.id, bar.line) for bar in made.bars], made.more) == placed(known)
