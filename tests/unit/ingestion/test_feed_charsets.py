# ruff: noqa: E501 - the lines are the feeds'
"""The charset of a feed is what its bytes show, whatever the feed or its server says."""

from datetime import UTC, datetime

import pytest
from visitwire_ingestion.formats import read
from visitwire_schemas import WireItem

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WEST, EAST = "Königin Élodie reist nach Oslo", "Королева посетит Осло в марте вместе с министром"


def title(raw: bytes, content_type: str | None = None) -> str | None:
    (story,) = read(WireItem(raw=raw, content_type=content_type, received=NOON))
    return story.headline


def feed(words: str, says: str, charset: str, before: str = "") -> bytes:
    head = f'{before}<?xml version="1.0" encoding="{says}"?>' if says else ""
    text = f"{head}<rss version='2.0'><channel><title>S</title><item><title>{words}</title><guid>g</guid></item></channel></rss>"
    return text.encode(charset)


@pytest.mark.parametrize(
    ("words", "says", "charset", "before"),
    [
        (WEST, "ISO-8859-1", "utf-8", ""),
        (WEST, "UTF-8", "cp1252", ""),
        (EAST, "UTF-8", "cp1251", ""),
        (EAST, "windows-1251", "cp1251", "\n"),
        (EAST, "ISO-8859-1", "utf-8", "\n\n"),
        (WEST, "", "utf-8", ""),
    ],
)
def test_the_bytes_decide(words: str, says: str, charset: str, before: str) -> None:
    assert title(feed(words, says, charset, before)) == words


def test_the_server_is_asked_where_the_feed_says_nothing() -> None:
    said = "application/rss+xml; charset=koi8-r"
    assert title(feed(EAST, "", "koi8-r"), said) == EAST
