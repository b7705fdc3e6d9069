"""What a feed's server may answer, and what the list then says of it."""

import gzip
from datetime import timedelta

import pytest
from visitwire_ingestion.feeds import FeedState
from visitwire_ingestion.transports import fetch

from tests.unit.ingestion.looks import NOON, asked
from tests.unit.ingestion.odd_servers import DRIP, FEED, http, to


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
    assert FeedState().condition(NOON) == "not polled yet"
    assert FeedState(asked=NOON).condition(NOON) == "it answers, and nothing came yet"
    assert asked({"/feed": http()})[1].condition(NOON) == "well"
    bare = http(b"<rss version='2.0'><channel><title>Selka</title></channel></rss>")
    assert asked({"/feed": bare})[1].condition(NOON) == "It answers, and with nothing in it: ask its publisher."
    assert asked({"/feed": bare}, state=FeedState(changed=NOON))[1].condition(NOON) == "well"


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


@pytest.mark.parametrize(
    "answer",
    [
        http().replace(b"Content-Length: ", b"Content-Length: 9"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (len(FEED), FEED),
        http(gzip.compress(FEED)).replace(b"Content-Length: ", b"Content-Length: 9"),
        http(status="203 Non-Authoritative Information"),
        http(status="226 IM Used"),
    ],
)
def test_a_feed_that_is_whole_is_read_though_its_server_counts_wrongly(answer: bytes) -> None:
    topic, state = asked({"/feed": answer})
    assert ([item.raw for item in topic.items], state.error) == ([FEED], None)


def test_a_feed_that_breaks_off_is_a_failure_and_asked_for_again() -> None:
    topic, state = asked({"/feed": http(FEED[:-20]).replace(b"Content-Length: ", b"Content-Length: 9")})
    assert (topic.items, state.failures) == ([], 1)


def test_an_answer_without_content_is_an_empty_feed() -> None:
    _, state = asked({"/feed": b"HTTP/1.1 204 No Content\r\n\r\n"})
    assert (state.failures, state.condition(NOON)) == (0, "It answers, and with nothing in it: ask its publisher.")


@pytest.mark.parametrize("mark", ["café", "x" * 2000, "a\tb"])
def test_a_mark_that_cannot_be_sent_back_costs_no_later_look(mark: str) -> None:
    answer = http().replace(b"Connection", f'ETag: "{mark}"\r\nLast-Modified: {mark}\r\nConnection'.encode("latin-1"))
    _, state = asked({"/feed": answer})
    assert (state.etag, state.modified) == (None, None)


def test_a_servers_word_about_itself_is_no_story() -> None:
    for said in (
        b"Invalid API key",
        b"Rate limit exceeded.",
        b"Your subscription has expired!",
        b"No records found",
        b"Bitte melden Sie sich an.",
    ):
        _, state = asked({"/feed": http(said)})
        assert "A server's answer came where a wire item was meant" in (state.refused or ""), said
