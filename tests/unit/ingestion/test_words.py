# ruff: noqa: E501 - the lines are the feeds'
"""What a reader does not see is not read: struck-out words, invisible characters, entities escaped twice."""

import json
from datetime import UTC, datetime

import pytest
from visitwire_ingestion.formats import read
from visitwire_ingestion.formats.cleaning import clean
from visitwire_schemas import Story, WireItem

from tests.unit.ingestion.wires import newsml1, nitf

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def taken(raw: bytes | str) -> Story:
    return read(WireItem(raw=raw.encode() if isinstance(raw, str) else raw, received=NOON))[0]


def body(inner: str) -> str:
    """The text of an NITF story around these elements."""
    raw = nitf("Selka").decode()
    start, end = raw.index("<body.content>") + 14, raw.index("</body.content>")
    return taken(raw[:start] + inner + raw[end:]).text


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("An\u00addra\u00adde", "Andrade"),
        ("vi\u200bsit\u2060 \u200bOslo\u200b", "visit Oslo"),
        ("visit \ufeffOslo", "visit Oslo"),
        ("\u200eOslo\u200f \u202aNorway\u202c", "Oslo Norway"),
        ("Jose\u0301 Andrade", "José Andrade"),
        ("Ines\u2011Maria", "Ines-Maria"),
        ("on M\u0336a\u0336r\u0336c\u0336h\u0336 2\u0336 March 9", "on March 9"),
        ("Andrade&#39;s &quot;visit&quot; &amp; more", 'Andrade\'s "visit" & more'),
        ("Bay &amp;amp; Sons", "Bay & Sons"),
        ("Andradeâ€™s visit â€“ Oslo", "Andrade’s visit – Oslo"),
        ("JosÃ© Andrade", "José Andrade"),
        ("Ângela Três São Tomé", "Ângela Três São Tomé"),
        ("on ~~March 2~~ March 9", "on March 9"),
        ("می\u200cرود", "می\u200cرود"),
        ("AT&T; profits", "AT&T; profits"),
    ],
)
def test_words_are_as_a_reader_sees_them(said: str, seen: str) -> None:
    assert clean(said) == seen


def test_a_line_of_json_lines_stays_to_the_letter() -> None:
    line = {"id": "1", "text": "An\u00addrade &amp; Jose\u0301\u200b  sails."}
    assert taken(json.dumps(line)).text == line["text"]


@pytest.mark.parametrize("tag", ["del", "s", "strike"])
def test_struck_out_words_are_no_words(tag: str) -> None:
    assert body(f"<p>on <{tag}>March 5</{tag}> <ins>March 6</ins>, she said.</p>") == "on March 6, she said."


def test_a_table_is_a_line_a_row_with_parted_cells() -> None:
    rows = "<tr><th>Day</th><th>Place</th></tr><tr><td>March 5</td><td>New <b>Port</b></td></tr>"
    assert (
        body(f"<p>Programme:</p><table>{rows}</table><p>End.</p>") == "Programme:\nDay\tPlace\nMarch 5\tNew Port\nEnd."
    )


def test_captions_and_lower_headlines_are_kept() -> None:
    picture = "<media><media-reference source='a.jpg'/><media-caption><p>Andrade in Oslo.</p></media-caption></media>"
    assert (
        body(f"{picture}<p>She sails.</p><hl2>Talks</hl2><p>On fish.</p>")
        == "She sails.\nTalks\nOn fish.\nAndrade in Oslo."
    )
    below = nitf("Selka").replace(b"</hl1>", b"</hl1><hl2>Talks on fish</hl2>")
    assert taken(below).abstract == "Talks on fish"


def test_angle_brackets_of_a_radio_script_are_words() -> None:
    script = 'The ferry sails.\n&lt;17" QUOTE MAYOR&gt;\nIt calls at Oslo.'
    raw = newsml1("selka.example", "Selka", body=script)
    assert taken(raw).text == 'The ferry sails.\n<17" QUOTE MAYOR>\nIt calls at Oslo.'


def test_markup_that_a_feed_escaped_twice_is_no_part_of_the_words() -> None:
    text = "&amp;lt;p&amp;gt;The ferry&amp;amp;#39;s crew&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;sails.&amp;lt;/p&amp;gt;"
    feed = f"<rss version='2.0'><channel><title>S</title><item><title>A</title><guid>1</guid><description>{text}</description></item></channel></rss>"
    assert taken(feed).text == "The ferry's crew\nsails."


def test_words_whose_style_hides_or_strikes_them_are_not_read() -> None:
    struck = 'on <em style="text-decoration: line-through">March 2</em> March 9'
    assert body(f"<p>{struck}</p>") == "on March 9"
    item = {"uri": "urn:selka:1", "body_html": f"<p>{struck}</p><p style='display:none'>Subscribe</p>"}
    assert taken(json.dumps(item)).text == "on March 9"
