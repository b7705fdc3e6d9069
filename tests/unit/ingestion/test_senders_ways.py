# ruff: noqa: E501 - the items are the senders'
"""What senders do to formats: fields left half filled, charsets that are others, envelopes, transfers."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from visitwire_ingestion.formats import read
from visitwire_ingestion.formats.charset import decode
from visitwire_ingestion.formats.dates import when
from visitwire_schemas import PubStatus, Revision, Story, WireItem

from tests.unit.ingestion.wires import g2, newsml1, nitf

RECEIVED = datetime(2026, 9, 28, 12, tzinfo=UTC)
EVENING = datetime(2026, 10, 5, 18, tzinfo=UTC)
G2 = g2("urn:newsml:selka.example:20260928:17", "selka.example").decode()
NINJS = {"uri": "urn:selka:17", "headline": "Brandt to visit Oslo", "body_text": "She sails."}


def taken(raw: str | bytes) -> Story:
    return read(WireItem(raw=raw.encode() if isinstance(raw, str) else raw, received=RECEIVED))[0]


@pytest.mark.parametrize(
    ("field", "until", "status"),
    [
        (True, None, PubStatus.WITHHELD), ("soon", None, PubStatus.WITHHELD), ("until 5 October 2026, 18:00 GMT", EVENING, PubStatus.USABLE),
        ("2026-10-05T18:00:00Z", EVENING, PubStatus.USABLE), (1791223200, EVENING, PubStatus.USABLE),
        ("", None, PubStatus.USABLE), (None, None, PubStatus.USABLE), (False, None, PubStatus.USABLE), ("N/A", None, PubStatus.USABLE),
    ],
)  # fmt: skip
def test_an_embargo_in_a_field_holds_also_where_it_is_no_time(field: object, until: object, status: PubStatus) -> None:
    story = taken(json.dumps(NINJS | {"embargoed": field}))
    assert (story.embargoed, story.pubstatus) == (until, status)


def test_newsml_g2_with_an_embargo_left_empty_is_held_until_further_notice() -> None:
    held = taken(G2.replace("<pubStatus", "<embargoed/><pubStatus", 1))
    assert (held.pubstatus, (held.ednote or "").startswith("Held: ")) == (PubStatus.WITHHELD, True)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (G2.replace("</itemMeta>", '<signal qcode="sig:correction"/></itemMeta>', 1), Revision.CORRECTION),
        (G2.replace("</itemMeta>", "<edNote>Kill this story. It is wrong.</edNote></itemMeta>", 1), Revision.KILL),
        (G2.replace("</itemMeta>", "<edNote>Kill the last line of the story.</edNote></itemMeta>", 1), Revision.NEW),
        (json.dumps(NINJS | {"state": "killed"}), Revision.KILL),
        (json.dumps(NINJS | {"state": "published"}), Revision.NEW),
    ],
)
def test_a_signal_a_note_or_a_state_says_what_a_version_is(raw: str, kind: Revision) -> None:
    assert taken(raw).revision == kind


def test_a_headline_in_two_lines_is_two_words() -> None:
    raw = newsml1("selka.example", "Selka").decode()
    start, end = raw.index("<HeadLine>") + len("<HeadLine>"), raw.index("</HeadLine>")
    assert taken(f"{raw[:start]}Brandt<br/>to <i>visit</i> Oslo{raw[end:]}").headline == "Brandt to visit Oslo"


POLISH = "Prezydent Wałęsa pojedzie do Łodzi, żeby spotkać się z królem; później może ruszyć dalej."
CZECH = "Prezidentka v pondělí přijede do Osla, kde se sejde s králem; příští týden přiletí ještě ministr Růžička."
TURKISH = "Cumhurbaşkanı pazartesi günü Oslo'ya gidecek, kralla görüşecek ve aynı akşam dönecek."
HUNGARIAN = (
    "Az elnök jövő hétfőn Oslóba utazik, ahol először a királlyal, később a kormányfővel tárgyal és hűtőházat avat."
)


@pytest.mark.parametrize("label", [None, "iso-8859-1"])
@pytest.mark.parametrize(
    ("words", "codec"),
    [
        (POLISH, "cp1250"), (POLISH, "iso8859-2"), (CZECH, "cp1250"), (TURKISH, "cp1254"), (HUNGARIAN, "cp1250"),
        ("Königin Élodie kostet 3 £ und 20 °, ¿verdad?", "cp1252"), ("Forsetinn siglir þá í maí og býður ráðherra með sér á þing.", "cp1252"),
        ("Ministeren møder kollegaen på øen; Žižek og Škvorecký øver sig på dansk.", "cp1252"), ("Um tõugo, dois pães, três corações: não é tão mau.", "cp1252"),
    ],
)  # fmt: skip
def test_the_charset_of_a_language_in_latin_letters_is_seen_from_its_words(
    words: str, codec: str, label: str | None
) -> None:
    assert decode(words.encode(codec), label) == words


def test_a_compact_time_may_name_its_zone() -> None:
    assert when("20260928T1015 JST") == datetime(2026, 9, 28, 1, 15, tzinfo=UTC)
    assert when("2026-09-28 10:15 XYZ") is None


@pytest.mark.parametrize(
    "wrap",
    [
        lambda raw: b"callback(" + raw + b");", lambda raw: b"// export of 28.9.\n\n" + raw, lambda raw: b"/* a\n b */ " + raw, lambda raw: b")]}',\n" + raw,
        lambda raw: json.dumps(raw.decode()).encode(), lambda raw: gzip.compress(raw) + b"\r\n",
    ],
)  # fmt: skip
def test_json_is_read_out_of_what_lies_around_it(wrap: Callable[[bytes], bytes]) -> None:
    assert taken(wrap(json.dumps(NINJS).encode())).headline == "Brandt to visit Oslo"


@pytest.mark.parametrize(
    "text", ["# Notes\n[UPDATE] Brandt to visit Oslo, she says.", "Brandt(s) {really} sail to Oslo."]
)
def test_prose_with_brackets_is_prose(text: str) -> None:
    story = taken(text)
    assert f"{story.headline or ''} {story.text}".split() == text.split()


def test_a_nitf_that_was_packed_twice_is_read() -> None:
    assert taken(gzip.compress(gzip.compress(nitf("Selka"))))


@pytest.mark.parametrize(
    "names",
    ["artikel titel brødtekst dato", "Artikel Überschrift Inhalt Datum", "article titre texte date", "noticia título cuerpo fecha"],
)  # fmt: skip
def test_xml_of_an_agencys_own_is_read_in_its_language_too(names: str) -> None:
    root, title, text, day = names.split()
    raw = f"<{root}><{day}>28.9.2026 10:15</{day}><{title}>Brandt to Oslo</{title}><{text}>She will sail on Monday.</{text}></{root}>"
    story = taken(raw)
    assert (story.headline, story.text) == ("Brandt to Oslo", "She will sail on Monday.")
    assert story.versioncreated.date().isoformat() == "2026-09-28"


def test_text_in_the_charset_of_dos_is_read() -> None:
    words = (
        "Königin Élodie reist\n\nDie Königin fährt nach Oslo. Über den Anlaß schwieg der Palast, es gäbe später mehr."
    )
    assert taken(words.encode("cp850")).text == words.partition("\n\n")[2]


def test_two_short_entries_of_a_feed_that_share_an_id_are_two() -> None:
    entry = (
        "<entry><id>urn:feed</id><title>{}</title><updated>2026-09-28T1{}:15:00Z</updated><summary>{}</summary></entry>"
    )
    made = [entry.format("Brandt to Oslo", 0, "She sails."), entry.format("Ferries late", 1, "Fog in Bergen.")]
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Selka</title>{"".join(made)}</feed>'
    assert len({story.uri for story in read(WireItem(raw=feed.encode(), received=RECEIVED))}) == 2
    again = feed.replace("Ferries late", "UPDATE Brandt to Oslo").replace("Fog in Bergen.", "She sails today.")
    assert len({story.uri for story in read(WireItem(raw=again.encode(), received=RECEIVED))}) == 1


def test_an_entry_that_was_updated_before_it_was_published_has_the_later_time() -> None:
    entry = "<entry><id>urn:e:1</id><title>Ferry</title><published>2026-09-28T10:00:00Z</published><updated>2026-09-27T10:00:00Z</updated></entry>"
    story = taken(f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Selka</title>{entry}</feed>')
    assert story.versioncreated == datetime(2026, 9, 28, 10, tzinfo=UTC)


def test_an_event_that_superdesk_calls_cancelled_is_news_and_one_that_is_killed_is_none() -> None:
    event = {
        "guid": "urn:event:1",
        "type": "event",
        "name": "Brandt in Oslo",
        "dates": {"start": "2026-10-12T08:00:00+0000"},
    }
    off, killed = (taken(json.dumps(event | {"state": state})) for state in ("cancelled", "killed"))
    assert (off.pubstatus, off.text.endswith("Status: cancelled")) == (PubStatus.USABLE, True)
    assert killed.pubstatus == PubStatus.CANCELED
