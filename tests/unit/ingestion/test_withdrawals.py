# ruff: noqa: E501 - the lines are the wires'
"""Withdrawals in every place where wires put them, and none where the word is the news."""

from datetime import UTC, datetime, timedelta

import pytest
from visitwire_ingestion.formats import read
from visitwire_ingestion.sql_tables import engine
from visitwire_ingestion.story_store import Keeper
from visitwire_schemas import PubStatus, Revision, Story, WireItem

from tests.unit.ingestion.wires import CASES, g2, newsml1

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
G2 = g2("urn:newsml:example.org:20260302:17", "example.org").decode()


def taken(raw: bytes | str) -> list[Story]:
    return read(WireItem(raw=raw.encode() if isinstance(raw, str) else raw, received=NOON))


@pytest.mark.parametrize(
    "code", ["ownsig:remove", "sig:withdraw", "http://cv.example/sig/retracted", "x:delete", "x:kill"]
)
def test_a_signal_that_takes_an_item_back_kills_it(code: str) -> None:
    (story,) = taken(G2.replace("</itemMeta>", f'<signal qcode="{code}"/></itemMeta>', 1))
    assert (story.revision, story.pubstatus) == (Revision.KILL, PubStatus.CANCELED)


def test_a_signal_of_another_kind_does_not() -> None:
    (story,) = taken(G2.replace("</itemMeta>", '<signal qcode="sig:killjoy"/></itemMeta>', 1))
    assert story.pubstatus == PubStatus.USABLE


def test_an_instruction_of_newsml_1_kills() -> None:
    raw = newsml1("selka.example", "Selka").decode()
    (story,) = taken(raw.replace("<Status ", '<Instruction FormalName="Delete"/><Status ', 1))
    assert story.revision == Revision.KILL
    (noted,) = taken(raw.replace("<Status ", "<Instruction>Do not remove the byline</Instruction><Status ", 1))
    assert noted.pubstatus == PubStatus.USABLE


@pytest.mark.parametrize(
    "headline",
    ["Mandatory Kill: Ferry to Oslo", "RECALL: Ferry to Oslo", "[KILL] Ferry to Oslo", "[withdrawn] Ferry to Oslo", "KILL - Ferry", "KILL KILL KILL",
     "Ferry to Oslo - WITHDRAWN", "UPDATE 1-[RETRACTED] Ferry to Oslo", "STORY REMOVED: Ferry to Oslo", "Ferry-Oslo, ELIMINATION",
     "ANULACIÓN: Ferry a Oslo", "EDITORS: Please withdraw our story on the ferry", "Bitte die Meldung selka 157 nicht verwenden",
     "Prière d'annuler notre dépêche sur le ferry"],
)  # fmt: skip
def test_words_that_take_a_story_back(headline: str) -> None:
    assert taken(f"{headline}\n\nDo not use.\n")[0].revision == Revision.KILL


@pytest.mark.parametrize(
    "headline",
    ["Carmaker recall: 2,000 cars", "Recall vote: mayor stays", "Withdrawn: the ambassador of Selka", "Story killed in committee",
     "CREW AMBUSHED, KILLED", "Withdraw report on ferry, mayor asks", "Delete the text of the treaty, says mayor",
     "Please do not use the report before Monday", "Editors: Please disregard the earlier story", "Please kill the last sentence of the story",
     "Recall: 2,000 cars with bad brakes"],
)  # fmt: skip
def test_the_same_words_as_news(headline: str) -> None:
    assert taken(f"{headline}\n\nNothing else happened.\n")[0].revision == Revision.NEW


def test_a_title_in_brackets_and_a_tombstone_take_back_the_entries_of_feeds() -> None:
    rss = CASES["rss"].replace(b"<title>Ferries late</title>", b"<title>[WITHDRAWN] Ferries late</title>")
    assert [story.revision for story in taken(rss)][1:] == [Revision.KILL]
    tomb = b'<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="urn:x:9" when="2026-03-02T09:00:00Z"/>'
    (killed, *_) = taken(CASES["atom"].replace(b"<entry>", tomb + b"<entry>", 1))
    assert (killed.uri, killed.revision, killed.versioncreated) == ("urn:x:9", Revision.KILL, NOON - timedelta(hours=3))


MAIL = "From: desk@selka.example\nSubject: {}\nDate: Mon, 2 Mar 2026 1{}:00:00 +0000\nMessage-ID: <{}@selka.example>\n{}\n{}\n"


