"""How well an office phrase without a name agrees with the offices of a person, and whom it then means."""

from bisect import bisect_left
from collections.abc import Sequence

from visitwire_language.classes import office_words
from visitwire_language.offices import abbreviated, stands_for

from visitwire_extraction.document import Document
from visitwire_extraction.step_results import Office, Person

TOP = frozenset({"head_of_state", "head_of_government", "minister", "leader"})
"""Offices that a person with a country and no office so far may turn out to hold."""


def with_article(doc: Document, office: Office) -> int:
    """The first token of the phrase with its article or possessive pronoun."""
    before = office.first - 1
    own = before >= 0 and doc.same_paragraph(before, office.first) and doc.plain[before] == office.determiner
    return before if own else office.first


def antecedent(office: Office, country: str | None, people: Sequence[Person]) -> Person | None:
    """Who is meant by an office without a name: who was spoken of last, or only later, if the country is said too."""
    best: tuple[int, int, Person] | None = None
    for person in people:
        if country and person.country and person.country != country:
            continue
        strength = agreement(office, person)
        if country == person.country and not strength and not person.claims and office.title.kind in TOP:
            strength = 1  # "Canada's Trudeau … the Canadian prime minister"
        at = bisect_left(person.mentions, (office.first,))
        before = person.mentions[at - 1][0] if at else -1
        if (
            not strength
            or (not person.named and strength < 2)
            or (office.determiner in office_words("owned") and strength < 3)
        ):
            continue
        if before < 0 and (not country or strength < 2):
            continue
        if strength == 1 and not (country and before >= 0):
            continue
        rank = (min(strength, 2) + (country is not None and person.country == country), before, person)
        if best is None or rank[:2] > best[:2]:
            best = rank
    return best[2] if best else None


def agreement(office: Office, person: Person) -> int:
    """How well an office fits those of a person: 0 not at all, 2 by kind, 3 by the same noun."""
    return max((agrees(office, claim.office) for claim in person.claims), default=0) or _agrees_held(office, person)


def _agrees_held(office: Office, person: Person) -> int:
    """The same for an office that only the table knows: by kind, and no ministry that it is not."""
    if person.held is None or person.held_once != (office.standing == "former"):
        return 0
    if office.title.words == person.held.lower():
        return 3
    mine = distinct(office) & office_words("telling")
    wanted = stands_for().get(office.title.words, frozenset({office.title.kind}))
    same = person.held_kind in wanted and mine <= set(person.held.lower().split())
    return 2 if same and not person.held.startswith(("Vice", "Deputy")) else 0


def agrees(office: Office, claimed: Office) -> int:
    """0 not at all, 2 by kind, 3 by the same noun with nothing against it."""
    if office.standing == "former" and claimed.standing != "former":
        return 0
    mine, theirs = distinct(office), distinct(claimed)
    if mine & office_words("telling") and (theirs - mine) & office_words("ranks"):
        return 0  # "the foreign minister" is not the deputy foreign minister
    if abbreviated(office.noun) == abbreviated(claimed.noun) and office.title.kind == claimed.title.kind:
        if mine <= theirs:
            return 3
        return 3 if theirs <= mine and not theirs - mine and not mine & office_words("telling") else 0
    wanted = stands_for().get(office.title.words)
    if wanted and claimed.title.kind in wanted and not (mine & office_words("telling")):
        return 2
    return 0


def distinct(office: Office) -> set[str]:
    """The words of an office beside its noun."""
    return {word.strip(",") for word in office.words.lower().replace("-", " ").split()} - {
        office.noun,
        "the",
        "of",
        "and",
    }
