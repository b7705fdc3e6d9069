"""Candidates, entities and weights made by hand, for what comes after the reader."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from visitwire_schemas import Entity, EntityKind, Mention, OfficeKind, Precision, Span, Visit
from visitwire_visits.candidate import Candidate, DateRead, Days, Event, Filler, Goal, Told
from visitwire_visits.resolve.resolver import Context, Finding, Resolver
from visitwire_visits.weights import Weights

TODAY = date(2026, 3, 11)

VISIT = Weights(0.0, {"best": 1.0}, 0.5)
"""A pair is as likely as its best reading."""
STATUSES = ("invited", "accepted", "planned", "under_way", "concluded", "postponed", "cancelled")
TABLE = {f"status.{status}": Weights(0.0, {f"expect={status}": 3.0}) for status in STATUSES}
"""The status is the one that the table of expectations names."""
WEIGHTS: Mapping[str, Weights] = {
    "visit": VISIT,
    **TABLE,
    "date": Weights(0.0, {"same": 1.0, "beside": 0.5, "far": -5.0}),
    "source": Weights(0.0, {"around": 2.0, "sentence": 1.0, "rumour": -5.0}),
    "focus": Weights(0.0, {"first=0": 2.0, "first=4": -2.0}),
    "reader": Weights(),
}


def person(id: str = "e1", name: str = "Ana Ruiz", country: str | None = "CL", **fields: Any) -> Entity:
    """President Ana Ruiz of Chile; `fields` say what is different."""
    given: dict[str, Any] = {
        "kind": EntityKind.PERSON,
        "office": "President",
        "office_kind": OfficeKind.HEAD_OF_STATE,
        "named": True,
        "mentions": (Mention(start=0, end=5),),
    }
    return Entity(id=id, name=name, country=country, **given | fields)


def candidate(sentence: int = 0, event: Event = Event.STAY, odds: float = 2.0, **fields: Any) -> Candidate:
    """Ruiz (e1) to Norway in sentence `sentence`, 100 characters each; `links` says who else may go where."""
    start = 100 * sentence + fields.pop("at", 10)
    links = fields.pop("links", {("e1", "NO"): odds})
    places = fields.pop("places", {})
    given: dict[str, Any] = {
        "rule": event.value,
        "trigger": Span(start=start, end=start + 5),
        "evidence": Span(start=100 * sentence, end=100 * sentence + 90),
        "told": Told(time="ahead", form="ahead"),
        "visitors": tuple(Filler(who, 0.0) for who in dict.fromkeys(who for who, _ in links)),
        "destinations": tuple(Goal(to, places.get(to), 0.0) for to in dict.fromkeys(to for _, to in links)),
        "links": {pair: (score, ("g=first|first",)) for pair, score in links.items()},
    }
    return Candidate(event=event, sentence=sentence, **given | fields)


def day(first: str, last: str | None = None, text: str = "then", *features: str, **place: Any) -> DateRead:
    """An expression of the trigger's sentence that means the same looking ahead and back."""
    days = Days(first, last, Precision.DAY)
    return DateRead(text, days, days, features or ("same",), **place)


def resolve(*candidates: Candidate, entities: tuple[Entity, ...] = (), **context: Any) -> list[Finding]:
    """What the resolver makes of candidates about Ruiz and `entities`, with the weights above."""
    known = {entity.id: entity for entity in (person(), *entities)}
    return Resolver(WEIGHTS).resolve(candidates, Context(known, **{"today": TODAY} | context))


def visits(*candidates: Candidate, **context: Any) -> list[Visit]:
    """The visits among the findings, likeliest first."""
    return [finding.visit for finding in resolve(*candidates, **context) if finding.visit is not None]
