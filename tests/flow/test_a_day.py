"""docs/day.md: up to date, and true by itself: what it shows is checked as a reader with nothing but the page would."""

import base64
import hashlib
import hmac
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from icalendar import Calendar
from visitwire_runtime import AnyStage
from visitwire_schemas import Alert, LedgerVisit, Story
from visitwire_suite.pages import day, day_run
from visitwire_suite.stages import LANGUAGE

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/day.md"


@cache
def blocks(section: str) -> list[str]:
    """The code blocks under a heading, without their fences."""
    _, _, after = PAGE.read_text("utf-8").partition(f"{section}\n")
    return re.findall(r"^```\w+\n(.*?)\n```$", after.partition("\n## ")[0], re.MULTILINE | re.DOTALL)


def rows(section: str) -> list[list[str]]:
    """The table under a heading, without its head."""
    _, _, after = PAGE.read_text("utf-8").partition(f"{section}\n")
    lines = [line for line in after.partition("\n## ")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def headers(block: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in block.splitlines())


def story() -> Story:
    (shown,) = blocks("## 2. The story")
    return Story.model_validate_json(shown)


def sent() -> tuple[dict[str, str], dict[str, Any]]:
    """The webhook's headers and its body."""
    _, shown, body = blocks("## 9. The webhook")
    return headers(shown), json.loads(body)


def test_the_page_is_what_the_suite_makes_of_the_story(language: dict[str, AnyStage]) -> None:
    made = day.page(day_run.live(ROOT, [language[name] for name in LANGUAGE]))
    assert made == PAGE.read_text("utf-8")


def test_the_wires_bytes_are_those_of_the_seed() -> None:
    _, shown = blocks("## 1. What the wire sends")
    assert shown == (ROOT / day_run.SEED).read_text("utf-8").rstrip()


def test_the_mentions_stand_where_the_page_says() -> None:
    text = story().text
    found = [
        (words, text[int(start) : int(end)])
        for *_, mentions in rows("## 3. The entities")
        for words, start, end in re.findall(r"“([^”]+)” (\d+)–(\d+)", mentions)
    ]
    assert len(found) > 10
    assert [words for words, _ in found] == [there for _, there in found]


def test_what_is_quoted_stands_in_the_story() -> None:
    text = story().text
    parts = [part for _, said, *_ in rows("## 5. The quotes") for part in said.split(" … ")]
    assert parts
    assert [part for part in parts if part not in text] == []


def test_the_signature_is_that_of_the_body_under_the_secret_of_the_page() -> None:
    shown, event = sent()
    body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    assert len(body) == int(shown["content-length"])
    _, subscription = blocks("## 8. The alert")
    key = base64.b64decode(yaml.safe_load(subscription)["channels"][0]["secret"].removeprefix("whsec_"))
    signed = f"{shown['webhook-id']}.{shown['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert shown["webhook-signature"] == f"v1,{mac}"


def test_alert_webhook_and_calendar_tell_of_the_ledgers_record() -> None:
    (record,) = blocks("## 7. The ledger's record")
    envelope, _ = blocks("## 8. The alert")
    (entry,) = Calendar.from_ical(blocks("## 10. The calendar")[0]).walk("VEVENT")
    shown, body = sent()
    visit, event = LedgerVisit.model_validate_json(record), Alert.model_validate(body)
    assert event.data.visit == visit
    assert {headers(envelope)["ce_id"], shown["webhook-id"], event.id} == {f"{visit.id}.{visit.revision}"}
    assert visit.dates is not None
    assert (entry["UID"], str(entry.start)) == (f"{visit.id}@visitwire", visit.dates.start)
