"""A day in the life of a desk: 300 stories come overnight, and at seven the page of changes, the digest and the
calendar agree with the ledger to the last visit."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import func, select
from starlette.testclient import TestClient
from visitwire_alerting.delivery.digest import DigestMessage
from visitwire_alerting.delivery.outcome import Outcome, Result
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.service import Alerting, open_alerting
from visitwire_alerting.storage.database import reading
from visitwire_alerting.storage.ledger_tables import alerts, visits
from visitwire_alerting.subscriptions.stored import Endpoint
from visitwire_gateway.app import create_app
from visitwire_gateway.dependencies import Around
from visitwire_gateway.model.database import open_database
from visitwire_gateway.model.intake import Intake
from visitwire_schemas import Alert, EnrichedStory, LedgerVisit, Precision, Revision, VisitDates, VisitStatus
from visitwire_schemas.day_range import days

from tests.unit.alerting import makers
from tests.unit.alerting.office import Clock, Office, open_office, settings_for, until

EVENING = datetime(2026, 11, 29, 18, 30, tzinfo=UTC)
"""When the desk goes home."""
SEVEN = datetime(2026, 11, 30, 7, tzinfo=UTC)
TODAY = SEVEN.date()
OFF = (VisitStatus.CANCELLED, VisitStatus.POSTPONED)
WIRES = ("north", "south", "lupa", "atlantic")
COUNTRIES = ("IN", "IT", "BR", "KE", "JP", "NO", "VN", "EG", "PL", "CL")
STORIES = 300

type Standing = dict[str, LedgerVisit]


@dataclass
class Night:
    """Stories as a night brings them: the same seed, the same night."""

    random: Random
    people: int = 0
    told: list[EnrichedStory] = field(default_factory=list)
    """Fresh stories, that others may confirm, change, correct or kill."""

    def dates(self) -> VisitDates | None:
        day = TODAY + timedelta(days=self.random.randint(-2, 40))
        kind = self.random.choice(("day", "day", "days", "month", "none"))
        if kind == "none":
            return None
        if kind == "month":
            return makers.dates(f"{day:%Y-%m}", precision="month")
        end = day + timedelta(days=self.random.randint(1, 3)) if kind == "days" else None
        return makers.dates(day.isoformat(), end and end.isoformat())

    def fresh(self, at: datetime, name: str = "new", **given: Any) -> EnrichedStory:
        """Of a visitor of whom nobody told before."""
        self.people += 1
        home, there = self.random.sample(COUNTRIES, 2)
        status = self.random.choice(("planned", "planned", "invited", "accepted", "under_way", "cancelled"))
        said = makers.visit(status, who=makers.person(self.people), of=home, to=there, when=self.dates())
        return self.story(f"{name}-{self.people}", at, said, **given)

    def story(self, uri: str, at: datetime, *said: Any, wire: str = "", **given: Any) -> EnrichedStory:
        made = makers.story(uri, *said, wire=wire or self.random.choice(WIRES), **given)
        return made.model_copy(update={"story": made.story.model_copy(update={"versioncreated": at, "received": at})})

    def next(self, at: datetime) -> EnrichedStory:
        acts = (self.news, self.confirms, self.changes, self.updates, self.kills, self.again, self.mentions)
        return self.random.choices(acts, (50, 20, 10, 6, 5, 5, 4))[0](at)

    def news(self, at: datetime) -> EnrichedStory:
        made = self.fresh(at)
        self.told.append(made)
        return made

    def confirms(self, at: datetime) -> EnrichedStory:
        first = self.random.choice(self.told)
        return self.story(f"same-{at:%H%M%S}-{self.random.random()}", at, *first.visits)

    def changes(self, at: datetime) -> EnrichedStory:
        (said,) = self.random.choice(self.told).visits
        status = self.random.choice((said.status, VisitStatus.POSTPONED, VisitStatus.CANCELLED, VisitStatus.UNDER_WAY))
        other = said.model_copy(update={"status": status, "dates": self.dates() or said.dates})
        made = self.story(f"other-{at:%H%M%S}-{self.random.random()}", at, other)
        self.told.append(made)
        return made

    def updates(self, at: datetime) -> EnrichedStory:
        first = self.random.choice(self.told)
        (said,) = first.visits
        revision = self.random.choice((Revision.UPDATE, Revision.CORRECTION))
        made = self.story(
            first.story.uri,
            at,
            said.model_copy(update={"dates": self.dates()}),
            wire=first.story.provider,
            version=first.story.version + 1,
            revision=revision,
        )
        self.told[self.told.index(first)] = made
        return made

    def kills(self, at: datetime) -> EnrichedStory:
        first = self.told.pop(self.random.randrange(len(self.told)))
        return self.story(
            first.story.uri, at, wire=first.story.provider, version=first.story.version + 1, revision=Revision.KILL
        )

    def again(self, at: datetime) -> EnrichedStory:
        return self.random.choice(self.told)

    def mentions(self, at: datetime) -> EnrichedStory:
        """A visit in passing, of which nobody is told."""
        made = self.fresh(at, "aside")
        return made.model_copy(update={"visits": tuple(one.model_copy(update={"focus": False}) for one in made.visits)})


@dataclass
class House:
    """The whole of it: the office that tells, the board that shows, and a clock that only the night moves on."""

    office: Office
    ledger: Alerting
    board: TestClient
    feed: Intake
    night: Night
    digests: list[DigestMessage]
    shown: int = 0

    def standing(self) -> Standing:
        with reading(self.ledger.engine) as connection:
            bodies = connection.execute(select(visits.c.body).where(visits.c.standing)).scalars().all()
        return {one.id: one for one in map(LedgerVisit.model_validate_json, bodies)}

    def set(self, at: datetime) -> None:
        self.office.clock.ahead = at - datetime.now(UTC)

    def enter(self, story: EnrichedStory, at: datetime) -> None:
        self.set(at)
        record(self.office.desk.engine, [story], self.office.clock, timedelta(days=2))

    async def settled(self) -> None:
        """Everything is matched and published, and the board has it."""
        await until(self._published)
        for topic, one in self.office.published[self.shown :]:
            self.feed(topic, one)
        self.shown = len(self.office.published)
        await asyncio.to_thread(self.feed.settled)

    def _published(self) -> bool:
        with reading(self.ledger.engine) as connection:
            waiting = (alerts.c.sent.is_(None)) | (alerts.c.matched.is_(None))
            left = connection.execute(select(func.count()).select_from(alerts).where(waiting)).scalar_one()
        return left == 0 and self.board_is_whole()

    def board_is_whole(self) -> bool:
        told = [one.key for topic, one in self.office.published if topic == "visits-v1"]
        return {key.decode() for key in told if key} >= set(self.standing())

    async def ask(self, path: str, **params: Any) -> Any:
        answer = await asyncio.to_thread(partial(self.board.get, path, params=params))
        assert answer.status_code == 200, answer.text
        return answer

    async def send(self, path: str, body: dict[str, Any]) -> Any:
        answer = await asyncio.to_thread(partial(self.board.post, path, json=body, headers={"if-match": "*"}))
        assert answer.status_code in (201, 204), answer.text
        return answer


def expected(before: Standing, after: Standing) -> dict[str, set[str]]:
    """What happened, by the two states of the ledger alone."""
    found: dict[str, set[str]] = {}
    for id in before.keys() | after.keys():
        was, stands = _news(before.get(id)), _news(after.get(id))
        group = _happened(was, stands)
        if group:
            found.setdefault(group, set()).add(id)
    return found


def _news(visit: LedgerVisit | None) -> LedgerVisit | None:
    return visit if visit is not None and visit.focus else None


def _happened(was: LedgerVisit | None, stands: LedgerVisit | None) -> str:
    if stands is None:
        return "taken back" if was else ""
    if was is not None and _facts(was) == _facts(stands):
        return "confirmed" if stands.sources_independent > was.sources_independent else ""
    if stands.status in OFF:
        return "off"
    return "changed" if was else "new"


def _facts(visit: LedgerVisit) -> tuple[object, ...]:
    return visit.status, days(visit.dates), visit.destination.country, visit.visitor.name


def by_story(standing: Standing, prefix: str) -> set[str]:
    """The visits that only stories with such names report."""
    return {id for id, one in standing.items() if all(report.uri.startswith(prefix) for report in one.reports)}


async def on_page(house: House) -> dict[str, set[str]]:
    """What the page of changes shows, by group, in one scroll."""
    page = (await house.ask("/changes", all="true")).text
    found = {}
    for part in page.split('<section aria-labelledby="g-')[1:]:
        name = re.search(r"<h2[^>]*>([\w ]+) <span", part)
        assert name is not None
        found[name[1].strip().lower()] = set(re.findall(r'id="change-([^"]+)"', part))
    return found


async def in_agenda(house: House) -> set[str]:
    """The visits of the calendar's agenda from today on, page by page."""
    found, day = set[str](), ""
    while True:
        page = (await house.ask("/calendar", view="agenda", **({"day": day} if day else {}))).text
        agenda = page.partition('aria-label="Agenda"')[2].partition("<aside>")[0]
        found |= set(re.findall(r'href="/visits/([^"?]+)"', agenda))
        later = re.search(r'day=(\d{4}-\d\d-\d\d)">Later', agenda)
        if later is None:
            return found
        day = later[1]


