# ruff: noqa: E501 - the markup is the software's
"""What word processors, editors, gateways and terminals leave in an item is no part of its words, and costs none of them."""

import json
from datetime import UTC, datetime
from time import process_time

import pytest
from visitwire_ingestion.formats import read
from visitwire_runtime import InvalidMessage
from visitwire_schemas import PubStatus, Story, WireItem

from tests.unit.ingestion.wires import nitf

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NEWS = "President Andrade will sail to Oslo on March 11."
LATER = "She returns on March 13."


def taken(raw: str | bytes, content_type: str | None = None) -> Story:
    (story,) = read(
        WireItem(raw=raw.encode() if isinstance(raw, str) else raw, received=NOON, content_type=content_type)
    )
    return story


def ninjs(markup: str) -> str:
    return taken(json.dumps({"uri": "urn:selka:3", "headline": "Andrade to sail", "body_html": markup})).text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<table class=MsoTable><tr><td><p class=MsoNormal>March 11<o:p></o:p></p></td><td><p>Oslo</p></td></tr></table>", "March 11\tOslo"),
        ("<table><tr><td><div>March 11<br>(Wed)</div></td><td>Oslo</td></tr><tr><td>March 13</td><td><p>Bergen</p></td></tr></table>", "March 11 (Wed)\tOslo\nMarch 13\tBergen"),
        (f"<table><tr><td><p>{NEWS}</p><p>{LATER}</p></td></tr></table>", f"{NEWS}\n{LATER}"),
        (f"<table><tr><td><img src=a.jpg></td><td><h2>Talks</h2><p>{NEWS}</p></td></tr></table>", f"Talks\n{NEWS}"),
    ],
)  # fmt: skip
def test_a_row_of_data_is_a_line_and_a_table_that_lays_out_a_page_is_none(markup: str, text: str) -> None:
    assert ninjs(markup) == text


def test_a_row_of_thousands_of_cells_costs_no_time() -> None:
    begun = process_time()
    assert ninjs(f"<table><tr>{'<td><p>a</p></td>' * 20_000}</tr></table>").count("\t") == 19_999
    assert process_time() - begun < 5


def test_rows_of_nitf_are_lines_whatever_is_in_their_cells() -> None:
    raw = nitf("Selka").decode()
    start, end = raw.index("<body.content>") + 14, raw.index("</body.content>")
    table = (
        "<table><tr><td>March 11</td><td><p>Oslo</p></td></tr><tr><td>March 13</td><td><p>Bergen</p></td></tr></table>"
    )
    assert taken(raw[:start] + table + raw[end:]).text == "March 11\tOslo\nMarch 13\tBergen"


@pytest.mark.parametrize(
    "between",
    [
        "<script src='a.js'/>", '<iframe src="https://selka.example/v" allowfullscreen/>', "<iframe src='v'>your browser is old</iframe>",
        "<noscript><img src='a.jpg'></noscript>", "<style/>", "<title/>", "<textarea/>", "<video controls>no video</video>", "<object/>",
        "<p hidden>draft</p>", "<p class=x hidden>draft</p>", '<p class="x" hidden="hidden">draft</p>', "<svg><text>chart</text></svg>", "<a name='x'/>",
        '<p style="font-size:0">draft</p>', "[gallery ids='1,2']", '[embed width="9"][/embed]', "<p><ruby><rt>draft</rt></ruby></p>",
    ],
)  # fmt: skip
def test_what_is_embedded_or_hidden_is_no_word_and_takes_none_with_it(between: str) -> None:
    assert ninjs(f"<p>{NEWS}</p>{between}<p>{LATER}</p>") == f"{NEWS}\n{LATER}"


def test_an_address_that_ends_in_a_slash_closes_no_element() -> None:
    markup = "<p title='the hidden ports'>See <a href=https://selka.example/>the list</a> of hidden ports.</p>"
    assert ninjs(markup) == "See the list of hidden ports."


@pytest.mark.parametrize(
    "raw",
    [
        f"Andrade to sail\n===============\n\n{NEWS}\n\n{LATER}\n",
        f"-----\nAndrade to sail\n-----\n\n{NEWS}\n\n{LATER}\n",
        f"\x1b[1mAndrade to sail\x1b[0m\n\n{NEWS}\n\n{LATER}\n",
        f"Andrade to sail\n\n\t{NEWS}\n\t{LATER}\n",
        f"Andrade to sail\n\n   {NEWS[:22]}\n{NEWS[23:]}\n   {LATER}\n",
    ],
)
def test_lines_drawn_colours_and_indents_of_plain_text(raw: str) -> None:
    story = taken(raw)
    assert (story.headline, story.text) == ("Andrade to sail", f"{NEWS}\n{LATER}")


