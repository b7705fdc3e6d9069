"""The calendar, the feed and the stream, read by real clients."""

import asyncio
from collections.abc import AsyncIterator

import feedparser
import pytest
from fastapi import FastAPI
from icalendar import Calendar
from sqlalchemy import Engine
from starlette.testclient import TestClient
from visitwire_gateway.live import Live, StreamedEvent, StreamStart
from visitwire_gateway.model import store_writer
from visitwire_gateway.model.store_writer import write
from visitwire_schemas import ChangeKind, LedgerVisit, Precision, VisitStatus

from tests.unit.gateway import samples
from tests.unit.gateway.samples import alert, dates, rows, visit

DAYS, MONTH = dates("2026-04-14", "2026-04-16"), dates("2026-04", precision=Precision.MONTH)


def test_only_dated_visits_are_events_and_say_how_firm_they_are(engine: Engine, here: TestClient) -> None:
    planned = visit("firm", status=VisitStatus.PLANNED, dates=DAYS, revision=3)
    others = [
        visit("open"),
        visit("vague", status=VisitStatus.PLANNED, dates=MONTH),
        visit("agreed", dates=DAYS),
        visit("off", status=VisitStatus.CANCELLED, dates=DAYS),
        visit("put-off", status=VisitStatus.POSTPONED, dates=DAYS, history=planned.history),
    ]
    write(engine, rows(planned, *others))
    answer = here.get("/visits.ics?to=IT&vague=true")
    events = {str(event["uid"]): event for event in Calendar.from_ical(answer.text).events}
    assert {uid: str(event["status"]) for uid, event in events.items()} == {
        "firm@visitwire": "CONFIRMED",
        "vague@visitwire": "TENTATIVE",
        "agreed@visitwire": "TENTATIVE",
        "off@visitwire": "CANCELLED",
        "put-off@visitwire": "CANCELLED",
    }
    firm = events["firm@visitwire"]
    assert (int(firm["sequence"]), firm.decoded("dtstart").isoformat(), firm.decoded("dtend").isoformat()) == (
        2,
        "2026-04-14",
        "2026-04-17",
    )
    assert here.get("/visits.ics?to=BR").text.count("BEGIN:VEVENT") == 0
    for asked, count in (("", 4), ("precise=true", 4), ("precise=false", 5), ("vague=true", 5), ("vague=false", 4)):
        assert here.get(f"/visits.ics?{asked}").text.count("BEGIN:VEVENT") == count, asked
    assert [str(events[f"{uid}@visitwire"]["summary"]) for uid in ("firm", "off", "put-off", "vague")] == [
        "Anil Kapadia (Foreign Minister) to Rome, Italy",
        "Called off: Anil Kapadia (Foreign Minister) to Rome, Italy",
        "Postponed: Anil Kapadia (Foreign Minister) to Rome, Italy",
        "Anil Kapadia (Foreign Minister) to Rome, Italy (some time in April 2026)",
    ]


def test_the_past_drops_out_of_the_calendar_if_asked(engine: Engine, here: TestClient) -> None:
    write(
        engine, rows(visit("ended", dates=dates("2026-03-01", "2026-03-20")), visit("today", dates=dates("2026-03-27")))
    )
    counts = {asked: here.get(f"/visits.ics?{asked}").text.count("BEGIN:VEVENT") for asked in ("", "past=0", "past=7")}
    assert counts == {"": 2, "past=0": 1, "past=7": 2}


def test_the_calendar_keeps_to_the_letter_of_rfc_5545(engine: Engine, here: TestClient) -> None:
    long = samples.many(40)
    write(engine, rows(*long))
    answer = here.get("/visits.ics")
    raw = answer.content
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    read = Calendar.from_ical(raw)
    assert (str(read["version"]), str(read["name"]), "method" in read) == ("2.0", "Official visits", False)
    for event in read.events:
        assert not event.errors
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "STATUS"} <= set(event)
    assert here.get("/visits.ics", headers={"if-none-match": answer.headers["etag"]}).status_code == 304


