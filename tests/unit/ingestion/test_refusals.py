"""What cannot be read is refused in one sentence that says what, where and what to do; nothing unsafe is ever done."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from visitwire_ingestion.formats import read
from visitwire_ingestion.formats.charset import decode
from visitwire_ingestion.formats.dialect import known, parse
from visitwire_runtime import InvalidMessage
from visitwire_schemas import PubStatus, Revision, Story, WireItem

from tests.unit.ingestion.wires import CASES, nitf

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BOMB = "<!DOCTYPE nitf [" + "".join(
    f'<!ENTITY e{turn} "{f"&e{turn - 1};" * 10 if turn else "ha"}">' for turn in range(12)
)  # fmt: skip


def taken(raw: bytes) -> list[Story]:
    return read(WireItem(raw=raw, received=NOON))


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "The item is empty: nothing was sent, or the transfer broke off; send it again."),
        (b" \r\n\t", "The item is empty"),
        (b"x" * 30_000_000, "The item has 30,000,000 bytes, more than the 16,777,216 that are read"),
        (b"\xff\xd8\xff\xe0JFIF", "The item is a JPEG picture, not a story: send the text that goes with it."),
        (b"%PDF-1.7\n", "The item is a PDF"),
        (bytes(range(256)) * 20, "The item is binary, and of no format that is known here"),
        (b"<nitf><body></nitf>", "The XML is broken at line 1, column 20: Opening and ending tag mismatch"),
        (b"<invoice/>", "The XML's first element is <invoice>, which is none of nitf, NewsML"),
        (b"<NewsML/>", "The NewsML holds no NewsItem"),
        (b'{"headline": ', "The JSON is broken: Expecting value: line 1 column 14"),
        (b'{"a": 1}', "The JSON object has the keys a, and is neither ninjs nor AP's Media API"),
        (b"[1]", "The JSON is int, not an object"),
        (b"[" * 100_000, "The JSON is nested deeper than any wire's format"),
        (b'{"id" 1}\n{"id": 2\n', "Line 1 is not JSON"),
        (b"{\\rtf1\\ansi {\\fonttbl{\\f0 Arial;}}}", "The RTF document has no words"),
        ("\u200b\u00a0 \n".encode(), "The item has neither a word nor an id"),
        (b"<rss version='2.0'><channel><item/></channel></rss>", "The item has neither a word nor an id"),
        (b"<nitf>" + b"<p>" * 250 + b"</p>" * 250 + b"</nitf>", "The XML is nested"),
        (b"<nitf>" + b"<p>" * 100_000, "The XML is nested deeper than any wire's format at line 1"),
        (f"{BOMB}]><nitf>&e11;</nitf>".encode(), "The XML is broken at line 1, column 5: Maximum entity amplification"),
        (
            b'<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/passwd">]><nitf>&x;</nitf>',
            "Line 1 uses the entity &x;, which is never looked up: send its words.",
        ),
        (b"\x01", "The transmission has a start mark (SOH) and nothing behind it"),
        (b"404 page not found\n", "A server's answer came where a wire item was meant"),
        (b"Internal Server Error", "A server's answer came"),
        (
            b"<div>Please log in</div><form><input type='password'></form>",
            "A web page came where a wire item was meant",
        ),
        (b"<!-- x --><form><input type=password></form>", "A web page came"),
        (b"<body><h1>Session expired</h1><p>Log in again.</p></body>", "A web page came"),
        (b"\xef\xbb\xbf<!DOCTYPE HTML><TITLE>In</TITLE><BODY>Name <input type=password></BODY>", "A web page came"),
        (b"<rss><channel>", "The XML is broken"),
    ],
)
def test_every_refusal_says_what_is_wrong(raw: bytes, why: str) -> None:
    with pytest.raises(InvalidMessage) as refusal:
        taken(raw)
    assert str(refusal.value).startswith(why)
    assert "root:" not in str(refusal.value)


def test_a_slightly_broken_feed_is_read_all_the_same() -> None:
    broken = CASES["rss"].replace(b"<title>Ferries late</title>", b"<title>Ferries & boats late</title>")
    assert [story.headline for story in taken(broken)] == ["Andrade to visit Norway", "Ferries & boats late"]


def test_named_characters_of_html_need_no_dtd() -> None:
    (story,) = taken(nitf("Selka", body_head="<abstract><p>Caf&eacute; &mdash; open</p></abstract>"))
    assert story.abstract == "Café — open"


def test_html_carries_no_script_and_its_words_are_no_text() -> None:
    (story,) = taken(CASES["atom"].replace(b"&lt;p>", b"&lt;script>alert(1)&lt;/script>&lt;p onclick='x()'>", 1))
    assert "alert" not in story.text
    assert story.html is not None
    assert not any(word in story.html for word in ("script", "alert", "onclick"))


def test_html_nested_without_end_costs_no_time_and_keeps_its_words() -> None:
    began = time.process_time()
    (story,) = taken(b"<div>" * 60_000 + b"The ferry sails.")
    assert story.text == "The ferry sails."
    assert time.process_time() - began < 2


def words(headline: str, text: str = "Nothing happened.", **fields: object) -> Story:
    (story,) = taken(f"{headline}\n\n{text}\n".encode())
    return story.model_copy(update=fields)


def kinds(headlines: Iterable[str]) -> list[tuple[Revision, PubStatus]]:
    return [(story.revision, story.pubstatus) for story in map(words, headlines)]


def test_kills_are_read_where_desks_write_them() -> None:
    killed = ["MANDATORY KILL - Selka-Norway", "KILL: Andrade to visit", "STORY WITHDRAWN", "URGENT: WITHDRAWN - Selka"]
    assert kinds(killed) == [(Revision.KILL, PubStatus.CANCELED)] * 4


def test_news_about_killing_holding_and_correcting_is_news() -> None:
    news = [
        "KILL BILL ACTRESS VISITS OSLO",
        "TROOP WITHDRAWAL BEGINS IN SELKA",
        "WITHDRAWAL OF TROOPS BEGINS",
        "Flash floods hit Selka",
        "Snap election called in Selka",
        "HOLDS TALKS: minister in Oslo",
        "CORRECTION FACILITY ESCAPE SHOCKS SELKA",
        "EU lifts arms embargo on Selka",
        "Breaking the ice in Oslo",
        "Reds add pitcher before visit",
    ]
    assert kinds(news) == [(Revision.NEW, PubStatus.USABLE)] * len(news)


def test_the_desk_says_what_a_version_is() -> None:
    said = [
        "CORRECTED-Andrade to visit",
        "UPDATE 2-Andrade to visit",
        "RPT-Andrade to visit",
        "REFILE-Andrade",
        "ADVISORY: Selka",
    ]
    assert [kind for kind, _ in kinds(said)] == [
        Revision.CORRECTION, Revision.UPDATE, Revision.REPEAT, Revision.REFILE, Revision.ADVISORY,
    ]  # fmt: skip


def test_a_hold_suspends() -> None:
    assert kinds(["HOLD: Andrade to visit"]) == [(Revision.NEW, PubStatus.WITHHELD)]


def test_an_embargo_in_words_holds_until_it_can_be_read() -> None:
    unread = taken(nitf("Selka", head='<ed-msg info="Embargoed to the end of the speech"/>'))[0]
    assert (unread.pubstatus, unread.embargoed) == (PubStatus.WITHHELD, None)
    assert (unread.ednote or "").endswith("Held: the item is under embargo, and until when could not be read.")
    read_ = taken(nitf("Selka", head='<ed-msg info="Embargo until 2026-03-03T00:01Z"/>'))[0]
    assert (read_.pubstatus, read_.embargoed) == (PubStatus.USABLE, datetime(2026, 3, 3, 0, 1, tzinfo=UTC))


def test_several_items_in_one_file_are_several_stories() -> None:
    two = CASES["iptc7901-dpa"] + CASES["iptc7901-dpa"].replace(b"eca0157", b"eca0159")
    assert [story.sequence for story in taken(two)] == ["0157", "0159"]


def test_a_redelivery_of_a_text_item_is_the_same_item() -> None:
    one = read(WireItem(raw=CASES["anpa-ap"], received=NOON))[0]
    two = read(WireItem(raw=CASES["anpa-ap"] + b"\r\n", received=NOON + timedelta(days=3)))[0]
    assert one.uri == two.uri


def test_every_dialect_file_names_an_agency_and_what_it_matches() -> None:
    assert all(each.name and each.format and (each.match or each.root) for each in known())
    assert {"afp", "dpa", "reuters", "ap", "kyodo", "ats", "tass", "efe", "pa"} <= {each.name for each in known()}


def test_a_dialect_with_a_misspelt_key_is_an_error() -> None:
    with pytest.raises(ValueError, match="Dialect x has unknown keys: lenien"):
        parse('name = "x"\n[[format]]\nformat = "nitf"\nlenien = true')


def test_a_mail_from_the_year_ten_to_the_forty_is_still_a_story() -> None:
    (story,) = taken(CASES["mail"].replace(b"Mon, 2 Mar 2026", b"Mon, 2 Mar " + b"9" * 40))
    assert (story.headline, story.versioncreated) == ("Präsidentin Andrade to visit Norway", None)


def test_a_mail_may_come_from_an_mbox_file_or_with_a_byte_order_mark() -> None:
    head = b"Subject: =?iso-8859-1?Q?Caf=E9?=\r\nFrom: a@b.example\r\nDate: Mon, 2 Mar 2026 10:16:00 +0000\r\n\r\n"
    for before in (b"From a@b.example Mon Mar  2 10:16:00 2026\r\n", b"\xef\xbb\xbf", b"\r\n"):
        (story,) = read(WireItem(raw=before + head + b"A visit.\r\n", received=NOON))
        assert (story.headline, story.text) == ("Café", "A visit.")


def test_a_wire_file_attached_to_a_mail_is_a_story_whatever_its_type_is_called() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@b.example", "Today's"
    message.set_content("See the attached story.")
    message.add_attachment(CASES["nitf-kill"], maintype="application", subtype="octet-stream", filename="story.XML")
    message.add_attachment(b"<invoice/>", maintype="application", subtype="octet-stream", filename="invoice.xml")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a.png")
    covering, attached = read(WireItem(raw=message.as_bytes(), received=NOON))
    assert (covering.headline, attached.headline) == ("Today's", "Andrade to visit Norway")
    assert attached.pubstatus == PubStatus.CANCELED


@given(
    st.lists(
        st.sampled_from([b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xf0\x80\x80\x80", b"\xf4\x90\x80\x80"])
        | st.binary(max_size=4),
        max_size=60,
    )
)
def test_any_bytes_among_good_utf8_are_text(stray: list[bytes]) -> None:
    """An overlong form looks like UTF-8 and is none; found by breaking files."""
    assert decode("é".encode() * 40 + b"".join(stray) + "ü".encode() * 40)