async def every_visit(house: House) -> Standing:
    found: Standing = {}
    cursor = None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = (await house.ask("/api/v1/visits", background="true", limit=200, **more)).json()
        found |= {one["id"]: LedgerVisit.model_validate(one) for one in page["items"]}
        if (cursor := page["next"]) is None:
            return found


def exact(visit: LedgerVisit) -> tuple[date, date] | None:
    to_the_day = visit.dates is not None and visit.dates.precision in (Precision.DAY, Precision.NONE)
    return days(visit.dates) if to_the_day else None


async def say_by_hand(house: House, standing: Standing) -> set[str]:
    """The night editor corrects two visits, dismisses one, takes one word back, and makes two one: these."""
    ids = sorted(id for id, one in standing.items() if one.focus and one.status not in (*OFF, VisitStatus.UNDER_WAY))
    moved, called_off, dismissed, undone, one, same = ids[:6]
    hands = "/api/v1/visits/{}/hands".format
    await house.send(hands(moved), {"act": "correct", "right": {"start": "2027-02-01", "end": "2027-02-03"}})
    await house.send(hands(called_off), {"act": "correct", "right": {"status": "cancelled"}, "note": "By phone."})
    await house.send(hands(dismissed), {"act": "dismiss", "note": "A satire."})
    said = await house.send(hands(undone), {"act": "correct", "right": {"status": "postponed"}})
    await asyncio.to_thread(house.board.delete, f"/api/v1/hands/{said.json()['id']}")
    await house.send(hands(one), {"act": "merge", "other": same})
    return {one, same}


