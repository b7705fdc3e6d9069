"""From candidates to visits: pairs that are likely enough, each with status, dates, source, focus and confidence.

Language-free: everything it looks at is in the candidates, the entities and the story's own fields, and it is tested
with hand-made candidates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from visitwire_schemas import (
    Announcer,
    Destination,
    EnrichedStory,
    Entity,
    EntityKind,
    Evidence,
    Party,
    Visit,
    VisitDates,
    VisitStatus,
)

from visitwire_visits.candidate import HOPELESS, Candidate
from visitwire_visits.resolve.agreement import Opinion, about, differences, opinions_of, together
from visitwire_visits.resolve.choose import (
    FORWARD,
    Now,
    asked,
    focus_evidence,
    settled_by,
    source_choices,
    status_evidence,
)
from visitwire_visits.resolve.dating import date_choices, likeliest
from visitwire_visits.resolve.pairs import Pair, likelihood, pairs_of, with_companions
from visitwire_visits.resolve.refusals import against
from visitwire_visits.resolve.salience import Salience
from visitwire_visits.weights import Weights, probability

_SETTLED = 2.0
"""What plain words of asking, accepting, calling off or putting off weigh, in log-odds.

Too few stories tell of them to fit it; 2.0 was best of 0, 1.2, 2.5 and 4 for alerts on stories left out.
"""
_STATELESS = 0.75
"""The likelihood that a visitor of no known country needs."""


@dataclass(frozen=True)
class Context:
    """What the resolver knows of the story beside the candidates."""

    entities: Mapping[str, Entity]
    today: date | None = None
    country: str | None = None
    """The country that the story is filed from."""
    headline: str = ""
    readers: tuple[str, ...] = ()
    """Who read the story; empty: whoever gave candidates."""
    newcomers: frozenset[str] = frozenset()
    """Those of `entities` that are not among the story's own."""

    @cached_property
    def salience(self) -> Salience:
        return Salience(self.entities, self.headline)

    @property
    def now(self) -> Now:
        return Now(self.today.isoformat() if self.today else None, self.country)


@dataclass(frozen=True)
class Finding:
    """A pair and how likely it is a visit, with the visit where it is likely enough."""

    pair: Pair
    likelihood: float
    visit: Visit | None
    against: str | None = None
    """Why it is no visit, however likely."""


