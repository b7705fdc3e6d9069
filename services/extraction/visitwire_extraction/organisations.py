"""The organisations a story names: those of states, the model's, acronyms in brackets, and delegations."""

from collections.abc import Sequence

from visitwire_language.classes import word_classes
from visitwire_language.phrases import plain

from visitwire_extraction.document import Document
from visitwire_extraction.internationals import international_at
from visitwire_extraction.step_results import Group, Organisation, Place
from visitwire_extraction.vocabulary import Vocabulary


def organisations(
    doc: Document, tables: Vocabulary, places: Sequence[Place], groups: Sequence[Group], taken: set[int]
) -> list[Organisation]:
    """Every organisation in the order of first mention. `taken` are the tokens of persons' names."""
    finder = _Finder(doc, tables, places, taken)
    finder.of_states()
    finder.of_model()
    finder.bodies()
    finder.unnamed(groups)
    found = finder.found()
    for organisation in found:
        organisation.mentions.sort()
    return sorted(found, key=lambda organisation: organisation.mentions[0])


class _Finder:
    def __init__(self, doc: Document, tables: Vocabulary, places: Sequence[Place], taken: set[int]) -> None:
        self._doc, self._tables, self._places = doc, tables, places
        self._taken = set(taken)
        self._place_at = {token: place for place in places for token in range(place.first, place.end)}
        self._by_key: dict[str, Organisation] = {}
        self._acronyms: dict[str, Organisation] = {}

    def found(self) -> list[Organisation]:
        return list({id(one): one for one in self._by_key.values()}.values())

    def of_states(self) -> None:
        doc, at = self._doc, 0
        while at < len(doc):
            entry = international_at(doc, self._tables, at)
            if entry and at not in self._taken:
                end, known = entry
                one = self._one(known.acronym.lower(), known.name)
                one.country, one.wikidata = known.acronym, known.wikidata
                self._mention(one, at, end)
                at = end
            else:
                at += 1

    def of_model(self) -> None:
        doc = self._doc
        for ent in doc.ents:
            if ent.label != "ORG":
                continue
            first, end = self._trim(ent.first, ent.end)
            if (
                first >= end
                or any(token in self._taken for token in range(first, end))
                or not self._plausible(first, end)
            ):
                continue
            name = doc.text(first, end)
            one = self._acronyms.get(name) if name.isupper() else None
            one = one or self._one(name.lower(), name)
            one.country = one.country or self._country(first, end)
            self._mention(one, first, end)
            self._acronym(one, first, end)

    def bodies(self) -> None:
        """Bodies that the tables know and the model missed."""
        doc = self._doc
        for at in range(len(doc)):
            if at in self._taken or not doc.words[at][0].isupper():
                continue
            entry = self._tables.bodies.longest(doc.plain, at)
            if entry is None or any(token in self._taken for token in range(at, entry[0])):
                continue
            end, body = entry
            if end - at == 1 and doc.words[at] != body.name:
                continue
            if plain(body.name) in word_classes("organisation")["only beside an office"]:
                continue
            one = self._one(body.name.lower(), body.name)
            one.country = one.country or body.country
            self._mention(one, at, end)

    def unnamed(self, groups: Sequence[Group]) -> None:
        """Delegations: the same words for the same country are the same group."""
        for group in groups:
            one = self._one(group.key, self._doc.text(group.first, group.end))
            one.country, one.named = group.country, False
            one.mentions.append((group.first, group.end, "nominal"))

    def _one(self, key: str, name: str) -> Organisation:
        return self._by_key.setdefault(key.removeprefix("the "), Organisation(name))

    def _mention(self, one: Organisation, first: int, end: int) -> None:
        one.mentions.append((first, end, "name"))
        self._taken.update(range(first, end))

    def _trim(self, first: int, end: int) -> tuple[int, int]:
        doc = self._doc
        while first < end and doc.plain[first] in word_classes("organisation")["trimmed"]:
            first += 1
        if "(" in doc.words[first:end]:
            end = doc.words.index("(", first, end)
        while first < end and doc.plain[end - 1] in word_classes("organisation")["trimmed"]:
            end -= 1
        return first, end

    def _plausible(self, first: int, end: int) -> bool:
        doc = self._doc
        words = doc.plain[first:end]
        if set(words) <= word_classes("organisation")["none"] or all(
            token in self._place_at for token in range(first, end)
        ):
            return False
        if (
            doc.words[first] == "U.S."
            and end - first == 2
            and doc.parse.tag[end - 1] in ("NNS", "NNPS", "JJ", "VBG", "RB")
        ):
            return False  # an archive that writes a capital after every full stop: "U.S. Firms"
        named = any(doc.words[token][0].isupper() for token in range(first, end))
        ministry = bool(word_classes("organisation")["named small"] & set(words)) and any(
            token in self._place_at for token in range(first, end)
        )
        return (
            (named or ministry)
            and any(letter.isalpha() for word in words for letter in word)
            and len("".join(words)) > 1
        )

    def _country(self, first: int, end: int) -> str | None:
        for token in range(first, end):
            entry = self._tables.bodies.longest(self._doc.plain, token)
            if entry and entry[0] <= end:
                return entry[1].country
        return next((self._place_at[token].state.code for token in range(first, end) if token in self._place_at), None)

    def _acronym(self, one: Organisation, first: int, end: int) -> None:
        """ "Russian International Affairs Council (RIAC)": both name one body from here on."""
        doc = self._doc
        initials = "".join(doc.words[token][0] for token in range(first, end) if doc.words[token][0].isupper())
        if len(initials) > 2:
            self._acronyms.setdefault(initials, one)
        if end + 2 < len(doc) and doc.words[end] == "(" and doc.words[end + 2] == ")" and doc.words[end + 1].isupper():
            acronym = doc.words[end + 1]
            self._acronyms[acronym] = one
            self._by_key[acronym.lower()] = one
            if end + 1 not in self._taken:
                self._mention(one, end + 1, end + 2)
