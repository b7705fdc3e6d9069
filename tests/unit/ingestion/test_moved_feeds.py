"""Feeds that moved, or whose definition was given another address."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from visitwire_ingestion import feed_states
from visitwire_ingestion.feeds import Feed, FeedState
from visitwire_ingestion.sql_tables import engine
from visitwire_ingestion.transports import fetch

from tests.unit.ingestion.looks import NOON, asked, looked
from tests.unit.ingestion.odd_servers import DRIP, FEED, http, to, web


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
    old = FeedState(url="http://selka.example/old", etag='"1"', body="x", moved="http://selka.example/new", failures=3)
    topic, state = asked({"/feed": http()}, state=old)
    assert (len(topic.items), state.failures, state.moved, state.etag) == (1, 0, None, None)


@pytest.mark.parametrize("dead", [DRIP, http(b""), http(b" "), http(b"<html><title>For sale</title></html>"),
                                  http(b"", "410 Gone"), to("http://127.0.0.1:99999/")])  # fmt: skip
def test_whatever_death_a_permanent_redirect_dies_the_definition_is_asked(
    dead: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "PATIENCE", 2.0)

    async def run() -> tuple[int, FeedState, list[str]]:
        async with web({"/feed": http(), "/new": dead}) as (server, address):
            url = f"{address}/feed"
            topic, state = await looked(Feed(name="selka", url=url), FeedState(url=url, moved=f"{address}/new"))
            return len(topic.items), state, server.asked

    count, state, paths = asyncio.run(run())
    assert (count, state.moved, state.error, paths) == (1, None, None, ["/new", "/feed"])


def test_where_one_moved_to_is_forgotten_when_it_gives_no_feed_any_more() -> None:
    async def run() -> list[str | None]:
        async with web({"/feed": http(), "/new": http(b'<invoice no="1"/>')}) as (server, address):
            feed = Feed(name="selka", url=f"{address}/feed")
            _, state = await looked(feed, FeedState(url=feed.url, moved=f"{address}/new"))
            refused = state.refused
            topic, state = await looked(feed, state)
            return [*server.asked, (refused or "")[:34], str(len(topic.items)), state.refused]

    assert asyncio.run(run()) == ["/new", "/feed", "The XML's first element is <invoic", "1", None]


def test_a_corrected_address_need_not_wait_out_the_failures_of_the_old_one(tmp_path: Path) -> None:
    database = engine(f"sqlite:///{tmp_path / 'a.sqlite'}")
    old, new = (Feed(name="selka", url=f"http://{host}.example/feed", every=60) for host in ("wrong", "right"))
    feed_states.save(database, old, FeedState(url=old.url, asked=NOON, failures=9), NOON + timedelta(hours=1))
    found = [
        feed_states.claim(database, feed, NOON + timedelta(seconds=seconds))
        for feed, seconds in ((old, 61), (new, 59), (new, 61), (new, 62))
    ]
    database.dispose()
    assert found == [None, None, FeedState(url=new.url), None]
