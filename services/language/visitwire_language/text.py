"""A story's text laid out over the columns of its parse: words, sentences, paragraphs, the tree."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from visitwire_schemas import Parse


class Text:
    """One text and its parse. Tokens are indices into the parse's columns; spans are character offsets, half-open.

    Every stage that reads language walks a story through this class, so that "sentence", "paragraph" or "phrase" means
    the same thing everywhere. All columns are as long as the parse and made when they are first asked for.
    """

    def __init__(self, text: str, parse: Parse) -> None:
        self.text = text
        self.parse = parse

    def __len__(self) -> int:
        return len(self.parse)

    @cached_property
    def words(self) -> list[str]:
        """Each token as written."""
        return [self.text[start:end] for start, end in zip(self.parse.start, self.parse.end, strict=True)]

    @cached_property
    def lower(self) -> list[str]:
        """Each token in lower case."""
        return [word.lower() for word in self.words]

    @cached_property
    def lemma(self) -> list[str]:
        """Each token's lemma in lower case."""
        return [lemma.lower() for lemma in self.parse.lemma]

    @cached_property
    def sentences(self) -> list[range]:
        """The tokens of each sentence; together they cover every token."""
        starts = [0, *(start for start in self.parse.sent_start if start > 0), len(self)]
        return [range(first, last) for first, last in pairwise(starts) if first < last]

    @cached_property
    def sentence_of(self) -> list[int]:
        """The number of each token's sentence."""
        return [number for number, sentence in enumerate(self.sentences) for _ in sentence]

    @cached_property
    def paragraph_of(self) -> list[int]:
        """The number of each token's paragraph; a paragraph is a line of the text, and blank lines are not counted."""
        numbers, number, end = [], -1, 0
        for start, stop in zip(self.parse.start, self.parse.end, strict=True):
            if number < 0 or "\n" in self.text[end:start]:
                number += 1
            numbers.append(number)
            end = stop
        return numbers

    def span(self, tokens: Sequence[int] | range) -> tuple[int, int]:
        """The character offsets from the first to the last of the tokens. Raises ValueError where there are none."""
        return self.parse.start[min(tokens)], self.parse.end[max(tokens)]

    def phrase(self, first: int, last: int) -> str:
        """The text from one token to another, both included, with line breaks and runs of blanks made one blank."""
        return " ".join(self.text[self.parse.start[first] : self.parse.end[last]].split())

    def conjuncts(self, token: int) -> list[int]:
        """The token and everything coordinated with it below it ("A, B and C" from A), in text order."""
        found = [token]
        for member in found:
            found.extend(self.parse.children(member, "conj"))
        return sorted(found)

    def left_edge(self, token: int) -> int:
        """The first token of the noun phrase that `token` heads, without the clauses and prepositions before it."""
        edge = token
        for child in self.parse.children(token, "det", "compound", "amod", "nmod", "poss", "nummod", "advmod"):
            if child < token:
                edge = min(edge, self.left_edge(child))
        return edge

    def path_up(self, token: int) -> Iterator[int]:
        """`token` and its ancestors up to the root of its sentence."""
        yield token
        yield from self.parse.ancestors(token)
