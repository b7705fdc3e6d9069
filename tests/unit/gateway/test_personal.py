"""Personal addresses: a calendar and a feed for each reader, which work without a login and can be made new."""

from datetime import timedelta

import feedparser
import pytest
from fastapi import FastAPI
from icalendar import Calendar
from sqlalchemy import Engine
from starlette.testclient import TestClient
from visitwire_gateway.auth.who import Role
from visitwire_gateway.model.store_writer import write
from visitwire_gateway.personal import store
from visitwire_schemas import ChangeKind, Destination, Party, Precision, VisitStatus

from tests.unit.gateway.samples import NOW, alert, dates, many, rows, visit

API = "/api/v1/me/addresses"
DAYS = dates("2026-04-14", "2026-04-16")


@pytest.fixture(autouse=True)
def _filled(engine: Engine) -> None:
    kept = (
        visit("firm", status=VisitStatus.PLANNED, dates=DAYS),
        visit("off", status=VisitStatus.CANCELLED, dates=DAYS),
        visit("put-off", status=VisitStatus.POSTPONED, dates=DAYS),
        visit("vague", status=VisitStatus.PLANNED, dates=dates("2026-05", precision=Precision.MONTH)),
        visit("past", status=VisitStatus.CONCLUDED, dates=dates("2026-03-10")),
        visit("long-past", status=VisitStatus.CONCLUDED, dates=dates("2025-03-10")),
        visit("elsewhere", dates=DAYS, destination=Destination(country="BR")),
    )
    write(engine, rows(*kept, alert(kept[0], ChangeKind.ANNOUNCED), alert(kept[6])), [])


def path_of(address: str) -> str:
    return address.removeprefix("http://board.example")


def add(rita: TestClient, **asked: object) -> dict[str, str]:
    answer = rita.post(API, json={"name": "Mine"} | asked)
    assert answer.status_code == 201, answer.text
    found: dict[str, str] = answer.json()
    return found


def events(client: TestClient, address: str) -> dict[str, str]:
    """The titles of its events by id."""
    answer = client.get(path_of(address))
    assert answer.status_code == 200, answer.text
    return {str(one["uid"]).partition("@")[0]: str(one["summary"]) for one in Calendar.from_ical(answer.text).events}


def test_each_reader_has_an_address_that_needs_no_login(rita: TestClient, away: TestClient) -> None:
    [mine] = rita.get(API).json()
    assert (mine["name"], mine["webcal"]) == ("All visits", "webcal" + mine["calendar"].removeprefix("http"))
    assert rita.get(API).json()[0]["calendar"] == mine["calendar"]
    assert set(events(away, mine["calendar"])) == {"firm", "off", "put-off", "past", "elsewhere"}
    read = feedparser.parse(away.get(path_of(mine["feed"])).content)
    assert (read.bozo, read.feed.title, len(read.entries)) == (False, "All visits", 2)
    assert away.get("/visits.ics").status_code == 401


def test_it_gives_what_its_settings_say(rita: TestClient, away: TestClient) -> None:
    def given(**asked: object) -> set[str]:
        return set(events(away, add(rita, **asked)["calendar"]))

    assert given(filter="to=BR") == {"elsewhere"}
    assert given(filter="to=BR&to=IT&status=called off,planned", off=True) == {"firm", "off"}
    assert given(vague=True) - given() == {"vague"}
    assert given(past=None) - given() == {"long-past"}
    assert given() - given(past=7) == {"past"}
    assert given() - given(off=False) == {"off", "put-off"}


def test_what_is_off_says_so_in_the_title_and_does_not_vanish(rita: TestClient, away: TestClient) -> None:
    address = add(rita)["calendar"]
    titles = events(away, address)
    assert titles["off"] == "Called off: Anil Kapadia (Foreign Minister) to Rome, Italy"
    assert titles["put-off"] == "Postponed: Anil Kapadia (Foreign Minister) to Rome, Italy"
    assert "STATUS:CANCELLED" not in away.get(path_of(address)).text


def test_it_can_be_made_new_changed_and_removed(rita: TestClient, away: TestClient) -> None:
    old = add(rita)
    new = rita.post(f"{API}/{old['id']}/renew").json()
    gone = away.get(path_of(old["calendar"]))
    assert (gone.status_code, gone.json()["detail"][:27]) == (404, "This address opens nothing:")
    asked = {"name": "Brazil", "filter": "to=Brazil"}
    changed = rita.put(f"{API}/{old['id']}", json=asked).json()
    assert (changed["calendar"], changed["filter"]) == (new["calendar"], "to=BR")
    assert set(events(away, new["calendar"])) == {"elsewhere"}
    assert str(Calendar.from_ical(away.get(path_of(new["calendar"])).text)["x-wr-calname"]) == "Brazil"
    assert rita.delete(f"{API}/{old['id']}").status_code == 204
    assert away.get(path_of(new["feed"])).status_code == 404
    assert rita.delete(f"{API}/{old['id']}").status_code == 404


def test_nobody_has_anothers_and_a_key_has_none(app: FastAPI, rita: TestClient, here: TestClient) -> None:
    theirs = add(rita)
    assert theirs["id"] not in {one["id"] for one in here.get(API).json()}
    assert here.post(f"{API}/{theirs['id']}/renew").status_code == 404
    key = app.state.gateway.access.people.add_key("default", "k", Role.ADMIN)[1]
    assert here.get(API, headers={"authorization": f"Bearer {key}"}).status_code == 403


