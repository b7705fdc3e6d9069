# ruff: noqa: E501 - the lines are the wires'
"""Calendars, tables, JSON feeds, events and plans, web pages: read rightly, or refused with a sentence."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from visitwire_ingestion.formats import read
from visitwire_runtime import InvalidMessage
from visitwire_schemas import Revision, Story, WireItem

from tests.unit.ingestion.wires import item as g2_item
from tests.unit.ingestion.wires import newsml1

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def taken(raw: bytes | str) -> list[Story]:
    return read(WireItem(raw=raw.encode() if isinstance(raw, str) else raw, received=NOON))


CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Selka//Protocol//EN\r
BEGIN:VEVENT\r
UID:visit-7@selka.example\r
SEQUENCE:2\r
LAST-MODIFIED:20260302T090000Z\r
DTSTART;VALUE=DATE:20260311\r
DTEND;VALUE=DATE:20260313\r
SUMMARY:President Andrade visits Norway\r
LOCATION:Oslo\\, Norway\r
DESCRIPTION:She will meet the prime minister.\r
STATUS:CANCELLED\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_an_event_of_a_calendar_is_a_story() -> None:
    (story,) = taken(CALENDAR)
    assert (story.uri, story.version, story.type) == ("visit-7@selka.example", 3, "event")
    assert story.headline == "President Andrade visits Norway"
    assert story.text.split("\n") == [
        "President Andrade visits Norway", "She will meet the prime minister.",
        "When: March 11, 2026 to March 12, 2026", "Where: Oslo, Norway", "Status: cancelled",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "The calendar holds no event"),
        ("BEGIN:VCALENDAR\r\nEND:VEVENT\r\nEND:VEVENT\r\n", "The calendar is broken"),
        ("date,title\n,\n", "The table .CSV. has no rows with a headline or a text"),
        (
            "<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Welcome</p></body></html>",
            "A web page came",
        ),
        ("<html><body><h1>502 Bad gateway</h1></body></html>", "A web page came where a wire item was meant"),
        (
            "<html><head><title>Ferry</title></head><body><form><input type='password'></form><p>Welcome back.</p></body></html>",
            "A web page came",
        ),
    ],
)
def test_what_is_no_story_is_refused_with_a_sentence(raw: str, why: str) -> None:
    with pytest.raises(InvalidMessage, match=why):
        taken(raw)


def test_a_page_with_an_article_is_its_words() -> None:
    article = "<p>The ferry sails on Monday.</p>" + "<p>It will call at two ports on its way to the north.</p>" * 8
    (story,) = taken(
        f"<!DOCTYPE html><html><body><nav>Log in<br></nav><article><h1>Ferry</h1>{article}</article></body></html>"
    )
    assert story.text.startswith("The ferry sails on Monday.")
    assert "Log in" not in story.text


def test_a_table_is_a_story_a_row() -> None:
    for sign in (",", ";", "\t"):
        rows = ["date headline text", '2026-03-02 Ferry "It sails."', '2026-03-03 Bus "It leaves."']
        found = taken("\r\n".join(row.replace(" ", sign, 2) for row in rows))
        assert [(story.headline, story.text) for story in found] == [("Ferry", "It sails."), ("Bus", "It leaves.")]
        assert found[0].versioncreated == datetime(2026, 3, 2, tzinfo=UTC)


def test_prose_with_commas_is_no_table() -> None:
    (story,) = taken("Date, title and text agreed\n\nThe ferry, the bus, and the train leave on Monday.\n")
    assert story.headline == "Date, title and text agreed"


def test_a_json_feed_is_a_story_an_item() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": "Selka", "home_page_url": "https://selka.example/",
        "language": "en", "items": [
            {"id": "7", "url": "https://selka.example/7", "title": "Ferry", "content_html": "<p>It sails.</p>",
             "date_published": "2026-03-02T12:00:00Z", "date_modified": "2026-03-02T13:00:00Z",
             "authors": [{"name": "Mara Kline"}], "tags": ["sea"]},
            {"id": 8, "content_text": "The bus leaves.\n\nOn Monday."},
        ],
    }  # fmt: skip
    one, two = taken(json.dumps(feed))
    assert (one.provider, one.uri, one.headline, one.text) == ("selka.example", "7", "Ferry", "It sails.")
    assert (one.firstcreated, one.versioncreated) == (NOON, NOON + timedelta(hours=1))
    assert (one.byline, one.keywords, one.language) == ("Mara Kline", ("sea",), "en")
    assert (two.uri, two.text) == ("8", "The bus leaves.\nOn Monday.")


def test_dpas_own_json_is_read() -> None:
    entry = {
        "format": "digitalwires@1.0.0", "entry_id": "e9", "urn": "urn:newsml:dpa.com:20090101:260302-99-1", "version": 3,
        "version_created": "2026-03-02T13:00:00+01:00", "pubstatus": "usable", "language": "de", "urgency": 4,
        "signal": "sig:update", "headline": "Fähre nach Oslo", "article_html": "<section><p>Sie fährt.</p></section>",
        "categories": [{"qcode": "medtop:11000000", "name": "Politik"}], "embargoed": None,
    }  # fmt: skip
    (story,) = taken(json.dumps(entry))
    assert (story.provider, story.uri, story.version) == ("dpa", entry["urn"], 3)
    assert (story.headline, story.text, story.revision.value) == ("Fähre nach Oslo", "Sie fährt.", "update")
    assert (story.versioncreated, story.urgency, story.subjects[0].code) == (NOON, 4, "11000000")


def test_an_event_of_superdesk_is_a_story_of_its_name_day_place_and_status() -> None:
    event = {
        "guid": "urn:selka:event:1", "type": "event", "name": "President Andrade visits Norway", "versioncreated": "2026-03-02T12:00:00Z",
        "definition_short": "Talks on fish.", "dates": {"start": "2026-03-11T09:00:00+0000", "end": "2026-03-12T09:00:00+0000"},
        "location": [{"name": "Royal Palace", "address": {"locality": "Oslo", "country": "Norway"}}],
        "occur_status": {"qcode": "eocstat:eos5", "name": "Planned, occurs certainly"}, "state": "postponed",
    }  # fmt: skip
    (story,) = taken(json.dumps(event))
    assert (story.type, story.headline) == ("event", "President Andrade visits Norway")
    assert story.text.split("\n") == [
        "Talks on fish.", "When: March 11, 2026 to March 12, 2026", "Where: Royal Palace, Oslo, Norway", "Status: postponed",
    ]  # fmt: skip


def test_an_event_of_ninjs_and_a_planning_item_are_read() -> None:
    event = {
        "uri": "urn:1", "type": "event", "headlines": [{"value": "Andrade visits Norway"}],
        "eventDetails": {"dates": {"startDate": "2026-03-11"}, "location": [{"name": "Oslo"}]},
    }  # fmt: skip
    (story,) = taken(json.dumps(event))
    assert (story.headline, story.text) == ("Andrade visits Norway", "When: March 11, 2026\nWhere: Oslo")
    plan = {
        "guid": "p1",
        "type": "planning",
        "headline": "Visit desk",
        "planning_date": "2026-03-11",
        "description_text": "Andrade in Oslo.",
    }
    assert taken(json.dumps(plan))[0].text == "Andrade in Oslo.\nWhen: March 11, 2026"


def test_events_and_plans_of_newsml_g2_are_read() -> None:
    concept = (
        '<concept><conceptId qcode="sel:1"/><type qcode="cpnat:event"/><name>Andrade visits Norway</name>'
        "<definition>Talks on fish.</definition><eventDetails><dates><start>2026-03-11</start></dates>"
        '<location><name>Oslo</name></location><participant literal="a"><name>Ines Andrade</name></participant></eventDetails></concept>'
    )
    (story,) = taken(g2_item("conceptItem", concept))
    assert (story.type, story.headline) == ("event", "Andrade visits Norway")
    assert story.text.split("\n") == ["Talks on fish.", "When: March 11, 2026", "Where: Oslo", "Who: Ines Andrade"]
    coverage = (
        "<newsCoverageSet><newsCoverage><planning><scheduled>2026-03-11T10:00:00Z</scheduled><edNote>Andrade lands in Oslo</edNote>"
        "</planning></newsCoverage></newsCoverageSet>"
    )
    (plan,) = taken(g2_item("planningItem", coverage))
    assert (plan.type, plan.text) == ("planning", "Andrade lands in Oslo (March 11, 2026)")


def test_a_telex_in_carriage_returns_alone_and_one_with_a_start_mark_alone_keep_their_words() -> None:
    (telex,) = taken(b"ZCZC\r   SELKA, March 2 SLK - The ferry sails.\r   It calls at Oslo.\r\rNNNN\r")
    assert telex.text.split("\n")[-1] == "It calls at Oslo."
    (marked,) = taken(b"\x01The ferry sails on Monday.\r\nIt calls at Oslo.\r\n")
    assert "It calls at Oslo." in marked.text


def test_the_marked_lines_of_a_telex_and_its_indented_paragraphs_are_read() -> None:
    head = "ZCZC\n$S\n:Selka\n#islands\n=2 Ferry\n^Ferry to Oslo\n+11000000\n"
    (story,) = taken(head + "   The ferry sails on\nMonday, Mara Kline\nsaid.\n   It calls at Oslo.\nNNNN\n")
    assert (story.headline, story.slugline, story.take, story.service) == ("Ferry to Oslo", "Selka", "2 Ferry", "S")
    assert (story.subjects[0].code, story.keywords) == ("11000000", ("islands",))
    assert story.text == "The ferry sails on Monday, Mara Kline said.\nIt calls at Oslo."


def test_a_table_of_anpa_keeps_its_rows_and_cells() -> None:
    rows = "".join(
        f"\x08Mar{day}\x1f \x1e\x1e \x1e\x1eOslo\x1e\x1e \x1e\x1e10:00\x1e\x1e \x1e\x1e\r\n" for day in (2, 3)
    )
    raw = f"\x16\x16\x01s0284\x1f-----\r\nr i\x13\x11 BC-SEL--Ferry Times     03-02 \r\n\x02\x02BC-SEL--Ferry Times<\r\n^Ferry Times=\r\n{rows}\x03\r\n"
    (story,) = taken(raw + "AP-NY-03-02-26 1015GMT\r\n")
    assert (story.headline, story.text) == ("Ferry Times", "Mar2\tOslo\t10:00\nMar3\tOslo\t10:00")
    assert story.preformatted is True


def test_iptc_7901_without_control_characters_and_with_a_longer_number() -> None:
    raw = (
        "bsf00417 3 pl 31    slk 0417\n\n/Selka/Norway/\n2ND LEAD\nFerry to Oslo\nBy Mara Kline  =\n\n"
        "Selka (slk) - The ferry sails on Monday, the port\nsaid.\n\n021015 GMT Mar 26\n"
    )
    (story,) = taken(raw)
    assert (story.sequence, story.take, story.headline) == ("00417", "2ND LEAD", "Ferry to Oslo")
    assert (story.slugline, story.versioncreated) == ("Selka/Norway", datetime(2026, 3, 2, 10, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    ("take", "kind"),
    [("KILL", Revision.KILL), ("(2. Zusammenfassung 1200)", Revision.UPDATE), ("(Berichtigung im 2. Absatz)", Revision.CORRECTION)],
)  # fmt: skip
def test_an_iptc_7901_item_whose_keyword_line_stands_in_its_text(take: str, kind: Revision) -> None:
    head = "\x01SEL0123 4 PL 60 SEL0456\x02\r\nNorway/Selka/\r\n"
    (story,) = taken(
        f"{head}{take}\r\nAndrade to visit Oslo =\r\nShe sails on Monday.\r\n\x03021037 Mar 26\x04".encode()
    )
    assert (story.slugline, story.take, story.headline) == ("Norway/Selka", take, "Andrade to visit Oslo")
    assert story.revision == kind


def test_every_message_of_a_telex_line_and_of_an_mbox_file_is_a_story() -> None:
    telex = "".join(
        f"ZCZC SEL{number}\n\nFerry {number} to Oslo\n\nIt sails on Monday.\nNNNN\n" for number in (1, 2, 3)
    )
    assert [story.headline for story in taken(telex)] == ["Ferry 1 to Oslo", "Ferry 2 to Oslo", "Ferry 3 to Oslo"]
    head = "From a@selka.example Mon Mar  2 10:00:00 2026\nFrom: a@selka.example\nSubject: Ferry {0}\nMessage-ID: <{0}@selka.example>\n"
    mbox = "\n".join(f"{head.format(number)}\nIt sails.\n\nFrom here it goes on.\n" for number in (1, 2))
    assert [(story.uri, story.headline) for story in taken(mbox)] == [
        ("1@selka.example", "Ferry 1"),
        ("2@selka.example", "Ferry 2"),
    ]


def test_a_bare_table_of_anpa_keeps_its_cells_and_its_headline() -> None:
    table = "s0284\nr i BC-KAL--Schedule     03-02 0045\nBC-KAL--Schedule<\nVisit Schedule=\nMarch 3\tOslo\t10:00\nMarch 4\tBergen\t11:00\n"
    (story,) = taken(table)
    assert (story.headline, story.text) == ("Visit Schedule", "March 3\tOslo\t10:00\nMarch 4\tBergen\t11:00")


def test_a_calendar_that_breaks_off_or_has_an_odd_date_is_read() -> None:
    head = "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:17\nSUMMARY:Andrade in Oslo\n"
    for dated in ("DTSTART:20260309T080000Z\n", "DTSTART:2026-03-09\nEND:VEVENT\nEND:VCALENDAR\n"):
        (story,) = taken(head + dated)
        assert (story.uri, story.text) == ("17", "Andrade in Oslo\nWhen: March 9, 2026")


def test_events_in_the_body_of_a_news_item_are_told_apart() -> None:
    event = "<event><name>{1}</name><eventDetails><dates><start>2026-03-0{0}</start></dates></eventDetails></event>"
    events = f"<events>{event.format(3, 'Andrade in Oslo')}{event.format(4, 'Andrade in Bergen')}</events>"
    raw = g2_item("newsItem", f"<contentSet><inlineXML>{events}</inlineXML></contentSet>").decode()
    (story,) = taken(raw)
    assert story.text == "Andrade in Oslo\nWhen: March 3, 2026\nAndrade in Bergen\nWhen: March 4, 2026"


def test_newsml_1_unpacks_base64() -> None:
    raw = newsml1("selka.example", "Selka").decode()
    start, end = raw.index("<DataContent>"), raw.index("</DataContent>")
    said = b64encode("The ferry sails — on Monday.".encode()).decode()
    packed = f'{raw[:start]}<Encoding Notation="base64"><DataContent>{said}</DataContent></Encoding>{raw[end + 14 :]}'
    assert taken(packed)[0].text == "The ferry sails — on Monday."
