"""Asking Wikidata, against answers written by hand in the shape of its SPARQL results; nothing leaves the process."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner
from visitwire_extraction import cli
from visitwire_extraction.officeholders import WikidataError, client, fetch, holders_of, write
from visitwire_extraction.roster import Holder, holders
from visitwire_extraction.stage import configured
from visitwire_runtime.setting_groups.extraction import ExtractionSettings
from visitwire_schemas import Story


def _row(**values: str) -> dict[str, Any]:
    return {name: {"type": "literal", "value": value} for name, value in values.items()}


def _answer(*rows: dict[str, Any]) -> bytes:
    return json.dumps({"head": {"vars": []}, "results": {"bindings": rows}}).encode()


QUEEN = _row(
    code="XA",
    person="http://www.wikidata.org/entity/Q900000001",
    personLabel="Alba Ferrer",
    officeLabel="President of Examplia",
    kind="head_of_state",
    start="2021-03-04T00:00:00Z",
)
MINISTER = _row(
    code="XA",
    person="http://www.wikidata.org/entity/Q900000002",
    personLabel="Hugo Marsh",
    officeLabel="Minister of Foreign Affairs of Examplia",
    kind="minister",
    start="2020-01-01T00:00:00Z",
    end="2022-06-30T00:00:00Z",
)
PRESIDENT_ROW = Holder("Alba Ferrer", "XA", "President", "head_of_state", date(2021, 3, 4), None, "Q900000001")
MINISTER_ROW = Holder(
    "Hugo Marsh", "XA", "Foreign Minister", "minister", date(2020, 1, 1), date(2022, 6, 30), "Q900000002"
)


def _asked(answer: Callable[[httpx.Request], httpx.Response]) -> list[Holder]:
    with client(httpx.MockTransport(answer)) as asking:
        return fetch(asking, date(2000, 1, 1))


def test_two_questions_one_table() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        question = request.content.decode()
        assert "2000-01-01" in question
        assert request.headers["User-Agent"].startswith("visitwire/")
        return httpx.Response(200, content=_answer(MINISTER if "Q7330070" in question else QUEEN))

    assert _asked(answer) == [PRESIDENT_ROW, MINISTER_ROW]


@pytest.mark.parametrize(
    "broken",
    [
        _row(**{**{name: field["value"] for name, field in QUEEN.items()}, "personLabel": "Q900000001"}),
        _row(**{**{name: field["value"] for name, field in QUEEN.items()}, "start": "t12345"}),
        _row(code="XA", person="http://www.wikidata.org/entity/Q1", personLabel="Nobody"),
        {},
    ],
    ids=["no English name", "an unknown day", "no start", "empty"],
)
def test_rows_that_say_too_little_are_left_out(broken: dict[str, Any]) -> None:
    assert holders_of(_answer(broken, QUEEN)) == [PRESIDENT_ROW]


@pytest.mark.parametrize(
    ("status", "headers", "body", "says"),
    [
        (429, {"Retry-After": "30"}, b"", "Wikidata answered 429; it asks to wait 30 seconds."),
        (500, {}, b"", "Wikidata answered 500."),
        (200, {}, b"<html>", "Wikidata's answer is not SPARQL results in JSON"),
        (200, {}, b'{"results": 1}', "Wikidata's answer is not SPARQL results in JSON"),
    ],
)
def test_what_went_wrong_is_said(status: int, headers: dict[str, str], body: bytes, says: str) -> None:
    with pytest.raises(WikidataError, match=says.replace(".", r"\.")):
        _asked(lambda request: httpx.Response(status, headers=headers, content=body))


def test_no_connection() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(WikidataError, match="could not be reached: refused"):
        _asked(refuse)


def test_a_written_table_is_read_beside_the_packages_own(tmp_path: Path) -> None:
    table = tmp_path / "new" / "officeholders.tsv"
    assert write([PRESIDENT_ROW, MINISTER_ROW], table) == 2
    assert holders(table)[-2:] == [PRESIDENT_ROW, MINISTER_ROW]
    assert holders(table)[:-2] == holders()


def test_a_worker_reads_the_table_that_its_settings_name(tmp_path: Path) -> None:
    table = tmp_path / "officeholders.tsv"
    table.write_text("Tova Brask|NO|Foreign Minister|minister|2024-01-01||Q900000009\n", "utf-8")
    at = datetime(2026, 3, 2, tzinfo=UTC)
    story = Story(provider="test", uri="1", received=at, versioncreated=at, text="Tova Brask met farmers in Oslo.")

    offices = {}
    for name, path in (("without", None), ("with", table)):
        [enriched] = configured(ExtractionSettings(officeholders=path)).handle(story)
        offices[name] = [entity.office for entity in enriched.entities if entity.name == "Tova Brask"]
    assert offices == {"without": [None], "with": ["Foreign Minister"]}


def test_the_command_writes_or_leaves_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "officeholders.tsv"
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=_answer(QUEEN)))
    monkeypatch.setattr(cli, "client", lambda: client(transport))
    refreshed = CliRunner().invoke(cli.app, ["officeholders", "refresh", "--to", str(table)])
    assert (refreshed.exit_code, "1 rows" in refreshed.output) == (0, True)
    before = table.read_text()
    monkeypatch.setattr(cli, "client", lambda: client(httpx.MockTransport(lambda request: httpx.Response(503))))
    failed = CliRunner().invoke(cli.app, ["officeholders", "refresh", "--to", str(table)])
    assert (failed.exit_code, table.read_text()) == (1, before)


def test_who_held_it_on_a_day() -> None:
    shown = CliRunner().invoke(cli.app, ["officeholders", "who", "fr", "--on", "2019-02-01"])
    assert "President: Emmanuel Macron (since 2017-05-14) Q3052772" in shown.output.splitlines()
