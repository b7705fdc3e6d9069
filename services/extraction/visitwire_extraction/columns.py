"""The parse of a story's pieces as the plain columns that later stages read."""

from collections.abc import Sequence

import numpy as np
from spacy.attrs import DEP, HEAD, IDX, LENGTH, SENT_START, SPACY, TAG
from spacy.tokens import Doc
from visitwire_schemas import Parse

from visitwire_extraction.lemmas import Lemmas
from visitwire_extraction.paragraphs import Piece
from visitwire_extraction.tags import universal

_ATTRS = [IDX, LENGTH, TAG, DEP, HEAD, SENT_START, SPACY]


def parse_of(parsed: Sequence[tuple[Piece, Doc]], lemmas: Lemmas) -> Parse:
    """One Parse of the pieces of a story, in text order. White-space tokens are left out."""
    columns = _Columns(lemmas)
    for piece, doc in parsed:
        columns.add(piece, doc)
    return columns.parse()


class _Columns:
    """The growing columns."""

    def __init__(self, lemmas: Lemmas) -> None:
        self._lemmas = lemmas
        self._start: list[int] = []
        self._end: list[int] = []
        self._lemma: list[str] = []
        self._pos: list[str] = []
        self._tag: list[str] = []
        self._dep: list[str] = []
        self._head: list[int] = []
        self._sent_start: list[int] = []

    def add(self, piece: Piece, doc: Doc) -> None:
        if not len(doc):
            return
        kept = [index for index, token in enumerate(doc) if not token.is_space]
        if not kept:
            return
        rows = doc.to_array(_ATTRS).astype(np.int64)
        strings = doc.vocab.strings
        first = len(self._start)
        heads = _heads(rows[:, 4], kept)
        place = {old: first + new for new, old in enumerate(kept)}
        new_sentence = True
        for old, head in zip(kept, heads, strict=True):
            idx, length = int(rows[old, 0]), int(rows[old, 1])
            word = piece.text[idx : idx + length]
            tag = strings[np.uint64(rows[old, 2])] if rows[old, 2] else "XX"
            dep = strings[np.uint64(rows[old, 3])] if rows[old, 3] else "dep"
            pos = universal(tag, dep, word)
            self._start.append(piece.start + idx)
            self._end.append(piece.start + idx + length)
            self._tag.append(tag)
            self._dep.append(dep)
            self._pos.append(pos)
            self._lemma.append(self._lemmas(word, pos, tag))
            self._head.append(place[head])
            if new_sentence or rows[old, 5] == 1:
                self._sent_start.append(place[old])
            new_sentence = False
        # A sentence that began with white space begins with its first word instead.

    def parse(self) -> Parse:
        return Parse(
            start=tuple(self._start),
            end=tuple(self._end),
            lemma=tuple(self._lemma),
            pos=tuple(self._pos),
            tag=tuple(self._tag),
            dep=tuple(self._dep),
            head=tuple(self._head),
            sent_start=tuple(self._sent_start),
        )


def _heads(offsets: "np.ndarray[tuple[int], np.dtype[np.int64]]", kept: Sequence[int]) -> list[int]:
    """The head of every kept token; where the head is white space, the token becomes a root."""
    words = set(kept)
    heads = []
    for old in kept:
        head = old + int(offsets[old])
        heads.append(head if head in words else old)
    return heads
