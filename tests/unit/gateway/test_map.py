"""The map: the short way round, a period, and no more ways than can be told apart."""

import re
from datetime import timedelta
from html import unescape

from sqlalchemy import Engine
from starlette.testclient import TestClient
from visitwire_gateway.capitals import places
from visitwire_gateway.equal_earth import WIDTH, legs
from visitwire_gateway.model.store_writer import write
from visitwire_gateway.pages.map import DRAWN, framed
from visitwire_schemas import Destination, Party, VisitStatus

from tests.unit.gateway.samples import NOW, dates, rows, visit


def test_a_way_over_the_date_line_leaves_at_one_side_and_comes_back_at_the_other() -> None:
    for one, other in (("US", "JP"), ("NZ", "CL"), ("JP", "US")):
        start, end = places()[one].at, places()[other].at
        out, back = legs(start, end)
        assert (out[0], back[1]) == (start, end)
        assert not 0 <= out[1][0] <= WIDTH
        assert not 0 <= back[0][0] <= WIDTH
        assert abs(out[1][0] - out[0][0]) < WIDTH / 2
    for one, other in (("US", "IT"), ("IT", "JP"), ("BR", "ZA")):
        assert len(legs(places()[one].at, places()[other].at)) == 1


def test_its_frame_holds_both_sides(engine: Engine, here: TestClient) -> None:
    whole = framed(frozenset({("US", "JP")}))
    assert (whole.left, whole.width) == (0.0, WIDTH)
    tokyo = Destination(country="JP")
    write(engine, rows(visit(visitor=Party(name="Ann Poe", country="US"), destination=tokyo)))
    page = here.get("/map").text
    assert page.count('class="arc"') == 2  # the way, and the sign of it
    path = page.partition('class="reach" d="')[2].partition('"')[0]
    assert path.count("M") == 2


def test_a_period_leaves_what_is_dated_in_it(engine: Engine, here: TestClient) -> None:
    near = visit("near", status=VisitStatus.PLANNED, dates=dates("2026-03-30"))
    far = visit("far", status=VisitStatus.PLANNED, dates=dates("2026-08-30"), destination=Destination(country="FR"))
    write(engine, rows(near, far))
    page = here.get("/map").text
    assert ("/visits/near" in page, "/visits/far" in page) == (True, True)
    for asked in ("", "?past=true", "?q=kapadia"):
        offered = re.findall('class="button" href="(/map[^"]*)"', here.get("/map" + asked).text)
        assert [here.get(unescape(one)).status_code for one in offered] == [200] * 4
        assert "since" not in offered[0]
    week = f"since={NOW.date()}&amp;until={NOW.date() + timedelta(days=7)}"
    assert week in page
    page = here.get("/map?" + week.replace("&amp;", "&")).text
    assert ("/visits/near" in page, "/visits/far" in page) == (True, False)
    assert 'aria-current="true">7 days' in page


def test_the_ways_of_most_visits_are_drawn_and_the_rest_is_a_number(engine: Engine, here: TestClient) -> None:
    codes = sorted(places())[:40]
    pairs = [(one, other) for one in codes for other in codes if one != other][: DRAWN + 30]
    many = [
        visit(f"{one}-{other}", visitor=Party(name="Ann Poe", country=one), destination=Destination(country=other))
        for one, other in pairs
    ]
    busy = [
        visit(
            f"busy-{number}",
            visitor=Party(name=f"B {number}", country=codes[1]),
            destination=Destination(country=codes[0]),
        )
        for number in range(9)
    ]
    write(engine, rows(*many, *busy))
    page = here.get("/map").text
    assert page.count('<a class="way') == DRAWN
    assert "and 30 ways of fewer visits" in page
    assert f'from={codes[1]}&amp;to={codes[0]}&amp;sort=change">and 4 more</a>' in page
