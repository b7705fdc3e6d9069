"""The parse of a story's pieces as the plain columns that later stages read."""

from collections.abc import Sequence

import numpy as np
from spacy.tokens import Doc
from visitwire_schemas import Parse

from visitwire_extraction.lemmas import Lemmas
from visitwire_extraction.paragraphs import Piece
from visitwire_extraction.tags import universal

_ATTRS: list[int | str] = ["IDX", "LENGTH", "TAG", "DEP", "HEAD", "SENT_START", "IS_SPACE"]
_REMEMBERED = 200_000


class Columns:
    """Makes parses; remembers lemma and part of speech of every word, tag and arc label it has met."""

    def __init__(self, lemmas: Lemmas) -> None:
        self._lemmas = lemmas
        self._known: dict[tuple[int, int, str], tuple[str, str, str, str]] = {}

    def parse_of(self, parsed: Sequence[tuple[Piece, Doc]]) -> Parse:
        """One Parse of the pieces of a story, in text order. White-space tokens are left out."""
        start: list[int] = []
        end: list[int] = []
        described: list[tuple[str, str, str, str]] = []
        head: list[int] = []
        sent_start: list[int] = []
        for piece, doc in parsed:
            rows = doc.to_array(_ATTRS).astype(np.int64).tolist() if len(doc) else []
            words = [at for at, row in enumerate(rows) if not row[6]]
            place = {at: len(start) + number for number, at in enumerate(words)}
            # A sentence that begins with white space begins with its first word instead.
            begins = False
            for at, (first, length, tag, dep, arc, sentence, space) in enumerate(rows):
                begins = begins or sentence == 1 or at == 0
                if space:
                    continue
                if begins:
                    sent_start.append(len(start))
                    begins = False
                # A word whose head is white space becomes a root.
                head.append(place.get(at + arc, len(start)))
                begin, stop = piece.span(first, length)
                start.append(begin)
                end.append(stop)
                described.append(self._describe(doc, tag, dep, piece.text[first : first + length]))
        lemma, pos, tags, deps = zip(*described, strict=True) if described else ((), (), (), ())
        return Parse(
            start=tuple(start),
            end=tuple(end),
            lemma=lemma,
            pos=pos,
            tag=tags,
            dep=deps,
            head=tuple(head),
            sent_start=tuple(sent_start),
        )

    def _describe(self, doc: Doc, tag: int, dep: int, word: str) -> tuple[str, str, str, str]:
        """Lemma, part of speech, tag and arc label."""
        known = self._known.get((tag, dep, word))
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[tag, dep, word] = self._new(doc, tag, dep, word)
        return known

    def _new(self, doc: Doc, tag: int, dep: int, word: str) -> tuple[str, str, str, str]:
        # spaCy's hashes are unsigned; the array was read as signed.
        strings = doc.vocab.strings
        tag_name = strings[tag % 2**64] if tag else "XX"
        dep_name = strings[dep % 2**64] if dep else "dep"
        pos = universal(tag_name, dep_name, word)
        return self._lemmas(word, pos, tag_name), pos, tag_name, dep_name
