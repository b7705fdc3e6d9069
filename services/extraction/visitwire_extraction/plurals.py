"""Offices in the plural that nobody's name follows: "the foreign ministers of France and Germany", "U.S. lawmakers"."""

from bisect import insort
from collections.abc import Sequence
from dataclasses import replace

from visitwire_language.classes import office_words, word_classes
from visitwire_language.phrases import words

from visitwire_extraction.document import Document
from visitwire_extraction.lists import owners_after, owners_before
from visitwire_extraction.office_agreement import antecedent, with_article
from visitwire_extraction.step_results import Claim, Group, Office, Person, Place
from visitwire_extraction.vocabulary import Vocabulary

_ONE_EACH = frozenset({"head_of_state", "head_of_government", "minister", "leader", "royal"})
"""A state has one of these, so that each country of a list stands for one person."""
_SEVERAL = _ONE_EACH | words("official legislator envoy military")


def resolve_plurals(
    doc: Document,
    tables: Vocabulary,
    places: Sequence[Place],
    offices: Sequence[Office],
    people: list[Person],
) -> list[Group]:
    """Adds a person for each country of a list of offices, or a mention of who holds it; gives the other plurals, those
    of one country or body, as groups."""
    place_at = {token: place for place in places for token in range(place.first, place.end)}
    found = []
    for office in offices:
        if not office.plural or office.title.kind not in _SEVERAL or office.standing == "former":
            continue
        if not office_words("of many years").isdisjoint(doc.plain[office.first : office.head]):
            continue
        before, first = owners_before(doc, office, place_at)
        owners = list(dict.fromkeys([*before, *owners_after(doc, tables, office, place_at)[0]]))
        if office.organisation is not None and not owners:
            owners = [office.organisation.acronym]
        if not owners and _of_region(doc, office):
            found.append(Group(first, office.end, None, office.noun, office.words.lower()))
            continue
        office = replace(office, first=first, determiner=_article(doc, first) or office.determiner)
        if len(owners) > 1 and office.title.kind in _ONE_EACH:
            for owner in owners:
                _add(doc, replace(office, country=owner, organisation=None, plural=False), owner, people)
        else:
            first = with_article(doc, office)
            found += [Group(first, office.end, owner, office.noun, office.words.lower()) for owner in owners]
    return found


def _of_region(doc: Document, office: Office) -> bool:
    """ "Arab foreign ministers", "leaders of 48 African countries"."""
    return not word_classes("place")["regions of several states"].isdisjoint(
        [*doc.plain[office.first : office.head], *doc.plain[office.end : office.end + 4]]
    )


def _article(doc: Document, first: int) -> str | None:
    before = doc.plain[first - 1] if first and doc.same_paragraph(first - 1, first) else ""
    return before if before in ("the", "his", "her", "their", "its") else None


def _add(doc: Document, office: Office, country: str, people: list[Person]) -> None:
    person = antecedent(replace(office, determiner="the"), country, people)
    if person is None:
        person = Person(office.words, (), named=False, country=country, country_said=True)
        people.append(person)
    insort(person.mentions, (with_article(doc, office), office.end, "nominal"))
    if not any(claim.office.words == office.words and claim.country == country for claim in person.claims):
        person.claims.append(Claim(office.head, office, country, direct=False))