def test_lines_broken_for_a_width_are_one_paragraph_until_one_is_not_full() -> None:
    wrapped = (
        "ANDRADE TO SAIL TO OSLO\nPORT ANSEL (SEL) - President Andrade will sail to Oslo on\nMarch 11 for talks with the king"
        " and the prime minister of\nNorway, her office said on Monday in a statement.\nShe returns on March 13.\n"
    )
    assert taken(wrapped).text.split("\n") == [
        "PORT ANSEL (SEL) - President Andrade will sail to Oslo on March 11 for talks with the king and the prime minister of"
        " Norway, her office said on Monday in a statement.", "She returns on March 13.",
    ]  # fmt: skip
    diary = "Diary of the week\nMonday, March 2: Andrade sails to the islands in the north\nTuesday: Brandt in Oslo\nFriday: council meets in Bergen\n"
    assert len(taken(diary).text.split("\n")) == 3


@pytest.mark.parametrize("mark", ["###", "# # #", "-30-", "ENDS", "(ends)", "-0-"])
def test_the_mark_at_the_end_of_a_text_is_no_word(mark: str) -> None:
    assert taken(f"Andrade to sail\n\n{NEWS}\n\n{LATER}\n\n{mark}\n").text == f"{NEWS}\n{LATER}"


def test_a_signed_mail_is_read_without_its_signature() -> None:
    signed = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{NEWS}\n-----BEGIN PGP SIGNATURE-----\n\niQEzBAEB\n-----END PGP SIGNATURE-----\n"
    assert taken(f"From: a@selka.example\nSubject: Andrade to sail\n\n{signed}").text == NEWS


def test_hebrew_without_a_label() -> None:
    words = "אנדרדה תפליג לאוסלו\n\nהנשיאה אנדרדה תפליג לאוסלו ב-11 במרץ."
    headline, _, text = words.partition("\n\n")
    assert (taken(words.encode("iso8859-8")).headline, taken(words.encode("cp1255")).text) == (headline, text)


@pytest.mark.parametrize(
    ("words", "codec"),
    [("大統領がオスロを訪問\n\nアンドラーデ大統領は三月に訪問する。", "iso2022_jp"), ("대통령 오슬로 방문\n\n대통령이 삼월에 방문한다.", "iso2022_kr")],
)  # fmt: skip
def test_a_charset_that_says_itself_which_it_is_needs_no_label(words: str, codec: str) -> None:
    headline, _, text = words.partition("\n\n")
    story = taken(words.encode(codec))
    assert (story.headline, story.text) == (headline, text)


@pytest.mark.parametrize(("says", "codec"), [("koi8-r", "cp1251"), ("windows-1251", "koi8-r"), ("koi8-r", "koi8-r")])
def test_russian_under_the_label_of_another_charset_of_russian(says: str, codec: str) -> None:
    words = "Президент Андраде посетит Осло в марте, сообщила пресс-служба. Переговоры пройдут в Бергене."
    feed = f'<?xml version="1.0" encoding="{says}"?><rss version="2.0"><channel><title>S</title><item><title>{words}</title><guid>g</guid></item></channel></rss>'
    assert taken(feed.encode(codec)).headline == words


MEDIA = '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>S</title><item><title>Andrade to sail</title><guid>g</guid>{}</item></channel></rss>'
PICTURE = "<media:content url='a.jpg'><media:title>Ferry</media:title><media:description type='plain'><![CDATA[The <b>ferry</b> in 2024.]]></media:description></media:content>"


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (f"{PICTURE}<description>{NEWS}</description>", NEWS),
        (f"<description>{NEWS}</description>{PICTURE}", NEWS),
        (PICTURE, "The ferry in 2024."),
    ],
)
def test_the_words_of_a_feeds_picture_are_not_the_storys(inner: str, text: str) -> None:
    story = taken(MEDIA.format(inner))
    assert (story.headline, story.text) == ("Andrade to sail", text)


def test_the_whole_story_under_a_portals_own_name_is_the_text() -> None:
    entry = f"<title>Andrade to sail</title><guid>g</guid><description>She sails.</description><y:full-text>{NEWS} {LATER}</y:full-text>"
    story = taken(
        f"<rss version='2.0' xmlns:y='http://selka.example/ns'><channel><title>S</title><item>{entry}</item></channel></rss>"
    )
    assert (story.text, story.abstract) == (f"{NEWS} {LATER}", "She sails.")


def test_a_feed_in_capitals_is_a_feed() -> None:
    feed = f"<RSS VERSION='2.0'><CHANNEL><TITLE>S</TITLE><ITEM><TITLE>Andrade to sail</TITLE><GUID>g</GUID><DESCRIPTION>{NEWS}</DESCRIPTION></ITEM></CHANNEL></RSS>"
    assert (taken(feed).headline, taken(feed).text) == ("Andrade to sail", NEWS)