async def morning(house: House, before: Standing, merged: set[str]) -> None:
    after = house.standing()
    merged -= after.keys()
    assert len(merged) == 1  # the one that went
    held, old = by_story(after, "held-"), by_story(after, "old-")
    assert (len(held), len(old)) == (3, 3)
    want = expected(before, after)
    want = {group: ids - held - old - merged for group, ids in want.items()}
    assert await on_page(house) == want
    assert min(len(ids) for ids in want.values()) >= 3
    (digest,) = house.digests
    mailed = {group: {one.subject for one in told} for group, told in digest.groups.items()}
    assert mailed == {group: ids for group, ids in want.items() if group != "confirmed"}
    for told in digest.events:
        stands = after.get(told.subject, told.data.visit)
        assert _facts(told.data.visit) == _facts(stands)
    assert await every_visit(house) == after
    near = {id: when for id, one in after.items() if one.focus and one.status not in OFF and (when := exact(one))}
    assert {one.id for one in digest.today} == {id for id, (first, last) in near.items() if first <= TODAY <= last}
    week = TODAY + timedelta(days=6)
    assert {one.id for one in digest.week} == {id for id, (first, _) in near.items() if TODAY < first <= week}
    ahead = {id for id, one in after.items() if one.focus and (when := exact(one)) and when[1] >= TODAY}
    assert await in_agenda(house) == ahead
    made = Calendar.from_ical((await house.ask("/visits.ics", vague=True)).content)
    dated = {id: when for id, one in after.items() if one.focus and (when := days(one.dates))}
    events = {str(one["uid"]).removesuffix("@visitwire"): one for one in made.walk("VEVENT")}
    ends = {id: (one["dtstart"].dt, one["dtend"].dt - timedelta(days=1)) for id, one in events.items()}
    assert ends == dated
    assert {id for id, one in events.items() if one["status"] == "CANCELLED"} >= {
        id for id in dated if after[id].status is VisitStatus.CANCELLED
    }