@dataclass(frozen=True)
class Resolver:
    """Weights by what they decide: "visit", "status.<status>", "date", "source", "focus"; and the thresholds."""

    weights: Mapping[str, Weights] = field(default_factory=Weights.all_shipped)

    def resolve(self, candidates: Sequence[Candidate], context: Context) -> list[Finding]:
        """Every pair with its likelihood, likeliest first; those above the threshold as visits."""
        pairs = pairs_of(candidates, context.entities, context.today)
        opinions = opinions_of(
            candidates,
            pairs,
            lambda own: pairs_of(own, context.entities, context.today),
            lambda reader, own: self._likelihoods(reader, own, context),
        )
        heard = [about(pair, opinions[pair.key]) for pair in pairs]
        rated = [(pair, together(those), those) for pair, those in zip(pairs, heard, strict=True)]
        told = [pair for pair, likely, _ in rated if likely >= self._threshold("visit")]
        found = []
        for pair, likely, those in rated:
            visit, reason = None, self._against(pair, likely, told)
            if likely >= self._threshold("visit") and reason is None:
                visit = self._visit(pair, pairs, likely, context).model_copy(update=self._word(those, context))
            found.append(Finding(pair, likely, visit, reason))
        return found

    def _against(self, pair: Pair, likely: float, told: Sequence[Pair]) -> str | None:
        """What forbids a visit that is likely; None where nothing does, or where it is not likely."""
        if likely < self._threshold("visit"):
            return None
        return "the story does not tell their country" if likely < self._needed(pair) else against(pair, told)

    def _likelihoods(self, reader: str, pairs: Sequence[Pair], context: Context) -> list[float]:
        """How likely each of a reader's own pairs is, by that reader's weights."""
        weights = self.weights.get(f"visit.{reader}", self.weights["visit"])
        alone = [
            likelihood(pair, pairs, context.salience, weights) if pair.best.odds > HOPELESS else 0.0 for pair in pairs
        ]
        return with_companions(pairs, alone)

    def _word(self, opinions: Sequence[Opinion], context: Context) -> dict[str, tuple[str, ...]]:
        """Which readers find the visit, and what those who read the story do not agree about."""
        spoke = context.readers or tuple(one.reader for one in opinions)
        if len(spoke) == 1:
            return {"readers": spoke, "differs": ()}
        told: dict[str, tuple[VisitStatus, tuple[str | None, ...]]] = {}
        for one in opinions:
            if one.likelihood >= self._needed(one.pair):
                status = self._status(one.pair, context.now, one.pairs)
                dates = self._dates(one.pair, status, context.now)
                told[one.reader] = status, (dates.start, dates.end) if dates else ()
        finders = set(told) or {one.reader for one in opinions}
        return {"readers": tuple(name for name in spoke if name in finders), "differs": differences(spoke, told)}

    def _needed(self, pair: Pair) -> float:
        """Of whom the story does not tell the country, nobody knows what is abroad: more must speak for a visit."""
        return self._threshold("visit") if pair.visitor.country else max(_STATELESS, self._threshold("visit"))

    def _threshold(self, name: str) -> float:
        return self.weights[name].threshold

    def _visit(self, pair: Pair, pairs: Sequence[Pair], likely: float, context: Context) -> Visit:
        status = self._status(pair, context.now, pairs)
        visitor = party_of(pair.visitor)
        if pair.visitor.id in context.newcomers:
            visitor = visitor.model_copy(update={"entity": None})
        return Visit(
            visitor=visitor,
            destination=Destination(country=pair.country, place=pair.place),
            host=self._host(pair, context),
            status=status,
            dates=self._dates(pair, status, context.now),
            announced_by=self._source(pair, status),
            evidence=evidence_of(pair),
            focus=self._focus(pair, pairs, status, context),
            confidence=round(likely, 2),
        )

    def _status(self, pair: Pair, now: Now, pairs: Sequence[Pair] = ()) -> VisitStatus:
        evidence = status_evidence(pair, now, pairs)
        odds = {status: self.weights[f"status.{status.value}"].odds((), evidence) for status in VisitStatus}
        told = settled_by(pair)
        if told is not None:
            odds[told] += _SETTLED if told in FORWARD else _SETTLED / 2
        return max(odds, key=lambda status: odds[status])

    def _dates(self, pair: Pair, status: VisitStatus, now: Now) -> VisitDates | None:
        weights = self.weights["date"]
        chosen = likeliest(date_choices(pair, status, now.today), weights)
        if chosen is None or probability(chosen[0]) < weights.threshold:
            return None
        _, read, days = chosen
        return VisitDates(text=read.text, start=days.start, end=days.end, precision=days.precision)

    def _source(self, pair: Pair, status: VisitStatus) -> Announcer | None:
        weights = self.weights["source"]
        choices = [(weights.odds((), evidence), source) for source, evidence in source_choices(pair, status)]
        if not choices:
            return None
        odds, source = max(choices, key=lambda choice: choice[0])
        return source.announcer if probability(odds) >= weights.threshold else None

    def _focus(self, pair: Pair, pairs: Sequence[Pair], status: VisitStatus, context: Context) -> bool:
        weights = self.weights["focus"]
        evidence = focus_evidence(pair, pairs, status, headline_of(pair, context))
        return probability(weights.odds((), evidence)) >= weights.threshold

    def _host(self, pair: Pair, context: Context) -> Party | None:
        for reading in asked(pair):
            for filler in reading.candidate.hosts:
                if filler.entity != pair.visitor.id:
                    return party_of(context.entities[filler.entity])
        return None


def headline_of(pair: Pair, context: Context) -> dict[str, bool]:
    """Whether the headline names the visitor and the destination."""
    headline = context.headline.lower()
    visitor = pair.visitor.name.split()[-1].lower() if pair.visitor.named else "\0"
    places = [
        pair.place or "\0",
        *(e.name for e in context.entities.values() if e.kind is EntityKind.COUNTRY and e.country == pair.country),
    ]
    return {
        "given": bool(headline),
        "visitor": visitor in headline,
        "destination": any(place.lower() in headline for place in places),
    }


def party_of(entity: Entity) -> Party:
    """A person by name and office; a role or a delegation by its words."""
    if entity.kind is EntityKind.PERSON and entity.named:
        return Party(entity=entity.id, name=entity.name, label=entity.office, country=entity.country)
    return Party(entity=entity.id, label=entity.office or entity.name, country=entity.country)


def evidence_of(pair: Pair) -> tuple[Evidence, ...]:
    """The sentences that tell of it, each once, in text order, with the frame that speaks for it most."""
    found: dict[int, Evidence] = {}
    for reading in asked(pair):
        candidate = reading.candidate
        found.setdefault(
            candidate.evidence.start,
            Evidence(
                start=candidate.evidence.start, end=candidate.evidence.end, quote=candidate.quote, frame=candidate.rule
            ),
        )
    return tuple(found[start] for start in sorted(found))


def context_of(story: EnrichedStory, today: date | None, country: str | None) -> Context:
    """What the resolver is told of a story."""
    return Context({entity.id: entity for entity in story.entities}, today, country, story.story.headline or "")


def joined_by(context: Context, candidates: Sequence[Candidate], readers: tuple[str, ...] = ()) -> Context:
    """The context with those whom a reader found beside the story's entities, and with who read it."""
    newcomers = {entity.id: entity for candidate in candidates for entity in candidate.newcomers}
    return replace(context, entities={**context.entities, **newcomers}, readers=readers, newcomers=frozenset(newcomers))
