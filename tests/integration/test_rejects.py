"""Whatever is on a topic ends as one clear dead letter, and the next story goes through; and may be sent again."""

import random
import subprocess
import sys
from pathlib import Path

from visitwire_runtime.settings import Settings
from visitwire_schemas import ALERTS, FLOW, STORIES_ENRICHED, WIRE_ITEMS, DeadLetter, Record, dead_letters

from tests.helpers.factories import TEXT
from tests.integration.harness import Crew, arrived, environment, send, standing

GOOD = f"Andrade to visit India\n\nBRASILIA, March 2 (Test) - {TEXT}\n"
FILES = {
    "1-broken.xml": b'<?xml version="1.0"?>\n<nitf><head><title>Half a sto',
    "2-empty.txt": b"",
    "3-30mb.xml": b"<nitf>" + b"x" * 30_000_000,
    "4-binary.bin": random.Random(7).randbytes(5000),
    "5-wrong-charset.txt": GOOD.encode("cp500"),
    "6-wrong-shape.json": b'{"hello": {"world": [1, 2, 3]}}',
}
POISON = b"\x00\xff{"


def visitwire(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "visitwire_suite", *arguments]
    return subprocess.run(command, env=environment(settings), capture_output=True, text=True, check=False)


def letters(settings: Settings, stage: str) -> list[DeadLetter]:
    topic = dead_letters(stage)
    return [topic.decode(found.record) for found in standing(settings, topic.name) if found.record.value is not None]


def test_each_is_one_dead_letter_and_the_next_story_goes_through(flow: Settings, crew: Crew, tmp_path: Path) -> None:
    folder = tmp_path / "wire"
    folder.mkdir()
    for name, raw in FILES.items():
        (folder / name).write_bytes(raw)
    (folder / "7-good.txt").write_text(GOOD)
    for row in FLOW[1:]:
        send(flow, row.source.name, [Record(b"key", POISON)])
    crew.flow()
    fed = visitwire(flow, "feed", str(folder))
    assert (fed.returncode, fed.stderr.splitlines()[-1]) == (1, "6 items sent to wire-items-v1, 1 refused")
    (enriched,) = (found for found in arrived(flow, STORIES_ENRICHED.name, 2) if found.record.value != POISON)
    assert STORIES_ENRICHED.decode(enriched.record).story.headline == "Andrade to visit India"
    arrived(flow, ALERTS.name, 1)
    arrived(flow, "ingestion-dlq", len(FILES))

    refused = letters(flow, "ingestion")
    assert sorted(letter.raw_size for letter in refused) == sorted(len(raw) for raw in FILES.values())
    assert [letter for letter in refused if letter.error != "InvalidMessage" or letter.topic != WIRE_ITEMS.name] == []
    assert [letter.reason for letter in refused if not letter.reason.endswith(".")] == []
    for row in FLOW[1:]:
        assert [(letter.topic, letter.key, letter.raw) for letter in letters(flow, row.stage)] == [
            (row.source.name, "key", POISON)
        ]
    listed = visitwire(flow, "dlq", "list", "--json")
    assert {DeadLetter.model_validate_json(line).id for line in listed.stdout.splitlines()} == {
        letter.id for row in FLOW for letter in letters(flow, row.stage)
    }


def test_a_dead_letter_is_sent_again_and_leaves_the_list(flow: Settings, crew: Crew) -> None:
    """The bytes are those of a good item: as if the stage had been mended meanwhile."""
    worker = crew.start("visitwire_ingestion").ready()
    bad = FILES["1-broken.xml"]
    send(flow, WIRE_ITEMS.name, [Record(b"wire", bad, (("name", b"a.xml"),))])
    arrived(flow, "ingestion-dlq", 1)
    worker.stop()
    [letter] = letters(flow, "ingestion")
    assert letter.id[:12] in visitwire(flow, "dlq", "list").stdout
    shown = visitwire(flow, "dlq", "show", letter.id[:6])
    assert letter.reason in shown.stdout
    assert "<nitf><head><title>Half a sto" in shown.stdout

    assert visitwire(flow, "dlq", "replay", "--stage", "ingestion", "--all").stdout == "1 sent again\n"
    first, again = standing(flow, WIRE_ITEMS.name)
    assert (again.record, again.partition) == (first.record, first.partition)
    assert visitwire(flow, "dlq", "list").stdout == "No dead letters.\n"
