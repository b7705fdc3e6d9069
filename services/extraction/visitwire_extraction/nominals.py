"""Whom "the minister", "the Russian leader" and "the French foreign minister" mean."""

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from dataclasses import replace

from visitwire_language.classes import office_words
from visitwire_language.offices import Title
from visitwire_language.phrases import Phrases, words, words_of

from visitwire_extraction.document import Document
from visitwire_extraction.office_agreement import TOP, agrees, antecedent, distinct, with_article
from visitwire_extraction.represented import Countries
from visitwire_extraction.step_results import Claim, Office, Person

_LEADING = frozenset({"head_of_state", "head_of_government", "leader", "royal"})
_CREATED = words(
    "head_of_state head_of_government minister royal envoy head_of_organization leader legislator military "
    "religious counterpart"
)


def resolve_nominals(doc: Document, offices: Sequence[Office], people: list[Person], countries: Countries) -> None:
    """Adds every singular office phrase without a name to the person it means, or makes a person known by role only."""
    for office in offices:
        if office.plural or office.title.kind == "role":
            continue
        if _is_abstract(doc, office):
            continue
        country = countries.said(office) or countries.owner(office)
        if office.determiner in ("a", "an"):
            person = None
            if country is None or office.title.kind not in (_CREATED - TOP) | {"official", "minister"}:
                continue
            people.append(person := _unnamed(doc, office, country))
        elif office.determiner in office_words("definite") or (
            office.determiner is None and office.country is not None
        ):
            person = antecedent(office, country, people)
        else:
            continue
        if person is None and _worth_a_person(office, country):
            person = _by_role(doc, office, country, people, countries)
        if person is not None:
            insort(person.mentions, (with_article(doc, office), office.end, "nominal"))
            if not any(claim.office.words == office.words and claim.country == country for claim in person.claims):
                person.claims.append(Claim(office.head, office, country, direct=False))
            person.learn_gender(office.title.gender)
    for person in people:
        person.mentions.sort()
        person.claims.sort(key=lambda claim: (not claim.direct, claim.at))


def _is_abstract(doc: Document, office: Office) -> bool:
    """ "the president's office", "foreign minister level", "the post of prime minister", "as president"."""
    after = doc.plain[office.end] if office.end < len(doc) else ""
    tag = doc.parse.tag[office.end] if office.end < len(doc) else ""
    before = doc.plain[office.first - 1] if office.first else ""
    if tag in ("NN", "NNS", "NNP", "HYPH") and after not in ("today", "yesterday", "tomorrow", "monday", "tuesday"):
        return doc.same_paragraph(office.head, office.end) and doc.parse.dep[office.head] in (
            "compound",
            "nmod",
            "amod",
        )
    return before in ("as", "of") and office.determiner is None and doc.parse.tag[office.head] == "NN"


def _worth_a_person(office: Office, country: str | None) -> bool:
    kind = office.title.kind
    if len(office.words.split()) > 5 or {"only", "non", "next", "first"} & set(
        office.words.lower().replace("-", " ").split()
    ):
        return False
    if (
        office.standing == "former"
        or kind not in _CREATED | {"official"}
        or (kind in ("leader", "legislator", "military", "envoy") and country is None)
    ):
        return False
    owned = office.country is not None and office.determiner == "'s" and len(office.words.split()) > 1
    if kind == "official":
        return owned  # "India's revenue secretary"
    if kind == "head_of_organization":
        return owned or (country is not None and office.noun not in ("chief", "head", "boss", "chair"))
    return (
        country is not None
        or bool(distinct(office) & office_words("telling"))
        or kind in ("head_of_government", "head_of_state")
    )


def _by_role(
    doc: Document, office: Office, country: str | None, people: list[Person], countries: Countries
) -> Person | None:
    country = country or countries.around(office.first, office)
    for person in people:
        if (
            not person.named
            and person.country == country
            and any(agrees(office, claim.office) == 3 and agrees(claim.office, office) == 3 for claim in person.claims)
        ):
            return person
    people.append(person := _unnamed(doc, office, country))
    return person


def _unnamed(doc: Document, office: Office, country: str | None) -> Person:
    """A person known by role only, named by the words of the role."""
    return Person(doc.text(office.first, office.end), (), named=False, country=country, country_said=True)


def as_counterparts(offices: Sequence[Office], people: Sequence[Person], titles: Phrases[Title]) -> list[Office]:
    """Offices with every "counterpart" made the office of whoever is named last before it; one of nobody goes."""
    held = sorted((one for person in people for one in _held(person, titles)), key=lambda one: one[0])
    result = []
    for office in offices:
        if office.title.kind == "counterpart":
            before = bisect_left(held, office.head, key=lambda entry: entry[0])
            if not before:
                continue
            office = replace(
                held[before - 1][1], country=office.country, first=office.first, end=office.end, head=office.head,
                determiner=office.determiner, organisation=None, plural=office.plural,
            )  # fmt: skip
        result.append(office)
    return result


def _held(person: Person, titles: Phrases[Title]) -> Iterator[tuple[int, Office]]:
    """Where a person is named, and in which office, which the story says or a table knows."""
    claims = [claim for claim in person.claims if claim.office.title.kind not in ("counterpart", "role")]
    if claims:
        yield from ((claim.at, claim.office) for claim in claims)
        return
    if person.held is None or person.held_once:
        return
    kind = person.held_kind or "official"
    title = titles.exact(words_of(person.held)) or Title(person.held.lower(), kind, None, None)
    for first, end, form in person.mentions:
        if form == "name":
            yield end - 1, Office(first, end, end - 1, title, person.held, "held", person.country)
