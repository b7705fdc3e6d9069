"""Whether a filter asks for an alert, and why: condition by condition, the cheapest first."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel
from visitwire_language.gazetteer.groups import expand
from visitwire_schemas import Alert
from visitwire_schemas.subscription import ASKED_BY_DEFAULT, Conditions, Filter, Within

from visitwire_alerting.ledger.fold.name_matching import alike, fold, office, tokens
from visitwire_alerting.subscriptions.alert_facts import Facts
from visitwire_alerting.subscriptions.alert_facts import facts as facts_of
from visitwire_alerting.subscriptions.expression import compile_expression, looked_at

type Test = Callable[[Facts], bool]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a filter: its name, what it asks, the test, and what it looks at."""

    name: str
    asked: Any
    test: Test
    found: Callable[[Facts], Any]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A filter ready to be asked."""

    conditions: tuple[Condition, ...]
    tests: tuple[Test, ...]

    def __call__(self, facts: Facts) -> bool:
        return all(test(facts) for test in self.tests)


@dataclass(frozen=True)
class Verdict:
    """Whether one condition let an alert through."""

    condition: str
    asked: Any
    found: Any
    passed: bool

    @property
    def words(self) -> str:
        """ "destination: asks for IN or PK, found FR"."""
        return f"{self.condition}: asks for {_said(self.asked, ' or ')}, found {_said(self.found, ', ') or 'nothing'}"


def _said(value: Any, joined: str) -> str:
    match value:
        case None:
            return ""
        case BaseModel():
            return value.model_dump_json(exclude_none=True, by_alias=True)
        case dict():
            return joined.join(f"{name} {_said(one, joined) or 'nothing'}" for name, one in value.items())
        case list() | tuple() | set() | frozenset():
            return joined.join(str(one) for one in value)
        case _:
            return str(value)


def compile_filter(asked: Filter) -> Compiled:
    conditions = list(_conditions(asked))
    if asked.unless is not None:
        conditions.append(_unless(asked.unless))
    if asked.expression is not None:
        conditions.append(_expression(asked.expression))
    return Compiled(tuple(conditions), tuple(condition.test for condition in conditions))


def matches(asked: Filter, alert: Alert, today: date) -> bool:
    """Whether a filter asks for an alert, on a day."""
    return compile_filter(asked)(facts_of(alert, today))


def why(asked: Filter, alert: Alert, today: date) -> list[Verdict]:
    """Every condition of a filter, what it asks and what it found."""
    facts = facts_of(alert, today)
    return [
        Verdict(condition.name, condition.asked, condition.found(facts), condition.test(facts))
        for condition in compile_filter(asked).conditions
    ]


def _conditions(asked: Conditions) -> Iterable[Condition]:
    changes = asked.change or (ASKED_BY_DEFAULT if isinstance(asked, Filter) else None)
    if changes:
        kinds = frozenset(changes)
        yield Condition("change", changes, lambda f: not kinds.isdisjoint(f.changes), lambda f: sorted(f.changes))
    if asked.status:
        statuses = frozenset(asked.status)
        yield Condition("status", asked.status, lambda f: f.status in statuses, lambda f: f.status)
    yield from _countries(asked)
    if asked.confidence is not None:
        least = asked.confidence
        yield Condition("confidence", least, lambda f: f.confidence >= least, lambda f: f.confidence)
    if asked.sources is not None:
        few = asked.sources
        yield Condition("sources", few, lambda f: f.sources >= few, lambda f: f.sources)
    if asked.provider:
        wires = frozenset(wire.casefold() for wire in asked.provider)
        yield Condition(
            "provider", asked.provider, lambda f: not wires.isdisjoint(f.providers), lambda f: sorted(f.providers)
        )
    if asked.dates:
        within = asked.dates
        yield Condition("dates", within, lambda f: _touches(within, f), lambda f: f.days)
    yield from _words(asked)


def _countries(asked: Conditions) -> Iterable[Condition]:
    if asked.destination:
        to = expand(asked.destination)
        yield Condition("destination", asked.destination, lambda f: f.destination in to, lambda f: f.destination)
    if asked.visitor_country:
        of = expand(asked.visitor_country)
        yield Condition(
            "visitor_country", asked.visitor_country, lambda f: f.visitor_country in of, lambda f: f.visitor_country
        )
    if asked.host_country:
        by = expand(asked.host_country)
        yield Condition("host_country", asked.host_country, lambda f: f.host_country in by, lambda f: f.host_country)


def _words(asked: Conditions) -> Iterable[Condition]:
    if asked.visitor:
        names = [tokens(name) for name in asked.visitor]
        yield Condition("visitor", asked.visitor, lambda f: _named(names, f.visitor), lambda f: f.visitor)
    if asked.host:
        hosts = [(tokens(name), fold(name)) for name in asked.host]
        yield Condition(
            "host",
            asked.host,
            lambda f: any(_named([name], f.host) or title in f.host_title for name, title in hosts),
            lambda f: f.host or f.host_title,
        )
    if asked.office:
        offices = [(office(title), fold(title)) for title in asked.office]
        yield Condition(
            "office",
            asked.office,
            lambda f: any(key in f.offices or title in f.title for key, title in offices),
            lambda f: sorted(f.offices) or f.title,
        )
    if asked.place:
        places = [fold(place) for place in asked.place]
        yield Condition("place", asked.place, lambda f: any(place in f.place for place in places), lambda f: f.place)


def _named(names: Sequence[tuple[str, ...]], name: tuple[str, ...]) -> bool:
    return bool(name) and any(alike(one, name) for one in names)


def _touches(within: Within, facts: Facts) -> bool:
    if facts.days is None:
        return False
    first = within.from_ or facts.today
    last = first + timedelta(days=min(within.days - 1, (date.max - first).days))
    return facts.days[0] <= last and facts.days[1] >= first


def _unless(asked: Conditions) -> Condition:
    tests = tuple(_conditions(asked))
    return Condition(
        "unless",
        asked,
        lambda f: not (tests and all(condition.test(f) for condition in tests)),
        lambda f: {condition.name: condition.found(f) for condition in tests},
    )


def _expression(asked: str) -> Condition:
    """Evaluated last, because it is the most expensive condition. An invalid expression never matches, and says why."""
    try:
        test = compile_expression(asked)
    except ValueError as error:
        wrong = str(error)
        return Condition("expression", asked, lambda f: False, lambda f: wrong)
    return Condition("expression", asked, test, lambda f: looked_at(asked, f))
