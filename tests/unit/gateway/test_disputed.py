"""Visits about which two readers do not agree: marked on their page, and found by the filter."""

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient
from visitwire_gateway.model.database import prepare
from visitwire_gateway.model.store_writer import write
from visitwire_schemas import LedgerVisit

from tests.unit.gateway.samples import rows, visit

PAGE = {"accept": "text/html"}
BOTH = ("rules", "llm")


def read_by(id: str, *told: tuple[tuple[str, ...], tuple[str, ...]]) -> LedgerVisit:
    """A visit with a report for each pair of readers and differences."""
    made = visit(id)
    reports = tuple(
        made.reports[0].model_copy(update={"uri": f"urn:nw:{id}:{number}", "readers": readers, "differs": differs})
        for number, (readers, differs) in enumerate(told)
    )
    return made.model_copy(update={"reports": reports})


ONE = read_by("one", (("rules",), ()))
AGREED = read_by("agreed", (BOTH, ()))
STATUS = read_by("status", (BOTH, ("status", "dates")))
FOUND = read_by("found", (("llm",), ("found",)))
LATER = read_by("later", (("llm",), ("found",)), (BOTH, ()))


@pytest.mark.parametrize(
    ("made", "disputed"), [(ONE, False), (AGREED, False), (STATUS, True), (FOUND, True), (LATER, False)]
)
def test_a_visit_is_disputed_until_the_readers_of_some_story_agree(made: LedgerVisit, disputed: bool) -> None:
    assert made.is_disputed is disputed


def test_the_filter_finds_them_and_the_page_marks_them(engine: Engine, here: TestClient) -> None:
    write(engine, rows(ONE, AGREED, STATUS, FOUND, LATER))

    every = here.get("/api/v1/visits").json()["items"]
    some = here.get("/api/v1/visits", params={"disputed": "true"}).json()["items"]
    assert (len(every), sorted(one["id"] for one in some)) == (5, ["found", "status"])
    assert "/visits/status" in here.get("/", params={"disputed": "true"}, headers=PAGE).text
    assert "/visits/agreed" not in here.get("/", params={"disputed": "true"}, headers=PAGE).text

    page = here.get("/visits/status", headers=PAGE).text
    assert ">readers differ</a>" in page
    assert "Read by rules and llm; the readers differ in status and dates." in page
    page = here.get("/visits/found", headers=PAGE).text
    assert "Read by llm; the readers differ in whether there is a visit." in page
    page = here.get("/visits/agreed", headers=PAGE).text
    assert ">readers differ</a>" not in page
    assert "Read by rules and llm." in page
    assert "Read by" not in here.get("/visits/one", headers=PAGE).text


def test_a_read_model_of_before_gets_the_column(engine: Engine) -> None:
    write(engine, rows(ONE))
    with engine.begin() as connection:
        connection.execute(text("alter table visits drop column disputed"))
    prepare(engine)
    write(engine, rows(STATUS))
    with engine.connect() as connection:
        found = connection.execute(text("select id, disputed from visits")).all()
    assert {row[0]: bool(row[1]) for row in found} == {"one": False, "status": True}
