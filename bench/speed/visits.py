"""Bench: the visits stage beside the parse it reads

`python -m bench.speed.visits [--stories 96] [--rounds 5] [--texts FILE]`: stories of about 450 words, as a wire's are:
one in three of the seeds' paragraphs, which tell of visits, the others of news of other kinds (tests/other_news).
Beside it, stories that tell of nothing but visits; and real ones, where a file of JSON lines with a "text" each is
given. The parse is spaCy's default pipeline in batches of 32, as in `bench.speed.quotes`; extraction's own pass, which
leaves out what it does not need, stands beside it. The stage gets the stories with entities, parse and quotes, freshly
decoded, so that nothing it looks up is kept from the round before. The best round of each counts.
"""

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from spacy.language import Language
from visitwire_attribution.stage import attribute
from visitwire_extraction.model import parse_many
from visitwire_extraction.stage import enrich_many, load
from visitwire_runtime.settings import Settings
from visitwire_schemas import EnrichedStory, Story
from visitwire_visits.stage import find

from bench.speed.quotes import whole_pipeline
from bench.speed.speed import BATCH, WORDS, texts, timed
from tests.other_news.stories import stories as other_stories

ALLOWED_SHARE = 0.10
"""Of extraction's own pass."""
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def mixed(count: int) -> Iterator[str]:
    """One story of visits, two of other news, and so on."""
    visits, others = texts(count), other_stories(60 * count)
    for number, text in enumerate(visits):
        if number % 3 == 0:
            yield text
            continue
        made = ""
        while len(made.split()) < WORDS:
            made += next(others).text + "\n"
        yield made.strip()


def _find_all(stories: list[EnrichedStory]) -> None:
    for story in stories:
        find(story)


def measure(name: str, made: list[str], plain: Language, nlp: Language, rounds: int) -> float:
    """Prints both parses and the stage for each story; the stage's share of extraction's own pass."""
    stories = [
        Story(provider="bench", uri=str(number), received=AT, versioncreated=AT, text=text)
        for number, text in enumerate(made)
    ]
    quoted = [attribute(story).model_dump_json() for story in enrich_many(stories, nlp)]
    parse, own, stage = [], [], []
    for _ in range(rounds):
        parse.append(timed(lambda: list(plain.pipe(made, batch_size=BATCH))))
        own.append(timed(lambda: list(parse_many(stories, nlp))))
        stage.append(timed(partial(_find_all, [EnrichedStory.model_validate_json(line) for line in quoted])))
    visits = sum(len(find(EnrichedStory.model_validate_json(line)).visits) for line in quoted)
    each, share = 1000 / len(stories), min(stage) / min(own)
    times = f"parse {min(parse) * each:6.2f} ms, extraction's own pass {min(own) * each:6.2f} ms"
    shares = f"{100 * min(stage) / min(parse):4.1f} % and {100 * share:4.1f} % of them"
    print(
        f"{name:22} {times}, visits {min(stage) * each:5.2f} ms, {shares}; {visits / len(stories):.1f} visits a story"
    )
    return share


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--stories", type=int, default=96)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--texts", type=Path)
    options = asked.parse_args()
    plain, nlp = whole_pipeline(Settings().model), load(Settings().model)
    share = measure("a wire's stories", list(mixed(options.stories)), plain, nlp, options.rounds)
    measure("nothing but visits", list(texts(options.stories)), plain, nlp, options.rounds)
    if options.texts:
        lines = options.texts.read_text("utf-8").splitlines()[: options.stories]
        measure(options.texts.name, [json.loads(line)["text"] for line in lines], plain, nlp, options.rounds)
    print(
        f"meant for a wire's stories: {100 * ALLOWED_SHARE:.0f} % of the own pass"
        + ("" if share <= ALLOWED_SHARE else ", not reached")
    )


if __name__ == "__main__":
    main()
