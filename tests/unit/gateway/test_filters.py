"""What a filter may name, and what it says of what it does not know."""

from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine
from starlette.testclient import TestClient
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.store_writer import write
from visitwire_schemas import Destination, VisitStatus

from tests.unit.gateway.samples import rows, story, visit

PAGE = {"accept": "text/html"}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("IN", "IN"),
        ("in", "IN"),
        ("India", "IN"),
        ("the Netherlands", "NL"),
        ("netherlands", "NL"),
        ("United Kingdom", "GB"),
        ("Britain", "GB"),
        ("eu", "EU"),
        ("south asia", "South Asia"),
        ("UN", "UN"),
        ("AQ", "AQ"),
        ("YU", "YU"),
    ],
)
def test_a_country_may_be_named_as_people_write_it(written: str, code: str) -> None:
    assert VisitFilter(to=[written]).to == [code]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"to": "Narnia"}, "'Narnia' is not a country (India, IN), bloc (EU) or region (South Asia)"),
        ({"from": "Brasil"}, "did you mean Brazil"),
        ({"status": "planed"}, "'planed' is not a status; use one of invited, accepted, planned, "),
        ({"since": "yesterday"}, "'yesterday' is not a day; write it as 2026-03-27."),
        ({"until": "0"}, "'0' is not a day; write it as 2026-03-27."),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_not_known_is_said_so_everywhere(here: TestClient, asked: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError):
        VisitFilter.model_validate(asked)
    for path in ("/api/v1/visits", "/visits.ics", "/visits.atom", "/events", "/"):
        answer = here.get(path, params=asked)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
        assert sentence in answer.json()["detail"]
        assert "error" not in answer.json()["detail"]
    for path in ("/", "/calendar", "/map"):
        answer = here.get(path, params=asked, headers=PAGE)
        assert answer.status_code == 422
        assert sentence in answer.text.replace("&#39;", "'")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_quotes_and_entities_of_no_country_and_of_no_day_are_refused_too(here: TestClient) -> None:
    for path in ("/api/v1/quotes?country=Narnia", "/api/v1/entities?country=Narnia", "/quotes?since=yesterday"):
        assert here.get(path).status_code == 422
    assert here.get("/quotes?since=&until=2026-03-28").status_code == 200


def test_a_bloc_or_region_stands_for_its_members(engine: Engine, here: TestClient) -> None:
    write(engine, rows(visit("italy"), visit("japan", destination=Destination(country="JP")), story()))

    def found(asked: str) -> list[str]:
        return sorted(one["id"] for one in here.get(f"/api/v1/visits?{asked}").json()["items"])

    assert found("to=EU") == found("to=europe") == found("to=Italy,India") == ["italy"]
    assert found("to=G7") == ["italy", "japan"]
    assert found("from=South Asia&to=Asia") == ["japan"]
    assert found("country=ASEAN") == []
    for path, name in (("quotes", "EU"), ("quotes", "Italy"), ("entities", "Southern Europe")):
        assert here.get(f"/api/v1/{path}?country={name}").json()["items"] != []
        assert here.get(f"/api/v1/{path}?country=Africa").json()["items"] == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_form_shows_what_the_address_asks_for(engine: Engine, here: TestClient) -> None:
    write(engine, rows(visit("italy")))
    for path in ("/", "/calendar"):
        page = here.get(f"{path}?to=eu").text
        assert "<option selected>EU</option>" in page
        assert '<option value="KE" selected>Kenya</option>' in here.get(f"{path}?to=Kenya").text
        assert '<option value="IT" selected>Italy</option>' in here.get(f"{path}?to=italy").text


def test_every_status_may_be_asked_for() -> None:
    assert VisitFilter(status=list(VisitStatus)).status == list(VisitStatus)
