"""The inbox takes whatever a file system holds, once it is whole, and one odd file takes no other with it."""

import asyncio
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from visitwire_ingestion.formats import read
from visitwire_ingestion.stage import unending
from visitwire_ingestion.transports import folder
from visitwire_ingestion.transports.acceptance import Accept, Acceptance, accepting
from visitwire_ingestion.transports.complete_files import is_open, is_whole
from visitwire_runtime import Publish
from visitwire_runtime.sockets import CannotStart
from visitwire_schemas import Record, Story, WireItem

from tests.unit.ingestion.test_transports import ACCEPT, Topic, files
from tests.unit.ingestion.wires import CASES

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
STORY = b"Ferry to Oslo\n\nThe ferry sails on Monday.\n"


class Inbox:
    """An inbox and a clock that goes on by half a second a look."""

    def __init__(self, root: Path, settle: float = 5.0, accept: Accept = ACCEPT) -> None:
        self.root, self.settle, self.accept, self.topic = root, settle, accept, Topic()
        self.now, self._seen = NOON, dict[Path, folder.FileLook]()

    def look(self, times: int = 1, publish: Publish | None = None) -> list[bytes]:
        """What was published until now, after some more looks."""
        for _ in range(times):
            self.now += timedelta(seconds=0.5)
            acceptance = Acceptance(publish or self.topic.publish, self.accept)
            swept = folder.sweep(self.root, self._seen, acceptance, lambda: self.now, settle=self.settle)
            self._seen = dict(asyncio.run(swept))
        return [item.raw for item in self.topic.items]


def named(root: Path, name: bytes) -> Path:
    return root / os.fsdecode(name)


