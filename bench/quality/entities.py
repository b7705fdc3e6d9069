"""For how many of the visitors that editors found does an entity stand there, and is it right?

    python -m bench.quality.entities [SET ...] [--model NAME] [--json] [--misses]
    python -m bench.quality.entities --first-sight

A set is an opened envelope (a folder of `.visitwire/envelopes`, or of the folder that `--envelopes` names) or
`visits-dev`; all that are there unless some are named. Of visitors with a name it counts how many a person entity
carries, with the right country, and with the main noun of the office in the entity's office or one of its nominal
mentions; of visitors without one, for how many an entity of the right country shares a word with role or delegation.

`--first-sight` scores what the commit that opened an envelope found in it, and adds a line for each envelope that
`bench/entities_first_sight.tsv` does not have. Only these figures are those of stories that nobody tuned for.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from visitwire_extraction.stage import enrich_many, load
from visitwire_extraction.vocabulary import vocabulary
from visitwire_language.phrases import plain
from visitwire_runtime.settings import Settings
from visitwire_schemas import Dateline, EnrichedStory, Entity, Story

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
DEV = "visits-dev"
OPENED = ROOT / "bench" / "first_sight.tsv"
TABLE = ROOT / "bench" / "entities_first_sight.tsv"
_BATCH = 32
_RECEIVED = datetime(2026, 12, 1, tzinfo=UTC)
"""When a story without a date came in."""
_LITTLE = frozenset({"the", "a", "an", "of", "for", "and", "to", "his", "her", "in", "s", "by"})
_TITLES = frozenset({"mr", "mrs", "ms", "dr", "king", "queen", "president"})
"""Words that an editor may have put before a name."""


@dataclass
class Figures:
    """How many visitors of a set, and for how many of them an entity is right."""

    named: int = 0
    name: int = 0
    name_country: int = 0
    with_office: int = 0
    office: int = 0
    unnamed: int = 0
    unnamed_found: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def shares(self) -> dict[str, float | None]:
        pairs = {
            "name": (self.name, self.named),
            "name_country": (self.name_country, self.named),
            "office": (self.office, self.with_office),
            "unnamed": (self.unnamed_found, self.unnamed),
        }
        return {name: round(part / whole, 3) if whole else None for name, (part, whole) in pairs.items()}


def words_of(text: str | None) -> list[str]:
    return re.findall(r"[a-z0-9]+", plain(text or "").replace("'", " "))


def carries(entity: Entity, name: str) -> bool:
    """Whether all words of one name are in the other, titles aside."""
    got, want = words_of(entity.name), words_of(name)
    told = [word for word in want if word not in _LITTLE | _TITLES]
    both = set(got) & set(told)
    return bool(both) and (set(told) <= set(got) or set(got) <= set(want))


def office_noun(label: str | None) -> str | None:
    """The main noun of the first office in a label: "Russian Deputy Foreign Minister" gives "minister"."""
    words = words_of(label)
    titles = vocabulary().titles
    for at in range(len(words)):
        found = titles.longest(words, at)
        if found is not None and found[1].kind != "role":
            return words[found[0] - 1] if " of " not in found[1].words else found[1].words.split(" of ")[0].split()[-1]
    return None


def _offices(story: Story, entity: Entity) -> list[str]:
    nominal = [story.text[m.start : m.end] for m in entity.mentions if m.form == "nominal"]
    return words_of(" ".join([entity.office or "", *nominal]))


def _stands_for(story: Story, entity: Entity, visitor: Mapping[str, Any]) -> bool:
    """Whether an entity is the delegation or the role: same country, and a word in common (its first six letters)."""
    if entity.kind not in ("person", "organization") or (visitor["country"] or entity.country) != entity.country:
        return False
    texts = [entity.name, entity.office or "", *(story.text[m.start : m.end] for m in entity.mentions)]
    stems = {word[:6] for text in texts for word in words_of(text)}
    return bool(stems & {word[:6] for word in words_of(visitor["label"]) if word not in _LITTLE})


def score(found: Mapping[str, EnrichedStory], gold: Sequence[Mapping[str, Any]], misses: list[str]) -> Figures:
    """The figures of a set; what was missed is added to `misses`, a line each."""
    figures = Figures()
    for row in gold:
        visitors = {json.dumps(visit["visitor"], sort_keys=True): visit["visitor"] for visit in row["visits"]}
        for visitor in visitors.values():
            one, told = _scored(found[row["doc"]], visitor)
            figures += one
            if told:
                misses.append(f"{row['doc']}: {told}")
    return figures


def _scored(story: EnrichedStory, visitor: Mapping[str, Any]) -> tuple[Figures, str | None]:
    label = f"{visitor['name']} | {visitor['label']} | {visitor['country']}"
    if not visitor["name"]:
        stands = any(_stands_for(story.story, entity, visitor) for entity in story.entities)
        return Figures(unnamed=1, unnamed_found=stands), None if stands else f"no group or role: {label}"
    people = [one for one in story.entities if one.kind == "person" and carries(one, visitor["name"])]
    right = [one for one in people if visitor["country"] in (None, one.country)]
    noun = office_noun(visitor["label"])
    office = noun is not None and any(noun in _offices(story.story, one) for one in people)
    figures = Figures(1, bool(people), bool(right), noun is not None, office)
    if right and (office or noun is None):
        return figures, None
    wrong = "name" if not people else "country" if not right else "office"
    return figures, f"{wrong}: {label} <> {[(one.name, one.country, one.office) for one in people]}"


def stories_in(path: Path) -> Iterator[Story]:
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        when = row["date"] and row["date"] + "2020-01-01T00:00:00"[len(row["date"]) :]
        published = datetime.fromisoformat(when).replace(tzinfo=UTC) if when else None
        dateline = Dateline(text=row["dateline"]) if row["dateline"] else None
        yield Story(
            provider="dev",
            uri=row["id"],
            text=row["text"],
            headline=row["headline"] or "",
            dateline=dateline,
            versioncreated=published,
            received=published or _RECEIVED,
        )


def _gold(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "gold.jsonl").read_text("utf-8").splitlines() if line.strip()]


def _now(folder: Path, nlp: Any) -> dict[str, EnrichedStory]:
    read = list(stories_in(folder / "stories.jsonl"))
    return {
        one.story.uri: one for at in range(0, len(read), _BATCH) for one in enrich_many(read[at : at + _BATCH], nlp)
    }


def _at_first_sight(folder: Path) -> dict[str, EnrichedStory]:
    lines = (folder / "found.jsonl").read_text("utf-8").splitlines()
    read = [EnrichedStory.model_validate_json(line) for line in lines if line.strip()]
    return {one.story.uri: one for one in read}


def add_first_sights(envelopes: Path) -> None:
    """Adds what `bench/entities_first_sight.tsv` lacks of the envelopes that `bench/first_sight.tsv` names."""
    known = {line.split("\t")[2] for line in TABLE.read_text("utf-8").splitlines()[1:]}
    for line in OPENED.read_text("utf-8").splitlines()[1:]:
        day, commit, name = line.split("\t")[:3]
        if name in known or not (envelopes / name / "found.jsonl").exists():
            continue
        figures = score(_at_first_sight(envelopes / name), _gold(envelopes / name), [])
        counts = "\t".join(str(getattr(figures, one.name)) for one in fields(figures))
        with TABLE.open("a", encoding="utf-8") as table:
            table.write(f"{day}\t{commit}\t{name}\t{counts}\n")
    sys.stdout.write(TABLE.read_text("utf-8"))


def _print(rows: Mapping[str, Figures]) -> None:
    for name, one in rows.items():
        share = {key: "  -  " if value is None else f"{value:.3f}" for key, value in one.shares().items()}
        print(
            f"{name:11} named {one.named:4}  name {share['name']}  name+country {share['name_country']}  "
            f"office {share['office']} of {one.with_office:4}   unnamed {one.unnamed:3}  found {share['unnamed']}"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", metavar="SET")
    parser.add_argument("--model", default=Settings().model)
    parser.add_argument("--envelopes", type=Path, default=ROOT / ".visitwire" / "envelopes")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--misses", action="store_true", help="print what was missed")
    parser.add_argument("--first-sight", action="store_true", help="add to bench/entities_first_sight.tsv")
    asked = parser.parse_args()
    if asked.first_sight:
        add_first_sights(asked.envelopes)
        return 0
    there = {path.parent.name: path.parent for path in sorted(asked.envelopes.glob("*/gold.jsonl"))}
    if (SHARED / DEV).is_dir():
        there[DEV] = SHARED / DEV
    chosen = {name: there[name] for name in asked.sets or there if name in there}
    if not chosen:
        print(f"skipped: nothing labelled in {asked.envelopes} or {SHARED}")
        return 0
    nlp, misses = load(asked.model), list[str]()
    rows = {name: score(_now(folder, nlp), _gold(folder), misses) for name, folder in chosen.items()}
    rows["all"] = sum(rows.values(), Figures())
    if asked.json:
        print(json.dumps({name: vars(one) | one.shares() for name, one in rows.items()}, indent=1))
    else:
        _print(rows)
    if asked.misses:
        print(*misses, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
