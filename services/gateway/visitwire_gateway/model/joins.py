"""Which visits of the ledger the stories and quotes of a page are about."""

from collections.abc import Collection

from sqlalchemy import Engine, select
from visitwire_schemas import EnrichedStory, StoryReports

from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.sql_tables import JOINED


def joins(engine: Engine, stories: Collection[str]) -> dict[str, StoryReports]:
    """What these stories report, by key; without those that report nothing."""
    with reading(engine) as connection:
        bodies = connection.scalars(select(JOINED.c.body).where(JOINED.c.story.in_(stories))).all()
    found = [StoryReports.model_validate_json(body) for body in bodies]
    return {one.key: one for one in found}


def visits_by_place(story: EnrichedStory, told: StoryReports | None) -> list[str | None]:
    """For each of the story's visits, the id of the ledger's; None where there is none, or none yet of this version."""
    fits = told is not None and told.version == story.story.version
    by_place = {one.index: one.visit for one in told.reports} if told and fits else {}
    return [by_place.get(place) for place in range(len(story.visits))]


def visits_said(told: StoryReports | None, quote: int) -> list[str]:
    """The ids of the visits that a quote of the story says, by its place."""
    return list(dict.fromkeys(one.visit for one in told.reports if quote in one.quotes)) if told else []
