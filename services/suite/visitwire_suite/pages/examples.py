"""Writes examples of every message under schemas/examples/, from the seeds.

`python -m visitwire_suite.pages.examples [--again]`, from the root of the repository. Only missing ones are written,
since an example is a promise to old data: a message once sent stays readable. --again writes all of them, which is for
the time before a first release only.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from visitwire_runtime import logs
from visitwire_runtime.embedded import Produced, run
from visitwire_runtime.settings import Settings
from visitwire_schemas import (
    ALERTS,
    REPORTS,
    STORIES,
    STORIES_ENRICHED,
    STORIES_PARSED,
    STORIES_QUOTED,
    VISITS,
    WIRE_ITEMS,
)
from visitwire_schemas.asyncapi import DEAD_LETTERS

from visitwire_suite.seeds import seed_items
from visitwire_suite.stages import STAGES, build

EXAMPLES = Path("schemas/examples")
STORY = "nordwire|urn:nordwire:20260302:andrade-accepts-invitation"
KILL = "nordwire|urn:nordwire:20260309:korea-chile"
CORRECTION = "pacnews|pacnews-202603060610"
RAW = ("andrade-accepts-invitation.json", "andrade-india.txt", "vietnam-australia.xml", "feed.rss")
BROKEN = b'<?xml version="1.0"?>\n<nitf><head><title>Half a sto'


def main() -> None:
    logs.configure("critical")
    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        items = seed_items(Path("seeds/wires"))
        broken = items[0].model_copy(update={"raw": BROKEN, "name": "broken.xml"})
        produced = run([build(name, settings) for name in STAGES], [*items, broken], spool=settings.spool)
    for path, text in found(produced).items():
        if "--again" in sys.argv or not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
            print(f"wrote {path}")


def found(produced: Produced) -> dict[Path, bytes]:
    made: dict[str, bytes | None] = {}
    for topic in (STORIES, STORIES_PARSED, STORIES_QUOTED, STORIES_ENRICHED):
        records = {record.key: record.value for record in produced.records[topic.name]}
        made[f"{topic.name}/story"] = records[STORY.encode()]
    stories = {record.key: record.value for record in produced.records[STORIES.name]}
    made[f"{STORIES.name}/kill"] = stories[KILL.encode()]
    made[f"{STORIES.name}/correction"] = stories[CORRECTION.encode()]
    for record in reversed(produced.records[ALERTS.name]):
        alert = ALERTS.decode(record)
        made[f"{ALERTS.name}/{alert.data.change.kind}"] = alert.model_dump_json().encode()
        if record.value and f"{VISITS.name}/{alert.data.visit.status}" not in made:
            standing = [each.value for each in produced.records[VISITS.name] if each.key == record.key]
            made[f"{VISITS.name}/{alert.data.visit.status}"] = next(each for each in reversed(standing) if each)
    reports = {record.key: record.value for record in produced.records[REPORTS.name]}
    made[f"{REPORTS.name}/story"] = reports[STORY.encode()]
    made[f"{DEAD_LETTERS}/broken-xml"] = produced.dead[-1].model_dump_json().encode()
    pretty = {EXAMPLES / f"{name}.json": _pretty(raw) for name, raw in made.items() if raw}
    raws = {name: path for name in RAW for path in Path("seeds/wires").glob(f"*/*{name}")}
    return pretty | {EXAMPLES / WIRE_ITEMS.name / name: path.read_bytes() for name, path in raws.items()}


def _pretty(raw: bytes) -> bytes:
    """Indented, but for the columns of a parse."""
    value = json.loads(raw)
    parse = value.get("parse")
    if isinstance(parse, dict):
        value["parse"] = "PARSE"
    text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    return text.replace('"PARSE"', json.dumps(parse, ensure_ascii=False)).encode()


if __name__ == "__main__":
    main()