@pytest.mark.parametrize(
    "item",
    [
        {"headline": "Andrade to sail", "body": [{"type": "paragraph", "text": NEWS}, {"type": "paragraph", "text": LATER}]},
        {"headline": "Andrade to sail", "body": [NEWS, LATER]},
        {"headline": "Andrade to sail", "body": [{"type": "html", "html": NEWS.replace("Oslo", "<b>Oslo</b>")}, {"type": "image", "name": "a.jpg"}, {"type": "html", "html": LATER}]},
        {"titulo": "Andrade to sail", "cuerpo": f"<p>{NEWS}</p><p>{LATER}</p>", "fecha": "2026-03-02T10:00:00Z"},
        {"titel": "Andrade to sail", "inhalt": f"{NEWS}\n{LATER}", "datum": "2026-03-02T10:00:00Z"},
    ],
)  # fmt: skip
def test_json_of_an_agencys_own_in_blocks_or_in_its_language_is_one_story(item: dict[str, object]) -> None:
    story = taken(json.dumps({"id": "3", **item}))
    assert (story.headline, story.text, story.uri) == ("Andrade to sail", f"{NEWS}\n{LATER}", "3")


def test_a_sequence_of_json_texts_and_a_page_without_an_item() -> None:
    items = [
        {"uri": f"urn:selka:{number}", "headline": "Andrade to sail", "body_text": NEWS, "version": 2.0}
        for number in (1, 2)
    ]
    found = read(WireItem(raw="".join(f"\x1e{json.dumps(each)}\n" for each in items).encode(), received=NOON))
    assert [(story.uri, story.version) for story in found] == [("urn:selka:1", 2), ("urn:selka:2", 2)]
    assert read(WireItem(raw=b'{"status": "ok", "total": 0, "articles": []}', received=NOON)) == []


def test_nitf_in_capitals_is_nitf() -> None:
    raw = nitf("Selka").decode()
    for name in ("nitf", "head", "body", "docdata", "hedline", "hl1", "p", "body.head", "body.content"):
        raw = (
            raw.replace(f"<{name}>", f"<{name.upper()}>")
            .replace(f"<{name} ", f"<{name.upper()} ")
            .replace(f"</{name}>", f"</{name.upper()}>")
        )
    assert "<NITF" in raw
    assert taken(raw).model_copy(update={"raw_digest": ""}) == taken(nitf("Selka")).model_copy(
        update={"raw_digest": ""}
    )


def test_xml_in_a_string_of_json_is_read() -> None:
    assert taken(json.dumps({"id": "9", "payload": nitf("Selka").decode()})) == taken(nitf("Selka")).model_copy(
        update={"raw_digest": taken(json.dumps({"id": "9", "payload": nitf("Selka").decode()})).raw_digest}
    )


@pytest.mark.parametrize("field", ["embargo", "embargoed", "embargoed_text"])
def test_an_embargo_by_any_of_superdesks_names_waits(field: str) -> None:
    item = {"uri": "urn:selka:3", "headline": "Andrade to sail", "body_text": NEWS, field: "2026-03-05T06:00:00Z"}
    assert taken(json.dumps(item)).embargoed == datetime(2026, 3, 5, 6, tzinfo=UTC)


def test_a_table_that_does_not_name_its_columns_is_refused_with_the_cure() -> None:
    with pytest.raises(InvalidMessage, match="name them in its first line"):
        taken("2026-03-11,Andrade,Oslo,confirmed\n2026-03-13,Brandt,Bergen,planned\n")
    prose = "Andrade sails, her office said, to Oslo,\nand Brandt, who is ill, stays at home,\nthey said, alone."
    assert taken(prose).text


def test_the_header_of_anpa_alone_is_enough() -> None:
    story = taken(
        f"r i   BC-Oslo-Andrade     03-02 0120\n^BC-Oslo-Andrade,0120\n^Andrade to sail<\n   OSLO (SEL) _ {NEWS}\n"
    )
    assert (story.headline, story.slugline, story.text) == ("Andrade to sail", "Oslo-Andrade", f"OSLO (SEL) — {NEWS}")


def test_a_message_forwarded_in_html_is_read_without_its_wrapping() -> None:
    markup = (
        "<div>FYI</div><div>---------- Forwarded message ---------<br>From: <b>Palace</b> &lt;p@selka.example&gt;<br>"
        f"Date: Mon, 2 Mar 2026 at 09:12<br>Subject: Andrade to sail<br>To: &lt;d@o.example&gt;<br></div><br><p>{NEWS}</p>"
    )
    story = taken(
        f"From: d@orbis.example\nSubject: Fwd: Andrade to sail\nMIME-Version: 1.0\nContent-Type: text/html\n\n{markup}\n"
    )
    assert (story.headline, story.text, story.pubstatus) == ("Andrade to sail", NEWS, PubStatus.USABLE)