def test_who_is_removed_leaves_no_address_behind(app: FastAPI, rita: TestClient, away: TestClient) -> None:
    address = path_of(add(rita)["calendar"])
    people = app.state.gateway.access.people
    [user] = [row.id for row in people.users("default") if row.name == "rita"]
    assert away.get(address).status_code == 200
    people.remove_user("default", user)
    assert away.get(address).status_code == 404


def test_the_word_is_kept_sealed_and_its_use_is_noted(rita: TestClient, away: TestClient, engine: Engine) -> None:
    made = add(rita)
    word = made["calendar"].split("/")[-2]
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("select * from personal_addresses").all()
    assert word not in str(kept)
    away.get(path_of(made["calendar"]))
    assert rita.get(API).json()[0]["used"][:16] == NOW.isoformat()[:16]


def test_what_is_no_filter_is_refused_and_so_is_one_too_many(rita: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = rita.post(API, json={"name": "x", "filter": "to=Narnia"})
    assert (refused.status_code, "'Narnia' is not a country" in refused.json()["detail"]) == (422, True)
    assert rita.post(API, json={"name": ""}).status_code == 422
    monkeypatch.setattr(store, "MOST", 1)
    add(rita)
    assert rita.post(API, json={"name": "x"}).status_code == 409


def test_the_page_saves_changes_makes_new_and_removes(rita: TestClient) -> None:
    page = rita.get("/addresses?to=BR&sort=date").text
    assert "To Brazil" in page
    csrf = rita.headers["x-csrf"]
    sent = {"csrf": csrf, "name": "Brazil", "filter": "to=BR", "past": "7", "off": "on"}
    assert "Brazil" in rita.post("/addresses", data=sent).text
    [made] = [one for one in rita.get(API).json() if one["name"] == "Brazil"]
    assert (made["past"], made["off"], made["vague"]) == (7, True, False)
    rita.post(f"/addresses/{made['id']}", data=sent | {"name": "Brasil", "past": "", "vague": "on"})
    [changed] = [one for one in rita.get(API).json() if one["id"] == made["id"]]
    assert (changed["name"], changed["past"], changed["vague"]) == ("Brasil", None, True)
    rita.post(f"/addresses/{made['id']}/renew", data={"csrf": csrf})
    assert [one["calendar"] == made["calendar"] for one in rita.get(API).json() if one["id"] == made["id"]] == [False]
    rita.post(f"/addresses/{made['id']}/remove", data={"csrf": csrf})
    assert [one["name"] for one in rita.get(API).json()] == ["All visits"]
    wrong = rita.post("/addresses", data=sent | {"filter": "to=Narnia"})
    assert (wrong.status_code, "is not a country" in wrong.text) == (422, True)


# What the big calendars say of what they subscribe to (their documented rules), on the most awkward calendar.

LONGEST_LINE, MOST_BYTES = 75, 1_000_000


@pytest.fixture
def imported(rita: TestClient, away: TestClient, engine: Engine) -> bytes:
    odd = Party(name='Ana, "Nia"; née\n Åß \\ 访问 ' + "very long " * 20, label="President", country="BR")
    write(engine, rows(visit("odd", dates=DAYS, visitor=odd), *many(200)), [])
    answer = away.get(path_of(add(rita, vague=True, past=None, name="Mine; with, signs")["calendar"]))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.history == []
    assert "set-cookie" not in answer.headers
    return answer.content


def test_as_google_imports_it(imported: bytes) -> None:
    """Below one megabyte, by its own name, and nothing with a status that takes the event away without a word."""
    assert len(imported) < MOST_BYTES
    assert b"\r\nX-WR-CALNAME:Mine\\; with\\, signs\r\n" in imported
    assert b"STATUS:CANCELLED" not in imported
    read = Calendar.from_ical(imported)
    ids = [str(event["uid"]) for event in read.events]
    assert len(ids) == len(set(ids)) > 100
    assert not any("attendee" in event or "organizer" in event for event in read.events)


def test_as_outlook_imports_it(imported: bytes) -> None:
    """Lines folded at 75 octets and ended by CR LF, version and product first, whole days marked as such and as free;
    a stamp and a sequence by which a later event takes the place of an earlier."""
    lines = imported.split(b"\r\n")
    assert imported.count(b"\n") == imported.count(b"\r\n")
    assert max(map(len, lines)) <= LONGEST_LINE
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert {line.partition(b":")[0] for line in lines[1:3]} == {b"VERSION", b"PRODID"}
    for event in Calendar.from_ical(imported).events:
        assert {"UID", "DTSTAMP", "SEQUENCE", "SUMMARY", "LAST-MODIFIED"} <= set(event)
        assert event["dtstart"].params.get("VALUE") == event["dtend"].params.get("VALUE") == "DATE"
        assert event.decoded("dtend") - event.decoded("dtstart") >= timedelta(days=1)
        assert (str(event["x-microsoft-cdo-busystatus"]), str(event["x-microsoft-cdo-alldayevent"])) == ("FREE", "TRUE")
        assert event["dtstamp"].to_ical().endswith(b"Z")


def test_as_apple_subscribes_to_it(imported: bytes, rita: TestClient) -> None:
    """By webcal, with how often to look again, and whole days that keep nobody from anything."""
    assert rita.get(API).json()[0]["webcal"].startswith("webcal://board.example/feeds/")
    read = Calendar.from_ical(imported)
    assert read["refresh-interval"].to_ical() == read["x-published-ttl"].to_ical() == b"PT15M"
    assert {str(event["transp"]) for event in read.events} == {"TRANSPARENT"}
    assert all(str(event["url"]).startswith("http://board.example/visits/") for event in read.events)
