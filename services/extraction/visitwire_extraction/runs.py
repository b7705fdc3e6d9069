"""Runs of words that can be a person's name: capitals, particles between them, hyphens and apostrophes inside."""

from collections.abc import Sequence

from visitwire_language.classes import name_words
from visitwire_language.names import given_names, particles

from visitwire_extraction.document import Document
from visitwire_extraction.lemmas import Lemmas
from visitwire_extraction.step_results import Office, Place

LONGEST = 7
JOINERS = frozenset({"-", "'", "’", "‘"})
_QUOTES = frozenset({'"', "'", "“", "”", "‘", "’", "``", "''"})
_STATE_KINDS = frozenset({"head_of_state", "head_of_government", "minister", "royal", "leader", "envoy"})


_GRAMMAR = frozenset({"ADP", "DET", "CCONJ", "SCONJ", "PRON", "AUX", "PART"})
"""Parts of speech that no word of a name has."""


class Runs:
    """What in one story can be part of a name, and how far a name goes."""

    def __init__(self, doc: Document, places: Sequence[Place], known: Lemmas) -> None:
        self._doc, self._known = doc, known
        self._place = {token: place for place in places for token in range(place.first, place.end)}
        self._small = any(doc.words[place.first].islower() for place in places) or "monday" in doc.words

    def is_part(self, token: int) -> bool:
        """Whether the word can be part of a name written with capitals."""
        doc = self._doc
        if doc.words[token] in JOINERS:
            return 0 < token < len(doc) - 1 and self.glued(token) and doc.is_capital(token - 1)
        if self._is_after_hyphen(token):
            return doc.plain[token] not in name_words("compounded")  # "Ji-woo", "Jae-in"
        if self._is_month_for_a_name(token) or self._is_a_name_too(token):
            return True
        if doc.plain[token] == "said" and doc.is_capital(token) and token > 0 and self.particle(token - 1):
            return True  # "Hamad bin Said"
        if doc.words[token] == "A" and token > 0 and doc.is_capital(token - 1) and len(doc.words[token - 1]) == 1:
            return True  # "T A Krogh"
        if (
            doc.plain[token] in name_words("none")
            or doc.plain[token].rstrip(".") in name_words("letters after")
            or (token in self._place and self._place[token].role in ("country", "people", "metonym"))
        ):
            return False
        if doc.words[token].endswith(("'s", "’s")):
            return False
        tag = doc.parse.tag[token]
        if tag == "CD" and doc.label[token] == "PERSON":
            return doc.words[token].istitle()  # "Xi", read as a Roman number
        return doc.is_capital(token) and tag not in ("DT", "IN", "PRP", "MD", "CD", "WDT", "WRB", "CC")

    def _is_after_hyphen(self, token: int) -> bool:
        """Whether a hyphen joins a word to a capital; the dash of "OSLO - Ana Krogh" joins nothing."""
        doc = self._doc
        joined = token > 1 and doc.words[token - 1] == "-" and doc.words[token].isalpha()
        return joined and doc.is_capital(token - 2) and self.glued(token - 1)

    def _is_month_for_a_name(self, token: int) -> bool:
        """ "Theresa May": a month, inside what the model takes for a person, after a given name."""
        doc = self._doc
        return (
            token > 0
            and doc.plain[token] in name_words("months")
            and doc.label[token] == doc.label[token - 1] == "PERSON"
            and doc.is_capital(token - 1)
            and doc.plain[token - 1] not in name_words("none")
        )

    def _is_a_name_too(self, token: int) -> bool:
        """ "Christian Lindner", "Salih Muslim": such a word, beside another capital that the model takes for a name."""
        doc = self._doc
        ent = doc.ent_at.get(token)
        return (
            doc.plain[token] in name_words("names too")
            and ent is not None
            and ent.label == "PERSON"
            and any(doc.is_capital(t) and doc.plain[t] not in name_words("none") for t in range(ent.first, ent.end))
        )

    def particle(self, token: int) -> bool:
        return self._doc.plain[token].rstrip("-") in particles()

    def glued(self, token: int) -> bool:
        """Whether no white space stands on either side: "al-Faisal", "O'Neill"."""
        parse = self._doc.parse
        return parse.end[token - 1] == parse.start[token] and parse.end[token] == parse.start[token + 1]

    def run(self, at: int) -> tuple[int, int] | None:
        """A run of capitalised words from `at`, particles between them included."""
        doc = self._doc
        if at >= len(doc) or doc.words[at] in JOINERS:
            return None
        if not self.is_part(at) and not (self.particle(at) and self._part_after_particles(at)):
            return None
        label, end = doc.label[at], at
        unlikely = label == "" and doc.plain[at] not in given_names()
        while end < len(doc) and end - at < LONGEST and doc.same_paragraph(at, end):
            if self.is_part(end):
                other = end > at and doc.label[end] not in (label, "", "PERSON")
                if other and (end in self._place or (unlikely and doc.label[end] != "GPE")):
                    break
                end += 1
            elif end > at and self._is_nickname(end):
                end += 3
            elif end > at and (self.particle(end) or self._joins(end)) and self._part_after_particles(end):
                end += 1
            else:
                break
        while end > at and (self.particle(end - 1) or doc.words[end - 1] in JOINERS):
            end -= 1
        while end - at > 2 and self._is_adverb(end - 1):
            end -= 1
        ent = doc.ent_at.get(end - 1) if end > at else None
        if ent and ent.label == "PERSON" and ent.end > end and end - at == 1 and self.is_part(ent.end - 1):
            end = ent.end  # "Daniel arap Moi": a particle that no list has
        if end == at or self._is_company(at, end) or doc.parse.tag[at] in ("CD",):
            return None
        return at, end

    def _is_adverb(self, token: int) -> bool:
        """ "With Ana Krogh Separately, …": the capital of a sentence whose full stop was lost."""
        word = self._doc.plain[token]
        adverb = self._doc.parse.tag[token] == "RB" or self._doc.parse.dep[token] == "advmod"
        return adverb and word.endswith("ly") and self._known.knows(word)

    def _joins(self, token: int) -> bool:
        """Whether a mark joins two words of a name; a dash between spaces parts them."""
        word = self._doc.words[token]
        return word in JOINERS and (word != "-" or (token + 1 < len(self._doc) and self.glued(token)))

    def _is_nickname(self, mark: int) -> bool:
        """ "Eugene “Buzz” Krogh": a capital between quotation marks, with the family name behind it."""
        doc = self._doc
        return (
            mark + 3 < len(doc)
            and doc.words[mark] in _QUOTES
            and doc.words[mark + 2] in _QUOTES
            and doc.is_capital(mark + 1)
            and doc.same_paragraph(mark, mark + 3)
            and self.is_part(mark + 3)
        )

    def past_rank(self, run: tuple[int, int]) -> tuple[int, int]:
        """A run without three or four capitals before a name that has small letters: "RADM Ana Krogh"."""
        first, end = run
        rank = self._doc.words[first]
        capitals = rank.isalpha() and rank.isupper() and len(rank) in (3, 4)
        return (first + 1, end) if capitals and end - first > 1 and self._doc.words[first + 1].istitle() else run

    def run_after(self, at: int) -> tuple[int, int] | None:
        """The same, where it goes on in the paragraph of the word before it: a name after an office."""
        return self.run(at) if at and self._doc.same_paragraph(at - 1, at) else None

    def run_before(self, end: int) -> tuple[int, int] | None:
        """The longest run of capitalised words up to a token, in its paragraph."""
        first = end
        while first > 0 and self._doc.same_paragraph(first - 1, end) and self._goes_on(first - 1):
            first -= 1
        return (first, end) if first < end and self.run(first) == (first, end) else None

    def _goes_on(self, token: int) -> bool:
        before = token - 1
        inside = before >= 0 and (self._doc.is_capital(before) or self.particle(before))
        return self.is_part(token) or (self.particle(token) and inside)

    def _part_after_particles(self, token: int) -> bool:
        doc = self._doc
        for after in range(token + 1, min(token + 4, len(doc))):
            if not doc.same_paragraph(token, after):
                return False
            if not self.particle(after) and doc.words[after] not in JOINERS:
                return self.is_part(after)
        return False

    def may_be_small(self, office: Office) -> bool:
        """Whether a name after the office may be written small: always in an archive that lost its capitals, elsewhere
        after the highest offices, where these are written small themselves."""
        if self._small:
            return office.title.kind in _STATE_KINDS
        small = self._doc.words[office.head].islower() and office.determiner is None
        return small and office.title.kind in _STATE_KINDS - {"envoy"}

    def small_run(self, at: int) -> tuple[int, int] | None:
        """After an office, a name that an archive has written small: "foreign minister ali akbar velayati"."""
        doc, end, unknown = self._doc, at, 0
        while (
            end < len(doc)
            and end - at < 5
            and doc.same_paragraph(at, end)
            and (at == 0 or doc.same_paragraph(at - 1, at))
        ):
            word = doc.words[end]
            if not (word.isalpha() and word.islower()) or doc.plain[end] in name_words("none") or end in self._place:
                break
            if doc.parse.pos[end] in _GRAMMAR:
                break  # "the president during his stay"
            known = self._known.knows(doc.plain[end])
            if doc.label[end] in ("DATE", "TIME") or (
                known and doc.parse.tag[end] not in ("NN", "NNP", "JJ", "FW", "UH")
            ):
                break
            unknown += not known
            end += 1
        while (
            end > at
            and unknown
            and self._known.knows(doc.plain[end - 1])
            and doc.parse.tag[end - 1] not in ("NN", "NNP")
        ):
            end -= 1
        enough = end > at + (not self._small)  # a single small word says too little in a story that has its capitals
        return (at, end) if unknown and enough else None

    def _is_company(self, first: int, end: int) -> bool:
        doc = self._doc
        last = doc.plain[end - 1].rstrip(".")
        return last in name_words("companies") or (
            end < len(doc) and doc.plain[end].rstrip(".") in name_words("companies") and doc.is_capital(end)
        )
