# ruff: noqa: E501 - the lines are the wires'
"""What a person could read is read: the breach is a warning, and one odd item takes no neighbour with it."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from visitwire_ingestion.formats import read
from visitwire_ingestion.formats.draft import raw_digest
from visitwire_runtime import InvalidMessage
from visitwire_schemas import Story, WireItem

from tests.unit.ingestion.wires import CASES, g2, nitf

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
G2 = g2("urn:newsml:example.org:20260302:17", "example.org").decode()
NITF = nitf("Selka").decode()
NINJS = {"uri": "urn:selka:1", "headline": "Ferry to Oslo", "body_text": "The ferry sails on Monday."}


def taken(raw: bytes | str) -> list[Story]:
    return read(WireItem(raw=raw.encode() if isinstance(raw, str) else raw, received=NOON))


def told(story: Story) -> tuple[object, ...]:
    """What a reader sees of a story."""
    return story.uri, story.version, story.headline, story.text, story.pubstatus


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<newsItem ", '<newsItem desk="foreign" '),
        ("2026-03-02T10:16:00Z<", "2026-03-02T10:16:00+0000<"),
        ("<slugline>", '<mood/><slugline>'),
        ('qcode="medtop:20000593"', 'qcode="medtop:two words"'),
        ("<rightsInfo>", "<sls:own>x</sls:own><rightsInfo>"),
        ("example.org</", "example.org & sons</"),
    ],
)  # fmt: skip
def test_a_breach_of_newsml_g2_is_a_warning(old: str, new: str) -> None:
    assert old in G2
    (odd,), (sound,) = taken(G2.replace(old, new, 1)), taken(G2)
    assert told(odd) == told(sound)
    assert len(odd.warnings) > 0
    assert sound.warnings == ()


@pytest.mark.parametrize(
    "change",
    [
        {"urgency": "3"},
        {"version": 2},
        {"desk": "foreign"},
        {"byline": None},
        {"pubstatus": None},
        {"keywords": "ferry"},
    ],
)
def test_a_breach_of_ninjs_is_a_warning(change: dict[str, object]) -> None:
    (odd,) = taken(json.dumps(NINJS | change))
    assert (odd.headline, odd.text) == ("Ferry to Oslo", "The ferry sails on Monday.")
    assert odd.warnings[0].startswith(next(iter(change)))


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("accepted an invitation", "accepted Bay & Sons’ invitation", "accepted Bay & Sons’ invitation"),
        ("on Monday.</p>", "on<br>Monday.</p>", "on Monday."),
        ("on Monday.</p>", "on <b>Monday.</p>", "on Monday."),
        ("on Monday.</p>", "on Monday.", "on Monday."),
        ("on Monday", "on <own:day>Monday</own:day>", "on Monday"),
    ],
)
def test_sloppy_xml_is_mended(old: str, new: str, text: str) -> None:
    (story,) = taken(NITF.replace(old, new, 1))
    assert text in story.text.replace("\n", " ")
    assert "reporters" in story.text
    assert story.warnings[0].startswith("The XML is broken at line")


def test_two_documents_in_one_file_are_two_stories() -> None:
    second = NITF.replace("selka-0302-17", "selka-0302-18")
    assert [story.uri for story in taken(f"{NITF}\n{second}\x1a")] == ["selka-0302-17", "selka-0302-18"]


def test_two_documents_without_a_declaration_are_two_stories_too() -> None:
    bare = NITF.partition("?>")[2]
    second = bare.replace("selka-0302-17", "selka-0302-18")
    assert [story.uri for story in taken(f"{bare}\n{second}")] == ["selka-0302-17", "selka-0302-18"]


def test_a_piece_of_html_need_not_be_xml() -> None:
    (story,) = taken("<p>The ferry sails on Monday.<br>It calls at Oslo.<p>Mara Kline &amp; crew said.")
    assert story.text.split("\n") == ["The ferry sails on Monday.", "It calls at Oslo.", "Mara Kline & crew said."]


def test_a_document_with_entities_of_its_own_is_never_mended() -> None:
    bomb = '<!DOCTYPE nitf [<!ENTITY a "b">]>'
    with pytest.raises(InvalidMessage, match="The XML is broken"):
        taken(NITF.replace("?>", f"?>{bomb}", 1).replace("on Monday", "on & Monday"))


def test_an_odd_item_of_a_page_takes_no_neighbour_with_it() -> None:
    page = {"items": [NINJS, {"poem": 1}, NINJS | {"uri": "urn:selka:2", "headline": "Two"}]}
    found = taken(json.dumps(page))
    assert [story.uri for story in found] == ["urn:selka:1", "urn:selka:2"]
    assert "item 2 of 3: The JSON object has the keys poem" in found[0].warnings[0]
    with pytest.raises(InvalidMessage, match="The JSON object has the keys poem"):
        taken(json.dumps({"items": [{"poem": 1}]}))


@pytest.mark.parametrize("key", ["item", "_items", "results", "data"])
def test_pages_of_apis_are_known_by_any_of_their_names(key: str) -> None:
    assert [story.uri for story in taken(json.dumps({"total": 1, key: [NINJS]}))] == ["urn:selka:1"]


def test_json_that_is_broken_a_little_is_read() -> None:
    one = json.dumps(NINJS)
    assert [story.uri for story in taken(f"{one} {one}".replace('"urn:selka:1"', '"urn:selka:2"', 1))] == [
        "urn:selka:2",
        "urn:selka:1",
    ]
    assert taken(one.replace("}", ",}"))[0].headline == "Ferry to Oslo"
    assert taken(one.replace("sails", "sails\t"))[0].text == "The ferry sails on Monday."


@pytest.mark.parametrize(
    ("raw", "headline"),
    [
        ("[UPDATE 2] Ferry to Oslo\n\nThe ferry sails on Monday.\n", "[UPDATE 2] Ferry to Oslo"),
        ("<SELKA> Ferry to Oslo\n\nThe ferry sails on Monday.\n", "<SELKA> Ferry to Oslo"),
        ("{urgent} Ferry to Oslo\n\nThe ferry sails on Monday.\n", "{urgent} Ferry to Oslo"),
    ],
)
def test_the_first_character_does_not_decide(raw: str, headline: str) -> None:
    (story,) = taken(raw)
    assert (story.headline, story.text) == (headline, "The ferry sails on Monday.")


def test_gzip_is_unpacked_within_the_limit() -> None:
    assert [told(each) for each in taken(gzip.compress(CASES["rss"]))] == [told(each) for each in taken(CASES["rss"])]
    both = gzip.compress(NITF[:900].encode()) + gzip.compress(NITF[900:].encode())
    assert told(taken(both)[0]) == told(taken(NITF)[0])
    with pytest.raises(InvalidMessage, match="holds more than 16,777,216 bytes"):
        taken(gzip.compress(bytes(20_000_000)))
    with pytest.raises(InvalidMessage, match="ends too early"):
        taken(gzip.compress(CASES["rss"])[:-20])
    with pytest.raises(InvalidMessage, match="archive is broken"):
        taken(b"\x1f\x8b\x08" + b"x" * 40)


def test_an_agencys_own_xml_is_read_by_the_names_of_its_elements() -> None:
    item = "<Item><ItemId>%d</ItemId><Headline>Ferry %d</Headline><Body><p>It sails on Monday.</p></Body></Item>"
    found = taken(f"<Publish><Items>{item % (1, 1)}{item % (2, 2)}</Items></Publish>")
    assert [told(story)[:4] for story in found] == [
        ("1", 1, "Ferry 1", "It sails on Monday."),
        ("2", 1, "Ferry 2", "It sails on Monday."),
    ]
    assert all("<Publish> is not a known format" in story.warnings[0] for story in found)


def test_a_list_of_an_agencys_items_may_lie_deeper() -> None:
    inner = CASES["ritzau"].decode()
    inner = inner[inner.index("<RBNews") :]
    (story,) = taken(f"<Answer><List>{inner}</List></Answer>")
    assert told(story) == told(taken(CASES["ritzau"])[0])


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace('version="', "version=", 1).replace('" standard=', " standard=", 1),
        lambda raw: f"<message><payload><![CDATA[{raw}]]></payload></message>",
        lambda raw: raw.encode("utf-16-le"),
        lambda raw: raw.encode("utf-16-be"),
        lambda raw: f"HTTP/1.1 200 OK\r\n\r\n{raw}",
    ],
)
def test_newsml_g2_in_wrappings_and_without_quotation_marks(change: Callable[[str], str | bytes]) -> None:
    assert change(G2) != G2
    assert [told(each) for each in taken(change(G2))] == [told(each) for each in taken(G2)]


def test_a_body_without_its_inner_element_is_read() -> None:
    bare = NITF.replace("<body.content>", "").replace("</body.content>", "")
    assert bare != NITF
    assert taken(bare)[0].text == taken(NITF)[0].text


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: f'{{"hits": {{"hits": [{{"_source": {raw}}}]}}}}',
        lambda raw: str(json.loads(raw)),
        lambda raw: raw[:-1],
        lambda raw: f'{raw[:-1]}, "keywords": ["a", "b',
        lambda raw: f'{raw[:-1]}, "subject": [{{"na',
    ],
)
def test_ninjs_in_an_envelope_in_pythons_words_or_cut_off(change: Callable[[str], str]) -> None:
    raw = json.dumps(NINJS)
    assert [told(each) for each in taken(change(raw))] == [told(each) for each in taken(raw)]


def test_json_lines_are_read_beside_one_that_is_none() -> None:
    (story,) = taken('{"id": "1", "text": "The ferry sails."}\n{"id": 2\n')
    assert (story.uri, len(story.warnings)) == ("1", 1)
    assert story.warnings[0].startswith("Line 2 is not JSON")


@pytest.mark.parametrize(
    "raw", ["[\nFerry to Oslo\n]\n\nThe ferry sails on Monday.", '["Goodbye"] Ferry to Oslo\n\nThe ferry sails on Monday.',
            "[...] Ferry to Oslo\n\nThe ferry sails on Monday.", "{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\\f0 Ferry\\par The ferry sails on Monday.\\par }"]
)  # fmt: skip
def test_text_that_only_begins_as_json_does(raw: str) -> None:
    (story,) = taken(raw)
    assert "The ferry sails on Monday." in story.text
    assert "fonttbl" not in story.text


def test_an_empty_entry_of_a_feed_is_no_story() -> None:
    raw = CASES["rss"].replace(b"<item>", b"<item/><item>", 1)
    assert [told(each) for each in taken(raw)] == [told(each) for each in taken(CASES["rss"])]


def test_every_event_of_a_knowledge_item_is_told() -> None:
    event = "<concept><conceptId qcode='e:{0}'/><name>{1}</name><eventDetails><dates><start>2026-03-0{0}</start></dates></eventDetails></concept>"
    events = event.format(3, "Andrade in Oslo") + event.format(4, "Andrade in Bergen")
    head = "<knowledgeItem xmlns='http://iptc.org/std/nar/2006-10-01/' guid='urn:k:1' version='1' standard='NewsML-G2' standardversion='2.29'>"
    (story,) = taken(f"{head}<conceptSet>{events}</conceptSet></knowledgeItem>")
    assert story.text == "Andrade in Oslo\nWhen: March 3, 2026\nAndrade in Bergen\nWhen: March 4, 2026"


def test_a_table_with_german_columns() -> None:
    found = taken("Datum;Titel;Text\n02.03.2026;Fähre;Die Fähre fährt.\n03.03.2026;Zug;Der Zug fährt.\n")
    assert [(each.headline, each.text) for each in found] == [("Fähre", "Die Fähre fährt."), ("Zug", "Der Zug fährt.")]


def test_the_charset_that_the_server_tells_serves_texts() -> None:
    raw = "Cumhurbaşkanı İstanbul için\n\nZiyaret Ağrı.\n".encode("iso8859-9")
    item = WireItem(raw=raw, received=NOON, content_type="text/plain; charset=iso-8859-9")
    assert read(item)[0].headline == "Cumhurbaşkanı İstanbul için"


@pytest.mark.parametrize(
    "item",
    [
        {"id": "17", "title": "Ferry to Oslo", "body": "The ferry sails on Monday.", "published_at": "2026-03-02T10:00:00Z"},
        {"guid": {"rendered": "17"}, "title": {"rendered": "Ferry to Oslo"}, "content": {"rendered": "<p>The ferry sails on Monday.</p>"},
         "date_gmt": "2026-03-02T10:00:00"},
    ],
)  # fmt: skip
def test_json_of_an_agencys_own_is_read_by_its_keys_with_a_warning(item: dict[str, object]) -> None:
    for raw in (item, [item], {"title": "All the news that we have", "description": "Of today.", "articles": [item]}):
        (story,) = taken(json.dumps(raw))
        assert (story.uri, story.headline, story.text) == ("17", "Ferry to Oslo", "The ferry sails on Monday.")
        assert (story.versioncreated, len(story.warnings)) == (NOON.replace(hour=10), 1)


@pytest.mark.parametrize("raw", ['{"error": "unauthorized", "title": "Log in"}', '{"title": "Status", "body": "ok"}'])
def test_json_that_says_no_story_is_refused(raw: str) -> None:
    with pytest.raises(InvalidMessage, match="has the keys"):
        taken(raw)


def test_tables_and_lists_in_plain_text_keep_their_lines() -> None:
    raw = "Schedule\n\nDate\tCity\nMarch 2\tOslo\n\nDate        City\nMarch 3     New Bergen\n\n- one\n- two\n\nWords that go on\nin the next line.\n"
    assert taken(raw)[0].text.split("\n") == [
        "Date\tCity", "March 2\tOslo", "Date\tCity", "March 3\tNew Bergen", "- one", "- two", "Words that go on in the next line.",
    ]  # fmt: skip


def test_a_file_is_digested_once_however_many_stories_it_holds() -> None:
    raw_digest.cache_clear()
    page = json.dumps([NINJS | {"uri": f"urn:selka:{number}"} for number in range(20)])
    assert len(taken(page)) == 20
    assert raw_digest.cache_info().misses == 1
