"""What the schemas of ninjs and NewsML-G2 fix: a sound item passes, and each fault is named."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from visitwire_ingestion.formats import read, to_ninjs, xml
from visitwire_ingestion.formats.g2_notation import ELEMENTS
from visitwire_ingestion.formats.g2_schema import problems as g2_problems
from visitwire_ingestion.formats.g2_types import TYPES
from visitwire_ingestion.formats.ninjs_schema import problem_of
from visitwire_ingestion.formats.strict import breaches
from visitwire_runtime import InvalidMessage
from visitwire_schemas import Story, WireItem

from tests.unit.ingestion.wires import CASES, NINJS1, NINJS2, NINJS3, g2, item

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CONTACT = {"contactinfo": [{"type": "web", "value": "https://x.example"}]}
EVENT = {"uri": "urn:1", "type": "event", "eventDetails": {"dates": {"expectedStartDate": "2026-03"}}}


@pytest.mark.parametrize(
    "value",
    [
        {"uri": "urn:1"},
        NINJS1,
        NINJS2,
        NINJS3,
        {"uri": "urn:1", "body_html": "", "headline_mobile": "x", "altids": {"own": 1}},
        {"uri": "urn:1", "renditions": {"thumb_1": {"href": "https://x.example/1", "width": 1.5}}},
        {"uri": "urn:1", "associations": {"main": {"uri": "urn:2", "type": "picture"}}},
        {"uri": "urn:1", "person": [{"name": "A", **CONTACT}], "place": [{"geometry_point": {"x": 1}}]},
        {"uri": "urn:1", "rightsinfo": {"linkedrights": "https://x.example", "more": 1}},
        {"uri": "urn:1", "people": [{"name": "A", **CONTACT}], "genres": [{"uri": "x"}]},
        {"uri": "urn:1", "places": [{"geojson": {"type": "Point", "coordinates": [1, 2]}}]},
        {"uri": "urn:1", "associations": [{"name": "a", "uri": "urn:2", "headlines": []}], "bodies": []},
        EVENT,
        {"uri": "urn:1", "renditions": [{"name": "thumb", "contentType": "image/jpeg"}]},
        {"uri": "urn:1", "versioncreated": "not checked, as IPTC's own validators do not"},
        {"$standard": {"name": "ninjs", "version": "1.9"}, "uri": "urn:1", "invented_later": 1},
        {"uri": "urn:1", "headlines": [{"value": "x", "contentType": "text/plain"}]},  # 3.x by what is inside
        {"uri": "urn:1", "contentdigitised": "2026", "digitalsourcetype": {"uri": "x"}, "headline": "x"},
        {
            "uri": "urn:1",
            "renditions": {"a": {"scantype": "interlaced", "resources": [{"language": "en"}]}},
            "byline": "x",
        },
        {"uri": "urn:1", "renditions": {"a": {"extensions": {"selka:cut": "short"}, "poi": {"x": 1}}}, "byline": "x"},
        {**NINJS2, "standard": {"version": "2.4"}, "renditions": [{"name": "a", "extensions": {"selka:cut": "b"}}]},
        {**NINJS3, "renditions": [{"name": "a", "resources": [{"contentType": "text/vtt"}]}], "contentDigitised": "x"},
    ],
)
def test_sound_ninjs_passes(value: Mapping[str, object]) -> None:
    assert problem_of(value) is None


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"type": "text"}, "uri is missing"),
        ({"uri": 7}, "uri is a number, not a string"),
        ({"uri": "urn:1", "type": "poem"}, "type is 'poem', and must be one of"),
        ({"uri": "urn:1", "headlin": "x"}, "headlin is not a field of this version"),
        ({"uri": "urn:1", "urgency": "3"}, "urgency is a string, not a whole number"),
        ({"uri": "urn:1", "urgency": 10}, "urgency is 10, and must be 1 to 9"),
        (
            {
                "$standard": {"schema": "http://www.iptc.org/std/ninjs/ninjs-schema_1.3.json#"},
                "uri": "u",
                "expires": "x",
            },
            "expires is not a field of this version",
        ),
        (
            {**NINJS2, "standard": {"version": "2.3"}, "renditions": [{"name": "a", "extensions": {}}]},
            "renditions[0].extensions is not a field of this version",
        ),
        (
            {"uri": "urn:1", "byline": "x", "renditions": {"a": {"extensions": {"selka:cut": 1}}}},
            "renditions.a.extensions.selka:cut is a number, not a string",
        ),
        ({"uri": "urn:1", "version": 2}, "version is a number, not a string"),
        ({"uri": "urn:1", "pubstatus": "killed"}, "pubstatus is 'killed', and must be one of"),
        ({"uri": "urn:1", "subject": {"code": "1"}}, "subject is an object, not a list"),
        ({"uri": "urn:1", "subject": [{"kode": "1"}]}, "subject[0].kode is not a field of this version"),
        ({"uri": "urn:1", "subject": [{"relevance": 101}]}, "subject[0].relevance is 101, and must be 0 to 100"),
        ({"uri": "urn:1", "body_": "x"}, "body_ is not a field of this version"),
        ({"uri": "urn:1", "associations": {"a": {"type": "text"}}}, "associations.a.uri is missing"),
        ({"uri": "urn:1", "person": [{"contactinfo": [{"type": "web"}]}]}, "person[0].contactinfo[0] must have"),
        ({"uri": "urn:1", "rightsinfo": {}}, "rightsinfo must have exactly one of"),
        (
            {"$standard": {"version": "1.1"}, "uri": "urn:1", "slugline": "x"},
            "$standard is not a field of this version",
        ),
        ({**NINJS2, "bodies": [{"contenttype": "text/plain"}]}, "bodies[0].value is missing"),
        ({**NINJS2, "urgency": 10}, "urgency is 10, and must be 1 to 9"),
        ({**NINJS2, "headline": "x"}, "headline is not a field of this version"),
        ({**NINJS2, "renditions": [{"href": "x"}]}, "renditions[0].name is missing"),
        ({**NINJS2, "associations": [{"uri": "urn:2"}]}, "associations[0].name is missing"),
        ({**NINJS2, "places": [{"geojson": {"type": "Dot"}}]}, "places[0].geojson has no GeoJSON type"),
        ({**NINJS3, "versioncreated": "x"}, "versioncreated is not a field of this version"),
        ({**EVENT, "eventDetails": {"dates": {}}}, "eventDetails.dates needs a start or an end"),
        (
            {**EVENT, "eventDetails": {"dates": {"expectedStartDate": "soon"}}},
            "eventDetails.dates.expectedStartDate is no",
        ),
    ],
)
def test_each_fault_in_ninjs_is_named(value: Mapping[str, object], problem: str) -> None:
    assert (problem_of(value) or "").startswith(problem)


G2 = g2("urn:newsml:example.org:20260302:17", "example.org").decode()
SOUND = [
    G2,
    CASES["newsml-g2-package"].decode(),
    CASES["newsml-g2-concept"].decode(),
    CASES["newsml-g2-embargo"].decode(),
    item(
        "knowledgeItem", '<conceptSet><concept><conceptId qcode="a:b"/><name>N</name></concept></conceptSet>'
    ).decode(),
    item(
        "planningItem",
        '<newsCoverageSet><newsCoverage><planning><itemClass qcode="ninat:text"/><scheduled>2026-03</scheduled>'
        "<edNote>x</edNote></planning></newsCoverage></newsCoverageSet>",
    ).decode(),
    item(
        "catalogItem",
        '<catalogContainer><catalog><scheme alias="a" uri="http://x.example/"/></catalog></catalogContainer>',
    ).decode(),
    G2.replace("<usageTerms>", '<usageTerms xmlns:own="urn:own" own:x="1">'),
    G2.replace("</itemMeta>", '<own xmlns="urn:own"/></itemMeta>'),
    G2.replace('wordcount="31"', 'wordcount=""').replace("2026-03-02T10:15:00Z", ""),  # templates leave values empty
    G2.replace("<catalogRef", "<!--").replace('_38.xml"/>', "-->"),  # optional since 2.30
    G2.replace('wordcount="31"', 'wordcount="31" own="x"').replace('standardversion="2.35"', 'standardversion="2.99"'),
]


@pytest.mark.parametrize("text", SOUND)
def test_sound_newsml_g2_passes(text: str) -> None:
    assert list(g2_problems(xml.parse(text.encode()))) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (' guid="urn:newsml:example.org:20260302:17"', "", "<newsItem> has no guid"),
        (' standard="NewsML-G2"', "", "<newsItem> has no standard"),
        ('standardversion="2.35"', 'standardversion="two"', "standardversion of <newsItem> is 'two'"),
        ('version="1"', 'version="0"', "version of <newsItem> is '0', not a number from 1"),
        ('conformance="power"', 'konformance="power"', "<newsItem> has an attribute konformance"),
        ('<itemClass qcode="ninat:text"/>', "", "<provider> stands where <itemClass> must come first"),
        ('<provider literal="example.org"/>', "", "<versionCreated> stands where <provider> must come first"),
        ("2026-03-02T10:16:00Z<", "2 March 2026<", "<versionCreated> is '2 March 2026', not a date and time"),
        ("<urgency>3<", "<urgency>10<", "<urgency> is '10', not a number from 1 to 9"),
        ("<urgency>3</urgency>", "<urgency>3</urgency><urgency>4</urgency>", "<urgency> is out of its place"),
        ('qcode="medtop:20000593"', 'qcode="medtop 20000593"', "qcode of <subject> is 'medtop 20000593', not a QCode"),
        ("<slugline>", "<slug>", "broken"),
        ("<headline>", "<mood/><headline>", "<mood> may not stand in <contentMeta>"),
        ("<pubStatus", '<signal qcode="a:b"/><pubStatus', "<pubStatus> is out of its place"),
        ("<rightsInfo>", '<contentMeta/><rightsInfo>', "<contentMeta> stands where <itemMeta> must come first"),
        ('<language tag="en"/>', "<language/>", "<language> has no tag"),
        ('<language tag="en"/>', '<language tag="english please"/>', "tag of <language> is"),
        ('<located qcode="city:17"', '<located id="a"/><located id="a" qcode="city:17"', "the id 'a' is given twice"),
        ("<sent>2026-03-02T10:17:00Z</sent>", "", "<sender> stands where <sent> must come first"),
        ('wordcount="31"', 'wordcount="many"', "wordcount of <inlineXML> is 'many'"),
    ],
)  # fmt: skip
def test_each_fault_in_newsml_g2_is_named(old: str, new: str, problem: str) -> None:
    assert old in G2
    found = breaches(WireItem(raw=G2.replace(old, new, 1).encode(), received=NOON))
    assert problem in found[0]


def test_strict_says_all_breaches_and_reading_warns_of_them() -> None:
    text = G2.replace("<newsItem ", '<newsItem desk="a" ').replace("<urgency>3<", "<urgency>30<")
    text = text.replace("2026-03-02T10:16:00Z<", "2026-03-02T10:16:00+0000<")
    item = WireItem(raw=text.encode(), received=NOON)
    (story,) = read(item)
    (sound,) = read(WireItem(raw=G2.encode(), received=NOON))
    assert breaches(item) == [f"NewsML-G2: {each}" for each in story.warnings]
    assert [each.partition(": ")[2][:20] for each in story.warnings] == [
        "<newsItem> has an at", "<versionCreated> is ", "<urgency> is '30', n",
    ]  # fmt: skip
    assert (story.headline, story.text, story.versioncreated) == (sound.headline, sound.text, sound.versioncreated)


def test_what_a_version_did_not_know_yet_breaks_it() -> None:
    """Up to 2.29 an item had to name its catalogs; schemes were first retired in 2.29."""
    bare = item("newsItem", "").decode().replace("2.33", "2.29")
    first = next(g2_problems(xml.parse(bare.encode())))
    assert "<newsItem> has no <catalogRef>, which 2.29 asks for" in first
    assert list(g2_problems(xml.parse(bare.replace("2.29", "2.30").encode()))) == []
    retired = item(
        "catalogItem",
        '<catalogContainer><catalog><scheme alias="a" uri="http://x.example/" schemeretired="2026-03-02"/></catalog>'
        "</catalogContainer>",
    ).replace(b"<itemMeta>", b'<catalogRef href="http://x.example/"/><itemMeta>')
    assert list(g2_problems(xml.parse(retired.replace(b"2.33", b"2.29")))) == []
    (late,) = g2_problems(xml.parse(retired.replace(b"2.33", b"2.28")))
    assert "<scheme> has an attribute schemeretired, which is none of it" in late


def test_no_namespace_breaks_newsml_g2_and_is_read_all_the_same() -> None:
    bare = G2.replace(' xmlns="http://iptc.org/std/nar/2006-10-01/"', "")
    (story,) = read(WireItem(raw=bare.encode(), received=NOON))
    (whole,) = read(WireItem(raw=G2.encode(), received=NOON))
    assert story.model_copy(update={"warnings": (), "raw_digest": whole.raw_digest}) == whole
    assert "not in the NewsML-G2 namespace" in story.warnings[0]


def test_every_type_of_the_tables_is_known() -> None:
    assert set(ELEMENTS.values()) <= set(TYPES)


@pytest.mark.parametrize("name", CASES)
def test_every_story_can_be_written_as_ninjs_and_read_back(name: str) -> None:
    for story in read(WireItem(raw=CASES[name], received=NOON)):
        written = to_ninjs(story)
        (back,) = read(WireItem(raw=json.dumps(written).encode(), provider=story.provider, received=NOON))
        kept: Callable[[Story], object] = lambda each: (  # noqa: E731
            each.uri, each.version, each.pubstatus, each.headline, each.embargoed, each.versioncreated, each.language
        )  # fmt: skip
        assert kept(back) == kept(story)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*NINJS1, *NINJS2, *NINJS3, "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_any_json_is_a_story_or_one_clear_refusal(value: object) -> None:
    said = ""
    try:
        read(WireItem(raw=json.dumps(value).encode(), received=NOON))
    except InvalidMessage as refusal:
        said = str(refusal)
    assert not said or said.endswith((".", ".)"))
