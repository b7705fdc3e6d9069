# ruff: noqa: E501 - the table of cases
"""The cases that a wire engineer collected, as expected of each; the folder lies beside the checkout, where there is one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from visitwire_ingestion.formats import read
from visitwire_runtime import InvalidMessage
from visitwire_schemas import PubStatus, Revision, Story, WireItem

from tests.helpers.lacking import SHARED, unless

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "wire-cases"
RECEIVED = datetime(2026, 9, 29, tzinfo=UTC)
MONDAY = datetime(2026, 9, 28, tzinfo=UTC)
pytestmark = unless(FOLDER.is_dir(), SHARED)

type Check = Callable[[list[Story]], bool]


def at(hour: float, day: int = 0) -> Check:
    return lambda found: found[0].versioncreated == MONDAY + timedelta(days=day, hours=hour)


def at_or_none(hour: float) -> Check:
    return lambda found: found[0].versioncreated in (None, MONDAY + timedelta(hours=hour))


def on_monday(found: list[Story]) -> bool:
    made = found[0].versioncreated
    return made is None or made.date() == MONDAY.date()


def text(*words: str) -> Check:
    return lambda found: all(word in f"{found[0].headline}\n{found[0].text}" for word in words)


def lacks(*words: str) -> Check:
    return lambda found: not any(word in f"{found[0].headline}\n{found[0].text}" for word in words)


def held(found: list[Story]) -> bool:
    return found[0].embargoed is not None or found[0].pubstatus == PubStatus.WITHHELD


def killed(found: list[Story]) -> bool:
    return (found[0].revision, found[0].pubstatus) == (Revision.KILL, PubStatus.CANCELED)


def count(number: int) -> Check:
    return lambda found: len(found) == number and all(story.text for story in found)


def lines(number: int) -> Check:
    return lambda found: len(found[0].text.split("\n")) == number


def every(*checks: Check) -> Check:
    return lambda found: all(check(found) for check in checks)


EXPECTED: dict[str, Check] = {
    **dict.fromkeys(
        ["b01_g2_good.xml", "b02_g2_unknown_attribute.xml", "b05_g2_order.xml", "b06_g2_bad_qcode.xml", "b09_g2_no_namespace.xml",
         "b07_g2_named_extension_no_ns.xml", "b20_nitf_good.xml", "b21_nitf_bare_ampersand.xml", "b24_nitf_unclosed_br.xml",
         "b29_nitf_trailing_ctrl_z.xml", "b41_ninjs_string_urgency.json", "b42_ninjs_extra_field.json", "b45_json_feed.json",
         "b43_ninjs_item_key_page.json", "b98_rss_gzip.xml.gz", "d3_text_bracket.txt", "d4_text_angle.txt", "d14_planning_g2.xml"],
        count(1),
    ),
    "b03_g2_offset_without_colon.xml": at(8), "b10_g2_message_one_bad_of_three.xml": count(3),
    "b23_nitf_double_entities.xml": every(text("palace's \"state visit\"", "& Sorvia"), lacks("&amp;", "&#39;", "&quot;")),
    "b25_nitf_date_with_zone_name.xml": at(8.25), "b26_nitf_struck_out.xml": every(text("October 6"), lacks("October 5")),
    "b27_nitf_soft_hyphens.xml": every(text("Halvar", "Kalvia", "October"), lacks("\u00ad", "\u200b")),
    "b28_nitf_two_documents.xml": count(2), "b30_nitf_table.xml": text("Oct 5\tNew Kalvia City\nOct 6\tPort Sorel"),
    "b31_nitf_nested_list.xml": text("Stops:\nKalvia\nPort\nPalace\nSorvia\nEnd."), "b40_ninjs_page_one_bad.json": count(3),
    "b44_dpa_digitalwires_like.json": every(count(1), lambda found: (found[0].uri, found[0].version) == ("urn:newsml:dpa.com:20090101:260928-930-1", 2)),
    "b50_cr_only_telex.txt": text("October 5.", "President Sorel."), "b53_anpa_tabular.txt": every(lines(8), text("Visit Schedule")),
    "b52_bare_7901_five_digits.txt": every(at(11 + 37 / 60), lambda found: (found[0].headline, found[0].take) == ("King Halvar to visit Kalvia", "2ND LEAD")),
    "b54_newsml1_plain_with_angle.xml": every(lines(4), text('<17" QUOTE PALACE>')), "b58_g2_signal_remove.xml": killed,
    **dict.fromkeys(["b60_embargo_first_line.txt", "b61_embargo_lower_case.txt", "b63_embargo_german.txt", "b64_embargo_mail.eml",
                     "b65_embargo_mail_caps_subject.eml", "d8_embargo_first_caps.txt", "d10_embargo_ednote_words.json"], held),
    "b66_not_embargo.txt": lambda found: not held(found),
    **dict.fromkeys(["b70_kill_brackets.txt", "b74_recall.txt", "b100_rss_withdrawn.xml"], killed),
    "b72_kill_mail.eml": every(killed, lambda found: found[0].identifiers["kills"] == "71@orbis.example"),
    "b80_mail_forwarded.eml": lambda found: "King Halvar to visit Kalvia" in [story.headline for story in found],
    **dict.fromkeys(["b82_mail_raw_8bit_subject.eml", "b83_mail_latin1_subject.eml"], text("Königin Élodie reist nach Kalvia")),
    "b84_mail_flowed.eml": lines(2), "b90_rss_says_latin1_is_utf8.xml": text("Königin Élodie"), "b104_json_latin1.json": text("Königin Élodie"),
    **dict.fromkeys(["b91_rss_says_utf8_is_cp1251.xml", "b93_rss_blank_line_cp1251.xml"], text("Король Хальвар посетит Кальвию")),
    "b95_00_rss_date.xml": at(8 + 34 / 60 + 37 / 3600, 2), "b95_01_rss_date.xml": at(11 + 41 / 60 + 36 / 3600),
    "b95_02_rss_date.xml": at_or_none(15 + 7 / 60 + 41 / 3600),
    **dict.fromkeys(["b95_03_rss_date.xml", "b95_05_rss_date.xml", "b95_09_rss_date.xml"], at(8)),
    "b95_06_rss_date.xml": at(14), "b95_08_rss_date.xml": at_or_none(4.5), "b95_11_rss_date.xml": at(10), "b95_16_rss_date.xml": at(10),
    **{f"b95_{number}_rss_date.xml": on_monday for number in (10, 12, 13, 14, 15, 17, 18)},
    "b96_rss_title_double.xml": lambda found: found[0].headline == "Halvar's visit & talks",
    "b97_rss_relative.xml": lambda found: (found[0].uri, found[0].links[0].href) == ("https://palace.example/news/97",) * 2,
    "b99_atom_deleted.xml": every(killed, lambda found: [story.uri for story in found] == ["urn:entry:1", "urn:entry:2"]),
    "b102_calendar.ics": every(count(1), lacks("BEGIN:VCALENDAR")), "b105_csv.csv": every(count(1), lacks("date,headline")),
    "d2_mail_broken_attachment.eml": every(count(1), text("King Halvar will visit Kalvia")),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_a_case_reads_as_a_wire_engineer_expects(name: str) -> None:
    found = read(WireItem(raw=(FOLDER / name).read_bytes(), received=RECEIVED))
    assert EXPECTED[name](found), found


def test_two_items_without_an_id_have_each_one_of_its_own() -> None:
    names = ("b56a_newsml1_no_id.xml", "b56b_newsml1_no_id.xml")
    uris = {read(WireItem(raw=(FOLDER / name).read_bytes(), received=RECEIVED))[0].uri for name in names}
    assert len(uris) == 2


@pytest.mark.parametrize("name", ["b101_error_page.html", "e17_login_page.html"])
def test_a_web_page_is_refused_as_one(name: str) -> None:
    with pytest.raises(InvalidMessage, match="A web page came where a wire item was meant"):
        read(WireItem(raw=(FOLDER / name).read_bytes(), received=RECEIVED))


def test_every_static_case_is_expected_here() -> None:
    rows = (FOLDER / "expect.tsv").read_text(encoding="utf-8").splitlines()[1:]
    elsewhere = {"b56a_newsml1_no_id.xml", "b56b_newsml1_no_id.xml", "b101_error_page.html"}
    assert {row.partition("\t")[0] for row in rows} <= {*EXPECTED, *elsewhere}
