"""A story's word on one visit, with what the ledger needs to recognise that visit elsewhere."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property, lru_cache

from visitwire_schemas import (
    Announcer,
    Destination,
    EnrichedStory,
    Entity,
    Message,
    Party,
    Report,
    Revision,
    Story,
    Visit,
)

from visitwire_alerting.ledger.fold.name_matching import office, tokens
from visitwire_alerting.ledger.fold.visitor_form import Form

LONGEST_SENTENCE = 2_000
"""Characters of evidence kept; a wire without line breaks would otherwise bring its whole story along."""


type Order = tuple[datetime, str, int]
"""Publication time, then something that never ties."""


class Sighting(Message):
    """A report, and the parts of the visit as this story gives them."""

    report: Report
    visitor: Party
    destination: Destination
    host: Party | None = None
    office: str | None = None
    """The visitor's office, as `names.office` normalises it."""
    wikidata: str | None = None
    correction: bool = False
    ordinal: int = 0
    """Which of the story's visits it is."""
    quotes: tuple[int, ...] = ()
    """Which of the story's quotes say it."""

    @cached_property
    def story(self) -> str:
        return self.report.story

    @cached_property
    def order(self) -> Order:
        return self.report.published, self.story, self.ordinal

    @cached_property
    def where(self) -> str:
        """The country; the words for the place after "?", where the story names none."""
        return self.destination.country or f"?{(self.destination.place or '').casefold()}"

    @cached_property
    def form(self) -> Form:
        return Form(
            where=self.where,
            names=tokens(self.visitor.name or ""),
            country=self.visitor.country,
            office=self.office,
            wikidata=self.wikidata,
        )


@lru_cache(maxsize=2_048)
def read_sighting(body: str) -> Sighting:
    """A report as the ledger keeps it. It is read with every story that may be about its visitor."""
    return Sighting.model_validate_json(body)


def sightings(enriched: EnrichedStory) -> tuple[Sighting, ...]:
    """Everything that a story says about visits, in its order."""
    entities = {entity.id: entity for entity in enriched.entities}
    return tuple(_sighting(enriched.story, visit, entities, ordinal) for ordinal, visit in enumerate(enriched.visits))


def _sighting(story: Story, visit: Visit, entities: Mapping[str, Entity], ordinal: int) -> Sighting:
    who = entities.get(visit.visitor.entity or "")
    return Sighting(
        report=Report(
            provider=story.provider,
            uri=story.uri,
            version=story.version,
            published=story.published.astimezone(UTC),
            headline=story.headline,
            status=visit.status,
            dates=visit.dates,
            announced_by=_announcer(story, visit.announced_by, entities),
            sentence=sentence(story.text, visit),
            focus=visit.focus,
            confidence=visit.confidence,
            readers=visit.readers,
            differs=visit.differs,
            same_as=story.same_as,
            embargoed=story.embargoed,
        ),
        visitor=visit.visitor,
        destination=visit.destination,
        host=visit.host,
        office=office(
            visit.visitor.label or (who.office if who else None),
            who.office_kind if who else None,
            who.office_standing if who else None,
        ),
        wikidata=who.wikidata if who else None,
        correction=story.revision is Revision.CORRECTION,
        ordinal=ordinal,
        quotes=tuple(sorted({said.quote for said in visit.evidence if said.quote is not None})),
    )


def _announcer(story: Story, word: Announcer | None, entities: Mapping[str, Entity]) -> Announcer | None:
    """With what the story knows of whose word it is: away from it, an entity's id alone says nothing."""
    who = entities.get(word.entity or "") if word else None
    if word is None or who is None:
        return word
    told = {"story": story.key, "kind": who.kind, "country": who.country, "wikidata": who.wikidata}
    return word.model_copy(update=told)


def sentence(text: str, visit: Visit) -> str:
    """The words that decided it: the visit's first evidence, or "" when it gives none."""
    if not visit.evidence:
        return ""
    first = visit.evidence[0]
    return text[first.start : first.end].strip()[:LONGEST_SENTENCE]
