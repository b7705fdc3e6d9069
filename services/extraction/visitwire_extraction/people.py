"""From names to persons: which mentions are one person, and what the story says of office and country."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from visitwire_language.classes import name_words, office_words
from visitwire_language.names import family_name, honorifics, key_words, particles
from visitwire_language.phrases import plain

from visitwire_extraction.document import Document
from visitwire_extraction.step_results import Claim, Name, Person

_VOWELS = str.maketrans("", "", "aeiouy")
"""What romanisations of a name differ by: "Mahmud", "Mahmoud"."""


def copied(people: Iterable[Person]) -> list[Person]:
    """The same people, to be changed without those given being changed."""
    return [replace(person, mentions=list(person.mentions), claims=list(person.claims)) for person in people]


def cluster(
    doc: Document, found: Sequence[Name], claims: Mapping[Name, Sequence[Claim]], owned: Mapping[Name, str]
) -> list[Person]:
    """Persons by name: full names first, then single names to the person they fit best."""
    people: list[Person] = []
    seniors: list[Person] = []
    home: dict[Name, Person] = {}
    for name in sorted(found, key=lambda name: (len(key_words(name.words)) < 2, name.first)):
        words = key_words(name.words)
        if not words:
            continue
        if (
            _is_junior(name)
            and not claims.get(name)
            and any(one.words == words and one.first < name.first for one in seniors)
        ):
            words = (*words, "jr")
        person = _fitting(name, words, people, claims.get(name, []))
        if person is None:
            person = Person(_written(doc, name), words)
            if len(words) > 1 and not _is_junior(name):
                seniors.append(person)
            people.append(person)
        elif _is_fuller(words, person.words):
            person.name, person.words = _written(doc, name), words
        home[name] = person
        person.mentions.append((name.first, name.end, "name"))
        person.claims.extend(claims.get(name, []))
        person.nation = person.nation or owned.get(name)
        person.learn_gender(honorifics().get(name.honorific or ""))
        if name.office is not None:
            person.learn_gender(name.office.title.gender)
    for person in people:
        person.mentions.sort()
        person.claims.sort(key=lambda claim: claim.at)
    return sorted(people, key=lambda person: person.first)


def _is_junior(name: Name) -> bool:
    return plain(name.words[-1]).rstrip(".") == "jr"


def _written(doc: Document, name: Name) -> str:
    """A name as the story has it; one in a line of capitals as names are written elsewhere."""
    paired = len(name.words) > name.end - name.first
    text = " ".join(name.words) if paired else doc.text(name.first, name.end)
    return text.title() if text.isupper() and doc.is_shouted(name.first) else text


def _is_fuller(words: tuple[str, ...], old: tuple[str, ...]) -> bool:
    """Whether a name says more than another of the same person. What only follows a whole name is mostly no part of it:
    "Eva Krogh Award"."""
    if len(old) > 1 and words[: len(old)] == old:
        return False
    return (len(words), sum(map(len, words))) > (len(old), sum(map(len, old)))


def _fitting(name: Name, words: tuple[str, ...], people: Sequence[Person], claims: Sequence[Claim]) -> Person | None:
    """The person that a name may belong to: the best fit, then the one the story speaks of most."""
    best: tuple[int, int, Person] | None = None
    for person in people:
        fit = _fit(words, person.words)
        if (
            fit == 4
            and name.office
            and name.office.title.words in office_words("before a given name")
            and not person.claims
        ):
            continue  # "Prince Harry" is not Harry Belafonte
        if not fit and _is_respelt(words, person.words) and _shares_office(claims, person):
            fit = 5  # "President Mahmud Krogh", "President Mahmoud Krogh"
        if not fit or _clash(name, person, claims) or _is_spouse(person, claims):
            continue
        private = all(claim.office.title.kind == "role" for claim in person.claims)
        if len(words) == 1 and claims and private and person.first > name.first:
            continue  # "President Reagan … Nancy Reagan": the later full name, with no office, is somebody else's
        fit += 2 * _shares_office(claims, person)
        rank = (fit, len(person.mentions), person)
        if best is None or rank[:2] > best[:2]:
            best = rank
    return best[2] if best else None


def _fit(words: tuple[str, ...], full: tuple[str, ...]) -> int:
    """How well a name fits a person's: 0 not at all."""
    if words == full:
        return 9
    if len(words) == 1 and len(full) == 1:
        return 0
    short, long = sorted((words, full), key=len)
    if len(short) > 1 and ("jr" in short) != ("jr" in long):
        return 0
    if len(short) == 1:
        if short[0] in (long[-1], family_name(long)):
            return 6
        if short[0] in particles() or len(short[0]) < 2:
            return 0
        if short[0] == long[0]:
            return 4
        return 3 if short[0] in long else 0
    if short[-1] != long[-1]:
        return 5 if long[: len(short)] == short else 0
    if short[0] == long[0] or _initial(short[0], long[0]):
        return 8
    return 5 if all(word in long for word in short) else 0


