"""Ids that many items have are no ids, and an id that is made comes from the item, not from the file around it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from visitwire_ingestion.formats import read
from visitwire_ingestion.formats.draft import has_id
from visitwire_ingestion.sql_tables import engine
from visitwire_ingestion.story_store import Keeper
from visitwire_schemas import Story, WireItem

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WORDS = "will sail to the islands in the north on Monday morning with forty passengers"


def rss(*entries: tuple[str, str | None, str], day: int = 2) -> bytes:
    """A feed of (title, guid, text)."""
    made = "".join(
        f"<item><title>{title}</title>{f'<guid>{guid}</guid>' if guid is not None else ''}"
        f"<pubDate>Mon, {day} Mar 2026 10:00:00 GMT</pubDate><description>{text}</description></item>"
        for title, guid, text in entries
    )
    return f'<rss version="2.0"><channel><title>Selka</title><link>https://selka.example/</link>{made}</channel></rss>'.encode()


def taken(raw: bytes) -> list[Story]:
    return read(WireItem(raw=raw, provider="selka", received=NOON))


def uris(found: Sequence[Story]) -> list[str]:
    return [story.uri for story in found]


@pytest.mark.parametrize("guid", ["N/A", "none", "0", "-", "urn:newsml:selka.example", ""])
def test_what_names_nothing_is_no_id(guid: str) -> None:
    found = taken(rss(("Ferry", guid, "It sails."), ("Bus", guid, "It leaves.")))
    assert len(set(uris(found))) == 2
    assert all(uri.startswith("urn:visitwire:") for uri in uris(found))


def test_an_entry_without_an_id_is_known_again_at_another_place_and_with_another_text() -> None:
    first = taken(rss(("Ferry", None, "It sails."), ("Bus", None, "It leaves.")))
    then = taken(rss(("Tram", None, "It waits."), ("Ferry", None, "It sails later."), ("Bus", None, "It leaves.")))
    assert uris(then)[1:] == uris(first)


def test_a_senders_constant_is_no_id_inside_a_file() -> None:
    found = taken(rss(("Ferry", "selka-news", "It sails."), ("Bus", "selka-news", "It leaves.")))
    assert len(set(uris(found))) == 2
    assert all(uri.startswith("selka-news#") for uri in uris(found))


def test_two_versions_of_one_story_in_a_file_stay_one_story() -> None:
    found = taken(rss(("Ferry", "f1", f"It {WORDS}."), ("Ferry", "f1", f"It {WORDS}, later.")))
    assert uris(found) == ["f1", "f1"]


def test_a_story_and_its_withdrawal_in_a_file_stay_one_story() -> None:
    found = taken(rss(("Ferry", "f1", "It sails."), ("[WITHDRAWN] Ferry", "f1", "Do not use.")))
    assert uris(found) == ["f1", "f1"]


def test_a_senders_constant_is_no_id_between_files() -> None:
    kept = Keeper(engine("sqlite://"), clock=lambda: NOON)
    passed: list[Story] = []
    texts = [
        ("Ferry", f"The ferry {WORDS}."),
        ("Budget", "Parliament rejected every chapter of next year's budget late yesterday."),
    ]
    texts.append(("Ferry delayed", f"The ferry {WORDS}, two hours late."))
    for minute, (title, text) in enumerate(texts):
        item = WireItem(raw=rss((title, "constant", text)), provider="selka", received=NOON + timedelta(minutes=minute))
        passed += kept.receive(item, read(item))
    kept.close()
    assert [(story.headline, story.uri == "constant") for story in passed] == [
        ("Ferry", True), ("Budget", False), ("Ferry delayed", True),
    ]  # fmt: skip


def test_relative_addresses_are_made_absolute_by_the_channel() -> None:
    raw = rss(("Ferry", None, "It sails.")).replace(b"</item>", b"<link>/news/7</link></item>")
    (story,) = taken(raw)
    assert (story.uri, story.links[0].href) == ("https://selka.example/news/7",) * 2


def test_thousands_of_signs_are_no_id_and_are_compared_with_nothing() -> None:
    assert not has_id("[" * 20_000)
    assert has_id("[" * 20_000 + "17")  # a pattern of words and signs would take the cube of it in time


def test_an_address_is_one_id_whatever_marks_who_asked_for_it() -> None:
    entry = (
        "<item><title>Ferry</title><guid>https://selka.example/1{}</guid><description>It sails.</description></item>"
    )
    for marks in ("?utm_source=rss&amp;utm_medium=a", ";jsessionid=17A", "?PHPSESSID=9&amp;fbclid=x"):
        raw = f"<rss version='2.0'><channel><title>S</title>{entry.format(marks)}</channel></rss>"
        assert read(WireItem(raw=raw.encode(), received=NOON))[0].uri == "https://selka.example/1"
    raw = f"<rss version='2.0'><channel><title>S</title>{entry.format('?sid=17&amp;utm_source=a#b')}</channel></rss>"
    assert read(WireItem(raw=raw.encode(), received=NOON))[0].uri == "https://selka.example/1?sid=17#b"
