"""Stories with gold visits: the development set and the envelopes that were opened, read up to the visits stage."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from visitwire_runtime.reader_release import digest_of, version_of
from visitwire_runtime.settings import Settings
from visitwire_schemas import EnrichedStory
from visitwire_suite.chain import Chain, Failed
from visitwire_suite.enrich import stories_of

from tests.golden.cases import read
from tests.other_news.stories import stories as other_stories

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
OPENED = ROOT / ".visitwire" / "envelopes"
CASES = (ROOT / "tests" / "golden" / "visits", Path(__file__).parent / "invented")
"""The golden cases, and invented cases like them that the reader does not get wholly right."""
INVENTED = "golden"
OTHER = "other"
WRITTEN = "written"
"""Whole stories that were made up to be read, with the visits that their author put into them."""
CACHE = ROOT / ".visitwire" / "quoted"


@dataclass(frozen=True)
class Told:
    """A story before the visits stage, and the visits that a person found in it."""

    source: str
    story: EnrichedStory
    gold: list[dict[str, Any]]

    @property
    def fold(self) -> int:
        """0 to 4, by the story's id: the same in every run; -1 for what was invented, which is never left out."""
        return (
            -1 if self.source in (INVENTED, WRITTEN, OTHER) else sha256(self.story.story.uri.encode()).digest()[0] % 5
        )


def sets() -> dict[str, Path]:
    """The folders with stories.jsonl and gold.jsonl that may be read, by name."""
    found = {"dev": SHARED / "visits-dev"} if (SHARED / "visits-dev").exists() else {}
    found.update({folder.name: folder for folder in sorted(OPENED.glob("*")) if (folder / "gold.jsonl").exists()})
    return found


def gold_of(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The visits that a person found, by the id of the story. Raises OSError where the folder has none."""
    rows = (json.loads(line) for line in (folder / "gold.jsonl").read_text("utf-8").splitlines() if line.strip())
    return {row["doc"]: row["visits"] for row in rows}


def told(names: Sequence[str] | None = None, model: str | None = None) -> list[Told]:
    """Every story of the named sets, or of all."""
    found = []
    for name, folder in sets().items():
        if names is None or name in names:
            gold = gold_of(folder)
            found += [Told(name, story, gold[story.story.uri]) for story in _quoted(name, folder, model)]
    return found


def invented(model: str | None = None) -> list[Told]:
    """Invented cases, of which each is a sentence or three made up for one kind of report."""
    rows = [(f"{path.stem}: {case.about}", case) for path in _files() for case in read(path)]
    folder = _written(INVENTED, [{"id": name, **{key: case.given.get(key) for key in _STORY}} for name, case in rows])
    gold = {name: [_gold(visit) for visit in case.want] for name, case in rows}
    return [Told(INVENTED, story, gold[story.story.uri]) for story in _quoted(INVENTED, folder, model)]


def written(model: str | None = None) -> list[Told]:
    """The invented stories in bench/quality/invented/*.jsonl."""
    found = []
    for path in sorted((Path(__file__).parent / "invented").glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        folder = _written(path.stem, [{key: row[key] for key in ("id", *_STORY)} for row in rows])
        gold = {row["id"]: row["visits"] for row in rows}
        found += [Told(WRITTEN, story, gold[story.story.uri]) for story in _quoted(path.stem, folder, model)]
    return found


def other(model: str | None = None) -> list[Told]:
    """Invented stories of other kinds (sport, companies, courts), which tell of no visit."""
    made = other_stories(_OTHERS, _SEED)
    rows = [{"id": each.uri, "text": each.text, "date": each.published.date().isoformat()} for each in made]
    folder = _written(OTHER, rows)
    return [Told(OTHER, story, []) for story in _quoted(OTHER, folder, model)]


_OTHERS, _SEED = 400, 23
_STORY = ("text", "headline", "dateline", "date")


def _files() -> list[Path]:
    return sorted(path for folder in CASES for path in folder.glob("*.json"))


def _gold(visit: dict[str, Any]) -> dict[str, Any]:
    return {
        "visitor": {"name": None, "label": visit["visitor"], "country": visit["country"]},
        "destination": {"country": visit["destination"] or "?", "place": None},
        "status": visit["status"],
        "dates": {"start": visit["start"]},
        "announced_by": visit["announced_by"],
        "focus": visit.get("focus", True),
    }


def _written(name: str, rows: Sequence[Mapping[str, Any]]) -> Path:
    """The folder of the cache with these stories in it."""
    folder = CACHE / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "stories.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return folder


def _quoted(name: str, folder: Path, model: str | None) -> Iterator[EnrichedStory]:
    """The stories as the visits stage gets them; kept until the stories, the stages before it or their data change."""
    settings = Settings() if model is None else Settings(model=model)
    given = folder / "stories.jsonl"
    reader = version_of(
        "visitwire_extraction", "visitwire_attribution", "visitwire_language", also=(settings.model, digest_of(given))
    )
    cache = CACHE / name
    kept = cache / f"{settings.model}-{reader.partition('+')[2]}.jsonl"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(".part")
        with Chain(settings, ("extraction", "attribution")) as chain, part.open("wb") as sink:
            for outcome in chain.enrich(list(stories_of([str(given)]))):
                if isinstance(outcome, Failed):
                    raise SystemExit(f"{name}: {outcome.stage}: {outcome.reason}")
                sink.write(outcome + b"\n")
        for old in cache.glob(f"{settings.model}-*.jsonl"):
            old.unlink()
        part.rename(kept)
    for line in kept.read_bytes().splitlines():
        yield EnrichedStory.model_validate_json(line)