def _is_respelt(words: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether two names differ by one or two letters of the first word alone, as one name in two romanisations does."""
    if len(words) < 2 or words[1:] != full[1:] or min(len(words[0]), len(full[0])) < 5:
        return False
    one, other = (word.translate(_VOWELS) for word in (words[0], full[0]))
    return one == other and words[0][0] == full[0][0]


def _initial(one: str, other: str) -> bool:
    return (len(one) == 1 or len(other) == 1 or one.startswith(other) or other.startswith(one)) and one[0] == other[0]


def _clash(name: Name, person: Person, claims: Sequence[Claim]) -> bool:
    """Whether "Mrs", "King" or the office beside the name says that it is somebody else."""
    gender = honorifics().get(name.honorific or "") or (name.office.title.gender if name.office else None)
    if gender and person.gender and gender != person.gender:
        return True
    said, known = _states(claims), _states(person.claims)
    return bool(
        said and known and said.isdisjoint(known) and not _shares_office(claims, person) and len(name.words) == 1
    )


def _is_spouse(person: Person, claims: Sequence[Claim]) -> bool:
    """Whether claims to lead a state are those of somebody whose spouse the person is: "President Krogh … First Lady
    Eva Krogh"."""
    leads = any(claim.office.title.kind in ("head_of_state", "head_of_government") for claim in claims)
    return leads and any(claim.office.title.words in office_words("spouses") for claim in person.claims)


def _states(claims: Sequence[Claim]) -> set[str]:
    """The states that somebody now serves, by what is claimed; bodies of states take people of any."""
    return {
        claim.country
        for claim in claims
        if claim.country and len(claim.country) == 2 and claim.office.standing != "former"
    }


def _shares_office(claims: Sequence[Claim], person: Person) -> bool:
    nouns = {claim.office.noun for claim in person.claims}
    return any(claim.office.noun in nouns for claim in claims)


def spread(doc: Document, people: Sequence[Person], taken: set[int]) -> None:
    """Gives every other place where a person's last name stands to that person: "Lavrov" that nobody saw."""
    owners: dict[str, list[Person]] = {}
    for person in people:
        if person.named and person.words:
            for word in {person.words[-1], family_name(person.words)} - name_words("none"):
                owners.setdefault(word, []).append(person)
    for token in range(len(doc)):
        if token in taken or doc.plain[token] not in owners or not doc.words[token][0].isupper():
            continue
        if (token + 1 < len(doc) and doc.words[token + 1] == "<") or _inside_longer(doc, token):
            continue
        candidates = owners[doc.plain[token]]
        own = [person for person in candidates if doc.plain[token] in (person.words[-1], family_name(person.words))]
        if not own:
            continue
        before = [person for person in own if person.first < token]
        chosen = max(before or own, key=lambda person: len(person.mentions))
        first = token
        while (
            first > 0 and first - 1 not in taken and doc.plain[first - 1] in chosen.words and doc.is_capital(first - 1)
        ):
            first -= 1
        chosen.mentions.append((first, token + 1, "name"))
        taken.update(range(first, token + 1))
    for person in people:
        person.mentions.sort()


def _inside_longer(doc: Document, token: int) -> bool:
    """Whether the word stands in a longer name of something else ("Reagan National Airport")."""
    after = token + 1
    if (
        after < len(doc)
        and doc.same_paragraph(token, after)
        and doc.is_capital(after)
        and doc.label[token] in ("ORG", "FAC", "GPE")
    ):
        return doc.label[after] == doc.label[token]
    return False
