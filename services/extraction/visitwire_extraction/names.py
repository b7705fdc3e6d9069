"""Which names of persons a story has: those of every way to find one, where an earlier way found no other."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace

from visitwire_extraction.document import Document
from visitwire_extraction.lemmas import Lemmas
from visitwire_extraction.name_finder import NameFinder
from visitwire_extraction.players import Player
from visitwire_extraction.step_results import Name, Office, Place
from visitwire_extraction.vocabulary import Vocabulary

_SIGNED = 4
"""Words between the "by" of a line and the name of who wrote, at most."""


def names(
    doc: Document,
    places: Sequence[Place],
    offices: Sequence[Office],
    known: Lemmas,
    tables: Vocabulary,
    surnames: Mapping[str, bool],
    full_names: Iterable[tuple[int, int]],
    families: Container[str] = frozenset(),
    players: Iterable[Player] = (),
) -> list[Name]:
    """The names of persons in text order, none inside another.

    `surnames` are those of people in office in the countries of the story, and whether they are its chiefs;
    `full_names` the places where the whole name of somebody stands who ever held office, `families` what those were
    called by, `players` who stands in a list of sports people.
    """
    finder = NameFinder(doc, places, known, tables)
    taken: dict[int, Name] = {}

    def take(found: Iterable[Name]) -> None:
        for name in found:
            if not any(token in taken for token in range(name.first, name.end)):
                taken.update(dict.fromkeys(range(name.first, name.end), name))

    known_names = finder.of_table(full_names)
    candidates = [*finder.after_offices(offices), *finder.after_honorifics(), *known_names]
    players = list(players)
    take(finder.of_players([(player.first, player.end) for player in players]))
    clubs = {player.end + 1 for player in players}  # "Ana Krogh (Lazio)"
    fields = {t for office in offices if office.title.kind == "minister" for t in range(office.head, office.end)}
    candidates += [
        name
        for name in finder.of_model()
        if not fields.issuperset(range(name.first, name.end)) and name.first not in clubs
    ]
    elsewhere = {word for name in candidates if not doc.is_headline(name.first) for word in name.words}
    elsewhere.update(word for name in known_names for word in name.words)
    elsewhere.update(word for name in candidates if _is_signed(doc, name.first) for word in name.words)
    candidates = [name for name in candidates if not doc.is_headline(name.first) or set(name.words) <= elsewhere]
    take(candidates)
    take(
        (
            *finder.before_offices(offices),
            *finder.after_commas(offices),
            *finder.by_given_name(),
            *finder.of_countries(),
            *finder.of_holders(surnames),
        )
    )
    take(finder.listed(set(taken.values())))
    take(finder.paired(set(taken.values())))
    for name in finder.again(set(taken.values())):
        if name.first not in taken:
            taken[name.first] = name
    found = _with_families(doc, finder.given, sorted(set(taken.values()), key=lambda name: name.first))
    return finder.backed(found, families)


def _is_signed(doc: Document, token: int) -> bool:
    """ "By Agency Writer Ana Krogh", "Author: Ana Krogh": whether such a line holds a token."""
    line = doc.paragraph.index(doc.paragraph[token])
    by = doc.plain[line] == "by" or doc.words[line + 1 : line + 2] == (":",)
    return by and token - line <= _SIGNED


def _with_families(doc: Document, given: Container[str], found: list[Name]) -> list[Name]:
    """ "Joe and Jill Krogh", "Joe, Mary and Jill Krogh": one family name for all."""
    for at in reversed(range(len(found) - 1)):
        name, other = found[at], found[at + 1]
        listed = other.end - other.first == 1 and len(other.words) > 1  # who has it from the next already
        link = doc.plain[name.end] if name.end < len(doc) else ""
        joined = other.first == name.end + 1 and (link == "and" or (link == "," and listed))
        if joined and len(name.words) == 1 and len(other.words) == 2 and doc.plain[name.first] in given:
            found[at] = replace(name, words=(name.words[0], other.words[1]), sure=True)
    return found
