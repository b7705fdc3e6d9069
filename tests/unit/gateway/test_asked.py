"""What may be asked of the API: all of it is described, what is unknown is refused, and HEAD answers as GET does."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient
from visitwire_gateway.model.store_writer import write
from visitwire_schemas import Destination, VisitStatus

from tests.unit.gateway.samples import rows, visit


def test_every_field_and_parameter_of_the_api_says_what_it_is(app: FastAPI) -> None:
    document = app.openapi()
    shapes = {name: made for name, made in document["components"]["schemas"].items() if "properties" in made}
    bare = [name for name, made in shapes.items() if not made.get("description")]
    fields = [(shape, name, each) for shape, made in shapes.items() for name, each in made["properties"].items()]
    bare += [f"{shape}.{name}" for shape, name, each in fields if not each.get("description")]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            bare += [] if operation.get("description") else [f"{method} {path}"]
            bare += [f"{method} {path} {one['name']}" for one in operation.get("parameters", []) if not _told(one)]
    assert bare == []


def _told(parameter: dict[str, Any]) -> bool:
    return bool(parameter.get("description") or parameter["schema"].get("description"))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/api/v1/visits?destination=IN", "There is no parameter 'destination' here; did you mean to?"),
        ("/api/v1/visits?statuss=accepted", "There is no parameter 'statuss' here; did you mean status?"),
        ("/visits.ics?providers=tass", "There is no parameter 'providers' here; did you mean provider?"),
        ("/api/v1/me?who=me", "There is no parameter 'who' here; there are none."),
        ("/events?kind=visit&xyz=1", "There is no parameter 'xyz' here; use one of after, background, brief, "),
        ("/api/v1/visits?since=2026-01-01&since=2026-02-01", "since is given twice; it takes one value."),
    ],
)
def test_what_no_route_reads_is_refused_with_what_may_be_meant(here: TestClient, address: str, said: str) -> None:
    answer = here.get(address)
    assert (answer.status_code, answer.json()["detail"][: len(said)]) == (422, said)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/?destination=IN", "There is no parameter &#39;destination&#39; here; did you mean to?"),
        ("/list?statuss=planned", "There is no parameter &#39;statuss&#39; here; did you mean status?"),
        ("/calendar?q=rome&q=oslo", "q is given twice; it takes one value."),
        ("/map?contry=IN", "did you mean country?"),
        ("/changes?since_when=12h", "did you mean since?"),
        ("/quotes?speakr=Neri", "did you mean speaker?"),
        ("/stories?wire=north", "did you mean provider?"),
        ("/board/planned?destination=IN", "did you mean to?"),
        ("/new-subscription?destinaton=India", "did you mean destination or unless_destination?"),
        ("/subscribe?destination=IN", "did you mean to?"),
    ],
)
def test_a_page_refuses_it_too_and_says_so_as_a_page(here: TestClient, address: str, said: str) -> None:
    answer = here.get(address, headers={"accept": "text/html"})
    assert (answer.status_code, said in answer.text, "<h1>" in answer.text) == (422, True, True), answer.text


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/calendar?month=2026-99", 422, "is not a month from 1900 to 2199; write it as 2026-03."),
        ("/calendar?day=9999-12-31", 422, "the calendar covers 1900 to 2199."),
        ("/calendar?view=agenda&day=0001-01-01", 422, "the calendar covers 1900 to 2199."),
        ("/calendar?month=&day=", 200, "March 2026"),
        ("/board/nolane", 404, "There is no lane"),
    ],
)
def test_a_page_that_there_cannot_be_says_why(here: TestClient, address: str, status: int, said: str) -> None:
    answer = here.get(address, headers={"accept": "text/html"})
    assert (answer.status_code, said in answer.text) == (status, True), answer.text


@pytest.mark.parametrize(
    "address", ["/?utm_source=mail&fbclid=1", "/visits/v1?from=mail", "/about?x=1", "/login?back=/map"]
)
def test_a_page_bears_what_was_put_behind_its_address(here: TestClient, engine: Engine, address: str) -> None:
    write(engine, rows(visit("v1")), [])
    assert here.get(address).status_code == 200


def test_a_condition_given_twice_asks_for_either(here: TestClient, engine: Engine) -> None:
    kept = (
        visit("a", status=VisitStatus.PLANNED),
        visit("b", status=VisitStatus.ACCEPTED, destination=Destination(country="BR")),
        visit("c", status=VisitStatus.INVITED, destination=Destination(country="FR")),
    )
    write(engine, rows(*kept), [])

    def found(query: str) -> set[str]:
        items = {item["id"] for item in here.get(f"/api/v1/visits?{query}").json()["items"]}
        shown = {
            path: set(re.findall(r'/visits/([abc])"', here.get(f"{path}?{query}").text)) for path in ("/", "/list")
        }
        assert shown == {"/": items, "/list": items}
        return items

    assert found("to=IT&to=BR") == found("to=IT,BR") == {"a", "b"}
    assert found("status=planned&status=invited") == {"a", "c"}
    assert found("provider=nordwire&provider=other") == {"a", "b", "c"}


@pytest.mark.parametrize("address", ["/", "/visits.ics", "/livez", "/api/v1/visits", "/static/base.css", "/nothing"])
def test_head_answers_as_get_does_without_the_body(here: TestClient, address: str) -> None:
    whole, head = here.get(address), here.head(address)
    same = ("content-type", "content-length", "etag")
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert [head.headers.get(name) for name in same] == [whole.headers.get(name) for name in same]


def test_head_of_the_live_stream_ends(here: TestClient) -> None:
    answer = here.head("/events")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
