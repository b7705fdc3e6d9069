"""Invented wire stories, as many as a test needs: the same seed gives the same stories.

Each story is about a visitor of its own, so that what it brings does not depend on which other story came first.
Countries and capitals are real, people and wires are not.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random

from visitwire_schemas import WireItem

COUNTRIES = (
    ("Brazil", "Brazilian", "Brasilia"),
    ("Chile", "Chilean", "Santiago"),
    ("Egypt", "Egyptian", "Cairo"),
    ("Finland", "Finnish", "Helsinki"),
    ("Germany", "German", "Berlin"),
    ("India", "Indian", "New Delhi"),
    ("Indonesia", "Indonesian", "Jakarta"),
    ("Italy", "Italian", "Rome"),
    ("Japan", "Japanese", "Tokyo"),
    ("Kenya", "Kenyan", "Nairobi"),
    ("Mexico", "Mexican", "Mexico City"),
    ("Norway", "Norwegian", "Oslo"),
    ("Poland", "Polish", "Warsaw"),
    ("Portugal", "Portuguese", "Lisbon"),
    ("Turkey", "Turkish", "Ankara"),
    ("Vietnam", "Vietnamese", "Hanoi"),
)
FIRST = ("Adam", "Anna", "Boris", "Clara", "David", "Elena", "Felix", "Greta", "Hugo", "Irene", "Jonas", "Laura")
ONSETS = ("Bra", "Cor", "Dav", "Fel", "Gar", "Hol", "Kel", "Lor", "Mar", "Nor", "Pel", "Ros", "Sal", "Tor", "Val")
ENDS = ("bury", "dano", "feldt", "gaard", "hova", "lini", "mendi", "nescu", "quist", "rossi", "stein", "tanov", "wicz")
OFFICES = ("President", "Prime Minister", "Foreign Minister")
LINKS = ("", "li", "mo", "re", "su", "ta", "vi", "no", "pe", "ru")
"""Between the parts of a surname, once all names without one are taken: 23,400 people in all."""
WIRES = ("nordwire", "lupa", "atlantic", "ledgerwire")
BEGIN = datetime(2026, 3, 2, 6, tzinfo=UTC)

ANNOUNCED = (
    "{Of} {office} {who} has accepted an invitation to visit {to}, government spokeswoman {said} said on {weekday}.",
    "{Of} {office} {who} will visit {to} on {month} {day}, government spokesman {said} said on {weekday}.",
    "{Of} {office} {who} arrived in {capital} on {weekday} for an official visit, government spokesman {said} said.",
    "{Of} {office} {who} has called off a visit to {to} planned for {month}, spokeswoman {said} said on {weekday}.",
    "{Of} {office} {who} is expected to pay an official visit to {to} in {month}, spokesman {said} said on {weekday}.",
)
AROUND = (
    "“We look forward to the talks with great interest,” {said} told reporters in {home}.",
    "The two countries want to work together on energy, farming and the training of nurses.",
    "Trade between {of} and {to} has grown by four percent since last year, according to the ministry of commerce.",
    "“There is no reason to hurry,” {said} said. “The embassies are in touch.”",
    "The river at {home} stood 40 centimetres above its usual level, and schools were closed for a day.",
    "Farmers in the north of {of} said they feared for the harvest after weeks of rain.",
)
NO_VISIT = (
    "Farmers in the south of {of} asked for help on {weekday} after hail destroyed part of the apple harvest.",
    "The central bank of {of} left its main interest rate unchanged on {weekday}, its governor {said} said.",
)


@dataclass(frozen=True)
class Invented:
    """A wire item and what its story is called."""

    uri: str
    item: WireItem
    version: int


def stories(count: int, seed: int = 1) -> Iterator[Invented]:
    """`count` items: one in ten tells of no visit, one in ten is a later version of the story five before it."""
    random = Random(seed)
    people = list(product(FIRST, ONSETS, ENDS))
    random.shuffle(people)
    past: list[tuple[str, dict[str, str]]] = []
    for number in range(count):
        at = BEGIN + timedelta(minutes=7 * number)
        if number % 10 == 9:
            uri, fields = past[-5]
            fields = fields | {"day": str(int(fields["day"]) % 27 + 1), "weekday": f"{at:%A}", "version": "2"}
        else:
            uri, fields = f"urn:invented:{seed}:{number}", _fields(random, _name(people, number), at)
        past.append((uri, fields))
        yield Invented(uri, _item(uri, fields, at, Random(f"{seed} {uri}")), int(fields["version"]))


def _name(people: Sequence[tuple[str, str, str]], number: int) -> str:
    first, onset, end = people[number % len(people)]
    return f"{first} {onset}{LINKS[number // len(people) % len(LINKS)]}{end}"


def _fields(random: Random, who: str, at: datetime) -> dict[str, str]:
    (of, of_its, home), (to, _, capital) = random.sample(COUNTRIES, 2)
    return {
        "of": of,
        "Of": of_its,
        "home": home,
        "to": to,
        "capital": capital,
        "who": who,
        "office": random.choice(OFFICES),
        "said": f"{random.choice(FIRST)} {random.choice(ONSETS)}{random.choice(ENDS)}",
        "month": f"{at + timedelta(days=random.randint(40, 300)):%B}",
        "day": str(random.randint(1, 27)),
        "weekday": f"{at:%A}",
        "wire": random.choice(WIRES),
        "version": "1",
    }


def _item(uri: str, fields: dict[str, str], at: datetime, random: Random) -> WireItem:
    """The same `random` for each version, so that they differ only in what changed."""
    first = random.choice(ANNOUNCED if random.random() < 0.9 else NO_VISIT)
    sentences = [first, *random.sample(AROUND, random.randint(2, 5))]
    body = "\n".join(sentence.format(**fields) for sentence in sentences)
    ninjs = {
        "uri": uri,
        "standard": {"name": "ninjs", "version": "2.1"},
        "type": "text",
        "version": fields["version"],
        "located": fields["home"],
        "versioncreated": at.isoformat(),
        "headlines": [{"role": "main", "value": f"{fields['of']}/{fields['to']}"}],
        "bodies": [{"role": "main", "contenttype": "text/plain", "value": body}],
    }
    return WireItem(raw=json.dumps(ninjs).encode(), provider=fields["wire"], name=f"{uri}.json", received=at)
