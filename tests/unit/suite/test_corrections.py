"""What people corrected by hand comes out as stories with the right values."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner
from visitwire_alerting.ledger import enter_hand, visit_history
from visitwire_alerting.ledger.enter_hand import HandRequest
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.service import open_alerting
from visitwire_gateway.model.database import open_database
from visitwire_gateway.model.store_writer import write
from visitwire_runtime.settings import Settings
from visitwire_schemas import Destination, HandKind, Party, Right, VisitStatus
from visitwire_suite.corrections import app

from tests.unit.alerting.makers import at, dates, story, visit
from tests.unit.gateway.samples import rows

BERG = {"who": "Anna Berg", "of": "NO"}


def test_stories_and_right_values_come_out_as_json_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISITWIRE_DATA_DIR", str(tmp_path))
    settings = Settings()
    ledger, engine = open_alerting(settings).engine, open_database(settings.gateway_database.get_secret_value())
    first = story("a", visit("planned", when=dates("2025-04-10")), visit("planned", to="FR", **BERG))
    second = story("b", visit("planned", when=dates("2025-04-11")), day=1)
    third = story("c", visit("invited", to="KE", **BERG), day=2)
    for one in (first, second, third):
        record(ledger, [one], lambda: at(9))
    write(engine, rows(first, second))
    with ledger.connect() as connection:
        named = {(one.visitor.name, one.destination.country): one.id for one in visit_history.list_visits(connection)}
    right = Right(
        visitor=Party(label="Prime Minister"), destination=Destination(place="Goa"), status=VisitStatus.ACCEPTED
    )
    word = HandRequest(named["Vladimir Putin", "IN"], HandKind.CORRECT, "ada", "Ministry.", right)
    hand = enter_hand.say(ledger, word, at(10))
    enter_hand.say(ledger, HandRequest(named["Anna Berg", "FR"], HandKind.DISMISS, "bob"), at(11))
    enter_hand.say(ledger, HandRequest(named["Anna Berg", "KE"], HandKind.DISMISS, "bob"), at(12))
    made = CliRunner().invoke(app, ["export"])
    assert (made.exit_code, made.stderr) == (0, "1 stories are no longer stored here, or were withdrawn\n")
    one, two = map(json.loads, made.stdout.splitlines())
    assert (one["id"], two["id"], one["text"]) == ("north|a", "north|b", first.story.text)
    assert one["visits"] == [
        {
            "visitor": {"name": "Vladimir Putin", "label": "Prime Minister", "country": "RU"},
            "destination": {"country": "IN", "place": "Goa"},
            "host": None,
            "status": "planned",
            "dates": {"text": "2025-04-10", "start": "2025-04-10", "end": None},
            "announced_by": None,
            "paragraphs": [1],
            "focus": True,
        }
    ]
    assert [visit_["status"] for visit_ in two["visits"]] == ["accepted"]
    assert two["said"] == [
        {"hand": hand.id, "kind": "correct", "by": "ada", "at": at(10).isoformat(), "note": "Ministry."}
    ]
