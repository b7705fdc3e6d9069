"""The stage around a reader of another language: a second reader is a second implementation and no change elsewhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from visitwire_schemas import (
    STORIES_ENRICHED,
    STORIES_QUOTED,
    EnrichedStory,
    Entity,
    EntityKind,
    Mention,
    OfficeKind,
    Span,
    Story,
    VisitStatus,
)
from visitwire_visits.candidate import Candidate, Event, Filler, Goal, Told
from visitwire_visits.stage import find, visits, visits_of

from tests.helpers.factories import make_enriched, make_story

TEXT = "Le président Lucas Andrade se rendra en Inde mardi. La visite à Pékin est annulée."


@dataclass(frozen=True)
class ByPattern:
    """Reads French by one pattern, and needs no parse."""

    languages: frozenset[str] = frozenset({"fr"})
    name: str = "pattern"

    def read(self, story: EnrichedStory) -> Sequence[Candidate]:
        match = re.search(r"se rendra en", story.story.text)
        visitor = next(iter(entity for entity in story.entities if entity.kind is EntityKind.PERSON), None)
        country = next(iter(entity for entity in story.entities if entity.kind is EntityKind.COUNTRY), None)
        if match is None or visitor is None or country is None or country.country is None:
            return ()
        return (
            Candidate(
                event=Event.GOING,
                rule="se rendre",
                trigger=Span(start=match.start(), end=match.end()),
                evidence=Span(start=0, end=story.story.text.index(".") + 1),
                sentence=0,
                told=Told(time="ahead", form="ahead"),
                visitors=(Filler(visitor.id, 1.0),),
                destinations=(Goal(country.country, None, 1.0),),
                score=2.0,
                links={(visitor.id, country.country): (1.0, ("g=first|first",))},
            ),
        )


def entity(id: str, kind: EntityKind, name: str, country: str) -> Entity:
    start = TEXT.index(name)
    mentions = (Mention(start=start, end=start + len(name)),)
    office = OfficeKind.HEAD_OF_STATE if kind is EntityKind.PERSON else None
    return Entity(id=id, kind=kind, name=name, country=country, office_kind=office, mentions=mentions)


def french(**fields: str) -> EnrichedStory:
    story: Story = make_story(TEXT, **{"language": "fr"} | fields)
    people = entity("e1", EntityKind.PERSON, "Lucas Andrade", "BR"), entity("e2", EntityKind.COUNTRY, "Inde", "IN")
    return make_enriched(story, entities=people)


def test_a_reader_of_another_language_is_the_whole_change() -> None:
    stage = visits(ByPattern())
    [out] = stage.handle(french())
    [found] = out.visits

    assert (stage.name, stage.source, stage.sink) == ("visits", STORIES_QUOTED, STORIES_ENRICHED)
    assert (found.visitor.name, found.visitor.country, found.destination.country) == ("Lucas Andrade", "BR", "IN")
    assert found.status is VisitStatus.PLANNED
    assert [(TEXT[e.start : e.end], e.frame) for e in found.evidence] == [
        ("Le président Lucas Andrade se rendra en Inde mardi.", "se rendre")
    ]
    assert (out.parse, out.unread) == (None, None)


def test_what_the_reader_does_not_read_is_marked_and_gives_no_visits() -> None:
    english = find(french(language="en-GB"), ByPattern())
    assert (english.visits, english.unread) == ((), "en")


def test_a_story_of_unknown_language_is_read() -> None:
    story = french()
    silent = story.model_copy(update={"story": story.story.model_copy(update={"language": None})})
    assert [visit.destination.country for visit in visits_of(silent, ByPattern())] == ["IN"]


def test_the_mark_of_an_earlier_stage_stays() -> None:
    marked = make_enriched(make_story(TEXT, language="fr"), unread="fr")
    assert find(marked, ByPattern()) == marked