def test_the_feed_tells_changes_to_a_feed_reader(engine: Engine, here: TestClient) -> None:
    before = visit()
    after = visit(status=VisitStatus.PLANNED, dates=DAYS, revision=2)
    write(engine, rows(after, alert(before), alert(after, ChangeKind.DATES_SET, before)))
    read = feedparser.parse(here.get("/visits.atom?from=IN").content)
    assert (read.bozo, read.version) == (False, "atom10")
    assert [(entry.id, entry.title) for entry in read.entries] == [
        ("urn:visitwire:alert:v1-2", "Anil Kapadia to Rome, Italy: dates set (14–16 Apr 2026)"),
        ("urn:visitwire:alert:v1-1", "Anil Kapadia to Rome, Italy: accepted"),
    ]
    assert "Status: Accepted → Planned" in read.entries[0].summary
    assert feedparser.parse(here.get("/visits.atom?from=BR").content).entries == []


def test_calendars_may_carry_their_key_in_the_address(app: FastAPI, away: TestClient) -> None:
    from visitwire_gateway.auth.who import Role

    key = app.state.gateway.access.people.add_key("default", "calendar", Role.READER)[1]
    answer = away.get(f"/visits.ics?key={key}")
    assert answer.status_code == 200
    assert key not in answer.text
    assert away.get(f"/api/v1/visits?key={key}").status_code == 401


async def _ids(stream: AsyncIterator[str], count: int) -> list[str]:
    """The data of the first `count` events, and the id of the last."""
    found: list[str] = []
    last = ""
    async for text in stream:
        for block in text.split("\n\n"):
            fields = dict(line.partition(": ")[::2] for line in block.split("\n"))
            if "event" in fields:
                found.append(f"{fields['event']} {fields['data']}")
                last = fields["id"]
        if len(found) >= count:
            return [*found, last]
    return [*found, last]


def every(told: StreamedEvent) -> bool:
    return True


def test_a_reader_who_was_cut_goes_on_without_loss(engine: Engine) -> None:
    async def scenario() -> tuple[list[str], list[str], list[str]]:
        live = Live(engine)
        live.start()
        live.hear(write(engine, rows(visit("a"), visit("b"))))
        first = await _ids(live.stream(StreamStart(0), every, brief=True), 2)
        again = Live(engine)  # as after a restart: nothing in memory
        again.start()
        write(engine, rows(visit("c")))
        second_life = Live(engine)
        second_life.start()
        later = await _ids(second_life.stream(second_life.place(first[-1]), every, brief=True), 1)
        strange = await _ids(live.stream(live.place("other-1"), every, brief=True), 1)
        return first[:-1], later[:-1], strange[:-1]

    assert asyncio.run(scenario()) == (["visit a", "visit b"], ["visit c"], ["resync {}"])


def test_a_reader_who_was_away_too_long_is_told_to_read_again(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_writer, "KEPT_EVENTS", 10)
    for number in range(1100):
        write(engine, rows(visit(f"v{number}")))

    async def scenario() -> list[str]:
        live = Live(engine)
        live.start()
        return (await _ids(live.stream(StreamStart(5), every, brief=True), 1))[:-1]

    assert asyncio.run(scenario()) == ["resync {}"]


def test_many_slow_readers_lose_nothing(engine: Engine) -> None:
    """500 readers, more events than memory keeps for them."""
    visits: list[LedgerVisit] = [visit(f"v{number}") for number in range(300)]

    async def scenario() -> list[int]:
        live = Live(engine)
        live.start()
        readers = [asyncio.create_task(_ids(live.stream(StreamStart(0), every, brief=True), 300)) for _ in range(500)]
        for start in range(0, 300, 10):
            live.hear(await asyncio.to_thread(write, engine, rows(*visits[start : start + 10])))
        return [len(set(await reader)) for reader in readers]

    assert asyncio.run(scenario()) == [301] * 500
