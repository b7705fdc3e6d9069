"""What mail programs of other countries do to a wire's message, and an answer's way to take a story back."""

from time import process_time

import pytest
from visitwire_ingestion.formats import read
from visitwire_schemas import Revision, Story, WireItem

from tests.helpers.factories import NOON

TEXT = "President Brandt will travel to Oslo on October 12, her office said on Monday."


def mail(subject: str, body: str = TEXT, head: str = "") -> Story:
    raw = f"From: a@selka.example\nTo: b@c.example\nSubject: {subject}\nMessage-ID: <2@selka.example>\n{head}\n{body}\n"
    return read(WireItem(raw=raw.encode(), received=NOON))[0]


@pytest.mark.parametrize(
    "before", ["FW: [EXTERNAL] WG: ", "TR: ", "VS: ", "Doorst: ", "*** SPAM *** ", "[EXT] Fwd: ", "转发："]
)
def test_what_gateways_and_programs_put_before_a_subject_is_no_headline(before: str) -> None:
    assert mail(f"{before}Brandt to visit Oslo").headline == "Brandt to visit Oslo"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("---------- Messaggio inoltrato ---------", "Da Data Oggetto A"),
        ("-----Oorspronkelijk bericht-----", "Van Verzonden Aan Onderwerp"),
        ("-----Ursprungligt meddelande-----", "Från Skickat Till Ämne"),
        ("-------- Пересылаемое сообщение --------", "От Дата Кому Тема"),
        ("________________________________", "Fra Sendt Til Emne"),
        ("", "Od Wysłano Do Temat"),
    ],
)
def test_a_message_forwarded_by_a_program_in_any_language_is_the_story(line: str, names: str) -> None:
    said = {
        "Oggetto": "Ferry",
        "Onderwerp": "Ferry",
        "Ämne": "Ferry",
        "Тема": "Ferry",
        "Emne": "Ferry",
        "Temat": "Ferry",
    }
    dated = {"Data", "Verzonden", "Skickat", "Дата", "Sendt", "Wysłano"}
    headers = "\n".join(
        f"{name}: {said.get(name) or ('2 Mar 2026 11:00 GMT' if name in dated else 'x@selka.example')}"
        for name in names.split()
    )
    story = mail("Please look", f"For you.\n\n{line}\n{headers}\n\n{TEXT}")
    assert (story.headline, story.text, story.ednote) == ("Ferry", TEXT, "For you.")


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("AW: Brandt in Oslo", "Bitte diese Meldung nicht verwenden, sie ist falsch."),
        ("Re: Brandt à Oslo", "Merci d'annuler cette dépêche. Elle est fausse."),
        ("R: Brandt a Oslo", "Si prega di annullare la notizia."),
        ("ANNULLAMENTO: Brandt a Oslo", "È sbagliata."),
        ("SV: TRUKKET: Brandt til Oslo", "Den er feil."),
    ],
)
def test_an_answer_in_the_desks_language_takes_the_story_back(subject: str, body: str) -> None:
    story = mail(subject, body, "In-Reply-To: <1@selka.example>\n")
    assert (story.revision, story.identifiers.get("kills")) == (Revision.KILL, "1@selka.example")


def test_an_answer_that_only_asks_for_time_takes_nothing_back() -> None:
    story = mail(
        "AW: Brandt in Oslo", "Bitte diese Meldung nicht vor Montag verwenden.", "In-Reply-To: <1@selka.example>\n"
    )
    assert story.revision == Revision.NEW


def test_a_line_of_a_hundred_thousand_dashes_is_a_line() -> None:
    begun = process_time()
    assert mail("Ferry", f"{TEXT}\n{'-' * 100_000}\nMore.").text.startswith(TEXT)
    assert process_time() - begun < 5
