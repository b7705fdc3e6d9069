"""Write golden cases of attribution again, for a person to read the diff.

    python -m tests.golden.attribution.write                        every case: parse, entities and quotes as of now
    python -m tests.golden.attribution.write --quotes               the quotes only; the parse stays
    python -m tests.golden.attribution.write NAME ABOUT < text      a new case

The texts are invented. A case holds its parse, so the tests need no language model.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from visitwire_attribution.stage import attribute
from visitwire_schemas import EnrichedStory, Quote, Span

from tests.helpers.factories import make_story

HERE = Path(__file__).parent
MODEL = "en_core_web_md"


def told(story: EnrichedStory) -> list[dict[str, Any]]:
    """The quotes in words, as a person reads them."""
    return [_told(story, quote) for quote in story.quotes]


def _told(story: EnrichedStory, quote: Quote) -> dict[str, Any]:
    names = {entity.id: entity.name for entity in story.entities}
    return {
        "kind": quote.kind.value,
        "source": _words(story, quote.source),
        "cue": _words(story, quote.cue),
        "content": [story.story.text[span.start : span.end] for span in quote.content],
        "speaker": names.get(quote.speaker or ""),
        "speaker_kind": quote.speaker_kind and quote.speaker_kind.value,
    }


def _words(story: EnrichedStory, spans: tuple[Span, ...]) -> str:
    return " … ".join(story.story.text[span.start : span.end] for span in spans)


def read(path: Path) -> tuple[EnrichedStory, dict[str, Any]]:
    """The story of a case as extraction left it, and the case."""
    case = json.loads(path.read_text(encoding="utf-8"))
    fields = {"entities": case["entities"], "parse": case["parse"]}
    return EnrichedStory.model_validate({"story": make_story(case["text"]).model_dump(), **fields}), case


def _parsed(text: str) -> EnrichedStory:
    from visitwire_extraction.stage import enrich_many, load

    return enrich_many([make_story(text)], load(MODEL))[0]


def _save(name: str, about: str, story: EnrichedStory) -> None:
    case = {"about": about, "text": story.story.text, "quotes": told(attribute(story))}
    lines = [f"{json.dumps(key)}: {json.dumps(value, indent=1, ensure_ascii=False)}" for key, value in case.items()]
    dumped = story.model_dump(mode="json", exclude_defaults=True)
    lines += [f'"{key}": {json.dumps(dumped.get(key, []), ensure_ascii=False)}' for key in ("entities", "parse")]
    (HERE / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("name", nargs="?")
    asked.add_argument("about", nargs="?", default="")
    asked.add_argument("--quotes", action="store_true")
    options = asked.parse_args()
    if options.name:
        _save(options.name, options.about, _parsed(sys.stdin.read().strip("\n")))
        return
    for path in sorted(HERE.glob("*.json")):
        story, case = read(path)
        _save(path.stem, case["about"], story if options.quotes else _parsed(case["text"]))


if __name__ == "__main__":
    main()
