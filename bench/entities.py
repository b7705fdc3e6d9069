"""How many of the visitors that editors found in visits-dev come out with the right name, country and office.

    python bench/entities.py [--model NAME] [--unseen | --tuned] [--misses]

A visitor counts as found when a person entity carries the name (all words of one are in the other, the last name
among them), with the right country; the office when its main noun is in the entity's office, or in one of its nominal
mentions. Prints a line for the stories the rules were tuned on (crc32 of the id not divisible by 3), one for the rest,
one for all.
"""

import argparse
import json
import sys
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from visitwire_extraction.stage import enrich_many, load
from visitwire_runtime.settings import Settings
from visitwire_schemas import Dateline, EnrichedStory, Entity, Story

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "visits-dev"
OFFICES = [
    "minister",
    "president",
    "premier",
    "secretary",
    "chancellor",
    "leader",
    "chief",
    "envoy",
    "king",
    "queen",
    "prince",
    "chairman",
    "director",
    "speaker",
    "governor",
    "representative",
    "undersecretary",
    "commissioner",
    "ambassador",
    "spokesman",
    "sultan",
    "emir",
    "pope",
    "head",
    "senator",
    "general",
    "adviser",
]


def stories() -> Iterator[Story]:
    for line in (DATA / "stories.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        when = (row["date"] or "2020-01-01T00:00:00") + "2020-01-01T00:00:00"[len(row["date"] or "x" * 19) :]
        published = datetime.fromisoformat(when).replace(tzinfo=UTC)
        dateline = Dateline(text=row["dateline"]) if row["dateline"] else None
        yield Story(
            provider="dev",
            uri=row["id"],
            text=row["text"],
            headline=row["headline"],
            dateline=dateline,
            versioncreated=published,
            received=published,
        )


def carries(entity: Entity, name: str) -> bool:
    got = {word.lower().strip(".") for word in entity.name.replace("-", " ").split()}
    want = [word.lower().strip(".") for word in name.replace("-", " ").split()]
    return want[-1] in got and (set(want) <= got or got <= set(want))


def main_noun(label: str | None) -> str | None:
    words = (label or "").lower().replace("-", " ").replace(",", " ").split()
    return next((word for word in words if word in OFFICES), None)


def offices(story: EnrichedStory, entity: Entity) -> str:
    nominal = [story.story.text[m.start : m.end] for m in entity.mentions if m.form == "nominal"]
    return " ".join([entity.office or "", *nominal]).lower()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default=Settings().model)
    parser.add_argument("--misses", action="store_true", help="print what was missed, of the tuned part only")
    arguments = parser.parse_args()
    if not DATA.exists():
        print(f"skipped: {DATA} is not here")
        return 0
    nlp = load(arguments.model)
    read = list(stories())
    enriched = {
        story.story.uri: story for at in range(0, len(read), 32) for story in enrich_many(read[at : at + 32], nlp)
    }
    scores: dict[str, list[tuple[bool, bool, bool | None]]] = {"tuned": [], "unseen": []}
    for line in (DATA / "gold.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        part = "unseen" if zlib.crc32(gold["doc"].encode()) % 3 == 0 else "tuned"
        seen: set[str] = set()
        for visit in gold["visits"]:
            visitor: dict[str, Any] = visit["visitor"]
            if not visitor["name"] or str(visitor) in seen:
                continue
            seen.add(str(visitor))
            story = enriched[gold["doc"]]
            people = [one for one in story.entities if one.kind == "person" and carries(one, visitor["name"])]
            right = [one for one in people if one.country == visitor["country"]]
            noun = main_noun(visitor["label"])
            office = None if noun is None else any(noun in offices(story, one) for one in people)
            scores[part].append((bool(people), bool(right), office))
            if arguments.misses and part == "tuned" and (not right or office is False):
                print(gold["doc"], visitor, [(one.name, one.country, one.office) for one in people])
    for part, rows in (*scores.items(), ("all", scores["tuned"] + scores["unseen"])):
        named = sum(name for name, _, _ in rows) / len(rows)
        countries = sum(country for _, country, _ in rows) / len(rows)
        nouns = [office for _, _, office in rows if office is not None]
        print(
            f"{part:7} visitors {len(rows):4}  name {named:.3f}  name+country {countries:.3f}  "
            f"office {sum(nouns) / len(nouns):.3f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
