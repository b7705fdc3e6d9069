"""Everything the frames look at in one story, and what they find."""

from dataclasses import dataclass, field

from visitwire_language.time import mentions as dates
from visitwire_language.time.mentions import Expression
from visitwire_language.time.period import Period
from visitwire_schemas import EnrichedStory, Parse, VisitStatus

from visitwire_visits.figure import Figure
from visitwire_visits.lexicon import Frame, Lexicon
from visitwire_visits.people import Cast
from visitwire_visits.places import Atlas
from visitwire_visits.reading import Reading, Spot


@dataclass(frozen=True)
class Sighting:
    """One report of one visit by one frame: the words, and what they say."""

    frame: str
    trigger: int
    visitor: Figure | None
    spot: Spot | None
    host: Figure | None = None
    status: VisitStatus | None = None
    strength: int = 0
    """0 not told, 1 guessed from the place, 2 from a date, 3 from a loose tense, 4 from the words, 5 fixed by them."""
    when: Expression | None = None
    period: Period | None = None
    earlier: bool = False
    """Another occasion than the one that is news: "his last visit", "the first visit since"."""
    shared: bool = False
    """One of several countries of a trip, not the first: the trip's dates are wider than this visit's."""
    whole: bool = True
    """Its date is the visit's; False where it is only a day on which the visitor is there (a meeting, a speech)."""
    last: bool = False
    """Its date is the last day of the visit: "left Rome on Friday", "wraps up his visit on Monday"."""
    kept: bool = False
    """Told not to be cancelled or put off, whatever was reported."""
    aside: bool = False
    """Told beside something else: "during a visit", "before he leaves"."""


@dataclass(frozen=True)
class Refusal:
    """A frame that fired and reports no visit, and why."""

    frame: str
    trigger: int
    why: str


@dataclass
class Scene:
    """One story, read for the frames. Sightings and refusals gather in text order."""

    reading: Reading
    lexicon: Lexicon
    atlas: Atlas
    cast: Cast
    refusals: list[Refusal] = field(default_factory=list)
    prepositions: dict[int, list[int]] = field(default_factory=dict)
    """Kept by trigger, as every slot asks for them."""
    _expressions: dict[int, list[Expression]] = field(default_factory=dict)

    def refuse(self, frame: Frame | str, trigger: int, why: str) -> None:
        self.refusals.append(Refusal(frame if isinstance(frame, str) else frame.name, trigger, why))

    def expressions_in(self, sentence: range) -> list[Expression]:
        """The expressions of time in a sentence; those of the dateline are none of the visit's."""
        if sentence.start not in self._expressions:
            start, end = self.reading.span(sentence)
            body = self.reading.prefix.end() if self.reading.prefix else 0
            self._expressions[sentence.start] = dates.find(self.reading.text, max(start, body), max(end, body))
        return self._expressions[sentence.start]

    def first_token(self, expression: Expression) -> int | None:
        """The token at which an expression of time begins."""
        tokens = self.reading.parse.within(expression.start, expression.end)
        return tokens[0] if tokens else None


def read(enriched: EnrichedStory, parse: Parse, lexicon: Lexicon) -> Scene:
    """Reads a story: places first, as the people's countries are read from them."""
    reading = Reading(enriched, parse)
    atlas = Atlas(reading, lexicon)
    return Scene(reading, lexicon, atlas, Cast(reading, lexicon, atlas))
