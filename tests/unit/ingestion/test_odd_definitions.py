# ruff: noqa: E501 - the table of definitions
"""Whatever one definition, host or look does, the other feeds are looked at."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine
from visitwire_ingestion import feed_states
from visitwire_ingestion.feed_files import load_each
from visitwire_ingestion.feeds import Feed, FeedState
from visitwire_ingestion.sql_tables import engine
from visitwire_ingestion.transports import fetch, poll
from visitwire_ingestion.transports.acceptance import Acceptance
from visitwire_runtime import Publish
from visitwire_runtime.safe_http import guarded_client
from visitwire_schemas import Record

from tests.unit.ingestion.looks import NOON, looked
from tests.unit.ingestion.odd_servers import DRIP, FEED, http, web
from tests.unit.ingestion.test_transports import ACCEPT, Topic


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
        "b.toml": "every: Input should be g", "c.toml": "c.toml is not valid TOML", "d.toml": "Two feeds are called goo",
        "e.toml": "headers: the value of X-", "f.toml": "headers: 'X Desk' is not", "g.toml": "url: its host or its por",
        "h.toml": "h.toml is not valid UTF-", "i.toml": "i.toml cannot be read: I",
        "j.toml": "j.toml is nested without",
    }  # fmt: skip


def test_of_two_feeds_of_one_name_the_list_says_which_is_polled(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(f'name = "gulf"\nurl = "https://{name}.example/"\n')
    defined = load_each(tmp_path)
    assert [feed.url for feed in defined.feeds] == ["https://a.example/"]
    assert "here and in a.toml, which is polled" in defined.broken["b.toml"]


@pytest.mark.parametrize(
    "secret",
    [{"headers": {"X-Key": "Key ${SELKA_UNSET}"}}, {"username": "desk", "password_env": "SELKA_UNSET"},
     {"kind": "imap", "url": "imap://127.0.0.1:9/INBOX", "password_env": "SELKA_UNSET"}],
)  # fmt: skip
def test_a_secret_that_the_environment_lacks_is_told_and_nobody_is_asked_without_it(secret: dict[str, object]) -> None:
    feed = Feed.model_validate({"name": "selka", "url": "http://127.0.0.1:9/"} | secret)
    _, state = asyncio.run(looked(feed))
    want = (
        "The definition takes a secret from the variable SELKA_UNSET, which is not set where feeds are polled: set it."
    )
    assert (state.error, state.failures) == (want, 1)


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
                looks = poll.Rounds(folder, database, client, Acceptance(topic.publish, ACCEPT), lambda: NOON, True)
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
            work = asyncio.create_task(poll.polling(folder, database, ACCEPT, allow_private=True)(Publish(publish)))
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
    async def bug(client: object, feed: Feed, state: FeedState) -> fetch.FetchedAnswer:
        if feed.name == "odd":
            raise RuntimeError("a bug")
        return fetch.FetchedAnswer(body=FEED, status=200)

    monkeypatch.setattr(poll, "look", bug)
    monkeypatch.setattr(poll, "POLITE", 0)

    async def run(database: Engine, folder: Path) -> int:
        define(folder, "even", "http://127.0.0.1:9/a")
        define(folder, "odd", "http://127.0.0.1:9/b")
        (folder / "broken.toml").write_text("name =")
        async with guarded_client(allow_private=True) as client:
            count = await poll.round_of(folder, database, client, Acceptance(Topic().publish, ACCEPT), lambda: NOON)
        states = feed_states.states(database)
        assert states["odd"].failures == 1
        assert (states["odd"].error or "").startswith("The look failed, which is a bug (RuntimeError in test_odd_def")
        assert states["even"].failures == 0
        return count

    assert rounds(tmp_path, run) == 2
