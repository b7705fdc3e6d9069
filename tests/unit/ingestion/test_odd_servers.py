# ruff: noqa: E501 - the table of definitions
"""Whatever one server, mailbox or definition does, the other feeds are looked at, and the list says what is true."""

import asyncio
import gzip
import json
import os
import socket
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import asyncssh
import pytest
from sqlalchemy import Engine
from visitwire_ingestion.feeds import Feed, State, load_each
from visitwire_ingestion.tables import engine
from visitwire_ingestion.transports import fetch, mailbox, poll
from visitwire_ingestion.transports.words import scrubbed, shown
from visitwire_runtime import Publish
from visitwire_runtime.safe_http import guarded_client
from visitwire_schemas import Record

from tests.unit.ingestion.drop_servers import PASSWORD, sftp
from tests.unit.ingestion.odd_servers import DRIP, FEED, Post, http, listening, to, web
from tests.unit.ingestion.test_transports import Topic

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def looked(feed: Feed, state: State | None = None) -> tuple[Topic, State]:
    topic = Topic()
    async with guarded_client(allow_private=True) as client:
        changed, _ = await poll.visit(feed, state or State(), client, topic.publish, NOON, allow_private=True)
    return topic, changed


def asked(
    answers: dict[str, bytes], path: str = "/feed", state: State | None = None, **how: object
) -> tuple[Topic, State]:
    """One look at a feed whose server answers so."""

    async def run() -> tuple[Topic, State]:
        async with web(answers) as (_, address):
            return await looked(Feed.model_validate({"name": "selka", "url": address + path} | how), state)

    return asyncio.run(run())


@pytest.mark.parametrize(
    "address", ["http://[nonsense/feed", "http://127.0.0.1:99999/feed", "http://\x7f/", "gopher://x.example/"]
)
def test_a_redirect_to_nowhere_is_a_failure_like_others(address: str) -> None:
    topic, state = asked({"/feed": to(address)})
    assert (topic.items, state.failures) == ([], 1)
    assert state.error is not None
    assert "nonsense" not in state.error


def test_a_body_that_only_says_it_is_packed_is_read_and_one_that_is_packed_is_unpacked() -> None:
    for answer in (
        http(Content_Encoding="gzip"),
        http(gzip.compress(FEED)),
        http(gzip.compress(FEED), Content_Encoding="gzip"),
    ):
        topic, state = asked({"/feed": answer})
        assert ([item.raw for item in topic.items], state.error) == ([FEED], None)


def test_a_web_page_in_place_of_a_feed_is_told_and_not_published() -> None:
    page = b"<!DOCTYPE html>\n<html><head><title>Please  log in</title></head><body>x</body></html>"
    topic, state = asked({"/feed": http(page)})
    assert topic.items == []
    want = "failed 1 times: 127.0.0.1 answered with a web page (“Please log in”) in place of the feed: "
    assert state.condition(NOON) == want + "check the address and the log-in."


def test_the_list_is_not_well_where_nothing_came_or_all_was_refused() -> None:
    _, empty = asked({"/feed": http(b"  \n")})
    assert empty.condition(NOON) == "It answers, and with nothing in it: ask its publisher."
    topic, refused = asked({"/feed": http(b"<invoice/>")})
    assert len(topic.items) == 1
    assert refused.condition(NOON).startswith("the last item was refused: The XML's first element is <invoice>")
    assert State().condition(NOON) == "not looked at yet"
    assert State(asked=NOON).condition(NOON) == "it answers, and nothing came yet"
    assert asked({"/feed": http()})[1].condition(NOON) == "well"
    bare = http(b"<rss version='2.0'><channel><title>Selka</title></channel></rss>")
    assert asked({"/feed": bare})[1].condition(NOON) == "It answers, and with nothing in it: ask its publisher."
    assert asked({"/feed": bare}, state=State(changed=NOON))[1].condition(NOON) == "well"


