"""Whether a quote's confidence means what it says: the share that is right, by confidence, on articles held out.

    python -m bench.quality.reliability [--model NAME]       the table, on the held-out third
    python -m bench.quality.reliability --fit                          write confidence.toml from the other two thirds

Right means: at least half of the content agrees with a labelled quote, and the speaker is the labelled one.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType

import visitwire_attribution
from visitwire_attribution import confidence
from visitwire_attribution.attributions import findings
from visitwire_attribution.stage import attribute
from visitwire_language.text import Text
from visitwire_runtime.settings import Settings
from visitwire_schemas import EnrichedStory

from bench.quality.shared import QUOTES, as_scored, held_out, parsed, scorer

TABLE = Path(visitwire_attribution.__file__).parent / "confidence.toml"
BINS = (0.42, 0.50, 0.60, 0.70, 0.80, 0.90, 1.01)
STRENGTH = 8
"""Attributions that a cell's prior is worth: the construction's share, moved by the grade's."""
HEAD = """# How often a construction proved right (content and speaker) on labelled news, from its best grade to its
# worst.
# Made by `python -m bench.quality.reliability --fit`; how it holds on articles it has not seen is in docs/quotes.md.

[right]
"""


def verdicts(tool: ModuleType, gold: object, story: EnrichedStory) -> list[bool]:
    """For each quote of the story, whether it is right."""
    article, labelled = gold[story.story.uri]  # type: ignore[index]
    made = [tool.Quote(article, as_scored(quote)) for quote in story.quotes]
    of = {system: label for label, system, _ in tool.match(labelled, made)}
    return [
        number in of and (labelled[of[number]].head is None or tool.speaker_ok(labelled[of[number]], quote, True))
        for number, quote in enumerate(made)
    ]


def table(tool: ModuleType, gold: object, stories: Iterable[EnrichedStory]) -> None:
    rows: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for story in stories:
        for quote, right in zip(story.quotes, verdicts(tool, gold, story), strict=True):
            rows[next(n for n, top in enumerate(BINS) if quote.confidence < top)].append((quote.confidence, right))
    print("| confidence | quotes | mean confidence | right |\n| --- | --- | --- | --- |")
    every = [pair for row in rows.values() for pair in row]
    error = 0.0
    for number, row in sorted(rows.items()):
        said, right = (sum(column) / len(row) for column in zip(*row, strict=True))
        error += abs(said - right) * len(row) / len(every)
        print(f"| {BINS[number - 1]:.2f} to {BINS[number] - 0.01:.2f} | {len(row)} | {said:.2f} | {right:.2f} |")
    print(f"\nExpected calibration error: {error:.3f} over {len(every)} quotes.")


def fit(tool: ModuleType, gold: object, stories: Iterable[EnrichedStory]) -> str:
    """`confidence.toml`: a row a construction, falling with the grade."""
    confidence.LEAST = 0.0
    cells: dict[str, list[list[int]]] = defaultdict(lambda: [[0, 0] for _ in range(confidence.WORST + 1)])
    for story in stories:
        assert story.parse is not None
        text = Text(story.story.text, story.parse)
        found = findings(text, story.entities)
        for one, right in zip(found, verdicts(tool, gold, attribute(story)), strict=True):
            cell = cells[f"{one.frame} · {one.kind}"][confidence.grade(text, one)]
            cell[0] += 1
            cell[1] += right
    every = [[sum(row[grade][n] for row in cells.values()) for n in (0, 1)] for grade in range(confidence.WORST + 1)]
    overall = sum(right for _, right in every) / sum(count for count, _ in every)
    ratio = [right / max(count, 1) / overall for count, right in every]
    lines = [
        f'"{name}" = [{", ".join(f"{share:.2f}" for share in _row(row, ratio, overall))}]'
        for name, row in cells.items()
    ]
    return HEAD + "\n".join(sorted(lines)) + "\n"


def _row(row: Sequence[Sequence[int]], ratio: Sequence[float], overall: float) -> list[float]:
    expected = sum(count * factor for (count, _), factor in zip(row, ratio, strict=True))
    base = (sum(right for _, right in row) + 3 * overall) / (expected + 3)
    shares = [
        (right + STRENGTH * min(0.97, base * factor)) / (count + STRENGTH)
        for (count, right), factor in zip(row, ratio, strict=True)
    ]
    return _falling(shares, [count + STRENGTH for count, _ in row])


def _falling(shares: Sequence[float], weights: Sequence[int]) -> list[float]:
    """The nearest row that never rises: neighbours out of order are pooled."""
    blocks: list[list[float]] = []
    for share, weight in zip(shares, weights, strict=True):
        blocks.append([share, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] < blocks[-1][0]:
            share_b, weight_b, size_b = blocks.pop()
            share_a, weight_a, size_a = blocks.pop()
            total = weight_a + weight_b
            blocks.append([(share_a * weight_a + share_b * weight_b) / total, total, size_a + size_b])
    return [share for share, _, size in blocks for _ in range(int(size))]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--model", default=Settings().model)
    asked.add_argument("--fit", action="store_true")
    options = asked.parse_args()
    tool = scorer()
    gold = tool.read_gold(str(QUOTES))
    docs = [doc for doc in gold if held_out(doc) != options.fit]
    if options.fit:
        TABLE.write_text(fit(tool, gold, parsed(docs, options.model)), encoding="utf-8")
    else:
        table(tool, gold, (attribute(story) for story in parsed(docs, options.model)))


if __name__ == "__main__":
    main()