def test_a_name_that_is_no_utf8_is_taken_and_takes_no_other_with_it(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    (tmp_path / os.fsdecode(b"caf\xe9")).mkdir()
    named(tmp_path, b"caf\xe9/caf\xe9.xml").write_bytes(CASES["nitf"])
    named(tmp_path, b"good.xml").write_bytes(CASES["nitf"])
    inbox.look(2)
    assert [(item.provider, item.name) for item in inbox.topic.items] == [("café", "café.xml"), ("unknown", "good.xml")]
    assert named(tmp_path, b"processed/caf\xe9/caf\xe9.xml").is_file()


@pytest.mark.parametrize("length", [200, 245, 250])
def test_a_refused_file_of_any_name_lies_beside_its_reason(tmp_path: Path, length: int) -> None:
    inbox = Inbox(tmp_path)
    name = "ä" * (length // 2) + ".xml"
    for _ in range(2):
        (tmp_path / name).write_bytes(b"<invoice></invoice>")
        inbox.look(2)
    failed = sorted(path.name for path in (tmp_path / "failed").iterdir())
    assert len(failed) == 4
    assert len([each for each in failed if each.endswith(".reason.txt")]) == 2
    assert all(len(os.fsencode(each)) <= 255 for each in failed)


def test_a_file_that_vanishes_between_reading_and_moving_is_no_trouble(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_bytes(CASES["nitf"])

    async def take_away(topic: str, record: Record) -> None:
        (tmp_path / "a.xml").unlink(missing_ok=True)
        await inbox.topic.publish._send(topic, record)

    inbox.look()
    assert len(inbox.look(1, Publish(take_away))) == 2
    assert files(tmp_path) == ["processed/b.xml"]


def test_a_file_that_cannot_be_moved_is_published_once_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox(tmp_path)
    (tmp_path / "a.xml").write_bytes(CASES["nitf"])
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    assert len(inbox.look(5)) == 1
    monkeypatch.setattr(Path, "rename", rename)
    (tmp_path / "a.xml").write_bytes(CASES["nitf"] + b"\n")
    assert len(inbox.look(2)) == 2
    assert files(tmp_path) == ["processed/a.xml"]


def test_a_broker_that_is_away_loses_no_file(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_bytes(CASES["nitf"])

    async def away(topic: str, record: Record) -> None:
        raise ConnectionError("the broker is away")

    assert inbox.look(3, Publish(away)) == []
    assert files(tmp_path) == ["a.xml", "b.xml"]
    assert len(inbox.look(1)) == 2


def test_a_reader_that_fails_stops_no_inbox(tmp_path: Path) -> None:
    def bug(item: WireItem) -> list[Story]:
        raise RuntimeError("a bug")

    (tmp_path / "a.xml").write_bytes(CASES["nitf"])
    assert len(Inbox(tmp_path, accept=accepting(bug)).look(2)) == 1
    assert (
        tmp_path / "failed" / "a.xml.reason.txt"
    ).read_text() == "The reader failed on it, which is a bug (RuntimeError).\n"


def test_an_upload_that_stalls_is_waited_for_while_it_is_open(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    with (tmp_path / "a.txt").open("wb") as upload:
        upload.write(STORY)
        upload.flush()
        assert is_open(tmp_path / "a.txt")
        assert inbox.look(60) == []
        upload.write(b"\nIt was called off later.\n")
    assert not is_open(tmp_path / "a.txt")
    assert inbox.look(12) == [STORY + b"\nIt was called off later.\n"]


def test_a_text_without_an_end_settles_first_and_a_whole_item_does_not(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    (tmp_path / "a.txt").write_bytes(STORY)
    (tmp_path / "b.xml").write_bytes(CASES["nitf"])
    (tmp_path / "c.json").write_bytes(CASES["ninjs1"])
    assert len(inbox.look(2)) == 2
    assert len(inbox.look(7)) == 2
    assert inbox.look(3)[-1] == STORY


def test_a_file_that_is_made_empty_first_is_waited_for(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    (tmp_path / "a.xml").write_bytes(b"")
    assert inbox.look(60) == []
    (tmp_path / "a.xml").write_bytes(CASES["nitf"])
    assert inbox.look(2) == [CASES["nitf"]]
    (tmp_path / "b.xml").write_bytes(b"")
    assert inbox.look(125)[1:] == [b""]
    assert files(tmp_path) == ["failed/b.xml", "failed/b.xml.reason.txt", "processed/a.xml"]


def test_a_file_that_was_read_too_early_is_read_again_when_it_has_grown(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, settle=0)
    (tmp_path / "a.txt").write_bytes(STORY)
    inbox.look(2)
    with (tmp_path / "processed" / "a.txt").open("ab") as late:
        late.write(b"\nIt was called off later.\n")
        late.flush()
        assert len(inbox.look(3)) == 1
    assert inbox.look(3) == [STORY, STORY + b"\nIt was called off later.\n"]
    early, whole = (read(item)[0] for item in inbox.topic.items)
    assert (early.uri, early.received < whole.received) == (whole.uri, True)
    assert len(inbox.look(3)) == 2


@pytest.mark.parametrize(
    ("raw", "whole"),
    [
        (CASES["nitf"], True), (CASES["nitf"][:-9], False),
        (CASES["nitf"] + b"<!-- sent -->\n\x1a", True), (b"<a/>", False),
        (CASES["ninjs1"], True), (CASES["ninjs1"][:-2], False), (b"[1, 2]\n", True), (CASES["anpa-ap"], True),
        (CASES["iptc7901-dpa"], True), (b"ZCZC\nFerry\nNNNN\n", True), (STORY, False), (b"", False),
    ],
)  # fmt: skip
def test_a_file_says_itself_whether_it_is_whole(tmp_path: Path, raw: bytes, whole: bool) -> None:
    (tmp_path / "a").write_bytes(raw)
    assert is_whole(tmp_path / "a") is whole


def test_a_folder_that_goes_comes_back(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "inbox")
    assert inbox.look(2) == []
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "a.xml").write_bytes(CASES["nitf"])
    assert len(inbox.look(2)) == 1


def begun(*outcomes: Callable[[], None]) -> list[int]:
    """How often background work is begun that ends so."""
    count: list[int] = []

    async def work(publish: Publish) -> None:
        count.append(1)
        outcomes[len(count) - 1]()

    asyncio.run(unending("odd", work, first=0)(Topic().publish))
    return count


def fails(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def test_background_work_that_raises_begins_again() -> None:
    assert len(begun(fails(RuntimeError("a bug")), fails(ConnectionError()), lambda: None)) == 3
    with pytest.raises(CannotStart):
        begun(fails(CannotStart("the port is taken")))


def test_what_is_seen_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "_REMEMBERED", 3)
    inbox = Inbox(tmp_path)
    for number in range(8):
        (tmp_path / f"{number}.xml").write_bytes(CASES["nitf"])
    inbox.look(3)
    remembered: Mapping[Path, folder.FileLook] = inbox._seen
    assert (len(inbox.topic.items), len(remembered)) == (8, 3)


def test_a_file_with_the_name_of_our_folder_takes_no_other_with_it(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, settle=0)
    for name in ("processed", "failed", "a.txt"):
        (tmp_path / name).write_bytes(STORY)
    inbox.look(6)
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []
    assert len([path for path in (tmp_path / "processed").iterdir() if path.is_file()]) == 3
    count = len(inbox.topic.items)
    assert len(inbox.look(6)) == count


def test_a_file_in_a_folder_of_a_folder_is_the_first_folders(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, settle=0)
    deep = tmp_path / "mercury" / "2026" / "03"
    deep.mkdir(parents=True)
    (deep / "a.txt").write_bytes(STORY)
    inbox.look(3)
    assert [(item.provider, item.name) for item in inbox.topic.items] == [("mercury", "a.txt")]
    assert (tmp_path / "processed" / "mercury" / "2026" / "03" / "a.txt").is_file()
