"""The language of stories whose wire does not say it."""

from datetime import UTC, datetime

import pytest
from visitwire_ingestion.formats import read
from visitwire_ingestion.formats.language import language
from visitwire_schemas import WireItem

from tests.unit.ingestion.wires import CASES

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SAID = {
    "en": "President Ines Andrade has accepted an invitation to visit Norway, her spokesman said on Monday.",
    "fr": "La présidente Ines Andrade a accepté une invitation à se rendre en Norvège, a dit lundi son porte-parole.",
    "de": "Präsidentin Ines Andrade hat eine Einladung nach Norwegen angenommen, teilte ihr Sprecher am Montag mit.",
    "es": "La presidenta Inés Andrade aceptó una invitación para visitar Noruega, informó el lunes su portavoz.",
    "no": "Presidenten har takket ja til å besøke Norge, opplyste talspersonen hennes mandag. Ingen dato er satt ennå.",
    "ru": "Президент Инес Андраде приняла приглашение посетить Норвегию, сообщил в понедельник её представитель.",
    "ar": "قبلت الرئيسة إينيس أندرادي دعوة لزيارة النرويج، حسبما قال المتحدث باسمها يوم الاثنين.",
    "ja": "イネス・アンドラーデ大統領がノルウェー訪問の招待を受け入れたと報道官が月曜日に述べた。",
}


@pytest.mark.parametrize(("tongue", "text"), SAID.items())
def test_a_sentence_is_enough(tongue: str, text: str) -> None:
    assert language(text) == tongue


@pytest.mark.parametrize("text", ["", "OK.", "17 42 0.5 — 8", "AAPL +3.2 MSFT -1.1 NOK 12"])
def test_what_says_too_little_has_none(text: str) -> None:
    assert language(text) is None


def test_what_the_wire_declares_is_never_doubted() -> None:
    (story,) = read(WireItem(raw=CASES["nitf"].replace(b"<nitf", b'<nitf baselang="no"'), received=NOON))
    assert story.language == "no"
