"""Between `visitwire enrich` and the scorer of quotes.

python -m bench.quality.quotes_input texts FOLDER > lines       a folder of .txt files as lines for `visitwire enrich`
python -m bench.quality.quotes_input quotes ENRICHED > system   stories as {"doc", "quotes": [{content, cue, source}]}
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from visitwire_schemas import EnrichedStory, Span


def texts(folder: Path) -> Iterator[str]:
    """A line a text, whose id is the file's name; the text to the letter."""
    for path in sorted(folder.glob("*.txt")):
        yield json.dumps({"id": path.stem, "text": path.read_bytes().decode("utf-8")}, ensure_ascii=False)


def quotes(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        enriched = EnrichedStory.model_validate_json(line)
        found = [
            {
                "content": _offsets(quote.content),
                "cue": _offsets(quote.cue),
                "source": _offsets(quote.source),
                "type": quote.kind,
            }
            for quote in enriched.quotes
        ]
        yield json.dumps({"doc": enriched.story.uri, "quotes": found})


def _offsets(spans: tuple[Span, ...]) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in spans]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("what", choices=["texts", "quotes"])
    asked.add_argument("path", type=Path)
    options = asked.parse_args()
    if options.what == "texts":
        lines = texts(options.path)
    else:
        lines = quotes(line for line in options.path.read_text("utf-8").split("\n") if line)
    for line in lines:
        print(line)


if __name__ == "__main__":
    main()
