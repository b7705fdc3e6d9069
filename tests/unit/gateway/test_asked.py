"""What may be asked of the API: all of it is described, what is unknown is refused, and HEAD answers as GET does."""

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


def test_a_page_bears_what_was_put_behind_its_address(here: TestClient) -> None:
    assert here.get("/?utm_source=mail").status_code == 200


def test_a_condition_given_twice_asks_for_either(here: TestClient, engine: Engine) -> None:
    kept = (
        visit("a", status=VisitStatus.PLANNED),
        visit("b", status=VisitStatus.ACCEPTED, destination=Destination(country="BR")),
        visit("c", status=VisitStatus.INVITED, destination=Destination(country="FR")),
    )
    write(engine, rows(*kept), [])

    def found(query: str) -> set[str]:
        return {item["id"] for item in here.get(f"/api/v1/visits?{query}").json()["items"]}

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