def test_a_feed_that_only_stamps_its_hour_anew_has_nothing_new() -> None:
    stamped = [FEED.replace(b"<item>", b"<lastBuildDate>%d</lastBuildDate><item>" % hour) for hour in (1, 2)]
    before = NOON - timedelta(days=1)
    topic, first = asked({"/feed": http(stamped[0])})
    first = first.model_copy(update={"changed": before, "url": None})
    topic, again = asked({"/feed": http(stamped[1])}, state=first)
    assert (len(topic.items), again.changed) == (1, before)
    news = stamped[1].replace(b"It sails.", b"It stays.")
    assert asked({"/feed": http(news)}, state=again.model_copy(update={"url": None}))[1].changed == NOON


def test_a_drip_ends_with_the_time_for_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "PATIENCE", 0.2)
    topic, state = asked({"/feed": DRIP})
    assert (topic.items, state.error) == ([], "127.0.0.1 took longer than 0 seconds: it was not waited for.")


def test_a_permanent_redirect_that_dies_falls_back_to_the_definition() -> None:
    async def run() -> list[object]:
        found: list[object] = []
        async with web({"/feed": to("/new", "301 Moved Permanently"), "/new": http()}) as (server, address):
            feed = Feed(name="selka", url=f"{address}/feed")
            _, state = await looked(feed)
            found.append(state.moved == f"{address}/new")
            server.answers |= {"/new": http(b"", "404 Not Found"), "/feed": http(FEED.replace(b"Ferry", b"Bus"))}
            topic, state = await looked(feed, state)
            return [*found, server.asked, len(topic.items), state.moved, state.error]

    assert asyncio.run(run()) == [True, ["/feed", "/new", "/new", "/feed"], 1, None, None]


def test_another_url_starts_anew() -> None:
    old = State(url="http://selka.example/old", etag='"1"', body="x", moved="http://selka.example/new", failures=3)
    topic, state = asked({"/feed": http()}, state=old)
    assert (len(topic.items), state.failures, state.moved, state.etag) == (1, 0, None, None)


@pytest.mark.parametrize("key", ["k3y-word\n", "k3y\nword", "k3y-wörd"])
def test_a_key_with_a_line_end_is_sent_and_no_key_is_ever_repeated(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELKA_KEY", key)

    async def run() -> tuple[list[str], Topic, State]:
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


# Definitions.


def test_a_broken_definition_is_told_and_the_others_are_polled(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('name = "good"\nurl = "http://127.0.0.1:9/x"\n')
    broken = {
        "b.toml": 'name = "b"\nurl = "http://127.0.0.1:9/x"\nevery = 5\n',
        "c.toml": "name =",
        "d.toml": 'name = "good"\nurl = "http://127.0.0.1:9/y"\n',
        "e.toml": 'name = "e"\nurl = "http://127.0.0.1:9/x"\nheaders = { "X-Desk" = "Überblick" }\n',
        "f.toml": 'name = "f"\nurl = "http://127.0.0.1:9/x"\nheaders = { "X Desk" = "a" }\n',
        "g.toml": 'name = "g"\nkind = "imap"\nurl = "imaps://mail.example:99999/INBOX"\n',
    }
    for name, text in broken.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "h.toml").write_bytes(b'name = "\xe4"\n')
    (tmp_path / "i.toml").mkdir()
    (tmp_path / "j.toml").write_text("a = " + "[" * 20_000)
    defined = load_each(tmp_path)
    assert [feed.name for feed in defined.feeds] == ["good"]
    assert {name: why.removeprefix(f"{name}: ")[:24] for name, why in defined.broken.items()} == {
        "b.toml": "every: Input should be g", "c.toml": "c.toml is no TOML: Inval", "d.toml": "Two feeds are called goo",
        "e.toml": "headers: the value of X-", "f.toml": "headers: 'X Desk' is no ", "g.toml": "url: Port out of range 0",
        "h.toml": "h.toml is no UTF-8: save", "i.toml": "i.toml cannot be read: I",
        "j.toml": "j.toml is nested without",
    }  # fmt: skip


def rounds(tmp_path: Path, work: Callable[[Engine, Path], Awaitable[object]]) -> object:
    database = engine(f"sqlite:///{tmp_path / 'a.sqlite'}")
    folder = tmp_path / "feeds"
    folder.mkdir()
    try:
        return asyncio.run(work(database, folder))  # type: ignore[arg-type]
    finally:
        database.dispose()


def define(folder: Path, name: str, url: str) -> None:
    (folder / f"{name}.toml").write_text(f"name = {json.dumps(name)}\nurl = {json.dumps(url)}\nevery = 10\n")


def test_a_host_that_drips_holds_up_no_other_and_is_let_go_at_the_end(tmp_path: Path) -> None:
    async def run(database: Engine, folder: Path) -> list[int]:
        topic = Topic()
        async with web({"/feed": DRIP}) as (_, slow), web({"/feed": http()}) as (_, quick):
            define(folder, "slow", f"{slow}/feed")
            define(folder, "quick", quick.replace("127.0.0.1", "localhost") + "/feed")
            async with guarded_client(allow_private=True) as client:
                looks = poll.Rounds(folder, database, client, topic.publish, lambda: NOON, True)
                tasks = looks.start()
                done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                again = len(looks.start())
                await looks.close()
        return [len(done), len(pending), again, len(topic.items)]

    assert rounds(tmp_path, run) == [1, 1, 1, 1]


def test_a_resolver_that_hangs_holds_up_no_other_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    let_go, real = Event(), socket.getaddrinfo

    def looked_up(host: str, *how: object, **more: object) -> object:
        if "hangs" in host:
            let_go.wait(60)
            raise socket.gaierror("no answer")
        return real(host, *how, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)

    async def run(database: Engine, folder: Path) -> None:
        came = asyncio.Event()

        async def publish(topic: str, record: Record) -> None:
            came.set()

        async with web({"/feed": http()}) as (_, quick):
            for number in range(40):  # more than the threads that everything shares
                define(folder, f"a{number}", f"http://hangs{number}.example/feed")
            define(folder, "quick", f"{quick}/feed".replace("127.0.0.1", "localhost"))
            work = asyncio.create_task(poll.polling(folder, database, allow_private=True)(Publish(publish)))
            try:
                await asyncio.wait_for(came.wait(), 30)
            finally:
                let_go.set()
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)

    rounds(tmp_path, run)


