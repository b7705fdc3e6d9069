"""Bench: attribution beside the parse it reads, textacy's and a GenderGapTracker-like quote extraction

`python -m bench.speed.quotes [--stories 96] [--rounds 5]`: the texts are those of `bench.speed.speed`. The parse is
spaCy's default pipeline in batches of 32, as in `bench.speed.speed`; extraction's own pass, which leaves out what it
does not need, stands beside it. Every tool gets the stories parsed; what is measured is what it adds. The best round of
each counts. Attribution is fed freshly decoded messages, so nothing it looks up is kept from the round before. The
memory is the peak of a process that does nothing but attribute (Linux only).

textacy is measured where it is installed: `uv run --with textacy python -m bench.speed.quotes`. The GenderGapTracker is
no package, so its two direct rules (https://github.com/sfu-discourse-lab/GenderGapTracker, MIT) are rebuilt here: a
clause that a quote verb takes, and a quotation beside a quote verb with a subject.
"""

import argparse
import gc
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from time import process_time

from spacy.language import Language
from spacy.tokens import Doc
from visitwire_attribution.stage import attribute
from visitwire_extraction.model import loaded, parse_many
from visitwire_extraction.stage import enrich_many, load
from visitwire_runtime.settings import Settings
from visitwire_schemas import EnrichedStory, Story

from bench.speed.speed import BATCH, texts

PARSES = ("the parse", "extraction's own pass")
ALLOWED_SHARE, ALLOWED_MEMORY = 0.05, 120
VERBS = frozenset(
    [
        "said",
        "says",
        "say",
        "told",
        "tells",
        "added",
        "adds",
        "announced",
        "noted",
        "reported",
        "asked",
        "warned",
        "stated",
        "wrote",
        "claimed",
    ]
)
MEASURE = """
import sys
from pathlib import Path
from visitwire_attribution.stage import attribute
from visitwire_schemas import EnrichedStory
for line in sys.stdin:
    attribute(EnrichedStory.model_validate_json(line))
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
"""


def gender_gap(doc: Doc) -> int:
    """Quotes by the two direct rules."""
    found = 0
    for token in doc:
        if token.dep_ == "ccomp" and token.head.lower_ in VERBS:
            found += any(child.dep_ == "nsubj" for child in token.head.children)
    open_mark: int | None = None
    for token in doc:
        if token.is_quote and open_mark is None:
            open_mark = token.i
        elif token.is_quote and open_mark is not None:
            beside = doc[token.i + 1 : token.i + 8]
            found += any(t.lower_ in VERBS and any(c.dep_ == "nsubj" for c in t.children) for t in beside)
            open_mark = None
    return found


def textacy_quotes() -> Callable[[Doc], int] | None:
    if find_spec("textacy") is None:
        return None
    from textacy.extract import direct_quotations  # type: ignore[import-not-found]

    return lambda doc: sum(1 for _ in direct_quotations(doc))


def timed(work: Callable[[], object]) -> float:
    """Seconds of processor time, which other programs on the machine do not lengthen much."""
    begun = process_time()
    work()
    return process_time() - begun


def whole_pipeline(model: str) -> Language:
    """spaCy's default pipeline, every component of it."""
    return loaded(model)


def memory(messages: Sequence[str]) -> int:
    """Megabytes that a process needs, which does nothing but attribute the stories."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], input="\n".join(messages), capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--stories", type=int, default=96)
    asked.add_argument("--rounds", type=int, default=5)
    options = asked.parse_args()
    now = datetime.now(UTC)
    bodies = list(texts(options.stories))
    stories = [Story(provider="bench", uri=str(n), received=now, text=text) for n, text in enumerate(bodies)]
    plain, nlp = whole_pipeline(Settings().model), load(Settings().model)
    messages = [story.model_dump_json() for story in enrich_many(stories, nlp)]
    docs = [doc for body in bodies for doc in plain.pipe(body.split("\n"))]
    best: dict[str, float] = {}
    found: dict[str, int] = {}

    def keep(name: str, work: Callable[[], int]) -> None:
        best[name] = min(timed(lambda: found.__setitem__(name, work())), best.get(name, float("inf")))

    peers = {"GenderGapTracker's direct rules": gender_gap, "textacy's direct quotations": textacy_quotes()}
    for _ in range(options.rounds):
        gc.freeze()  # the garbage collector need not walk what the other tools keep
        fresh = [EnrichedStory.model_validate_json(message) for message in messages]
        keep("the parse", lambda: sum(1 for _ in plain.pipe(bodies, batch_size=BATCH)))
        keep("extraction's own pass", lambda: len(parse_many(stories, nlp)))
        keep("attribution", lambda: sum(len(attribute(story).quotes) for story in fresh))  # noqa: B023
        for name, tool in peers.items():
            if tool is not None:
                keep(name, lambda: sum(map(tool, docs)))  # noqa: B023
    _tell(best, found, len(stories), memory(messages))
    if peers["textacy's direct quotations"] is None:
        print("textacy is not installed, so it was left out: uv run --with textacy python -m bench.speed.quotes")


def _tell(best: dict[str, float], found: dict[str, int], stories: int, megabytes: int) -> None:
    for name, seconds in best.items():
        quotes = f"{found[name] / stories:6.1f} quotes each" if name not in PARSES else ""
        print(f"{name:<34} {1000 * seconds / stories:8.2f} ms a story {seconds / best['the parse']:7.1%} {quotes}")
    share = best["attribution"] / best["the parse"]
    print(json.dumps({"share_of_parse": round(share, 4), "allowed": ALLOWED_SHARE, "held": share <= ALLOWED_SHARE}))
    print(json.dumps({"attribution_mb": megabytes, "allowed": ALLOWED_MEMORY, "held": megabytes <= ALLOWED_MEMORY}))


if __name__ == "__main__":
    main()
