"""The page of one story: everything marked and linked, nothing fetched, nothing of the text taken for HTML."""

import re

from visitwire_schemas import Entity, EntityKind, Evidence, Mention, Quote, QuoteKind, Span
from visitwire_suite.show import render

from tests.helpers.factories import make_enriched, make_story, make_visit

TEXT = "Marek Hale said: “I will go to <Oslo>.”\nHe left."
HALE = Entity(
    id="e1",
    kind=EntityKind.PERSON,
    name="Marek Hale",
    country="NO",
    office="Foreign Minister",
    mentions=(Mention(start=0, end=10), Mention(start=TEXT.index("He left"), end=TEXT.index("He left") + 2)),
)
QUOTE = Quote(kind=QuoteKind.DIRECT, content=(Span(start=17, end=39),), speaker="e1")


VISIT = make_visit(evidence=(Evidence(start=17, end=39, quote=0),))


def _page() -> str:
    story = make_story(TEXT, headline="A <b>trip</b>")
    return render(make_enriched(story, entities=(HALE,), quotes=(QUOTE,), visits=(VISIT,)))


def test_every_link_leads_somewhere_on_the_page() -> None:
    page = _page()
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))
    assert {"e1", "q0", "v0", "t-e1", "t-q0", "t-v0"} <= set(re.findall(r'id="([^"]+)"', page))


def test_the_text_is_text() -> None:
    page = _page()
    assert "A &lt;b&gt;trip&lt;/b&gt;" in page
    assert "<Oslo>" not in page


def test_nothing_is_fetched() -> None:
    assert re.findall(r"(?:src|href)=\"(?!#)|url\(|@import|https?://", _page()) == []


def test_a_word_says_what_it_is() -> None:
    assert "Marek Hale, Foreign Minister, NO" in _page()
    assert "said by Marek Hale" in _page()
