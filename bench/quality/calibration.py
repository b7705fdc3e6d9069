"""Whether the confidence of a visit means what it says: the share that is right, by confidence, at first sight.

    python -m bench.quality.calibration [ENVELOPE ...]   one table over the envelopes named, or over all opened ones

It reads what the commit that opened an envelope found in it (`found.jsonl`, written when it was opened), so no weight
had seen a story. Right means: the visitor and the destination are those of a visit that a person found.
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from visitwire_suite.evaluation.match import pair_up

from bench.quality.stories import OPENED, gold_of

BINS = (0.0, 0.6, 0.7, 0.8, 0.9, 1.01)
"""Where the rows of the table begin, and where the last one ends."""


def verdicts(gold: Sequence[dict[str, Any]], found: Iterable[dict[str, Any]]) -> Iterator[tuple[float, bool]]:
    """For each visit found in one story, its confidence, and whether it is one of `gold`; each of those counts once."""
    surest = sorted(found, key=lambda visit: -visit["confidence"])
    right = {number for _, number in pair_up(gold, surest)}
    yield from ((visit["confidence"], number in right) for number, visit in enumerate(surest))


def rows(rated: Sequence[tuple[float, bool]]) -> list[tuple[float, float, int, float, float]]:
    """For each bin with visits: where it begins and ends, how many, their mean confidence, the share that is right."""
    table = []
    for low, high in pairwise(BINS):
        inside = [(confidence, right) for confidence, right in rated if low <= confidence < high]
        if inside:
            mean = sum(confidence for confidence, _ in inside) / len(inside)
            table.append((low, high, len(inside), mean, sum(right for _, right in inside) / len(inside)))
    return table


def of_envelope(folder: Path) -> Iterator[tuple[float, bool]]:
    """The verdicts over all stories of an opened envelope. Raises OSError where a file is missing."""
    gold = gold_of(folder)
    for line in (folder / "found.jsonl").read_text("utf-8").splitlines():
        story = json.loads(line)
        yield from verdicts(gold[story["story"]["uri"]], story["visits"])


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("envelopes", nargs="*", help="names of opened envelopes")
    chosen = parser.parse_args(arguments).envelopes
    folders = [OPENED / name for name in chosen] or sorted(path.parent for path in OPENED.glob("*/found.jsonl"))
    rated = [verdict for folder in folders for verdict in of_envelope(folder)]
    print(f"{', '.join(folder.name for folder in folders)}: {len(rated)} visits at first sight")
    for low, high, count, mean, right in rows(rated):
        print(f"{low:.2f} to {min(high, 1.0):.2f}  {count:4d} visits  confidence {mean:.2f}  right {right:.2f}")


if __name__ == "__main__":
    main()
