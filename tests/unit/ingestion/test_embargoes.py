# ruff: noqa: E501 - the lines are the desks'
"""An embargo that only words announce holds the story; the embargo that is the news does not."""

import json
from datetime import UTC, datetime

import pytest
from visitwire_ingestion.formats import read
from visitwire_ingestion.formats.embargo import until
from visitwire_schemas import PubStatus, Story, WireItem

from tests.unit.ingestion.wires import nitf

RECEIVED = datetime(2026, 9, 28, 12, tzinfo=UTC)
NEWS = "President Andrade will sail to Oslo on October 12, her office said."


def taken(text: str) -> Story:
    return read(WireItem(raw=text.encode(), received=RECEIVED))[0]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("label", "until"),
    [
        ("EMBARGOED UNTIL 00:01 GMT MONDAY 5 OCTOBER 2026", at(5, 0, 1)),
        ("Strictly embargoed until 6 p.m. BST on October 5", at(5, 17)),
        ("embargoed for release until 5 October 2026, 18:00 CEST", at(5, 16)),
        ("UNDER EMBARGO - 18:00 GMT 5 Oct 2026", at(5, 18)),
        ("Sperrfrist: Montag, 5. Oktober 2026, 18.00 Uhr", at(5, 16)),
        ("Sperrfrist: 5. Oktober 18 Uhr", at(5, 16)),
        ("Embargo: 5 octobre 2026, 18h00 CEST", at(5, 16)),
        ("Sous embargo jusqu'au 5 octobre 2026 à 18h00 CEST", at(5, 16)),
        ("NOT FOR PUBLICATION BEFORE 0001 GMT OCT 5", at(5, 0, 1)),
        ("Embargo until 2026-10-05T18:00Z", at(5, 18)),
        ("FOR RELEASE AT 18:00 GMT, MONDAY 5 OCTOBER 2026", at(5, 18)),
        ("HOLD FOR RELEASE AT 1800 GMT OCT 5", at(5, 18)),
        ("// EMBARGOED UNTIL 1800GMT 5OCT //", at(5, 18)),
        ("Sperrfrist: 5.10., 18 Uhr", at(5, 16)),
        ("Nicht vor dem 5. Oktober, 18 Uhr veröffentlichen", at(5, 16)),
        ("Ne pas publier avant le 5 octobre 2026 à 18h00 CEST", at(5, 16)),
        ("Onder embargo tot 5 oktober 2026, 18.00 CEST", at(5, 16)),
        ("RELEASE: 1800 GMT, 5 OCTOBER 2026", at(5, 18)),
        ("Frei für Montag, 5.10.2026, 18:00 Uhr", at(5, 16)),
        ("Achtung Redaktionen: Sperrfrist 5. Oktober, 18 Uhr!", at(5, 16)),
    ],
)
def test_a_label_is_read_wherever_desks_put_it(label: str, until: datetime) -> None:
    above = taken(f"{label}\n\nAndrade to sail\n\n{NEWS}\n")
    below = taken(f"Andrade to sail\n\n{label}\n\n{NEWS}\n")
    mail = taken(f"From: a@selka.example\nSubject: Andrade to sail\nTo: b@c.example\n\n{label}\n\n{NEWS}\n")
    noted = read(WireItem(raw=nitf("Selka", head=f'<ed-msg info="{label}"/>'), received=RECEIVED))[0]
    assert [each.embargoed for each in (above, below, mail, noted)] == [until] * 4
    assert above.headline == "Andrade to sail"


def test_a_subject_that_only_names_the_embargo_leaves_its_hour_to_the_text() -> None:
    story = taken(
        "From: a@selka.example\nSubject: Embargoed: Andrade to sail\nTo: b@c.example\n\n"
        f"UNDER EMBARGO UNTIL 18:00 CET ON 5 OCTOBER 2026\n\n{NEWS}\n"
    )
    assert (story.embargoed, story.pubstatus) == (at(5, 17), PubStatus.USABLE)
    assert taken(f"EMBARGOED 18:00 GMT 5 OCT: Andrade to sail\n\n{NEWS}\n").embargoed == at(5, 18)


def test_a_line_of_json_lines_may_be_under_embargo() -> None:
    line = '{"id": "1", "headline": "Andrade to sail", "text": "Embargoed until 18:00 GMT, 5 October 2026.\\nShe will sail."}'
    assert taken(line).embargoed == at(5, 18)


