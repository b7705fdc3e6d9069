"""What others read, by readers that others wrote: the calendar strictly, and the contract of the topics."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import vobject
from icalendar import Calendar
from visitwire_gateway.ics import CalendarHead, calendar, standing
from visitwire_schemas import FLOW, LedgerVisit, Precision, VisitStatus
from visitwire_schemas.asyncapi import document
from visitwire_schemas.day_range import days

from tests.conformance.readers import HERE, node
from tests.unit.gateway.samples import dates, many, visit

ROOT = HERE.parents[1]
DAYS = dates("2026-04-14", "2026-04-16")


def visits() -> list[LedgerVisit]:
    """Every status, precision and lane; one moved twice, one with every character that a calendar must escape."""
    planned = visit("moved", status=VisitStatus.PLANNED, dates=DAYS, revision=3)
    odd = planned.visitor.model_copy(update={"name": 'Ana; "Nia", \\ of\nÅland — 访问 ' + "long " * 40})
    return [
        planned,
        visit("put-off", status=VisitStatus.POSTPONED, dates=DAYS, history=planned.history, revision=4),
        visit("called-off", status=VisitStatus.CANCELLED, dates=DAYS, revision=2),
        visit("agreed", dates=DAYS),
        visit("quarter", dates=dates("2026-07-01", "2026-09-30", Precision.QUARTER)),
        visit("odd", visitor=odd, dates=DAYS),
        visit("open"),
        *many(120),
    ]


@pytest.fixture(scope="module")
def ics(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ics") / "visits.ics"
    path.write_bytes(calendar(visits(), CalendarHead("http://board.example/", "http://board.example/visits.ics")))
    return path


def expected() -> list[list[Any]]:
    """UID, SEQUENCE, STATUS, first day and the day after the last."""
    found = []
    for one in visits():
        if (window := days(one.dates)) is not None:
            after = date.fromordinal(window[1].toordinal() + 1)
            found.append([f"{one.id}@visitwire", one.revision - 1, standing(one), str(window[0]), str(after)])
    return found


def test_ical_js_reads_every_event_strictly(ics: Path) -> None:
    assert node("ical.mjs", ics) == expected()


def test_vobject_finds_every_property_allowed_and_none_missing(ics: Path) -> None:
    read = vobject.readOne(ics.read_text("utf-8"))
    assert read.validate(raiseException=True)
    assert [one.uid.value for one in read.vevent_list] == [row[0] for row in expected()]


def test_icalendar_reads_the_same_words_that_were_written(ics: Path) -> None:
    read = {str(event["uid"]): event for event in Calendar.from_ical(ics.read_bytes()).events}
    assert [event.errors for event in read.values() if event.errors] == []
    odd = next(one for one in visits() if one.id == "odd")
    assert str(read["odd@visitwire"]["summary"]) == f"{odd.visitor.name} ({odd.visitor.label}) to Rome, Italy"
    assert {str(read[f"{id}@visitwire"]["status"]) for id in ("put-off", "called-off")} == {"CANCELLED"}
    assert {str(read[f"{id}@visitwire"]["status"]) for id in ("agreed", "quarter")} == {"TENTATIVE"}
    assert "open@visitwire" not in read


def fields() -> dict[str, list[str]]:
    """The fields of each topic's message; the wires' items are bytes and have none."""
    topics = {topic.name: topic for row in FLOW for topic in (row.source, *row.sinks, row.dead_letters)}
    return {
        name: []
        if name == FLOW[0].source.name
        else list(topic.message.model_json_schema(mode="serialization")["properties"])
        for name, topic in topics.items()
    }


def test_the_committed_asyncapi_document_and_its_schemas_parse() -> None:
    assert node("asyncapi.mjs", ROOT / "schemas/asyncapi.yaml") == fields()


def test_the_document_that_the_gateway_serves_parses_alone(tmp_path: Path) -> None:
    path = tmp_path / "asyncapi.json"
    path.write_text(json.dumps(document(whole=True)), "utf-8")
    assert node("asyncapi.mjs", path) == fields()
