"""The parse of a story as plain columns, and the small walker that later stages read it with.

Terms are spaCy's and Universal Dependencies' (https://spacy.io/api/token). The columns are equally long, one entry a
token; white space is none. Each paragraph (line of `Story.text`) was parsed as its own text, so no arc crosses one.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from pydantic import model_validator

from visitwire_schemas.base import Message


class Parse(Message):
    """Token columns of `Story.text`, with `children`, `subtree`, `ancestors` and `sentence` over them."""

    start: tuple[int, ...]
    """Character offset of each token's first character in `Story.text`."""
    end: tuple[int, ...]
    """Character offset just after each token."""
    lemma: tuple[str, ...]
    """Dictionary form of each token."""
    pos: tuple[str, ...]
    """Universal part of speech ("PROPN")."""
    tag: tuple[str, ...]
    """Penn Treebank tag ("NNP")."""
    dep: tuple[str, ...]
    """Arc label to the head, ClearNLP style as in spaCy's English models ("nsubj")."""
    head: tuple[int, ...]
    """Index of each token's head; a root is its own head."""
    sent_start: tuple[int, ...]
    """Index of each sentence's first token, ascending."""

    @model_validator(mode="after")
    def _columns_agree(self) -> "Parse":
        size = len(self.start)
        if any(len(column) != size for column in (self.end, self.lemma, self.pos, self.tag, self.dep, self.head)):
            raise ValueError("the columns of a parse must be equally long")
        if any(not 0 <= head < size for head in self.head):
            raise ValueError("a head lies outside the parse")
        if any(not 0 <= first < size for first in self.sent_start):
            raise ValueError("a sentence starts outside the parse")
        return self

    def __len__(self) -> int:
        return len(self.start)

    @cached_property
    def _below(self) -> dict[int, tuple[int, ...]]:
        """The children of each token that has any."""
        found: dict[int, list[int]] = {}
        for token, head in enumerate(self.head):
            if head != token:
                found.setdefault(head, []).append(token)
        return {head: tuple(tokens) for head, tokens in found.items()}

    def children(self, token: int, *deps: str) -> tuple[int, ...]:
        """The tokens whose head is `token`, in text order; only those with one of `deps`, where any are given."""
        found = self._below.get(token, ())
        if found and deps:
            dep = self.dep
            return tuple([child for child in found if dep[child] in deps])
        return found

    def subtree(self, token: int) -> list[int]:
        """`token` and everything below it, in text order."""
        found, todo = [], [token]
        while todo:
            here = todo.pop()
            found.append(here)
            todo.extend(self.children(here))
        return sorted(found)

    def ancestors(self, token: int) -> Iterator[int]:
        """The head of `token`, its head, and so on up to the root."""
        while self.head[token] != token:
            token = self.head[token]
            yield token

    def sentence(self, token: int) -> range:
        """The indices of the tokens of the sentence that holds `token`."""
        after = max(bisect_right(self.sent_start, token), 1)
        first = self.sent_start[after - 1] if self.sent_start else 0
        last = self.sent_start[after] if after < len(self.sent_start) else len(self)
        return range(first, last)

    def sentences(self) -> Iterator[range]:
        """Every sentence as the range of its token indices."""
        bounds = [*self.sent_start, len(self)]
        for first, last in pairwise(bounds):
            yield range(first, last)

    def within(self, start: int, end: int) -> range:
        """The indices of the tokens that touch the characters `[start, end)`."""
        return range(bisect_right(self.end, start), bisect_left(self.start, end))

    def words(self, text: str, tokens: Sequence[int] | range) -> list[str]:
        """The words of the given tokens."""
        return [text[self.start[token] : self.end[token]] for token in tokens]
