"""The calendar by the strictest validator there is: ical4j refuses whatever RFC 5545, 5546 and 7986 do not allow."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from visitwire_gateway.app import create_app
from visitwire_gateway.model.database import open_database
from visitwire_gateway.model.store_writer import write
from visitwire_runtime.settings import Settings
from visitwire_schemas import LedgerVisit, Party, Precision, VisitStatus

from tests.conformance.readers import ical4j
from tests.unit.gateway.samples import dates, many, rows, visit

DAY = dates("2026-04-14")
DAYS = dates("2026-04-14", "2026-04-16")
WINDOWS = {
    "month": dates("2026-05-01", "2026-05-31", Precision.MONTH),
    "quarter": dates("2026-07-01", "2026-09-30", Precision.QUARTER),
    "year": dates("2028-01-01", "2028-12-31", Precision.YEAR),
    "new-year": dates("2026-12-30", "2027-01-02"),
    "leap-day": dates("2028-02-29"),
}
NAMES = {
    "marks": 'Ana, "Nia"; the \\ one: a\\nb',
    "lines": "Ana\r\nNia\nOla\rEva",
    "controls": "Ana\x07 Nia\x1b[1m Ola\x7f\x00",
    "long": "Ana " * 200,
    "unbroken": "Å" * 300,
    "folded-in-a-letter": "a" + "访问" * 60,
    "four-bytes": "𝔸na 🇮🇳 " * 20,
    "combined": "e\u0301" * 90,
    "rightwards": "أنا " * 30,
    "ends-of-lines": "Ana\u2028Nia\u2029Ola\x85Eva",
    "like-a-property": "BEGIN:VEVENT\nSTATUS;X=1:MAYBE",
}


def named(id: str, name: str) -> LedgerVisit:
    return visit(id, dates=DAYS, visitor=Party(name=name, label=name, country="BR"))


def awkward() -> list[LedgerVisit]:
    """Each status, each precision, one put off, one moved, each name that breaks calendars, and undated ones."""
    put_off = visit("put-off", status=VisitStatus.POSTPONED, dates=DAYS, history=visit(dates=DAYS).history, revision=4)
    return [
        *(visit(f"status-{status}", status=status, dates=DAY) for status in VisitStatus),
        *(visit(f"undated-{status}", status=status) for status in VisitStatus),
        *(visit(id, status=VisitStatus.PLANNED, dates=window) for id, window in WINDOWS.items()),
        put_off,
        *(named(id, name) for id, name in NAMES.items()),
        *many(60),
    ]


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A gateway that has the awkward visits."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("gateway"))
    engine = open_database(settings.gateway_database.get_secret_value())
    write(engine, rows(*awkward()))
    with TestClient(create_app(settings, engine), base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as client:
        yield client
    engine.dispose()


QUESTIONS = {
    "all": "/visits.ics?background=true&vague=true",
    "cancelled": "/visits.ics?status=cancelled&background=true",
    "precise": "/visits.ics?precise=true&background=true",
    "one": "/visits.ics?id=marks",
    "odd-address": "/visits.ics?q=%22a,b;c%22&background=true",
    "none": "/visits.ics?to=ZW",
}


@pytest.fixture(scope="module")
def calendars(asking: TestClient, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    asked = {"name": 'Mine, "all"; the \\ lot', "filter": "background=true", "past": None, "vague": True}
    mine = asking.post("/api/v1/me/addresses", json=asked).raise_for_status().json()
    questions = QUESTIONS | {"personal": mine["calendar"]}
    return {name: asking.get(address).raise_for_status().content for name, address in questions.items()}


def judged(calendars: dict[str, bytes], folder: Path) -> dict[str, list[str]]:
    """What ical4j says, by the calendar's name."""
    for name, content in calendars.items():
        (folder / name).write_bytes(content)
    return ical4j(*(folder / name for name in calendars))


def wrong(said: list[str]) -> list[str]:
    return [line for line in said if not line.startswith("EVENT ")]


def test_ical4j_finds_nothing_wrong_with_what_the_gateway_serves(calendars: dict[str, bytes], tmp_path: Path) -> None:
    said = judged(calendars, tmp_path)
    assert {name: wrong(lines) for name, lines in said.items()} == {name: [] for name in calendars}
    events = {name: {line.split()[1] for line in lines} for name, lines in said.items()}
    dated = {f"{one.id}@visitwire" for one in awkward() if one.dates and one.dates.start}
    assert events["all"] == events["personal"] == dated
    assert events["one"] == {"marks@visitwire"}
    words = dict(line.removeprefix("EVENT ").split("@visitwire ", 1) for line in said["all"])
    assert words["marks"] == f"{NAMES['marks']} to Rome, Italy"
    assert words["lines"] == "Ana\\nNia\\nOlaEva to Rome, Italy"
    assert words["controls"] == "Ana Nia[1m Ola to Rome, Italy"
    for id in ("long", "unbroken", "folded-in-a-letter", "four-bytes", "combined", "rightwards"):
        assert words[id] == f"{NAMES[id]} to Rome, Italy"


def test_no_line_is_longer_than_75_octets_or_has_a_control_character(calendars: dict[str, bytes]) -> None:
    for content in calendars.values():
        *lines, last = content.split(b"\r\n")
        assert last == b""
        assert [line for line in lines if len(line) > 75] == []
        assert [line for line in lines if re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line)] == []
        assert [line for line in lines if line.decode("utf-8").strip() == ""] == []


BROKEN = {
    "uid": ("UID:marks@visitwire\r\n", ""),
    "twice": ("UID:marks", "UID:other\r\nUID:marks"),
    "stamp": ("DTSTAMP:", "X-DTSTAMP:"),
    "status": ("STATUS:TENTATIVE", "STATUS:MAYBE"),
    "transparency": ("TRANSP:TRANSPARENT", "TRANSP:SOMETIMES"),
    "product": ("PRODID:", "X-PRODID:"),
    "version": ("VERSION:2.0", "VERSION:1.0"),
    "organizer": ("CALSCALE", "METHOD:PUBLISH\r\nCALSCALE"),
    "kind-of-date": ("DTSTART;VALUE=DATE:20260414", "DTSTART:20260414T100000Z"),
    "end-and-length": ("TRANSP:", "DURATION:P1D\r\nTRANSP:"),
    "not-folded": ("SUMMARY:", "SUMMARY:one\r\ntwo"),
    "no-number": ("SEQUENCE:", "SEQUENCE:x"),
    "unknown": ("TRANSP:TRANSPARENT", "FLAVOUR:SWEET"),
    "not-closed": ("END:VEVENT\r\n", ""),
}


def test_ical4j_refuses_what_is_broken(calendars: dict[str, bytes], tmp_path: Path) -> None:
    good = calendars["one"].decode()
    assert [name for name, (words, _) in BROKEN.items() if words not in good] == []
    broken = {name: good.replace(*words, 1).encode() for name, words in BROKEN.items()}
    broken["empty"] = re.sub("BEGIN:VEVENT.*END:VEVENT\r\n", "", good, flags=re.DOTALL).encode()
    said = judged(broken, tmp_path)
    assert [name for name, lines in said.items() if not wrong(lines)] == []
