"""Wire items out of files, folders and standard input."""

import io
import os
import sys
from pathlib import Path

import pytest
import typer
from kafka.errors import KafkaTimeoutError  # type: ignore[import-untyped]
from typer.testing import CliRunner
from visitwire_runtime.settings import Settings
from visitwire_suite.kafka_client import told
from visitwire_suite.kafka_feed import wire_of
from visitwire_suite.main import app
from visitwire_suite.wire_files import LARGEST, UnreadableInput, items

from tests.helpers.factories import NOON, make_item


def taken(*paths: Path) -> list[tuple[str, bytes] | UnreadableInput]:
    found = items([str(path) for path in paths], NOON)
    return [each if isinstance(each, UnreadableInput) else (each[0], each[1].raw) for each in found]


def test_a_file_is_one_item_under_the_name_the_caller_gave(tmp_path: Path) -> None:
    path = tmp_path / "story.xml"
    path.write_bytes(b"<nitf/>")
    assert list(items([str(path)], NOON)) == [
        (str(path), make_item(b"<nitf/>", provider="unknown", name=str(path))),
    ]


def test_a_folder_gives_its_files_by_name_and_leaves_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden", "sub/c.txt", ".git/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    names = ["a.txt", "b.txt", "sub/c.txt"]
    assert taken(tmp_path) == [(str(tmp_path / name), name.encode()) for name in names]


def test_a_name_that_is_no_utf8_is_shown_as_text(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"A visit.")
    assert taken(tmp_path) == [(str(tmp_path / "café.txt"), b"A visit.")]


@pytest.mark.parametrize(
    ("file", "wire"),
    [("mercury/a.xml", "mercury"), ("mercury/2026/03-02/a.xml", "mercury"), ("/data/processed/a.xml", "data"),
     ("mercury/failed/a.xml", "mercury"), ("a.xml", None), ("2026/a.xml", None), ("-", None),
     ("out/../mercury/a.xml", "mercury"), ("../../mercury/a.xml", "mercury"),
     ("box/a.xml", None), ("box/mercury/a.xml", "mercury"), ("box/mercury/sport/2026/a.xml", "mercury"),
     ("box/failed/mercury/sport/a.xml", "mercury"), ("box/processed/a.xml", None)],
)  # fmt: skip
def test_the_folder_names_the_wire_as_in_the_inbox(file: str, wire: str | None) -> None:
    assert wire_of(file, Path("box")) == wire


def test_json_lines_are_an_item_a_line(tmp_path: Path) -> None:
    path = tmp_path / "stories.jsonl"
    path.write_bytes(b'{"id": "a"}\n\n{"id": "b"}\nnot json\n')
    assert taken(path) == [(str(path), raw) for raw in (b'{"id": "a"}', b'{"id": "b"}', b"not json")]


@pytest.mark.parametrize("raw", [b'{\n  "uri": "a"\n}\n', b'{"uri": "a"}\n', b"[1,\n2]", b"{broken}\n{}\n", b""])
def test_anything_else_is_one_item(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "story.json"
    path.write_bytes(raw)
    assert taken(path) == [(str(path), raw)]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"NEW DELHI: \xff")))
    assert list(items(["-"], NOON)) == [("-", make_item(b"NEW DELHI: \xff", provider="unknown", name="-"))]


def test_what_cannot_be_taken_is_refused_and_the_next_goes_through(tmp_path: Path) -> None:
    large, good = tmp_path / "large.txt", tmp_path / "good.txt"
    large.write_bytes(b"x" * (LARGEST + 1))
    good.write_bytes(b"good")
    assert taken(tmp_path / "missing", large, good) == [
        UnreadableInput(str(tmp_path / "missing"), "It cannot be read: No such file or directory."),
        UnreadableInput(str(large), "It has 4.2 MB; an item may have 4.2 MB.", large.read_bytes()),
        (str(good), b"good"),
    ]


def test_a_file_that_is_not_there_is_told_before_kafka_is_asked(tmp_path: Path) -> None:
    (tmp_path / "good.xml").write_bytes(b"<nitf/>")
    result = CliRunner().invoke(app, ["feed", str(tmp_path / "good.xml"), "lacking.xml"])
    words = " ".join(result.output.replace("│", " ").split())
    assert (result.exit_code, "lacking.xml: there is no such file or folder; nothing was sent." in words) == (2, True)


def test_a_broker_that_does_not_answer_is_told_with_the_cure(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), told(Settings(broker="127.0.0.1:9")):
        raise KafkaTimeoutError("Unable to bootstrap from ['127.0.0.1:9']")
    want = "Kafka at 127.0.0.1:9 does not answer: start it (`visitwire up`), or name another with VISITWIRE_BROKER.\n"
    assert capsys.readouterr().err == want