def mail(subject: str, number: int, text: str, answers: int | None = None) -> WireItem:
    head = f"In-Reply-To: <{answers}@selka.example>\n" if answers else ""
    raw = MAIL.format(subject, number, number, head, text)
    return WireItem(raw=raw.encode(), provider="selka", received=NOON + timedelta(minutes=number))


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("KILL: Ferry to Oslo", "It is wrong."),
        ("Re: Ferry to Oslo", "Please kill this story. It is wrong."),
        ("Recall: Ferry to Oslo", "It is wrong."),
    ],
)
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_mail_that_answers_a_story_kills_it_in_either_order(subject: str, text: str, order: tuple[int, int]) -> None:
    items = [mail("Ferry to Oslo", 1, "The ferry sails on Monday."), mail(subject, 2, text, answers=1)]
    assert read(items[1])[0].identifiers["kills"] == "1@selka.example"
    kept = Keeper(engine("sqlite://"), clock=lambda: NOON)
    passed = [story for place in order for story in kept.receive(items[place], read(items[place]))]
    kept.close()
    assert [story.revision for story in passed] == ([Revision.NEW, Revision.KILL] if order == (0, 1) else [])
    assert all(story.uri == "1@selka.example" for story in passed)


def test_a_kill_in_plain_words_finds_the_story_of_its_headline() -> None:
    kept = Keeper(engine("sqlite://"), clock=lambda: NOON)
    passed = []
    for minute, text in enumerate(
        ["Ferry to Oslo\n\nIt sails.\n", "Bus to Bergen\n\nIt leaves.\n", "[KILL] Ferry to Oslo\n\nWrong.\n"]
    ):
        item = WireItem(raw=text.encode(), provider="selka", received=NOON + timedelta(minutes=minute))
        passed += kept.receive(item, read(item))
    kept.close()
    assert [(story.headline, story.revision) for story in passed] == [
        ("Ferry to Oslo", Revision.NEW), ("Bus to Bergen", Revision.NEW), ("Ferry to Oslo", Revision.KILL),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "signal", ['<signal literal="retract"/>', '<signal qcode="own:17"><name>Withdrawn</name></signal>', '<instruction qcode="own:delete"/>']
)  # fmt: skip
def test_a_signal_in_words_or_an_instruction_of_newsml_g2_kills(signal: str) -> None:
    assert taken(G2.replace("</itemMeta>", f"{signal}</itemMeta>", 1))[0].revision == Revision.KILL


def test_a_status_by_its_address_and_by_any_of_its_names_kills() -> None:
    address = G2.replace('qcode="stat:usable"', 'uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"', 1)
    assert address != G2
    assert taken(address)[0].revision == Revision.KILL
    for status in ("deleted", "recalled", "withdrawn"):
        (story,) = taken(
            f'{{"uri": "urn:selka:1", "headline": "Ferry", "body_text": "It sails.", "pubstatus": "{status}"}}'
        )
        assert story.revision == Revision.KILL


def sent(subject: str, body: str, number: int) -> str:
    head = f"From: a@selka.example\nTo: b@c.example\nSubject: {subject}\nMessage-ID: <{number}@selka.example>\n"
    return f"{head}Date: Mon, 02 Mar 2026 1{number}:00:00 +0000\n\n{body}\n"


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("KILL: Ferry to Oslo", "Do not use."),
        ("Recall: Ferry to Oslo", 'A. Desk would like to recall the message, "Ferry to Oslo".'),
        ("Note to editors", 'EDITORS: Please withdraw the story headlined "Ferry to Oslo". It is wrong.'),
    ],
)
def test_a_mail_that_answers_nothing_kills_by_the_headline(subject: str, body: str) -> None:
    keeper = Keeper(engine("sqlite://"), lambda: NOON)
    passed = []
    for number, raw in enumerate((sent("Ferry to Oslo", "The ferry sails on Monday.", 1), sent(subject, body, 2))):
        item = WireItem(raw=raw.encode(), provider="selka", received=NOON + timedelta(minutes=number))
        passed += keeper.receive(item, read(item))
    assert [(story.uri, story.pubstatus) for story in passed] == [
        ("1@selka.example", PubStatus.USABLE),
        ("1@selka.example", PubStatus.CANCELED),
    ]


@pytest.mark.parametrize(
    ("flag", "kind"),
    [("Annuleret", Revision.KILL), ("Korrektion", Revision.CORRECTION), ("NyVersion", Revision.UPDATE)],
)
def test_the_flags_of_ritzau_say_what_a_version_is(flag: str, kind: Revision) -> None:
    raw = CASES["ritzau"].replace(b"<Priority>", f"<{flag}>true</{flag}><Priority>".encode())
    assert taken(raw)[0].revision == kind
    assert taken(raw.replace(b"true", b"false"))[0].revision == Revision.NEW


@pytest.mark.parametrize("words", ["Please delete the last paragraph.", "Please do not use this before Monday."])
def test_a_mail_that_asks_for_less_kills_nothing(words: str) -> None:
    raw = sent("Re: Ferry to Oslo", words, 2).replace("Message-ID:", "In-Reply-To: <1@selka.example>\nMessage-ID:")
    assert taken(raw)[0].revision == Revision.NEW
