"""A story's text laid out over the columns of its parse: words, sentences, paragraphs, the tree."""

from collections.abc import Container, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from visitwire_schemas import Parse

from visitwire_language.quotations import Quotation, quotations_of


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
    def wordy(self) -> list[bool]:
        """Whether each token has a letter or a digit."""
        return [word[0].isalnum() or any(map(str.isalnum, word)) for word in self.words]

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

    def below(self, *heads: int, without: Container[int] = ()) -> list[int]:
        """The tokens of the subtrees of `heads`, in no order, without the subtrees of `without`."""
        found = list(heads)
        for here in found:
            below = self.parse.children(here)
            if below:
                found.extend([child for child in below if child not in without] if without else below)
        return found

    @cached_property
    def depth(self) -> list[int]:
        """How far each token is from its root; 0 for a root."""
        known: list[int] = [-1] * len(self)
        for token in range(len(self)):
            path = []
            while known[token] < 0:
                known[token] = 0
                path.append(token)
                token = self.parse.head[token]
            depth = known[token]
            for step in reversed(path):
                depth += self.parse.head[step] != step
                known[step] = depth
        return known

    @cached_property
    def is_tree(self) -> bool:
        """Whether every token hangs on a root in the end. Ask first: a walk through a circle never ends."""
        sound = {token for token, head in enumerate(self.parse.head) if head == token}
        for token in range(len(self)):
            path: dict[int, None] = {}
            while token not in sound:
                if token in path:
                    return False
                path[token] = None
                token = self.parse.head[token]
            sound.update(path)
        return True

    # -- what is written between quotation marks

    @cached_property
    def quotations(self) -> list[Quotation]:
        """What stands between outermost quotation marks, those without a word left out."""
        found = quotations_of(self.text)
        return [one for one in found if any(letter.isalnum() for letter in self.text[one.start : one.end])]

    def quotation_tokens(self, number: int) -> range:
        """The tokens of a quotation, its marks included."""
        return self._quotation_tokens[number]

    @cached_property
    def _quotation_tokens(self) -> list[range]:
        return [self.parse.within(one.start, one.end) for one in self.quotations]

    @cached_property
    def quoted(self) -> list[int]:
        """For each token the number of the quotation that holds it, marks included; -1 outside."""
        found = [-1] * len(self)
        for number, tokens in enumerate(self._quotation_tokens):
            for token in tokens:
                found[token] = number
        return found

    @cached_property
    def breaks(self) -> list[bool]:
        """For each token whether a written sentence begins there: by full stops and quotation marks. The parser is
        asked only whether a point ends a sentence or an abbreviation; marks lead it astray elsewhere."""
        words, quoted, paragraph = self.words, self.quoted, self.paragraph_of
        found = [False] * len(words)
        if found:
            found[0] = True
        starts = set(self.parse.sent_start)
        for token, word in enumerate(words[:-1], 1):
            if paragraph[token] != paragraph[token - 1]:
                found[token] = True
            elif quoted[token - 1] < 0 and word[-1] in ".?!":
                found[token] = len(word) == 1 or (word[-1] == "." and token in starts)
        for number, one in enumerate(self.quotations):
            after = self.quotation_tokens(number).stop
            if after < len(words) and not found[after]:
                found[after] = one.inside(self.text)[-1:] in ".?!" and not words[after][0].islower()
        return found

    def written_sentence(self, token: int) -> range:
        """The sentence around `token`, as `breaks` has it."""
        first, stop = token, token + 1
        while first > 0 and not self.breaks[first]:
            first -= 1
        while stop < len(self.breaks) and not self.breaks[stop]:
            stop += 1
        return range(first, stop)
