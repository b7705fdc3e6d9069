"""What a feed logs in with is never repeated, whatever a server or a library says."""

import asyncio
import re
from pathlib import Path

import pytest
from visitwire_ingestion import feed_states
from visitwire_ingestion.feed_files import parse
from visitwire_ingestion.feeds import Feed, FeedState
from visitwire_ingestion.sql_tables import engine
from visitwire_ingestion.transports import poll
from visitwire_ingestion.transports.acceptance import Acceptance
from visitwire_ingestion.transports.redaction import scrubbed, shown
from visitwire_runtime.safe_http import guarded_client

from tests.unit.ingestion.looks import NOON, looked
from tests.unit.ingestion.odd_servers import http, listening, web
from tests.unit.ingestion.test_transports import ACCEPT, Topic


@pytest.mark.parametrize("key", ["k3y-word\n", "k3y\nword", "k3y-wörd"])
def test_a_key_with_a_line_end_is_sent_and_no_key_is_ever_repeated(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELKA_KEY", key)

    async def run() -> tuple[list[str], Topic, FeedState]:
        async with web({"/feed": http()}) as (server, address):
            feed = Feed(name="selka", url=f"{address}/feed", headers={"X-Key": "${SELKA_KEY}"})
            return server.heads, *await looked(feed)

    heads, topic, state = asyncio.run(run())
    if key == "k3y-word\n":
        assert ("k3y-word\r\n" in heads[0], len(topic.items), state.error) == (True, 1, None)
    else:
        assert (heads, topic.items, state.failures) == ([], [], 1)
        assert "k3y" not in (state.error or "")


def test_errors_are_scrubbed_of_what_a_feed_logs_in_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELKA_PASSWORD", "s3cret-word")
    monkeypatch.setenv("SELKA_KEY", "k3y-word\n")
    feed = Feed(
        name="selka", url="http://selka.example/", username="desk", password_env="SELKA_PASSWORD",
        headers={"X-Key": "Key ${SELKA_KEY}"},
    )  # fmt: skip
    said = "login desk s3cret-word, ZGVzazpzM2NyZXQtd29yZA==, header b'Key k3y-word\\n' is\nwrong " + "x" * 400
    assert "word" not in (words := scrubbed(said, feed))
    assert (words.startswith("login desk …, …, header b'…"), len(words)) == (True, 301)


def test_names_are_shown_whatever_their_charset() -> None:
    assert [shown(name) for name in (b"caf\xe9.xml", "café.xml", b"caf\xe9".decode("utf-8", "surrogateescape"))] == [
        "café.xml", "café.xml", "café",
    ]  # fmt: skip


def test_a_password_that_was_taken_for_a_port_is_not_repeated() -> None:
    with pytest.raises(ValueError, match="a password does not belong there") as told:
        parse('name = "drop"\nkind = "ftp"\nurl = "ftp://desk:s3cret/word@drop.example/out"\n', "drop.toml")
    assert "s3cret" not in str(told.value)


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A web server that says back whatever it was sent."""
    said = (await reader.readuntil(b"\r\n\r\n")).replace(b"\r\n", b" ")
    writer.write(b"HTTP/1.1 302 " + said + b"\r\nLocation: http://[" + said + b"\r\n\r\n" + said)
    await writer.drain()
    writer.close()


async def post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A mail server that does."""
    writer.write(b"* OK IMAP4rev1\r\n")
    while line := (await reader.readline()).strip():
        tag, known = line.split(b" ", 1)[0], b"CAPABILITY" in line
        writer.write(
            (b"* CAPABILITY IMAP4rev1\r\n" if known else b"")
            + tag
            + (b" OK done" if known else b" NO " + line)
            + b"\r\n"
        )
        await writer.drain()
    writer.close()


def test_servers_that_say_back_what_they_were_sent_write_no_secret_into_log_or_database(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SELKA_KEY", "k3y-word")
    monkeypatch.setenv("SELKA_PASSWORD", 's3cret "word')
    login = 'username = "desk"\npassword_env = "SELKA_PASSWORD"\n'
    folder = tmp_path / "feeds"
    folder.mkdir()

    async def run() -> int:
        async with listening(echo) as web, listening(post, "127.0.0.2") as box:
            url = f"http://127.0.0.1:{web}/feed?token=t0ken-word"
            (folder / "web.toml").write_text(
                f'name = "web"\nurl = "{url}"\n{login}headers = {{ "X-Key" = "${{SELKA_KEY}}" }}\n'
            )
            url = f"imap://127.0.0.2:{box}/INBOX"
            (folder / "box.toml").write_text(f'name = "box"\nkind = "imap"\nurl = "{url}"\n{login}')
            async with guarded_client(allow_private=True) as client:
                acceptance = Acceptance(Topic().publish, ACCEPT)
                return await poll.round_of(folder, database, client, acceptance, lambda: NOON, allow_private=True)

    database = engine(f"sqlite:///{tmp_path / 'a.sqlite'}")
    assert asyncio.run(run()) == 2
    states = feed_states.states(database)
    database.dispose()
    assert {name: state.failures for name, state in states.items()} == {"web": 1, "box": 1}
    told = "".join([caplog.text, *capsys.readouterr(), *(str(state.error) for state in states.values())])
    assert "LOGIN desk" in told
    assert not re.search("k3y-word|s3cret|t0ken|ZGVzazpz", told), told
