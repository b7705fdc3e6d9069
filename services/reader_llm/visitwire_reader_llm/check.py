"""Believes of a claim what the words of the story bear out, and drops the rest with the reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from visitwire_language.gazetteer.countries import is_home
from visitwire_schemas import Announcer, Entity, EntityKind, Mention, MentionForm, Span, VisitStatus
from visitwire_visits.candidate import Candidate, DateRead, Event, Filler, Goal, Settled, Source, Told

from visitwire_reader_llm.answer import Answer, Claim
from visitwire_reader_llm.copied_spans import find_words
from visitwire_reader_llm.dates import dates_in
from visitwire_reader_llm.page import PLACES, SOMEBODY, Page, country_in, is_party, people_in
from visitwire_reader_llm.rulings import contradicts, doubt, may_tell, may_tell_of_unknown, odds_of, tells_of_others

NAME = "llm"
"""What events call this reader."""
_SURE, _FOUND, _APART = 1.5, -0.5, -0.5
"""Log-odds of a claim that passes, set by hand and not fitted: no answers of a model were at hand to fit them on. Less
where the visitor was found in the words only, or the destination stands in another sentence."""
_MOST_WORDS = 14
"""Words of a visitor whom only the model found; more is a clause."""
_SETTLED: dict[VisitStatus, Settled] = {
    VisitStatus.INVITED: "invited",
    VisitStatus.ACCEPTED: "accepted",
    VisitStatus.UNDER_WAY: "started",
    VisitStatus.CONCLUDED: "ended",
    VisitStatus.POSTPONED: "postponed",
    VisitStatus.CANCELLED: "cancelled",
}


@dataclass(frozen=True)
class Dropped:
    """What was not believed. `reason` is one of a few words, for counting; `words` say it to people."""

    reason: str
    words: str


@dataclass
class Checked:
    """What is left of an answer."""

    candidates: list[Candidate] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)


class _Unbelieved(Exception):
    """The whole claim falls."""

    def __init__(self, reason: str, words: str) -> None:
        super().__init__(words)
        self.reason = reason


def check(answer: Answer, page: Page) -> Checked:
    """The claims that the story bears out, as candidates, and what was dropped of the others."""
    checked = Checked()
    if answer.misshapen:
        checked.dropped.append(Dropped("shape", f"{answer.misshapen} visits that are not of the shape asked for"))
    for number, claim in enumerate(answer.claims):
        try:
            checked.candidates.append(_Claimed(claim, page, number, checked.dropped).candidate())
        except _Unbelieved as why:
            checked.dropped.append(Dropped(why.reason, f"{claim}: {why}"))
    return checked


@dataclass
class _Claimed:
    """One claim under examination."""

    claim: Claim
    page: Page
    number: int
    dropped: list[Dropped]

    def candidate(self) -> Candidate:
        """The claim as a candidate. Raises `_Unbelieved`."""
        words, sentences = self._evidence()
        triggers = self.page.triggers_in(sentences)
        if not triggers:
            raise _Unbelieved("trigger", "no word of its evidence tells of a visit")
        visitor, is_new = self._visitor(sentences)
        goal, is_apart = self._goal(sentences)
        if is_home(visitor.country, goal.country):
            raise _Unbelieved("home", "nobody visits their own country")
        pair = visitor.id, goal.key
        is_known = not is_new and goal.key in self.page.places
        telling = [one for one in triggers if (may_tell(one, pair) if is_known else may_tell_of_unknown(one))]
        if not telling:
            raise _Unbelieved("trigger", "no word of its evidence tells of a visit of the two")
        if tells_of_others(pair, sentences, self.page):
            raise _Unbelieved("other", "its evidence tells of another visit")
        if is_known and (why := doubt(pair, visitor, sentences, self.page)) is not None:
            raise _Unbelieved("unlikely", why)
        if (told := contradicts(self.claim.status, pair, sentences, self.page)) is not None:
            raise _Unbelieved("status", f"its evidence says otherwise ({told})")
        best = max(telling, key=lambda one: odds_of(one, pair))
        odds = _SURE + (_FOUND if is_new else 0.0) + (_APART if is_apart else 0.0)
        return Candidate(
            event=Event.INVITATION if self.claim.status is VisitStatus.INVITED else Event.TRIP,
            rule=NAME,
            trigger=best.trigger,
            evidence=self.page.stretch(sentences),
            sentence=sentences.start,
            told=_told(self.claim),
            visitors=(Filler(visitor.id, 0.0),),
            destinations=(goal,),
            hosts=tuple(self._hosts(sentences, visitor)),
            dates=tuple(self._dates(sentences, best.trigger)),
            sources=tuple(self._sources(sentences)),
            quote=self._quote(words),
            score=odds,
            links={pair: (0.0, ("g=llm",))},
            reader=NAME,
            newcomers=(visitor,) if is_new else (),
        )

    def _drop(self, reason: str, words: str) -> None:
        """One field falls, not the claim."""
        self.dropped.append(Dropped(reason, f"{self.claim}: {words}"))

    def _evidence(self) -> tuple[Span, range]:
        words = find_words(self.page.text, self.claim.evidence)
        if words is None:
            raise _Unbelieved("evidence", f"its evidence is not in the story: {self.claim.evidence!r}")
        sentences = self.page.sentences_of(words)
        if not sentences or len(sentences) > 2:
            raise _Unbelieved("evidence", "its evidence is no sentence of the story")
        return words, sentences

    def _visitor(self, sentences: range) -> tuple[Entity, bool]:
        """Whoever travels, and whether only the words tell of them."""
        given = self.claim.visitor
        found = self.page.entity(given, SOMEBODY)
        words = self.page.find(given, sentences) if found is None else None
        if words is not None:
            found = self.page.named_at(words, (*SOMEBODY, *PLACES))
        if found is None and words is not None:
            return self._newcomer(words, sentences), True
        if found is None:
            raise _Unbelieved("visitor", "its visitor is nobody of the story")
        if found.kind not in SOMEBODY or (found.kind is EntityKind.ORGANIZATION and found.named):
            raise _Unbelieved("visitor", f"{found.name!r} is not somebody who travels")
        if not self.page.is_near(found, sentences):
            raise _Unbelieved("visitor", "its evidence does not speak of its visitor")
        return found, False

    def _newcomer(self, span: Span, sentences: range) -> Entity:
        """A group or role that the evidence names and extraction did not find."""
        words = " ".join(self.page.text[span.start : span.end].split())
        if len(words.split()) > _MOST_WORDS:
            raise _Unbelieved("visitor", "its visitor is a clause, and nobody")
        if not is_party(words) or not self.page.holds(sentences, span):
            raise _Unbelieved("visitor", f"{words!r} is no group or office that its evidence names")
        return Entity(
            id=f"{NAME}-{span.start}",
            kind=EntityKind.ORGANIZATION,
            name=words,
            country=people_in(words),
            named=False,
            mentions=(Mention(start=span.start, end=span.end, form=MentionForm.NOMINAL),),
        )

    def _goal(self, sentences: range) -> tuple[Goal, bool]:
        """The destination, and whether it stands in another sentence than the evidence."""
        given = self.claim.destination
        place = self.page.entity(given, PLACES)
        words = self.page.find(given, sentences) if place is None else None
        if words is not None:
            place = self.page.named_at(words, PLACES)
        if place is not None:
            return self._of_entity(place, sentences)
        known = country_in(given)
        if words is None or known is None:
            raise _Unbelieved("destination", "its destination is no place of the story")
        goal = Goal(known[0], None if known[1] else given.strip(), 0.0)
        is_apart = not self.page.holds(sentences, words)
        if is_apart and goal.key not in self.page.places:
            raise _Unbelieved("destination", "its evidence does not name its destination")
        return goal, is_apart

    def _of_entity(self, place: Entity, sentences: range) -> tuple[Goal, bool]:
        if not self.page.tells_of(place, sentences):
            raise _Unbelieved("destination", "nothing about its evidence speaks of its destination")
        is_apart = not any(self.page.holds(sentences, one) for one in place.mentions)
        name = None if place.kind is EntityKind.COUNTRY else place.name
        return Goal(place.country, name, 0.0), is_apart

    def _dates(self, sentences: range, trigger: Span) -> Iterator[DateRead]:
        if self.claim.date:
            yield from dates_in(self.claim.date, self.page, sentences, trigger, self._drop)

    def _hosts(self, sentences: range, visitor: Entity) -> Iterator[Filler]:
        if not self.claim.host:
            return
        host = self.page.entity(self.claim.host, (*SOMEBODY, EntityKind.COUNTRY))
        if host is None or host.id == visitor.id or not self.page.is_near(host, sentences):
            self._drop("host", "its host is nobody about the evidence")
        else:
            yield Filler(host.id, 0.0)

    def _sources(self, sentences: range) -> Iterator[Source]:
        """On whose word: an entity that is named about the evidence, or words that stand there."""
        given = self.claim.source
        if not given:
            return
        entity = self.page.entity(given, (*SOMEBODY, EntityKind.COUNTRY))
        if entity is not None and self.page.tells_of(entity, sentences):
            yield Source(_announcer(entity), (NAME,))
        elif entity is None and (words := self.page.find(given, sentences)) is not None:
            told = " ".join(self.page.text[words.start : words.end].split())
            known = self.page.named_at(words, SOMEBODY)
            yield Source(_announcer(known) if known else Announcer(label=told), (NAME,))
        else:
            self._drop("source", "its source is not named about the evidence")

    def _quote(self, words: Span) -> int | None:
        """The narrowest quote that holds the evidence."""
        found = [
            (span.end - span.start, index)
            for index, quote in enumerate(self.page.story.quotes)
            for span in quote.content
            if span.start <= words.start < span.end
        ]
        return min(found)[1] if found else None


def _told(claim: Claim) -> Told:
    settled = _SETTLED.get(claim.status)
    return Told(
        time="ahead" if settled is None else "past",
        form=f"{NAME}.{claim.status.value}",
        settled=settled,
        earlier=claim.status is VisitStatus.CONCLUDED and not claim.news,
        aside=not claim.news,
    )


def _announcer(entity: Entity) -> Announcer:
    if entity.named:
        return Announcer(entity=entity.id, name=entity.name, label=entity.office)
    return Announcer(entity=entity.id, label=entity.office or entity.name)


def reasons(dropped: Sequence[Dropped]) -> tuple[str, ...]:
    """What was dropped, in words."""
    return tuple(one.words for one in dropped)