def test_a_look_that_raises_what_nobody_expected_is_a_failure_of_that_feed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def bug(client: object, feed: Feed, state: State) -> fetch.Answer:
        if feed.name == "odd":
            raise RuntimeError("a bug")
        return fetch.Answer(body=FEED, status=200)

    monkeypatch.setattr(poll, "look", bug)
    monkeypatch.setattr(poll, "POLITE", 0)

    async def run(database: Engine, folder: Path) -> int:
        define(folder, "even", "http://127.0.0.1:9/a")
        define(folder, "odd", "http://127.0.0.1:9/b")
        (folder / "broken.toml").write_text("name =")
        async with guarded_client(allow_private=True) as client:
            count = await poll.round_of(folder, database, client, Topic().publish, lambda: NOON)
        states = poll.states(database)
        assert (states["odd"].failures, states["odd"].error) == (1, "The look failed (RuntimeError): a bug")
        assert states["even"].failures == 0
        return count

    assert rounds(tmp_path, run) == 2


# Mailboxes.

MAIL = b"From: a@selka.example\r\nSubject: Ferry\r\nMessage-ID: <%d@selka.example>\r\n\r\nIt sails.\r\n"


def boxed(post: Post, url: str, monkeypatch: pytest.MonkeyPatch, password: str = "s3cret") -> tuple[Topic, State]:
    monkeypatch.setenv("BOX_PASSWORD", password)

    async def run() -> tuple[Topic, State]:
        async with listening(post.serve) as port:
            address = url.format(port)
            return await looked(
                Feed(name="box", kind="imap", url=address, username="desk", password_env="BOX_PASSWORD")
            )

    return asyncio.run(run())


def test_a_folder_and_a_password_outside_ascii_are_sent_rightly(monkeypatch: pytest.MonkeyPatch) -> None:
    post = Post("Agenturen/&ANY-sterreich", {1: MAIL % 1, 2: MAIL % 2})
    topic, state = boxed(post, "imap://127.0.0.1:{}/Agenturen/Österreich", monkeypatch, "geheim-ä")
    assert (len(topic.items), post.seen, state.error) == (2, {1, 2}, None)
    assert topic.items[0].received < topic.items[1].received  # of two corrections the later one wins
    assert post.login == "AGRlc2sAZ2VoZWltLcOk"


