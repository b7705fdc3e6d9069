"""Why a visit was found, and why others were not: made from the very run that the stage makes of a story."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from visitwire_schemas import EnrichedStory, ReadBy, Visit

from visitwire_visits.candidate import Candidate
from visitwire_visits.reader import Reader
from visitwire_visits.resolve.choose import asked
from visitwire_visits.resolve.pairs import Pair, PairReading, evidence_of
from visitwire_visits.resolve.resolver import Finding, context_of
from visitwire_visits.resolve.salience import Salience
from visitwire_visits.stage import Heard, findings, heard_by, unread_by
from visitwire_visits.weights import Weights

_WEIGHTIEST = 10
_OTHERS = 5
"""Pairs that did not become visits and are told nevertheless, likeliest first."""
_WORTH_TELLING = 0.02
"""The likelihood from which such a pair is told."""


@dataclass(frozen=True)
class Weighed:
    """A feature and what it adds, in log-odds."""

    feature: str
    weight: float


@dataclass(frozen=True)
class Because:
    """One place of the story that tells of a visit, and what its score is summed over."""

    frame: str
    word: str
    """The word that the frame fired on."""
    sentence: str
    told: str
    """How it is told: its tense, and what settles, doubts or negates it."""
    odds: float
    trigger: tuple[Weighed, ...]
    visitor: tuple[Weighed, ...]
    destination: tuple[Weighed, ...]
    together: tuple[Weighed, ...]


@dataclass(frozen=True)
class Found:
    """A visit and the readings that it was made of, likeliest first."""

    likelihood: float
    visit: Visit
    readings: tuple[Because, ...]


@dataclass(frozen=True)
class Passed:
    """Somebody and a place that the reader linked, but not as a visit, and what speaks against it."""

    visitor: str
    destination: str
    likelihood: float
    against: tuple[str, ...]
    readings: tuple[Because, ...]


@dataclass(frozen=True)
class Explanation:
    """All that the stage saw in one story."""

    uri: str
    headline: str | None
    unread: str | None
    """The story's language where the reader does not read it."""
    found: tuple[Found, ...]
    passed: tuple[Passed, ...]
    read_by: tuple[ReadBy, ...] = ()
    """Which readers spoke, and why others did not."""
    dropped: tuple[str, ...] = ()
    """What a reader said and was not believed, with the reason."""


def explain(story: EnrichedStory, reader: Reader, weights: Mapping[str, Weights] | None = None) -> Explanation:
    """What the stage sees in a story that still has its parse."""
    return explanation(story, heard_by(reader, story), story.unread or unread_by(reader, story), weights)


def explanation(
    story: EnrichedStory, heard: Heard, unread: str | None = None, weights: Mapping[str, Weights] | None = None
) -> Explanation:
    """What the stage sees in what was heard of a story that still has its parse."""
    rows = findings(story, heard, weights)
    teller = _Teller(story, [row.pair for row in rows], weights or Weights.all_shipped())
    others = [row for row in rows if row.visit is None and row.likelihood >= _WORTH_TELLING][:_OTHERS]
    return Explanation(
        uri=story.story.uri,
        headline=story.story.headline,
        unread=unread,
        found=tuple(
            Found(row.likelihood, row.visit, teller.readings(row.pair)) for row in rows if row.visit is not None
        ),
        passed=tuple(teller.passed(row) for row in others),
        read_by=heard.read_by,
        dropped=heard.dropped,
    )


class _Teller:
    """Puts the pairs of one story into words and figures."""

    def __init__(self, story: EnrichedStory, pairs: Sequence[Pair], weights: Mapping[str, Weights]) -> None:
        self._text, self._pairs = story.story.text, pairs
        self._reader, self._visit = weights["reader"], weights["visit"]
        self._salience: Salience = context_of(story, None, None).salience

    def readings(self, pair: Pair) -> tuple[Because, ...]:
        return tuple(self._because(pair, reading) for reading in asked(pair))

    def passed(self, finding: Finding) -> Passed:
        pair = finding.pair
        return Passed(
            visitor=f"{pair.visitor.name} ({pair.visitor.country or '?'})",
            destination=pair.destination,
            likelihood=finding.likelihood,
            against=tuple(self._against(finding)),
            readings=self.readings(pair)[:1],
        )

    def _against(self, finding: Finding) -> Iterable[str]:
        """Reasons, the weightiest first."""
        if finding.against is not None:
            yield finding.against
        yield from (reason for reason in finding.pair.best.candidate.against if reason != finding.against)
        named, values = evidence_of(finding.pair, self._pairs, self._salience)
        weighed = [Weighed(name, self._visit.of.get(name, 0.0)) for name in named]
        weighed += [
            Weighed(f"{name}={value:.1f}", self._visit.of.get(name, 0.0) * value) for name, value in values.items()
        ]
        worst = sorted((each for each in weighed if each.weight < 0), key=lambda each: each.weight)
        yield from (f"{each.feature} {each.weight:+.2f}" for each in worst[:_WEIGHTIEST])

    def _because(self, pair: Pair, reading: PairReading) -> Because:
        candidate = reading.candidate
        visitor = next(filler for filler in candidate.visitors if filler.entity == pair.visitor.id)
        return Because(
            frame=candidate.rule,
            word=self._text[candidate.trigger.start : candidate.trigger.end],
            sentence=" ".join(self._text[candidate.evidence.start : candidate.evidence.end].split()),
            told=manner(candidate),
            odds=reading.odds,
            trigger=self._weightiest(candidate.features),
            visitor=self._weightiest(visitor.features),
            destination=self._weightiest(reading.goal.features),
            together=self._weightiest(candidate.links[pair.key][1]),
        )

    def _weightiest(self, features: Iterable[str]) -> tuple[Weighed, ...]:
        known = [Weighed(name, self._reader.of[name]) for name in features if name in self._reader.of]
        return tuple(sorted(known, key=lambda each: -abs(each.weight))[:_WEIGHTIEST])


def manner(candidate: Candidate) -> str:
    """How a candidate is told, in a few words: "ahead, cancelled"."""
    told = candidate.told
    parts = [told.form or told.time, "" if told.modality == "sure" else told.modality, told.settled or ""]
    flags = {"negated": told.negated, "doubted": told.doubted, "earlier": told.earlier, "aside": told.aside}
    return ", ".join([part for part in parts if part] + [name for name, holds in flags.items() if holds])
