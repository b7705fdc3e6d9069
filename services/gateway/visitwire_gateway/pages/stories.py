"""Stories: the list, one with everything that was found in it, and the search of what was said."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from starlette.responses import HTMLResponse
from visitwire_schemas import EnrichedStory, LedgerVisit

from visitwire_gateway.api.shapes import QuoteFound, StoryHead, made
from visitwire_gateway.api.stories import like, same
from visitwire_gateway.dependencies import AtGateway
from visitwire_gateway.highlight import paragraphs
from visitwire_gateway.model.filters import Day
from visitwire_gateway.model.queries import providers, visits_of_story
from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.sql_tables import QUOTES, STORIES
from visitwire_gateway.model.story_queries import between, quotes_page, stories_page, story
from visitwire_gateway.pages.rendering import page

router = APIRouter(include_in_schema=False)

PAGE = 50


@router.get("/stories")
def stories(
    request: Request,
    gateway: AtGateway,
    q: Annotated[str, Query(max_length=200)] = "",
    provider: Annotated[str, Query(max_length=200)] = "",
    with_visits: bool = False,
    cursor: str | None = None,
) -> HTMLResponse:
    conditions = like(STORIES.c.headline, q) + same(STORIES.c.provider, provider)
    if with_visits:
        conditions.append(STORIES.c.visits > 0)
    with reading(gateway.engine):
        found, wires = (
            stories_page(gateway.engine, conditions, gateway.clock(), cursor, PAGE),
            providers(gateway.engine),
        )
    return page(
        request,
        "stories.html",
        stories=[made(StoryHead, row) for row in found.rows],
        next=found.next,
        providers=wires,
        asked={"q": q, "provider": provider, "with_visits": with_visits},
        kept=_kept({"q": q, "provider": provider, "with_visits": "true" if with_visits else ""}),
    )


@router.get("/stories/{key:path}")
def one_story(request: Request, gateway: AtGateway, key: str) -> HTMLResponse:
    with reading(gateway.engine):
        found, known = story(gateway.engine, key, gateway.clock()), visits_of_story(gateway.engine, key)
    if found is None:
        raise HTTPException(404, "There is no such story, or it is still under embargo.")
    return page(request, "story.html", enriched=found, story=found.story, **_layers(found, known))


def _layers(found: EnrichedStory, known: list[LedgerVisit]) -> dict[str, Any]:
    """What the story's templates ask: who is who, who says which quote, which quotes tell of which visit, who takes
    part in it, and which ledger visit it became."""
    entities = {entity.id: entity for entity in found.entities}
    said_by: dict[str, list[int]] = {}
    for number, quote in enumerate(found.quotes):
        if quote.speaker:
            said_by.setdefault(quote.speaker, []).append(number)
    told_in: dict[int, list[int]] = {}
    takes_part: dict[str, list[int]] = {}
    for number, visit in enumerate(found.visits):
        for quote_number in dict.fromkeys(one.quote for one in visit.evidence if one.quote is not None):
            told_in.setdefault(quote_number, []).append(number)
        parties = (visit.visitor, visit.host, visit.announced_by)
        for entity_id in dict.fromkeys(party.entity for party in parties if party and party.entity):
            takes_part.setdefault(entity_id, []).append(number)
    shown = sorted(found.entities, key=lambda entity: (-entity.salience, -len(entity.mentions)))
    ledger = [
        next((one for one in known if one.destination.country == visit.destination.country), None)
        if len(found.visits) > 1
        else (known[0] if known else None)
        for visit in found.visits
    ]
    return {
        "paragraphs": list(paragraphs(found)),
        "entities": entities,
        "shown": shown,
        "said_by": said_by,
        "told_in": told_in,
        "takes_part": takes_part,
        "ledger": ledger,
    }


@router.get("/quotes")
def quotes(
    request: Request,
    gateway: AtGateway,
    q: Annotated[str, Query(max_length=200)] = "",
    speaker: Annotated[str, Query(max_length=200)] = "",
    about: Annotated[str, Query(max_length=200)] = "",
    since: Day = None,
    until: Day = None,
    cursor: str | None = None,
) -> HTMLResponse:
    """Who said what about whom."""
    conditions = like(QUOTES.c.speaker, speaker) + like(QUOTES.c.about, about)
    conditions += between(QUOTES.c.published, _midnight(since), _midnight(until))
    found = quotes_page(gateway.engine, q, conditions, gateway.clock(), (cursor, PAGE))
    asked = {"q": q, "speaker": speaker, "about": about, "since": since or "", "until": until or ""}
    return page(
        request,
        "quotes.html",
        quotes=[made(QuoteFound, row) for row in found.rows],
        next=found.next,
        asked=asked,
        kept=_kept({"q": q, "speaker": speaker, "about": about, "since": _instant(since), "until": _instant(until)}),
    )


def _kept(asked: dict[str, str]) -> dict[str, str]:
    """What is asked for, as the API's file of all of it takes it."""
    return {name: value for name, value in asked.items() if value} | {"format": "csv"}


def _instant(day: date | None) -> str:
    midnight = _midnight(day)
    return midnight.isoformat() if midnight else ""


def _midnight(day: date | None) -> datetime | None:
    """The day's beginning in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