def test_a_message_that_cannot_be_fetched_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    post = Post("INBOX", {1: MAIL % 1, 2: MAIL % 2, 3: MAIL % 3}, broken=frozenset({2}))
    topic, state = boxed(post, "imap://127.0.0.1:{}/INBOX", monkeypatch)
    assert (len(topic.items), post.seen) == (2, {1, 3})
    assert (state.error or "").startswith("Message 2 was not taken: ")


def test_a_message_that_is_too_large_is_told_and_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "LARGEST", 100)
    post = Post("INBOX", {1: MAIL % 1 + b"x" * 1000, 2: MAIL % 2})
    topic, state = boxed(post, "imap://127.0.0.1:{}/INBOX", monkeypatch)
    assert ([len(item.raw) for item in topic.items], post.seen) == ([len(MAIL % 2)], {1, 2})
    assert state.error == "Message 1 has more than 100 bytes: it was not taken."


def test_a_mailbox_that_drips_ends_with_the_time_for_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "PATIENCE", 0.2)

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            writer.write(b"*")
            try:
                await writer.drain()
            except ConnectionError:
                return
            await asyncio.sleep(0.02)

    async def run() -> State:
        async with listening(drip) as port:
            return (await looked(Feed(name="box", kind="imap", url=f"imap://127.0.0.1:{port}/INBOX")))[1]

    state = asyncio.run(run())
    assert state.failures == 1


# Drops.


def test_one_name_outside_utf8_on_an_sftp_server_takes_no_other_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DROP_PASSWORD", PASSWORD)

    async def run() -> tuple[list[str | None], State, list[bytes]]:
        async with sftp(tmp_path / "root", files="*.xml", after="move") as feed:
            for name in (b"caf\xe9.xml", b"good.xml", b"STORY.XML", b"note.txt"):
                (tmp_path / "root" / "out" / os.fsdecode(name)).write_bytes(FEED)
            _, state = await looked(feed)
            topic, state = await looked(feed, state)
            moved = sorted(
                bytes(path).rpartition(b"-")[2] for path in (tmp_path / "root" / "out" / "processed").iterdir()
            )
            return (
                sorted(str(item.name) for item in topic.items),
                State.model_validate_json(state.model_dump_json()),
                moved,
            )

    names, state, moved = asyncio.run(run())
    assert names == ["STORY.XML", "café.xml", "good.xml"]
    assert (state.error, moved) == (None, [b"STORY.XML", b"caf\xe9.xml", b"good.xml"])


def test_files_none_of_which_is_wanted_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DROP_PASSWORD", PASSWORD)

    async def run() -> State:
        async with sftp(tmp_path / "root", files="*.nitf") as feed:
            (tmp_path / "root" / "out" / "a.xml").write_bytes(FEED)
            return (await looked(feed))[1]

    assert asyncio.run(run()).condition(NOON) == "There are 1 files, and none is called *.nitf: correct `files`."


def test_a_file_that_vanishes_between_two_questions_takes_no_other_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DROP_PASSWORD", PASSWORD)

    async def run() -> tuple[int, str | None]:
        async with sftp(tmp_path / "root") as feed:
            for name in ("a.xml", "b.xml"):
                (tmp_path / "root" / "out" / name).write_bytes(FEED)
            _, state = await looked(feed)
            listed = asyncssh.SFTPClient.readdir

            async def then_gone(client: asyncssh.SFTPClient, path: bytes) -> object:
                found = await listed(client, path)
                (tmp_path / "root" / "out" / "a.xml").unlink()
                return found

            monkeypatch.setattr(asyncssh.SFTPClient, "readdir", then_gone)
            topic, state = await looked(feed, state)
            return len(topic.items), state.error

    count, error = asyncio.run(run())
    assert (count, error) == (1, "a.xml was not taken: No such file or directory.")


def test_names_are_shown_whatever_their_charset() -> None:
    assert [shown(name) for name in (b"caf\xe9.xml", "café.xml", b"caf\xe9".decode("utf-8", "surrogateescape"))] == [
        "café.xml", "café.xml", "café",
    ]  # fmt: skip
