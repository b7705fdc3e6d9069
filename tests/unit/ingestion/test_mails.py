# ruff: noqa: E501 - the lines are the mails'
"""Mails as people send them: forwarded, flowed, in HTML, with texts attached, with raw bytes in their headers."""

import time
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from visitwire_ingestion.formats import read
from visitwire_runtime import InvalidMessage
from visitwire_schemas import Story, WireItem

from tests.unit.ingestion.wires import CASES

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def taken(raw: bytes) -> list[Story]:
    return read(WireItem(raw=raw, received=NOON))


def message(subject: str, text: str, number: int = 1) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = "a@selka.example", subject, f"<{number}@selka.example>"
    made.set_content(text)
    return made


def test_a_forwarded_message_is_a_story() -> None:
    outer = message("Fwd: ferry", "See below.", 2)
    outer.add_attachment(message("Ferry to Oslo", "It sails on Monday."))
    assert [(story.uri, story.headline) for story in taken(outer.as_bytes())] == [
        ("2@selka.example", "ferry"),
        ("1@selka.example", "Ferry to Oslo"),
    ]


def test_a_message_forwarded_inside_the_text_is_the_story() -> None:
    wrapped = (
        "For tonight.\n\n---------- Forwarded message ---------\nFrom: Press <press@selka.example>\n"
        "Date: Mon, 2 Mar 2026 at 10:00\nSubject: Ferry to Oslo\nTo: a@selka.example\n\n"
        "The ferry sails on Monday.\n\nIt is new.\n"
    )
    (story,) = taken(message("Fwd: Ferry to Oslo", wrapped).as_bytes())
    assert (story.headline, story.text) == ("Ferry to Oslo", "The ferry sails on Monday.\nIt is new.")
    assert (story.source, story.ednote) == ("Press <press@selka.example>", "For tonight.")
    assert (
        taken(message("Ferry", "Said: ---- forwarded message ----\nand no more.\n").as_bytes())[0].headline == "Ferry"
    )


def test_html_is_read_where_the_plain_part_is_a_stub() -> None:
    made = message("Ferry to Oslo", "Your reader shows no HTML.")
    made.add_alternative(
        "<p>The ferry sails on Monday.</p><p>It calls at two ports in the north of Norway.</p>", subtype="html"
    )
    assert taken(made.as_bytes())[0].text.split("\n") == [
        "The ferry sails on Monday.",
        "It calls at two ports in the north of Norway.",
    ]


def test_a_text_that_is_attached_is_a_story() -> None:
    made = message("Today", "The file is attached.")
    made.add_attachment("Ferry to Oslo\n\nIt sails on Monday.\n", filename="story.txt")
    assert [story.headline for story in taken(made.as_bytes())] == ["Today", "Ferry to Oslo"]


def test_an_odd_attachment_does_not_cost_the_mail() -> None:
    made = message("Ferry to Oslo", "It sails on Monday.")
    made.add_attachment(b"<contact><tel>1</tel></contact>", maintype="text", subtype="xml", filename="contact.xml")
    (story,) = taken(made.as_bytes())
    assert story.text == "It sails on Monday."
    assert story.warnings[0].startswith("An attachment was not read: The XML's first element is <contact>")


def test_a_mail_of_odd_attachments_alone_says_why_it_is_refused() -> None:
    made = message("", "")
    made.add_attachment(b"<contact><tel>1</tel></contact>", maintype="text", subtype="xml", filename="contact.xml")
    with pytest.raises(InvalidMessage, match="The XML's first element is <contact>"):
        taken(made.as_bytes())


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_raw_bytes_in_a_subject_are_read_as_the_texts_are(charset: str) -> None:
    head = f"From: a@selka.example\nTo: b@c.example\nContent-Type: text/plain; charset={charset}\nSubject: "
    raw = head.encode() + "Königin Élodie in Oslo\n\nKönigin Élodie fährt.\n".encode(charset)
    (story,) = taken(raw)
    assert (story.headline, story.text) == ("Königin Élodie in Oslo", "Königin Élodie fährt.")


def test_flowed_lines_are_joined() -> None:
    head = b"From: a@selka.example\nTo: b@c.example\nSubject: Ferry\nContent-Type: text/plain; format=flowed\n\n"
    (story,) = taken(head + b"The ferry sails \non Monday.\nIt calls \nat Oslo.\n-- \nMara\n")
    assert story.text == "The ferry sails on Monday.\nIt calls at Oslo."


def test_a_header_without_end_costs_no_time() -> None:
    """Found by breaking mails: brackets without end in a Content-Type took seconds."""
    broken = CASES["mail"].replace(b"multipart/alternative", b"multipart/alter" + b"[" * 40_000)
    began = time.process_time()
    assert taken(broken)[0].headline == "Präsidentin Andrade to visit Norway"
    assert time.process_time() - began < 1


def test_a_mail_whose_parts_cannot_be_told_keeps_its_words() -> None:
    head = b"From: a@selka.example\nTo: b@c.example\nSubject: Ferry\nContent-Type: multipart/mixed\n\n"
    assert taken(head + b"It sails on Monday.\n")[0].text == "It sails on Monday."


@pytest.mark.parametrize(
    "wrapping",
    [
        "________________________________\nFrom: Selka <a@selka.example>\nSent: Monday, March 2, 2026 10:00 AM\nTo: b\nSubject: Ferry to Oslo\n\n{}",
        "From: Selka <a@selka.example>\nSent: Monday, March 2, 2026 10:00 AM\nTo: b\nSubject: Fwd: Ferry to Oslo\n\n{}",
        "> Begin forwarded message:\n>\n> From: Selka <a@selka.example>\n> Subject: Ferry to Oslo\n> Date: 2 March 2026\n>\n> {}",
    ],
)
def test_what_a_mail_program_forwards_is_the_story(wrapping: str) -> None:
    said = wrapping.format("The ferry sails on Monday.")
    raw = f"From: b@c.example\nTo: d@c.example\nSubject: FW: for you\nMessage-ID: <9@c.example>\n\nFor you.\n\n{said}\n"
    (story,) = taken(raw.encode())
    assert (story.headline, story.text, story.ednote) == ("Ferry to Oslo", "The ferry sails on Monday.", "For you.")
