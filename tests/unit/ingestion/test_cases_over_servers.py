# ruff: noqa: E501 - the items are the wires'
"""From a server on loopback to the stories that stand: corrections, ids and withdrawals as feeds, mailboxes and folders bring them."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from visitwire_ingestion.feeds import Feed, FeedState
from visitwire_ingestion.sql_tables import engine
from visitwire_ingestion.stage import ingestion
from visitwire_ingestion.story_store import Keeper
from visitwire_ingestion.transports import folder, poll
from visitwire_ingestion.transports.acceptance import Acceptance
from visitwire_runtime.safe_http import guarded_client
from visitwire_schemas import PubStatus, Revision, Story, WireItem

from tests.unit.ingestion.odd_servers import Post, http, listening, web
from tests.unit.ingestion.test_transports import ACCEPT, Topic

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SHIPS = ("Heron", "Osprey", "Gannet", "Petrel", "Fulmar", "Skua")


def rss(*items: str) -> bytes:
    return f'<rss version="2.0"><channel><title>Selka</title><link>http://selka.example/</link>{"".join(items)}</channel></rss>'.encode()


def entry(title: str, text: str, guid: str | None = None, date: str = "Mon, 02 Mar 2026 10:00:00 GMT") -> str:
    known = f'<guid isPermaLink="false">{guid}</guid>' if guid else ""
    return f"<item><title>{title}</title>{known}<pubDate>{date}</pubDate><description>{text}</description></item>"


def polled(*bodies: bytes) -> list[WireItem]:
    """What a feed publishes whose server gives these bodies, one a look, an hour apart."""
    topic = Topic()

    async def run() -> None:
        async with web({}) as (server, address), guarded_client(allow_private=True) as client:
            state, feed = FeedState(), Feed(name="selka", url=f"{address}/feed")
            for turn, body in enumerate(bodies):
                server.answers["/feed"] = http(body)
                now = NOON + timedelta(hours=turn)
                state, _ = await poll.visit(
                    feed, state, client, Acceptance(topic.publish, ACCEPT), now, allow_private=True
                )
                assert state.error is None

    asyncio.run(run())
    return topic.items


def passed(items: Iterable[WireItem]) -> list[Story]:
    """The stories that ingestion passes on of these items."""
    kept = Keeper(engine("sqlite://"), clock=lambda: NOON)
    stage = ingestion(keeper=kept)
    found = [story for item in items for story in stage.handle(item)]
    kept.close()
    return found


def standing(found: Iterable[Story]) -> Mapping[str, str]:
    """The last text passed on of each story."""
    return {story.uri: story.text for story in found}


def test_every_correction_under_the_same_id_and_date_arrives() -> None:
    bodies = [
        rss(*(entry(f"{ship} to sail", f"The {ship} will sail {when}.", ship) for ship in SHIPS))
        for when in ("on March 5", "on March 9, its owner corrected")
    ]
    found = passed(polled(*bodies))
    assert len(found) == 12
    assert standing(found) == {ship: f"The {ship} will sail on March 9, its owner corrected." for ship in SHIPS}


def test_entries_without_an_id_are_known_again_when_another_comes_above_them() -> None:
    entries = [entry(f"{ship} to sail", f"The {ship} will sail.") for ship in SHIPS]
    found = passed(polled(rss(*entries[1:]), rss(*entries)))
    assert [story.headline for story in found] == [f"{ship} to sail" for ship in (*SHIPS[1:], SHIPS[0])]


@pytest.mark.parametrize("guid", ["N/A", "selka-feed"])
def test_entries_that_share_an_id_are_stories_of_their_own_at_each_look(guid: str) -> None:
    texts = (
        "rows across the bay",
        "carries grain to the north",
        "waits for spare parts",
        "was sold abroad",
        "sank",
        "burned",
    )
    entries = [entry(f"{ship} news", f"The {ship} {text}.", guid) for ship, text in zip(SHIPS, texts, strict=True)]
    found = passed(polled(rss(*entries[1:]), rss(*entries)))
    assert sorted(story.text for story in found) == sorted(
        f"The {ship} {text}." for ship, text in zip(SHIPS, texts, strict=True)
    )
    assert len({story.uri for story in found}) == len(SHIPS)


def test_a_first_version_from_the_future_loses_no_correction() -> None:
    first = rss(entry("Heron to sail", "The Heron will sail.", "s1", "Mon, 02 Mar 2062 10:00:00 GMT"))
    then = rss(entry("Heron will NOT sail", "The Heron will not sail.", "s1", "Mon, 02 Mar 2026 11:00:00 GMT"))
    assert standing(passed(polled(first, then))) == {"s1": "The Heron will not sail."}


MAIL = "From: desk@selka.example\r\nSubject: {}\r\nDate: Mon, 2 Mar 2026 1{}:00:00 +0000\r\nMessage-ID: <{}@selka.example>\r\n{}\r\n{}\r\n"


def test_a_mailbox_brings_a_story_and_the_answer_that_takes_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOX_PASSWORD", "s3cret")
    story = MAIL.format("Heron to sail", 1, 1, "", "The Heron will sail on March 5, its owner said.")
    answer = MAIL.format("Re: Heron to sail", 2, 2, "In-Reply-To: <1@selka.example>\r\n", "Please kill this story.")
    post, topic = Post("INBOX", {1: story.encode(), 2: answer.encode()}), Topic()

    async def run() -> None:
        async with listening(post.serve) as port, guarded_client(allow_private=True) as client:
            url = f"imap://127.0.0.1:{port}/INBOX"
            box = Feed(name="box", kind="imap", url=url, username="desk", password_env="BOX_PASSWORD")
            await poll.visit(box, FeedState(), client, Acceptance(topic.publish, ACCEPT), NOON, allow_private=True)

    asyncio.run(run())
    found = passed(topic.items)
    assert [(each.uri, each.revision, each.pubstatus) for each in found] == [
        ("1@selka.example", Revision.NEW, PubStatus.USABLE), ("1@selka.example", Revision.KILL, PubStatus.CANCELED),
    ]  # fmt: skip


def test_a_gateways_leftovers_of_anpa_come_through_the_inbox(tmp_path: Path) -> None:
    raw = (
        "a0105SELKAxx-zz-\nu s BC-Oslo-Heron   03-02 0344\nBC-Oslo-Heron\nHeron to sail+\n"
        "     PORT ANSEL, March 2 Selka - The Heron will sail on March 5, \nits owner said.\n==Selka\n"
    )
    (tmp_path / "selka").mkdir()
    (tmp_path / "selka" / "a.txt").write_text(raw)
    topic = Topic()

    async def run() -> None:
        seen: Mapping[Path, folder.FileLook] = {}
        for turn in range(3):
            now = NOON + timedelta(minutes=turn)
            seen = await folder.sweep(tmp_path, seen, Acceptance(topic.publish, ACCEPT), lambda: now)  # noqa: B023

    asyncio.run(run())
    (story,) = passed(topic.items)
    assert (story.provider, story.headline, story.slugline) == ("selka", "Heron to sail", "Oslo-Heron")
    assert "The Heron will sail on March 5, its owner said." in story.text
