"""Bench: matching an alert against 100 and against 10,000 subscriptions, by the index and by scanning.

python -m bench.speed.matching
"""

import random
import time
from collections.abc import Callable
from datetime import date

from visitwire_alerting.ledger.fold.alerts import alert_of
from visitwire_alerting.ledger.fold.sighting import Sighting
from visitwire_alerting.ledger.fold.visits import fold
from visitwire_alerting.subscriptions.alert_facts import Facts, facts
from visitwire_alerting.subscriptions.matching import compile_filter
from visitwire_alerting.subscriptions.matching_index import Index
from visitwire_language.gazetteer.groups import country_codes
from visitwire_schemas import Alert, ChangeKind, Destination, Party, Report, VisitStatus
from visitwire_schemas.subscription import Subscription

from tests.unit.alerting.makers import START, person

EVENTS = 2_000
BESIDES: tuple[dict[str, object], ...] = (
    {},
    {"confidence": 0.5},
    {"confidence": 0.7},
    {"sources": 2},
    {"change": ["announced", "cancelled", "postponed"]},
    {"office": ["president", "prime minister"]},
    {"dates": {"days": 30}},
    {"unless": {"office": ["foreign minister"]}},
)
"""What desks ask for besides names and countries."""
REGIONS = ("Africa", "Americas", "Asia", "Europe", "Latin America")
WANTED_WITHIN = 3.0
"""Ten thousand subscriptions may cost so many times what a hundred cost."""


def subscriptions(count: int, draw: random.Random, never: bool = False) -> dict[str, Subscription]:
    """As desks would write them: most ask for a country or two, some for a region, one in fifty for a name.

    `never`: each asks besides for what no event here has.
    """
    made: dict[str, Subscription] = {}
    for number in range(count):
        asked = dict(draw.choice(BESIDES))
        kind = draw.random()
        if kind < 0.6:
            asked |= {
                "destination": draw.sample(country_codes(), 2),
                "visitor_country": draw.sample(country_codes(), 2),
            }
        elif kind < 0.85:
            asked["destination"] = draw.sample(country_codes(), 1)
        elif kind < 0.98:
            asked |= {"destination": [draw.choice(REGIONS)], "visitor_country": draw.sample(country_codes(), 1)}
        else:
            asked |= {"visitor": [person(draw.randrange(10_000))], "destination": draw.sample(country_codes(), 5)}
        if never:
            asked["sources"] = 100
        given = {"id": f"s{number}", "name": "A desk", "channels": [{"kind": "console"}], "filter": asked}
        made[f"s{number}"] = Subscription.model_validate(given)
    return made


def alert(draw: random.Random) -> Alert:
    sighting = Sighting(
        report=Report(
            provider="north", uri="s", version=1, published=START, status=VisitStatus.PLANNED, sentence="He will go."
        ),
        visitor=Party(name=person(draw.randrange(10_000)), label="President", country=draw.choice(country_codes())),
        destination=Destination(country=draw.choice(country_codes())),
    )
    return alert_of(fold([sighting], "v", 1), [ChangeKind.ANNOUNCED], None, sighting.story)


def timed(events: list[Alert], today: date, find: Callable[[Facts], object]) -> float:
    """Microseconds of processor time an event, the best of five."""
    found = []
    for _ in range(5):
        began = time.process_time()
        for event in events:
            find(facts(event, today))
        found.append((time.process_time() - began) / len(events) * 1e6)
    return min(found)


def main() -> None:
    draw = random.Random(1)
    events = [alert(draw) for _ in range(EVENTS)]
    few, many, never = subscriptions(100, draw), subscriptions(10_000, draw), subscriptions(10_000, draw, never=True)
    scan = [compile_filter(one.filter) for one in many.values()]
    indices = {"100": Index(few), "10,000": Index(many), "10,000 that want none of them": Index(never)}
    took = {name: timed(events, START.date(), index.matching) for name, index in indices.items()}
    scanned = timed(events[:100], START.date(), lambda found: [ask for ask in scan if ask(found)])
    told = sum(len(indices["10,000"].matching(facts(event, START.date()))) for event in events) / EVENTS
    print("| subscriptions | microseconds an event |\n|---|---|")
    for name, each in took.items():
        print(f"| {name}, by index | {each:.1f} |")
    print(f"| 10,000, by scanning | {scanned:.1f} |")
    one, other, nobody = took.values()
    print(f"10,000 cost {other / one:.2f} times what 100 cost (wanted: at most {WANTED_WITHIN:g}),")
    print(f"where each event goes to {told:.1f} of them; {nobody / one:.2f} times where it goes to none")


if __name__ == "__main__":
    main()