async def when_the_embargo_ends(house: House) -> None:
    """What was held comes then, to who had read everything before."""
    told = (await house.ask("/api/v1/me/changes")).json()
    await house.send("/api/v1/me/read", {"upto": told["upto"], "until": told["until"]})
    assert await on_page(house) == {}
    house.set(SEVEN + timedelta(hours=2, minutes=30))
    assert set[str]().union(*(await on_page(house)).values()) == by_story(house.standing(), "held-")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_at_seven_the_pages_and_the_digest_agree_with_the_ledger_to_the_last_visit(seed: int, tmp_path: Path) -> None:
    digests: list[DigestMessage] = []

    async def mailed(_end: Endpoint, told: Sequence[Alert]) -> Outcome:
        assert isinstance(told, DigestMessage)
        digests.append(told)
        return Outcome(Result.DELIVERED)

    async def scenario() -> None:
        settings = settings_for(f"sqlite:///{tmp_path / 'visitwire.sqlite'}", tmp_path, gateway_rate=10**6)
        clock = Clock(EVENING - timedelta(hours=2) - datetime.now(UTC))
        async with open_office(settings, channels={"email": mailed}, clock=clock) as office:
            for house in furnished(office, digests, seed):
                await a_day(house)

    asyncio.run(scenario())


def furnished(office: Office, digests: list[DigestMessage], seed: int) -> Iterator[House]:
    """With the board open."""
    engine, ledger = open_database(office.settings.gateway_database.get_secret_value()), open_alerting(office.settings)
    app = create_app(office.settings, engine, Around(ledger=ledger, clock=office.clock))
    feed = Intake(engine, app.state.gateway.live.hear, office.clock)
    with TestClient(app, base_url="http://localhost", client=("127.0.0.1", 5)) as board:
        yield House(office, ledger, board, feed, Night(Random(seed)), digests)
    feed.close()
    ledger.engine.dispose()
    engine.dispose()


async def a_day(house: House) -> None:
    night, begin = house.night, EVENING - timedelta(hours=1)
    for number in range(60):
        at = begin + timedelta(seconds=50 * number)
        house.enter(night.news(at) if number < 40 else night.next(at), at)
    house.set(EVENING)
    await house.settled()
    assert (await house.ask("/")).url.path == "/"
    told = (await house.ask("/api/v1/me/changes")).json()
    await house.send("/api/v1/me/read", {"upto": told["upto"], "until": told["until"]})
    house.office.subscribe(channels=[{"kind": "email", "to": ["desk@paper.test"]}], digest={"at": "07:00"})
    before = house.standing()
    for number in range(STORIES - 6):
        at = EVENING + timedelta(minutes=1, seconds=148 * number)
        house.enter(night.next(at), at)
    for number in range(3):
        at = EVENING + timedelta(hours=12, minutes=10 + number)
        house.enter(night.fresh(at - timedelta(days=5), "old"), at)
        held = night.fresh(at, "held")
        embargo = held.story.model_copy(update={"embargoed": SEVEN + timedelta(hours=2)})
        house.enter(held.model_copy(update={"story": embargo}), at)
    await house.settled()
    merged = await say_by_hand(house, _both(before, house.standing()))
    await house.settled()
    house.set(SEVEN + timedelta(seconds=30))
    await until(lambda: house.digests)
    assert (await house.ask("/")).url.path == "/changes"
    await morning(house, before, merged)
    await when_the_embargo_ends(house)


def _both(before: Standing, now: Standing) -> Standing:
    """What stood in the evening and stands in the same state."""
    return {id: one for id, one in now.items() if id in before and _facts(before[id]) == _facts(one)}
