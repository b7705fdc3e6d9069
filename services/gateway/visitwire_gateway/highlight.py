"""A story's text cut where an entity, a quote or a visit's evidence begins or ends, so that a page can mark them all.

Spans may overlap in any way; a segment knows everything that covers it. Depends on the messages alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from visitwire_schemas import EnrichedStory


@dataclass(frozen=True)
class Mark:
    """A span of the text and what it is: `kind` entity, quote, cue, source or visit; `ref` "e3", "q0", "v1"."""

    kind: str
    ref: str
    start: int
    end: int


@dataclass(frozen=True)
class Segment:
    text: str
    marks: tuple[Mark, ...] = ()
    begins: tuple[str, ...] = ()
    """The refs that begin here for the first time in the text, so that links have somewhere to lead."""

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(mark.kind for mark in self.marks)

    @property
    def refs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(mark.ref for mark in self.marks))


def marks(enriched: EnrichedStory) -> list[Mark]:
    """Every span worth marking, by its place in the text."""
    found = [
        Mark("entity", entity.id, mention.start, mention.end)
        for entity in enriched.entities
        for mention in entity.mentions
    ]
    for number, quote in enumerate(enriched.quotes):
        for kind, spans in (("quote", quote.content), ("cue", quote.cue), ("source", quote.source)):
            found += [Mark(kind, f"q{number}", span.start, span.end) for span in spans]
    for number, visit in enumerate(enriched.visits):
        found += [Mark("visit", f"v{number}", span.start, span.end) for span in visit.evidence]
    size = len(enriched.story.text)
    return sorted(
        (mark for mark in found if 0 <= mark.start < mark.end <= size), key=lambda mark: (mark.start, -mark.end)
    )


def paragraphs(enriched: EnrichedStory) -> Iterator[tuple[Segment, ...]]:
    """The lines of the text, each cut into segments; empty lines are left out."""
    text, known = enriched.story.text, marks(enriched)
    begun: set[str] = set()
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line.strip():
            here = [mark for mark in known if mark.start < end and mark.end > start]
            yield tuple(_segments(text, start, end, here, begun))
        start = end + 1


def _segments(text: str, start: int, end: int, here: list[Mark], begun: set[str]) -> Iterator[Segment]:
    cuts = {start, end}
    for mark in here:
        cuts |= {max(start, mark.start), min(end, mark.end)}
    bounds = sorted(cuts)
    for first, last in pairwise(bounds):
        over = tuple(mark for mark in here if mark.start <= first and mark.end >= last)
        fresh = tuple(dict.fromkeys(mark.ref for mark in over if mark.ref not in begun))
        begun.update(fresh)
        yield Segment(text[first:last], over, fresh)
