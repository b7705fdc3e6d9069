"""Stories and quotes carry the ids of the ledger's visits."""

from sqlalchemy import Engine
from starlette.testclient import TestClient
from visitwire_gateway.model.projection import project
from visitwire_gateway.model.store_writer import write
from visitwire_schemas import REPORTS, Record, ReportedVisit, StoryReports

from tests.unit.gateway.samples import rows, story

KEY = "nordwire|urn:nw:v1"


def tell(engine: Engine, record: Record) -> None:
    made = project(REPORTS.name, record)
    assert made is not None
    write(engine, [made], [])


def reports(version: int = 1) -> Record:
    said = (ReportedVisit(visit="in-kapadia-it", index=0, quotes=(0,)),)
    return REPORTS.encode(StoryReports(provider="nordwire", uri="urn:nw:v1", version=version, reports=said))


def seen(here: TestClient) -> tuple[list[str | None], list[list[str]]]:
    whole = here.get(f"/api/v1/stories/{KEY}").json()
    quotes = here.get("/api/v1/quotes", params={"story": KEY}).json()["items"]
    return whole["ledger_visits"], [quote["visits"] for quote in quotes]


def test_they_carry_them_as_the_topic_has_them(here: TestClient, engine: Engine) -> None:
    write(engine, rows(story()), [])
    assert seen(here) == ([None], [[], []])
    tell(engine, reports())
    assert seen(here) == (["in-kapadia-it"], [[], ["in-kapadia-it"]])
    tell(engine, Record(KEY.encode(), None))
    assert seen(here) == ([None], [[], []])


def test_of_another_version_of_the_story_nothing_is_said(here: TestClient, engine: Engine) -> None:
    write(engine, rows(story()), [])
    tell(engine, reports(version=2))
    assert seen(here)[0] == [None]
