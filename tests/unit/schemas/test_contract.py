"""The promise to consumers: no change of shape goes unseen, and old messages stay readable."""

import ast
import json
import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from visitwire_schemas import ALERTS, FLOW, REPORTS, STORIES, VISITS, WIRE_ITEMS, DeadLetter, Record, dead_letters
from visitwire_schemas.asyncapi import DEAD_LETTERS, document, topics
from visitwire_suite.pages import asyncapi
from visitwire_suite.pages.contract import schemas

from tests.helpers.factories import NOON, make_item, make_story

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "schemas/examples"
BY_NAME = {topic.name: topic for topic in topics()} | {DEAD_LETTERS: FLOW[0].dead_letters}


def test_the_committed_schemas_are_those_of_the_messages() -> None:
    committed = {path.stem: path.read_text("utf-8") for path in (ROOT / "schemas/json").glob("*.json")}
    assert committed == schemas(), "a message changed its shape: `make schemas`, look at the diff, add to CHANGELOG.md"


def test_the_committed_asyncapi_document_is_that_of_the_flow_and_is_valid() -> None:
    made = document()
    asyncapi.validate(made, ROOT / "schemas/asyncapi-3.0.0.schema.json")
    assert (ROOT / "schemas/asyncapi.yaml").read_text("utf-8") == asyncapi.text(made)


def test_the_validator_refuses_a_broken_document() -> None:
    broken = document()
    broken["channels"]["stories-v1"]["messages"] = "none"
    with pytest.raises(jsonschema.ValidationError):
        asyncapi.validate(broken, ROOT / "schemas/asyncapi-3.0.0.schema.json")


def _examples() -> list[Path]:
    return sorted(path for path in EXAMPLES.glob("*/*.json") if path.parent.name != WIRE_ITEMS.name)


def test_every_topic_has_an_example() -> None:
    assert {path.parent.name for path in _examples()} == set(BY_NAME) - {WIRE_ITEMS.name}
    assert list((EXAMPLES / WIRE_ITEMS.name).iterdir()), "wire items are examples as the wires send them"


def _of_those_names(found: Any, said: Any) -> Any:
    """What was found under the names that an example says: a later message may have gained a field, at any depth."""
    if isinstance(found, dict) and isinstance(said, dict):
        return {name: _of_those_names(found[name], said[name]) for name in said}
    if isinstance(found, list) and isinstance(said, list) and len(found) == len(said):
        return [_of_those_names(*pair) for pair in zip(found, said, strict=True)]
    return found


@pytest.mark.parametrize("path", _examples(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_example_parses_and_says_the_same_again(path: Path) -> None:
    topic = BY_NAME[path.parent.name]
    raw = path.read_bytes()
    message = topic.decode(Record(None, raw))
    again = json.loads(message.model_dump_json())
    assert _of_those_names(again, json.loads(raw)) == json.loads(raw)
    jsonschema.validate(again, json.loads((ROOT / f"schemas/json/{path.parent.name}.json").read_text("utf-8")))


def test_unknown_fields_are_ignored() -> None:
    told = json.loads(STORIES.encode(make_story()).value or b"") | {"brand_new": 1}
    assert STORIES.decode(Record(None, json.dumps(told).encode())) == make_story()


def test_a_wire_item_is_its_bytes_with_the_rest_in_headers() -> None:
    item = make_item(b"\xff\x00raw", name="a.xml", content_type="text/xml")
    record = WIRE_ITEMS.encode(item)
    assert (record.key, record.value) == (b"testwire", b"\xff\x00raw")
    assert WIRE_ITEMS.decode(record) == item


def test_an_alert_is_a_cloudevent_in_binary_mode() -> None:
    alert = BY_NAME["alerts-v1"].decode(Record(None, (EXAMPLES / "alerts-v1/accepted.json").read_bytes()))
    record = ALERTS.encode(alert)
    headers = {name: value.decode() for name, value in record.headers}
    assert headers["content-type"] == "application/json"
    assert {name for name in headers if name.startswith("ce_")} >= {"ce_specversion", "ce_id", "ce_source", "ce_type"}
    assert set(json.loads(record.value or b"")) >= {"visit", "change"}
    assert (record.key, ALERTS.decode(record)) == (alert.subject.encode(), alert)


def test_any_producer_may_leave_out_key_and_headers() -> None:
    item = WIRE_ITEMS.decode(Record(None, b"raw"))
    assert (item.raw, item.provider, item.name) == (b"raw", "unknown", None)
    assert WIRE_ITEMS.decode(Record(b"tass", b"raw")).provider == "tass"


def test_topic_names_are_lower_case_hyphenated_and_versioned() -> None:
    names = [topic.name for topic in topics()]
    assert [name for name in names if not re.fullmatch(r"[a-z]+(-[a-z]+)*-v1", name)] == []
    assert [row.dead_letters.name for row in FLOW] == [f"{row.stage}-dlq" for row in FLOW]


def test_each_stage_reads_what_the_one_before_writes() -> None:
    for before, after in pairwise(FLOW):
        assert after.source in before.sinks


def test_only_the_ledger_is_compacted_and_kept_for_ever() -> None:
    kept = [topic.name for topic in topics() if topic.compacted or topic.retention is None]
    assert kept == [VISITS.name, REPORTS.name]


def test_a_dead_letter_carries_the_bytes_as_base64() -> None:
    letter = DeadLetter(
        id="1",
        stage="visits",
        reason="why",
        error="InvalidMessage",
        raw=b"/wA=",
        raw_size=2,
        raw_digest="d",
        at=NOON,
    )
    assert letter.raw == b"\xff\x00"
    record = dead_letters("visits").encode(letter)
    assert json.loads(record.value or b"")["raw"] == "/wA="
    assert dead_letters("visits").decode(record) == letter


def test_the_messages_import_pydantic_alone() -> None:
    allowed = {"pydantic", "visitwire_schemas", *sys.stdlib_module_names}
    for path in (ROOT / "schemas/visitwire_schemas").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {name.partition(".")[0] for name in names} <= allowed, path


@pytest.mark.parametrize("name", sorted(schemas()))
def test_every_field_of_a_message_says_what_it_is(name: str) -> None:
    whole = json.loads(schemas()[name])
    shapes = {whole["title"]: whole} | whole.get("$defs", {})
    bare = [shape for shape, made in shapes.items() if not made.get("description")]
    fields = [
        (shape, name, each) for shape, made in shapes.items() for name, each in made.get("properties", {}).items()
    ]
    assert (bare, [(shape, name) for shape, name, each in fields if not each.get("description")]) == ([], [])


def test_the_asyncapi_document_carries_the_descriptions() -> None:
    carried = document(whole=True)["components"]["schemas"]
    assert carried["LedgerVisit"]["properties"]["announced_by"]["description"] == "On whose word it has its status."
