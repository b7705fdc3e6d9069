"""What speaks for and against a person whom the model saw: companies, towns, storms, credits, ordinary words."""

from collections import Counter
from collections.abc import Mapping, Set
from functools import cached_property

from visitwire_language.classes import name_words, office_words

from visitwire_extraction.document import Document
from visitwire_extraction.lemmas import Lemmas
from visitwire_extraction.step_results import Place
from visitwire_extraction.vocabulary import Vocabulary

NO_NAMES = frozenset({"LOC", "EVENT", "WORK_OF_ART"})
"""The model's labels that no person has by mistake."""


class Doubts:
    """Tells of runs of words in one story whether they can be somebody's name."""

    def __init__(self, doc: Document, place: Mapping[int, Place], known: Lemmas, tables: Vocabulary) -> None:
        self._doc, self._place, self._known, self._tables = doc, place, known, tables
        self.surnames = {
            doc.plain[ent.end - 1] for ent in doc.ents if ent.label == "PERSON" and ent.end - ent.first > 1
        }
        self._people = Counter(doc.text(ent.first, ent.end) for ent in doc.ents if ent.label == "PERSON")
        self._others = Counter(doc.text(ent.first, ent.end) for ent in doc.ents if ent.label != "PERSON")

    def plausible(self, first: int, end: int) -> bool:
        """Whether the model's person is one: no company, no place alone, nothing it mostly takes otherwise."""
        doc = self._doc
        text = doc.text(first, end)
        if end < len(doc) and doc.words[end] == "<":
            return False  # "Texaco <TX>": a ticker follows companies only
        body = self._tables.bodies.longest(doc.plain, first)
        if self.is_credited(first, end) or self._is_town(first, end):
            return False
        if (
            text in self._somewhere
            or self._is_storm(first, end)
            or self._is_station(first)
            or (body is not None and body[0] == end)
        ):
            return False
        if all(token in self._place for token in range(first, end)) or (end - first > 1 and self.is_body(first, end)):
            return False
        if self._others[text] > self._people[text] or self._is_of_others(first, end):
            return False
        if end - first > 1:
            return True
        word = doc.words[first]
        if self._is_company(first) or (self._has_people(end) and doc.plain[first] not in self.surnames):
            return False
        if self._tables.geo.longest(doc.plain, first) and doc.plain[first] not in self.surnames:
            return False  # "Harbin", which the model took for a person
        if first > 0 and doc.plain[first - 1] in ("the", "a", "an") and doc.same_paragraph(first - 1, first):
            return False
        return len(word) > 2 and not word.isupper() and not self._common(first)

    def _is_company(self, first: int) -> bool:
        """ "Car maker Zetra", "Al-Nur", if the story has nobody of that family name."""
        doc = self._doc
        if doc.plain[first] in self.surnames or first == 0 or not doc.same_paragraph(first - 1, first):
            return False
        return doc.words[first - 1].islower() and doc.plain[first - 1] in name_words("before a company")

    def _has_people(self, end: int) -> bool:
        """ "Zetra's Ana Krogh": a team or a company, whose name stands before somebody's whole name."""
        doc = self._doc
        owns = end + 1 < len(doc) and doc.words[end] in ("'s", "’s")
        ent = doc.ent_at.get(end + 1) if owns else None
        return ent is not None and ent.label == "PERSON" and ent.first == end + 1 and ent.end - ent.first > 1

    def is_body(self, first: int, end: int) -> bool:
        """Whether a run ends as bodies do; "Park", "Hall" and "Church" are family names too."""
        borne = {"park", "hall", "church"} if end - first > 1 else frozenset[str]()
        return self._doc.plain[end - 1] in office_words("bodies") - borne

    def _common(self, token: int) -> bool:
        """Whether a single word is an ordinary one that only the start of a sentence has made a capital of."""
        doc = self._doc
        if not self._known.knows(doc.plain[token]) or doc.plain[token] in self.surnames:
            return False
        after_stop = (
            token > 0 and doc.words[token - 1] == "U.S."
        )  # an archive that writes a capital after every full stop
        return after_stop or (doc.starts_sentence(token) and doc.parse.tag[token] not in ("NNP", "NNPS"))

    def _is_of_others(self, first: int, end: int) -> bool:
        """ "The Krogh-Lind ticket", "Tory MP", "Islamophobia": two people's, a title, an idea, all with a capital."""
        doc = self._doc
        last = doc.plain[end - 1]
        pair = end - first == 3 and doc.words[first + 1] == "-"
        if pair and doc.plain[end : end + 1] and doc.plain[end] in name_words("of a pair"):
            return True
        if end - first > 1 and last in office_words("written in capitals") and doc.words[end - 1].isupper():
            return True
        return end - first == 1 and last.endswith(tuple(name_words("endings of ideas")))

    def is_building(self, end: int) -> bool:
        """Whether a name is that of what is named after somebody: "King Osman International airport"."""
        named = self._doc.plain[end : end + 1] in (("international",), ("memorial",)) and self._doc.is_capital(end)
        after = self._doc.plain[end + 1 : end + 2]
        return named and bool(after) and after[0] in office_words("bodies")

    def are_fields(self, first: int, end: int) -> bool:
        """ "Director Foreign Affairs said": what ministries are for."""
        return office_words("fields").issuperset(self._doc.plain[first:end])

    def is_no_body(self, first: int, end: int, labels: Set[str] = NO_NAMES | {"FAC"}) -> bool:
        """Whether no word of a run belongs to a place, a company, or what has one of the model's labels."""
        doc = self._doc
        return not any(
            token in self._place or doc.plain[token] in office_words("bodies") or doc.label[token] in labels
            for token in range(first, end)
        ) and (end >= len(doc) or (doc.words[end] not in ("<", "&") and doc.plain[end] not in office_words("bodies")))

    def may_be_named(self, first: int, end: int) -> bool:
        """Whether a run belongs to no body and to no credit of a picture."""
        return self.is_no_body(first, end) and not self.is_credited(first, end)

    def is_credited(self, first: int, end: int) -> bool:
        """ "(AP Photo/Ana Krogh)", "Ana Krogh/Getty Images": who took a picture."""
        doc = self._doc
        before = doc.words[first - 1 : first] == ("/",) and doc.plain[first - 2] in name_words("credits")
        return before or (doc.words[end : end + 1] == ("/",) and doc.plain[end + 1] in name_words("credits"))

    def _is_town(self, first: int, end: int) -> bool:
        """ "In Coleraine": one word that the story has people in, and no full name with it."""
        doc = self._doc
        word = doc.plain[first]
        return (
            end - first == 1
            and word not in self.surnames
            and first > 0
            and doc.plain[first - 1] == "in"
            and doc.plain[first - 2] not in name_words("before in a person")
        )

    def _is_station(self, first: int) -> bool:
        """ "Naval Station Ana Krogh", "Camp Krogh": what is named after somebody, with its kind before the name."""
        before = self._doc.plain[first - 1] if first and self._doc.same_paragraph(first - 1, first) else ""
        return before in name_words("kinds before a name") and self._doc.is_capital(first - 1)

    def _is_storm(self, first: int, end: int) -> bool:
        return self._doc.text(first, end) in self._storms or self._doc.plain[first] in name_words("storms")

    @cached_property
    def _storms(self) -> frozenset[str]:
        """Names that the story gives to storms: "hurricanes Helga, Dora and Ida"."""
        doc, found = self._doc, set[str]()
        for token in range(len(doc)):
            at = token + 1
            while doc.plain[token] in name_words("storms") and at < len(doc) and doc.same_paragraph(token, at):
                if doc.is_capital(at):
                    found.add(doc.words[at])
                elif doc.plain[at] not in (",", "and"):
                    break
                at += 1
        return frozenset(found)

    @cached_property
    def _somewhere(self) -> frozenset[str]:
        """What is a place in one of its mentions."""
        ents = (ent for ent in self._doc.ents if self._is_somewhere(ent.first, ent.end))
        return frozenset(self._doc.text(ent.first, ent.end) for ent in ents)

    def _is_somewhere(self, first: int, end: int) -> bool:
        """ "The village of Kfar Hadi", "Kfar Hadi province", and the town in capitals that a text begins with."""
        doc, single = self._doc, end - first == 1
        end = doc.past_brackets(end)  # "Wolnosc (Freedom) party"
        after = doc.plain[end] if end < len(doc) and doc.words[end].islower() else ""
        if after in name_words("after a place") or (single and after in name_words("after a thing")):
            return True
        if self._is_before_region(first, end) or doc.plain[max(0, first - 2) : first] == ("mp", "for"):
            return True
        of = first - 1
        if of > 0 and doc.plain[of] == "of" and doc.same_paragraph(of - 1, first):
            kind = of - 1 - (doc.plain[of - 1] in ("center", "centre", "outskirts"))
            return doc.plain[kind] in name_words("after a place")
        return first == 0 and doc.text(first, end).isupper() and doc.words[end : end + 1] in ((":",), ("(",))

    def _is_before_region(self, first: int, end: int) -> bool:
        """ "From Tarn Hadi, Punjab": a town with what it lies in."""
        doc = self._doc
        within = doc.words[end : end + 1] == (",",) and end + 1 in self._place and first > 0
        return within and self._place[end + 1].role != "people" and doc.plain[first - 1] in name_words("before a town")
