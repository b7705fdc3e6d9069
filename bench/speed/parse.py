"""Bench: extraction, all of it, beside spaCy's default pipeline on the same texts, batch 32, one core.

    python -m bench.speed.parse [--stories N] [--long] [--model NAME]

The stories are invented: sentences of a wire's kind with names, places and numbers drawn by a seeded generator, so
that no two paragraphs are the same. Each side runs three times in turn and its best time counts. `--long` prints what
one story of 1,250, 2,500, 5,000 and 10,000 words costs per word instead.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from visitwire_extraction.model import loaded
from visitwire_extraction.stage import enrich_many, load
from visitwire_runtime.settings import Settings
from visitwire_schemas import Story

BATCH = 32
GIVEN = [
    "Anna",
    "Boris",
    "Carla",
    "Dmitri",
    "Elena",
    "Farid",
    "Greta",
    "Hassan",
    "Ines",
    "Jonas",
    "Kofi",
    "Leila",
    "Marek",
    "Nadia",
    "Omar",
    "Paula",
    "Rafael",
    "Sonia",
]
FAMILY = [
    "Almeida",
    "Brandt",
    "Costa",
    "Dvorak",
    "Eriksen",
    "Fontaine",
    "Gruber",
    "Haddad",
    "Ivanova",
    "Jansen",
    "Kovacs",
    "Lindqvist",
    "Moreau",
    "Novak",
]
PLACES = [
    "Lisbon",
    "Warsaw",
    "Nairobi",
    "Ottawa",
    "Hanoi",
    "Cairo",
    "Vienna",
    "Lima",
    "Oslo",
    "Jakarta",
    "Madrid",
    "Dakar",
    "Ankara",
    "Seoul",
]
NATIONS = [
    "Portuguese",
    "Polish",
    "Kenyan",
    "Canadian",
    "Vietnamese",
    "Egyptian",
    "Austrian",
    "Peruvian",
    "Norwegian",
    "Indonesian",
    "Spanish",
]
FIELDS = ["Foreign", "Finance", "Trade", "Defence", "Energy", "Interior", "Agriculture", "Transport"]
SENTENCES = (
    "{nation} {field} Minister {name} will travel to {place} on {number} May for talks with {nation2} leaders.",
    "“We have agreed on {number} of the points and shall go on next week,” {name} told reporters in {place}.",
    "The minister said the visit, the first in {number} years, would deepen trade between the two countries.",
    "{name}, a former ambassador who now advises the government, doubted that the plan could work before winter.",
    "According to the central bank, exports rose by {number} percent after a weak end of the year.",
    "He declined to comment on reports that {name2} had turned down an invitation from the {nation2} prime minister.",
    "Police in {place} said {number} people had been detained near the port, where dockers are on strike.",
    "The two sides will set up a working group that reports twice a year, a spokeswoman for {name} added.",
)


def story(number: int, words: int, dice: random.Random) -> Story:
    """A story of about so many words."""
    lines, count = [], 0
    while count < words:
        line = " ".join(_sentence(dice) for _ in range(dice.randint(1, 3)))
        lines.append(line)
        count += len(line.split())
    return Story(provider="bench", uri=str(number), text="\n".join(lines), received=datetime(2025, 3, 27, tzinfo=UTC))


def _sentence(dice: random.Random) -> str:
    return dice.choice(SENTENCES).format(
        name=f"{dice.choice(GIVEN)} {dice.choice(FAMILY)}",
        name2=f"{dice.choice(GIVEN)} {dice.choice(FAMILY)}",
        nation=dice.choice(NATIONS),
        nation2=dice.choice(NATIONS),
        field=dice.choice(FIELDS),
        place=dice.choice(PLACES),
        number=dice.randint(2, 99),
    )


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--stories", type=int, default=96)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--model", default=Settings().model)
    arguments = parser.parse_args()
    dice = random.Random(7)
    nlp = load(arguments.model)
    if arguments.long:
        for words in (1250, 2500, 5000, 10000):
            one = story(0, words, dice)
            best = min(seconds(lambda one=one: enrich_many([one], nlp)) for _ in range(3))
            print(f"{words:6} words  {best * 1000:8.1f} ms  {best / words * 1e6:6.1f} µs a word")
        return 0
    stories = [story(number, 465, dice) for number in range(arguments.stories)]
    default = loaded(arguments.model)

    def ours() -> None:
        for at in range(0, len(stories), BATCH):
            enrich_many(stories[at : at + BATCH], nlp)

    def theirs() -> None:
        for _ in default.pipe((story.text for story in stories), batch_size=BATCH):
            pass

    ours(), theirs()
    rounds = [(seconds(theirs), seconds(ours)) for _ in range(3)]
    spacy, extraction = min(one for one, _ in rounds), min(other for _, other in rounds)
    for name, taken in (("spaCy's default pipeline", spacy), ("extraction, all of it", extraction)):
        print(f"{name:26} {len(stories) / taken:6.1f} stories a second  {taken / len(stories) * 1000:5.1f} ms")
    print(f"extraction is {spacy / extraction:.2f} times as fast")
    return 0


if __name__ == "__main__":
    sys.exit(main())
