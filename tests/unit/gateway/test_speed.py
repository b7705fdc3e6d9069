"""How the read model is asked: by an index however deep a list, and little. Times are measured elsewhere."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient
from visitwire_gateway.model.board_lanes import lanes
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.lanes import LANES as LANES_OF_BOARD
from visitwire_gateway.model.paging import RowPage
from visitwire_gateway.model.queries import changes_page, letters_page, visits_of_story, visits_page
from visitwire_gateway.model.store_writer import write
from visitwire_gateway.model.story_queries import entities_page, quotes_page, stories_page

from tests.unit.gateway.conftest import Asked, plans
from tests.unit.gateway.samples import NOW, alert, letter, many, rows, story

type Paged = Callable[[Engine, str | None], RowPage]

LISTS: dict[str, Paged] = {
    "visits": lambda engine, cursor: visits_page(engine, VisitFilter(background=True), cursor, 4),
    "a lane": lambda engine, cursor: visits_page(engine, VisitFilter(), cursor, 4, "planned"),
    "changes": lambda engine, cursor: changes_page(engine, [], cursor, 4),
    "letters": lambda engine, cursor: letters_page(engine, None, cursor, 4),
    "stories": lambda engine, cursor: stories_page(engine, [], NOW, cursor, 4),
    "quotes": lambda engine, cursor: quotes_page(engine, None, [], NOW, (cursor, 4)),
    "entities": lambda engine, cursor: entities_page(engine, [], NOW, cursor, 4),
}
BOUND = re.compile(r"\(\w+,\w+\)<\(\?,\?\)|Index Cond: .*ROW\(\S+, \S+\) < ROW\(")
"""Two columns of an index below two values, as SQLite and as PostgreSQL tell it."""


@pytest.fixture
def filled(engine: Engine) -> Engine:
    visits = many(60)
    stories = [story(f"urn:{at}", versioncreated=NOW - timedelta(minutes=at // 2)) for at in range(20)]
    letters = [letter(f"d{at}") for at in range(20)]
    write(engine, rows(*visits, *(alert(one) for one in visits), *stories, *letters))
    return engine


@pytest.mark.parametrize("name", LISTS)
def test_a_list_goes_on_along_its_index_and_has_each_row_once(
    filled: Engine, asking: Callable[[], Asked], name: str
) -> None:
    whole = [row[0] for row in LISTS[name](filled, None).rows]
    page = LISTS[name](filled, None)
    while page.next:
        asked = asking()
        page = LISTS[name](filled, page.next)
        whole += [row[0] for row in page.rows]
        (plan,) = plans(filled, asked)
        assert BOUND.search(plan), plan
        assert "sort" not in plan.lower().replace("temp b-tree for order by", "sort"), plan
    assert len(whole) == len(set(whole)) > 4


def test_the_visits_of_a_story_are_found_by_it_alone(filled: Engine, asking: Callable[[], Asked]) -> None:
    asked = asking()
    assert [one.id for one in visits_of_story(filled, "nordwire|urn:nw:m7")] == ["m7"]
    (plan,) = plans(filled, asked)
    assert "SCAN" not in plan.replace("Seq Scan", "SCAN"), plan


def test_a_story_and_its_visits_are_read_over_one_connection(
    filled: Engine, here: TestClient, asking: Callable[[], Asked]
) -> None:
    asked = asking()
    assert here.get("/stories/nordwire%7Curn:1").status_code == 200
    assert (asked.connections, asked.statements) == (1, 2)


def test_a_narrow_feed_is_looked_for_over_one_connection(
    engine: Engine, here: TestClient, asking: Callable[[], Asked]
) -> None:
    write(engine, rows(*(alert(one) for one in many(201))))
    asked = asking()
    assert here.get("/visits.atom?to=Africa&from=Japan").status_code == 200
    assert (asked.connections, asked.statements) == (1, 2)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # PostgreSQL chooses by what it knows of the rows
@pytest.mark.parametrize(
    "wanted", [VisitFilter(), VisitFilter(to=["IN"]), VisitFilter(origin=["IN"])], ids=("all", "to", "from")
)
def test_lanes_and_counts_are_read_from_indexes_alone(
    filled: Engine, asking: Callable[[], Asked], wanted: VisitFilter
) -> None:
    asked = asking()
    lanes(filled, wanted, 5)
    (plan,) = plans(filled, asked)
    alone = plan.count("COVERING INDEX") + plan.count("Index Only Scan")
    assert alone == 1 + len(LANES_OF_BOARD), plan
    assert ("visits_counted" in plan) == (wanted == VisitFilter())
