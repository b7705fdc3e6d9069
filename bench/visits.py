"""Bench: the visits stage beside the parse it reads

`python -m bench.visits [--stories 96] [--rounds 5]`: the texts are those of `bench.speed`. The parse is extraction's
own spaCy pass and nothing else; the stage gets the stories with entities, parse and quotes, freshly decoded, so that
nothing it looks up is kept from the round before. The best round of each counts.
"""

import argparse
import sys
from datetime import UTC, datetime

from visitwire_attribution.stage import attribute
from visitwire_extraction.model import parse_many
from visitwire_extraction.stage import enrich_many, load
from visitwire_runtime.settings import Settings
from visitwire_schemas import EnrichedStory, Story
from visitwire_visits.stage import find

from bench.speed import texts, timed

ALLOWED_SHARE = 0.05


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--stories", type=int, default=96)
    asked.add_argument("--rounds", type=int, default=5)
    options = asked.parse_args()
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    stories = [
        Story(provider="bench", uri=str(number), received=at, versioncreated=at, text=text)
        for number, text in enumerate(texts(options.stories))
    ]
    nlp = load(Settings().model)
    quoted = [attribute(story).model_dump_json() for story in enrich_many(stories, nlp)]
    parse, stage = [], []
    for _ in range(options.rounds):
        parse.append(timed(lambda: list(parse_many(stories, nlp))))
        decoded = [EnrichedStory.model_validate_json(line) for line in quoted]
        stage.append(timed(lambda decoded=decoded: [find(story) for story in decoded]))
    visits = sum(len(find(EnrichedStory.model_validate_json(line)).visits) for line in quoted)
    share = min(stage) / min(parse)
    each = 1000 / len(stories)
    print(f"{len(stories)} stories, {visits} visits found")
    print(f"parse   {min(parse) * each:6.2f} ms a story")
    print(
        f"visits  {min(stage) * each:6.2f} ms a story, {100 * share:.1f} % of the parse (allowed {100 * ALLOWED_SHARE:.0f} %)"
    )
    sys.exit(0 if share <= ALLOWED_SHARE else 1)


if __name__ == "__main__":
    main()
