"""The mailbox, and what `visitwire feeds` says."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner
from visitwire_ingestion import feed_states
from visitwire_ingestion.cli import app
from visitwire_ingestion.feed_files import load
from visitwire_ingestion.feeds import Feed, FeedState
from visitwire_ingestion.sql_tables import engine
from visitwire_ingestion.transports import mailbox, poll
from visitwire_ingestion.transports.acceptance import Acceptance
from visitwire_runtime import Publish
from visitwire_schemas import WIRE_ITEMS, Record, WireItem

from tests.unit.ingestion.test_transports import ACCEPT
from tests.unit.ingestion.wires import CASES

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BOX = Feed(name="desk", kind="imap", url="imaps://mail.example/INBOX", username="desk", password_env="DESK_PASSWORD")


class Server:
    """A mailbox with two unread messages."""

    def __init__(self, password: str = "s3cret") -> None:
        self.unread = {b"1": CASES["mail"], b"2": b"Subject: Two\r\nFrom: a@b.example\r\n\r\nText."}
        self.password = password
        self.left = False

    def login(self, user: str, password: str) -> None:
        if (user, password) != ("desk", self.password):
            raise mailbox.imaplib.IMAP4.error("no such user")

    def select(self, folder: str) -> tuple[str, list[bytes]]:
        return "OK" if folder == '"INBOX"' else "NO", [b"2"]

    def search(self, charset: None, what: str) -> tuple[str, list[bytes]]:
        return "OK", [b" ".join(self.unread)]

    def fetch(self, number: str, parts: str) -> tuple[str, list[object]]:
        assert parts == f"(BODY.PEEK[]<0.{mailbox.LARGEST + 1}>)"
        return "OK", [(b"1 (BODY[] {9}", self.unread[number.encode()]), b")"]

    def store(self, number: str, how: str, flag: str) -> tuple[str, list[bytes]]:
        assert (how, flag) == ("+FLAGS", "\\Seen")
        del self.unread[number.encode()]
        return "OK", []

    def logout(self) -> None:
        self.left = True


def visited(server: Server, monkeypatch: pytest.MonkeyPatch, fails: bool = False) -> tuple[list[WireItem], FeedState]:
    monkeypatch.setenv("DESK_PASSWORD", "s3cret")
    monkeypatch.setattr(mailbox, "_connect", lambda feed, allow_private: server)
    items: list[WireItem] = []

    async def send(topic: str, record: Record) -> None:
        if fails:
            raise OSError("the broker is away")
        items.append(WIRE_ITEMS.decode(record))

    async def run() -> FeedState:
        async with poll.guarded_client() as client:
            return (await poll.visit(BOX, FeedState(), client, Acceptance(Publish(send), ACCEPT), NOON))[0]

    return items, asyncio.run(run())


def test_unread_messages_are_items_and_then_read(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    items, state = visited(server, monkeypatch)
    assert [each.raw for each in items] == list(Server().unread.values())
    assert (items[0].provider, items[0].name, server.unread, server.left) == ("desk", "desk", {}, True)
    assert (state.changed, state.error) == (NOON, None)


def test_a_message_that_is_not_safe_stays_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    items, state = visited(server, monkeypatch, fails=True)
    assert (items, len(server.unread), state.failures) == ([], 2, 1)


def test_a_mailbox_that_does_not_open_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    items, state = visited(Server("other"), monkeypatch)
    assert (items, state.error) == ([], "The mailbox did not open: no such user.")


def test_a_mailbox_in_a_private_network_is_not_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_PASSWORD", "s3cret")

    async def look() -> FeedState:
        inside = BOX.model_copy(update={"url": "imaps://127.0.0.1/INBOX"})
        async with poll.guarded_client() as client:
            return (await poll.visit(inside, FeedState(), client, Acceptance(Publish(nowhere), ACCEPT), NOON))[0]

    async def nowhere(topic: str, record: Record) -> None:
        raise AssertionError(topic)

    assert "127.0.0.1 is at 127.0.0.1, which is not on the public internet" in (asyncio.run(look()).error or "")


def test_checking_a_mailbox_leaves_its_messages_unread(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    monkeypatch.setenv("DESK_PASSWORD", "s3cret")
    monkeypatch.setattr(mailbox, "_connect", lambda feed, allow_private: server)
    (settings / "feeds").mkdir()
    box = 'name = "desk"\nkind = "imap"\nurl = "imaps://mail.example/INBOX"\nusername = "desk"\n'
    (settings / "feeds" / "desk.toml").write_text(box + 'password_env = "DESK_PASSWORD"\n', encoding="utf-8")
    code, words = said("check", "desk")
    assert (code, "2 stories" in words, len(server.unread)) == (0, True, 2)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VISITWIRE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("VISITWIRE_FEEDS", str(tmp_path / "feeds"))
    return tmp_path


def said(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["feeds", *words])
    return result.exit_code, result.output


def test_a_feed_is_added_and_listed_with_its_silence_and_errors(settings: Path) -> None:
    assert said("add", "gulf", "https://gulf.example/rss", "--every", "180")[0] == 0
    assert said("add", "gulf", "https://gulf.example/rss")[0] == 2
    assert said("add", "bad", "no address")[0] == 2
    code, words = said("list")
    assert (code, words.split()) == (0, ["gulf", "no", "item", "yet", "not", "polled", "yet"])
    database = engine(f"sqlite:///{settings / 'ingestion.sqlite'}")
    feed = Feed(name="gulf", url="https://gulf.example/rss")
    feed_states.save(database, feed, FeedState(changed=NOON, gaps=(170, 180, 190)), NOON)
    assert "usually every 3 minutes" in said("list")[1]
    feed_states.save(database, feed, FeedState(error="gulf.example answered 500.", failures=2), NOON)
    assert "failed 2 times: gulf.example answered 500." in said("list")[1]
    database.dispose()
    (line,) = said("list", "--json")[1].splitlines()
    assert (json.loads(line)["name"], json.loads(line)["failures"]) == ("gulf", 2)


def test_who_adds_a_feed_that_no_setting_names_is_told_so(
    settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "will be polled from the next round" in said("add", "gulf", "https://gulf.example/rss")[1]
    monkeypatch.delenv("VISITWIRE_FEEDS")
    monkeypatch.chdir(tmp_path)
    code, words = said("add", "bay", "https://bay.example/rss")
    assert (code, f"polled once the setting VISITWIRE_FEEDS names {tmp_path / 'feeds'}" in words) == (0, True)


def test_a_folder_that_is_not_there_is_told_with_the_cure(settings: Path) -> None:
    code, words = said("list")
    assert (code, "`visitwire feeds add` makes the folder" in " ".join(words.replace("│", " ").split())) == (2, True)


def test_a_drop_or_a_mailbox_is_added_by_its_address(settings: Path) -> None:
    login = ("--username", "desk", "--password-env", "DESK_PASSWORD")
    assert said("add", "box", "imaps://mail.example/INBOX", *login)[0] == 0
    code, words = said("add", "drop", "sftp://drop.example/out", *login)
    assert (code, "known_hosts: an sftp feed needs" in " ".join(words.replace("│", " ").split())) == (2, True)
    assert said("add", "drop", "sftp://drop.example/out", *login, "--known-hosts", "/etc/keys")[0] == 0
    assert [(each.name, each.kind, each.username) for each in load(settings / "feeds")] == [
        ("box", "imap", "desk"),
        ("drop", "sftp", "desk"),
    ]


def test_checking_a_feed_in_a_private_network_says_why_not(settings: Path) -> None:
    said("add", "inside", "http://127.0.0.1:9/rss")
    code, words = said("check", "inside")
    assert (code, "not on the public internet" in words) == (1, True)
    assert said("check", "unknown")[0] == 2
