"""The labelled news beside the repository, where it lies there: gold, the scorer, the split, parsed stories."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from zlib import crc32

from visitwire_extraction.stage import enrich_many, load
from visitwire_schemas import EnrichedStory, Quote, Story

from tests.helpers.factories import NOON

SHARED = Path(__file__).parents[3] / "shared"
QUOTES = SHARED / "data" / "quotes-dev"
_BATCH = 32


def scorer() -> ModuleType:
    """`score_quotes`. Ends the program, with the reason, where ../shared is missing."""
    path = SHARED / "tools" / "score_quotes.py"
    if not path.exists() or not QUOTES.is_dir():
        sys.exit(f"skipped: no labelled news in {SHARED}")
    spec = importlib.util.spec_from_file_location("score_quotes", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def held_out(doc: str) -> bool:
    """Whether rules were never tuned on the article: every third, by the CRC-32 of its id."""
    return crc32(doc.encode()) % 3 == 0


def parsed(docs: list[str], model: str) -> Iterator[EnrichedStory]:
    """The articles through extraction; `story.uri` is the article's id."""
    nlp = load(model)
    for first in range(0, len(docs), _BATCH):
        stories = [
            Story(
                provider="shared",
                uri=doc,
                received=NOON,
                text=(QUOTES / "text" / f"{doc}.txt").read_bytes().decode("utf-8"),
            )
            for doc in docs[first : first + _BATCH]
        ]
        yield from enrich_many(stories, nlp)


def as_scored(quote: Quote) -> dict[str, list[list[int]]]:
    """A quote in the scorer's format."""
    return {
        name: [[span.start, span.end] for span in spans]
        for name, spans in (("content", quote.content), ("cue", quote.cue), ("source", quote.source))
    }
