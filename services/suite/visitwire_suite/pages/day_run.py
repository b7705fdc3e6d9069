"""One invented story through the whole suite, with all that came of it on the way: what docs/day.md shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from visitwire_alerting.delivery.channels.webhook import webhook
from visitwire_alerting.service import open_alerting
from visitwire_alerting.stage import alerting
from visitwire_alerting.subscriptions.subscription_files import read
from visitwire_gateway.ics import CalendarHead, calendar
from visitwire_runtime import AnyStage
from visitwire_runtime.embedded import Produced, run
from visitwire_runtime.settings import Settings
from visitwire_schemas import (
    ALERTS,
    STORIES,
    STORIES_ENRICHED,
    STORIES_PARSED,
    STORIES_QUOTED,
    VISITS,
    WIRE_ITEMS,
    EnrichedStory,
    LedgerVisit,
    Record,
    Story,
)
from visitwire_visits.explain import Explanation

from visitwire_suite.readers import Embedded, explained
from visitwire_suite.seeds import seed_items
from visitwire_suite.stages import LANGUAGE, build

SEED = Path("seeds/wires/pacnews/2026-03-03T0730-kenya-japan-visit.xml")
"""From the root of the repository."""
SECRET = "whsec_QSBkYXkgd2l0aCBvbmUgc3Rvcnk6IG5vIHNlY3JldA=="
"""Signs the webhook on the page, where everybody can read it."""
SUBSCRIPTION = f"""\
id: tokyo
name: Presidents who come to Japan
filter:
  destination: [JP]
  office: [president]
channels:
  - kind: webhook
    url: https://desk.example/visits
    secret: {SECRET}
wait: 0
"""
BOARD = "https://visitwire.example"
A_SECOND = timedelta(seconds=1)
"""From the story's arrival to the time at which alerting's clock is stopped: every run gives the same page."""


@dataclass(frozen=True)
class Day:
    """What each topic carried, what explains it, and what left the house."""

    item: Record
    story: Story
    parsed: EnrichedStory
    quoted: EnrichedStory
    enriched: EnrichedStory
    why: Explanation
    visit: LedgerVisit
    alert: Record
    request: httpx.Request
    """As the webhook's receiver got it."""
    calendar: bytes


def live(root: Path, language: Sequence[AnyStage] | None = None) -> Day:
    """The day of the story `SEED` in the repository at `root`.

    `language` are the stages between ingestion and alerting, where somebody has them loaded. Raises `ValueError` where
    the story does not bring exactly one visit and one delivery.
    """
    with TemporaryDirectory(prefix="visitwire-day-") as folder:
        settings = Settings.model_construct(data_dir=Path(folder))  # the defaults, whatever this machine's environment
        [item] = [each for each in seed_items(root / SEED.parents[1]) if each.name == SEED.name]
        requests: list[httpx.Request] = []
        between = [build(name, settings) for name in LANGUAGE] if language is None else language
        last = _alerting(settings, item.received + A_SECOND, requests)
        produced = run([build("ingestion", settings), *between, last], [item], spool=settings.spool)
        return _day(produced, requests)


def _alerting(settings: Settings, at: datetime, requests: list[httpx.Request]) -> AnyStage:
    """The stage with its subscription. Its webhooks are made and signed as ever, and taken by a receiver in this
    process."""

    def receive(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(204)

    desk = open_alerting(settings)
    desk.subscribe(read(SUBSCRIPTION))
    desk.engine.dispose()
    send = webhook(httpx.MockTransport(receive), settings.delivery_timeout, lambda: at)
    return alerting(settings, clock=lambda: at, channels={"webhook": send})


def _day(produced: Produced, requests: list[httpx.Request]) -> Day:
    [item], [alert] = produced.records[WIRE_ITEMS.name], produced.records[ALERTS.name]
    [story], [visit], [request] = produced.messages(STORIES), produced.messages(VISITS), requests
    [parsed], [quoted] = produced.messages(STORIES_PARSED), produced.messages(STORIES_QUOTED)
    [enriched] = produced.messages(STORIES_ENRICHED)
    readers = Embedded()
    why = explained(readers, quoted, *readers.hear([quoted]))
    entry = calendar([visit], CalendarHead(BOARD, f"{BOARD}/visits.ics"))
    return Day(item, story, parsed, quoted, enriched, why, visit, alert, request, entry)