def test_an_hour_without_a_zone_is_taken_where_it_comes_last() -> None:
    assert taken(f"EMBARGOED UNTIL 18:00 5 OCTOBER 2026\n\nAndrade to sail\n\n{NEWS}\n").embargoed == at(6, 6)
    assert taken(f"Embargoed until 5 October\n\nAndrade to sail\n\n{NEWS}\n").embargoed == at(6, 11, 59).replace(
        second=59
    )


def test_a_mails_own_clock_is_the_zone_of_its_embargo() -> None:
    head = "From: a@selka.example\nSubject: EMBARGOED until 18:00, October 5\nDate: Mon, 28 Sep 2026 09:00:00 +0300\n"
    assert taken(f"{head}\n{NEWS}\n").embargoed == at(5, 15)


@pytest.mark.parametrize(
    "label",
    ["*** EMBARGO ***", "Embargoed until Monday", "EMBARGO 4/5/2026 18:00 GMT", "Embargo: Andrade to sail", "Embargoed: Andrade"],
)  # fmt: skip
def test_what_cannot_be_read_is_held_and_the_day_of_the_visit_is_not_its_hour(label: str) -> None:
    held = taken(f"{label}\n\n{NEWS}\n\nShe returns on October 15.\n")
    assert (held.pubstatus, held.embargoed) == (PubStatus.WITHHELD, None)
    assert (held.ednote or "").endswith("Held: the item is under embargo, and until when could not be read.")


@pytest.mark.parametrize(
    "headline",
    [
        "Selka lifts oil embargo", "Embargo lifted: Andrade to sail", "EMBARGO LIFTED - Andrade to sail",
        "Embargo on Selka ends after talks", "Embargo-busting firm fined", "Embargo to hit exports of Selka",
        "Embargoed oil reaches Selka", "EMBARGO ON SELKA EXTENDED", "Gas embargo until 2027 agreed by ministers",
        "Arms embargo: ministers meet in Oslo", "Grain embargoed by Selka for ten years", "The embargo is over, minister says",
    ],
)  # fmt: skip
def test_an_embargo_that_is_the_news_is_live(headline: str) -> None:
    live = taken(f"{headline}\n\n{NEWS}\n")
    assert (live.pubstatus, live.embargoed) == (PubStatus.USABLE, None)


@pytest.mark.parametrize("field", ["ednote", "usageterms", "description_text"])
def test_a_label_beside_the_text_holds_too(field: str) -> None:
    item = {"uri": "urn:selka:1", "headline": "Andrade to sail", "body_text": NEWS}
    label = {field: "Embargoed until 18:00 GMT, 5 October 2026"}
    assert read(WireItem(raw=json.dumps(item | label).encode(), received=RECEIVED))[0].embargoed == at(5, 18)


def test_a_label_at_the_end_of_a_headline_holds() -> None:
    assert taken(f"Andrade to sail (embargo 1800 GMT, Oct 5)\n\n{NEWS}\n").embargoed == at(5, 18)


@pytest.mark.parametrize(
    "line",
    ["FOR IMMEDIATE RELEASE", "For release: immediately", "The speech was under embargo until Monday, her office said.",
     "For release of the crew, Selka pays 2 million", "Under embargo, Selka turns to Oslo for wheat",
     "Embargo until 2027? Selka weighs it", "Release of the report is due on October 5"],
)  # fmt: skip
def test_what_is_told_of_an_embargo_that_is_over_holds_nothing(line: str) -> None:
    story = taken(f"Andrade to sail\n\n{NEWS}\n\n{line}\n")
    assert (story.embargoed, story.pubstatus) == (None, PubStatus.USABLE)
    above = taken(f"{line}\n\nAndrade to sail\n\n{NEWS}\n")
    assert (above.embargoed, above.pubstatus) == (None, PubStatus.USABLE)


def test_of_two_days_that_a_number_may_mean_the_later_one_ends_the_embargo() -> None:
    assert until("Embargoed until 10/12/2026, 18:00 GMT", None, RECEIVED.date()) == datetime(
        2026, 12, 10, 18, tzinfo=UTC
    )


def test_a_weekday_is_the_next_one_and_on_that_day_nobody_knows() -> None:
    assert until("Embargoed until Tuesday, 18:00 GMT", None, RECEIVED.date()) == datetime(2026, 9, 29, 18, tzinfo=UTC)
    assert until("Embargoed until Monday, 18:00 GMT", None, RECEIVED.date()) is None
