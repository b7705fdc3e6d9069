"""How many of a hundred pronoun and title speakers, labelled by hand, come out as the person they are.

    python -m bench.quality.speakers [--model NAME] [--misses]

`speakers.jsonl`, beside this file, holds article, offsets of the words that name the speaker of a direct or mixed quote
("he", "the senator"), and the person's name. A speaker is right when a quote whose source overlaps the words carries an
entity of that name: the family name, and the given name where both have one. A quote that was not found counts as
wrong.
"""

import argparse
import json
from collections import Counter
from pathlib import Path
from unicodedata import combining, normalize

from visitwire_attribution.stage import attribute
from visitwire_language.names import given_names
from visitwire_runtime.settings import Settings
from visitwire_schemas import EnrichedStory

from bench.quality.shared import held_out, parsed, scorer

LABELS = Path(__file__).parent / "speakers.jsonl"
WANTED = 0.82


def same(one: str, other: str) -> bool:
    """Whether two names can be one person's."""
    a, b = _words(one), _words(other)
    if not a or not b:
        return False
    if len(a) == 1 or len(b) == 1:
        return bool({a[-1], a[0]} & {b[-1], b[0]})
    known = given_names()
    return a[-1] == b[-1] and (a[0][0] == b[0][0] or a[0] not in known or b[0] not in known)


def _words(name: str) -> list[str]:
    plain = "".join(c for c in normalize("NFKD", name) if not combining(c))
    return [word.strip(".,").casefold() for word in plain.split() if word.strip(".,")]


def speaker(story: EnrichedStory, start: int, end: int) -> str | None:
    """The name of who speaks by the words at [start, end); "" for a quote of nobody, None for no quote."""
    names = {entity.id: entity.name for entity in story.entities}
    quotes = [q for q in story.quotes if any(s.start < end and start < s.end for s in q.source)]
    if not quotes:
        return None
    return next((names[q.speaker] for q in quotes if q.speaker), "")


def _verdict(said: str | None, name: str) -> str:
    if not said:
        return "no quote" if said is None else "nobody"
    return "right" if same(said, name) else "wrong"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--model", default=Settings().model)
    asked.add_argument("--misses", action="store_true", help="print those of the part that rules were tuned on")
    options = asked.parse_args()
    scorer()
    labels = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    docs = sorted({label["doc"] for label in labels})
    stories = {story.story.uri: attribute(story) for story in parsed(docs, options.model)}
    counts: Counter[tuple[str, str]] = Counter()
    for label in labels:
        said = speaker(stories[label["doc"]], label["start"], label["end"])
        verdict = _verdict(said, label["name"])
        part = "held out" if held_out(label["doc"]) else "tuned on"
        counts[part, verdict] += 1
        if options.misses and verdict != "right" and part == "tuned on":
            print(f"{verdict:9} {label['doc']} {label['start']}: {label['name']}, not {said}")
    for part in ("tuned on", "held out"):
        row = {verdict: count for (where, verdict), count in counts.items() if where == part}
        print(f"{part}: {row.get('right', 0)} of {sum(row.values())} right; {row}")
    right = sum(count for (_, verdict), count in counts.items() if verdict == "right")
    print(f"all: {right} of {len(labels)} right, {right / len(labels):.2f} (wanted {WANTED:.2f})")


if __name__ == "__main__":
    main()
