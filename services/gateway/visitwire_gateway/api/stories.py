"""Stories, and who said what about whom in them."""

from collections.abc import Sequence
from functools import partial
from itertools import batched
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from sqlalchemy import ColumnElement, func
from visitwire_schemas import EntityKind, QuoteKind

from visitwire_gateway.api.shapes import (
    PROBLEMS,
    Cursor,
    EntityFound,
    Limit,
    QuoteFound,
    Since,
    StoryHead,
    StorySeen,
    Until,
    made,
)
from visitwire_gateway.country_query import members
from visitwire_gateway.dependencies import Asking, AtGateway, Gateway
from visitwire_gateway.files.columns import of_quotes, of_stories
from visitwire_gateway.files.formats import FILES, Format, Wanted
from visitwire_gateway.files.sheet import answer
from visitwire_gateway.files.walk import PAGE, walked
from visitwire_gateway.model.filters import COUNTRY, Codes
from visitwire_gateway.model.joins import joins, visits_by_place, visits_said
from visitwire_gateway.model.paging import Page
from visitwire_gateway.model.sql_tables import ENTITIES, QUOTES, STORIES
from visitwire_gateway.model.story_queries import between, entities_page, quotes_page, stories_page, story

router = APIRouter(prefix="/api/v1", tags=["stories"], responses=PROBLEMS)

type Wires = Annotated[list[str], Query(max_length=50, description="Of any of these wires.")]
type Name = Annotated[str | None, Query(max_length=200, description="Words of the name.")]
type InStories = Annotated[
    list[str], Query(max_length=50, description="In any of these stories: by key, provider|uri.")
]
type Key = Annotated[str, Path(description="The story's key: provider|uri.")]


def like(column: Any, words: str | None) -> list[ColumnElement[bool]]:
    """That a text contains every word, whatever its case (of unaccented letters, in SQLite)."""
    return [func.lower(column).contains(word.lower(), autoescape=True) for word in (words or "").split()]


def same(column: Any, value: str | None) -> list[ColumnElement[bool]]:
    return [column == value] if value else []


def any_of(column: Any, values: Sequence[str]) -> list[ColumnElement[bool]]:
    return [column.in_([str(value) for value in values])] if values else []


def of(column: Any, countries: Sequence[str]) -> list[ColumnElement[bool]]:
    return [column.in_(sorted(members(countries)))] if countries else []


@router.get("/stories", response_model=Page[StoryHead], responses=FILES)
def stories(
    request: Request,
    gateway: AtGateway,
    who: Asking,
    wanted: Wanted,
    q: Annotated[str | None, Query(max_length=200, description="Words of the headline.")] = None,
    provider: Wires = [],  # noqa: B006
    with_visits: Annotated[bool, Query(description="Only stories with a visit in them.")] = False,
    since: Since = None,
    until: Until = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[StoryHead] | Response:
    """Stories in their latest version, the latest published first. Embargoed ones appear when the embargo is over. As
    CSV or Excel all that fit."""
    conditions = like(STORIES.c.headline, q) + any_of(STORIES.c.provider, provider)
    conditions += between(STORIES.c.published, since, until)
    if with_visits:
        conditions.append(STORIES.c.visits > 0)
    if wanted is not Format.JSON:
        rows = walked(partial(stories_page, gateway.engine, conditions, gateway.clock()))
        return answer(of_stories(gateway.url(request, "")), (made(StoryHead, row) for row in rows), wanted, "stories")
    found = stories_page(gateway.engine, conditions, gateway.clock(), cursor, limit)
    return Page(items=[made(StoryHead, row) for row in found.rows], next=found.next)


@router.get("/stories/{key:path}")
def one_story(gateway: AtGateway, who: Asking, key: Key) -> StorySeen:
    """One story with its entities, quotes and visits, and which of the ledger's visits these are."""
    found = story(gateway.engine, key, gateway.clock())
    if found is None:
        raise HTTPException(404, f"There is no story {key}.")
    known = visits_by_place(found, joins(gateway.engine, [key]).get(key))
    return StorySeen(**dict(found), ledger_visits=tuple(known))


@router.get("/quotes", response_model=Page[QuoteFound], responses=FILES)
def quotes(
    request: Request,
    gateway: AtGateway,
    who: Asking,
    wanted: Wanted,
    q: Annotated[
        str | None,
        Query(max_length=200, description='Words that occur in what is said, "a phrase" in quotation marks.'),
    ] = None,
    speaker: Annotated[str | None, Query(max_length=200, description="Words of the speaker's name.")] = None,
    about: Annotated[str | None, Query(max_length=200, description="Words of a name that occurs in it.")] = None,
    country: Annotated[Codes, Query(max_length=50, description=f"The speaker's: {COUNTRY}")] = [],  # noqa: B006
    kind: Annotated[list[QuoteKind], Query(max_length=10, description="Any of these kinds.")] = [],  # noqa: B006
    story: InStories = [],  # noqa: B006
    since: Since = None,
    until: Until = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[QuoteFound] | Response:
    """Who said what about whom, the latest first. As CSV or Excel all that fit."""
    conditions = like(QUOTES.c.speaker, speaker) + like(QUOTES.c.about, about)
    conditions += of(QUOTES.c.speaker_country, country) + any_of(QUOTES.c.kind, kind)
    conditions += any_of(QUOTES.c.story, story) + between(QUOTES.c.published, since, until)
    if wanted is not Format.JSON:
        rows = walked(lambda after, most: quotes_page(gateway.engine, q, conditions, gateway.clock(), (after, most)))
        said = (one for some in batched(rows, PAGE) for one in _said(gateway, some))
        return answer(of_quotes(gateway.url(request, "")), said, wanted, "quotes")
    found = quotes_page(gateway.engine, q, conditions, gateway.clock(), (cursor, limit))
    return Page(items=_said(gateway, found.rows), next=found.next)


def _said(gateway: Gateway, rows: Sequence[Any]) -> list[QuoteFound]:
    """Quotes, each with the visits that it says."""
    told = joins(gateway.engine, {row.story for row in rows})
    return [
        made(QuoteFound, row).model_copy(update={"visits": visits_said(told.get(row.story), row.number)})
        for row in rows
    ]


@router.get("/entities")
def entities(
    gateway: AtGateway,
    who: Asking,
    name: Name = None,
    kind: Annotated[list[EntityKind], Query(max_length=10, description="Any of these kinds.")] = [],  # noqa: B006
    country: Annotated[Codes, Query(max_length=50, description=f"Its country: {COUNTRY}")] = [],  # noqa: B006
    story: InStories = [],  # noqa: B006
    since: Since = None,
    until: Until = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[EntityFound]:
    """People, countries, organisations, places and events, story by story, the latest first."""
    conditions = like(ENTITIES.c.name, name) + any_of(ENTITIES.c.kind, kind)
    conditions += of(ENTITIES.c.country, country) + any_of(ENTITIES.c.story, story)
    conditions += between(ENTITIES.c.published, since, until)
    found = entities_page(gateway.engine, conditions, gateway.clock(), cursor, limit)
    return Page(items=[made(EntityFound, row) for row in found.rows], next=found.next)
