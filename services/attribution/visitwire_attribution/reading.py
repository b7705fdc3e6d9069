"""A parsed story laid out for reading: its tokens, its lines, its quotation marks."""

from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from visitwire_runtime import InvalidMessage
from visitwire_schemas import Entity, EntityKind, MentionForm, Parse

from visitwire_attribution.lexicon import NOTHING, Lexicon, Takes
from visitwire_attribution.marks import Quotation, read

FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
VERBAL = frozenset({"VERB", "AUX"})
_LONGEST_DATELINE, _SHORTEST_PLACE = 14, 3
_DEEPEST = 200
"""Arcs from a token to its root; a sentence has a tenth of that."""
_LONGEST_SUBTREES = 1_000_000


@dataclass(frozen=True)
class Reading:
    """`text`, its parse and its quotations, with the look-ups that every rule needs. Tokens are indices."""

    text: str
    parse: Parse
    lexicon: Lexicon
    entities: tuple[Entity, ...] = ()

    @cached_property
    def quotations(self) -> list[Quotation]:
        return [one for one in read(self.text) if any(c.isalnum() for c in self.text[one.start : one.end])]

    @cached_property
    def words(self) -> list[str]:
        text = self.text
        return [text[start:end] for start, end in zip(self.parse.start, self.parse.end, strict=True)]

    @cached_property
    def lower(self) -> list[str]:
        return [word.lower() for word in self.words]

    @property
    def lemmas(self) -> tuple[str, ...]:
        return self.parse.lemma

    @cached_property
    def line(self) -> list[int]:
        """The number of each token's line."""
        numbers: list[int] = []
        end = 0
        for number, line in enumerate(self.text.split("\n")):
            end += len(line) + 1
            numbers += [number] * (bisect_left(self.parse.start, end) - len(numbers))
        return numbers

    @cached_property
    def quoted(self) -> list[int]:
        """For each token the number of the quotation it stands in, its marks included; -1 outside."""
        found = [-1] * len(self.parse)
        for number in range(len(self.quotations)):
            for token in self.span(number):
                found[token] = number
        return found

    @cached_property
    def speakers(self) -> frozenset[int]:
        """The last token of every name of a person or an organisation."""
        return frozenset(
            self.tokens(mention.start, mention.end).stop - 1
            for entity in self.entities
            if entity.kind in (EntityKind.PERSON, EntityKind.ORGANIZATION)
            for mention in entity.mentions
            if mention.form == MentionForm.NAME
        )

    def tokens(self, start: int, end: int) -> range:
        """The tokens that the characters [start, end) touch."""
        return range(bisect_left(self.parse.end, start + 1), bisect_left(self.parse.start, end))

    def span(self, number: int) -> range:
        """The tokens of a quotation, its marks included."""
        return self._spans[number]

    @cached_property
    def _spans(self) -> list[range]:
        return [self.tokens(one.start, one.end) for one in self.quotations]

    def takes(self, token: int) -> Takes:
        """What the verb at `token` takes as a cue."""
        return self.lexicon.verbs.get(self.lemmas[token], NOTHING)

    def quotes(self, token: int) -> bool:
        """Whether the verb at `token` may tag a quotation."""
        takes = self.takes(token)
        return "quotation" in takes or "clause" in takes

    def is_word(self, token: int) -> bool:
        """Whether the token holds a letter or a digit."""
        return self.wordy[token]

    @cached_property
    def wordy(self) -> list[bool]:
        return [word[0].isalnum() or any(map(str.isalnum, word)) for word in self.words]

    def children(self, token: int, *deps: str) -> list[int]:
        """The tokens that hang on `token`, in text order; only those with one of `deps`, where any are given."""
        found = self._children[token]
        if not deps or not found:
            return found
        dep = self.parse.dep
        return [child for child in found if dep[child] in deps]

    @cached_property
    def _children(self) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in self.parse.head]
        for token, head in enumerate(self.parse.head):
            if head != token:
                found[head].append(token)
        return found

    def below(self, heads: Iterable[int], without: Container[int] = ()) -> list[int]:
        """The tokens of the subtrees of `heads`, in no order, without the subtrees of `without`."""
        children, found = self._children, list(heads)
        for here in found:
            below = children[here]
            if below:
                found.extend([c for c in below if c not in without] if without else below)
                if len(found) > _LONGEST_SUBTREES:
                    raise InvalidMessage("the parse is no tree: a token hangs below itself")
        return found

    def ancestors(self, token: int) -> Iterator[int]:
        """The head of `token`, its head, and so on up to the root, or as far as a sentence may reach."""
        head = self.parse.head
        for _ in range(_DEEPEST):
            if head[token] == token:
                return
            token = head[token]
            yield token

    def depth(self, token: int) -> int:
        """How far the token is from its root; 0 for a root."""
        path, known, head = [], self._depths, self.parse.head
        while token not in known:
            known[token] = 0
            path.append(token)
            token = head[token]
        depth = known[token]
        for step in reversed(path):
            depth += head[step] != step
            known[step] = depth
        return depth

    @cached_property
    def _depths(self) -> dict[int, int]:
        return {}

    def sentence(self, token: int) -> range:
        """The sentence around `token`, as `breaks` has it."""
        first, stop = token, token + 1
        while first > 0 and not self.breaks[first]:
            first -= 1
        while stop < len(self.breaks) and not self.breaks[stop]:
            stop += 1
        return range(first, stop)

    @cached_property
    def breaks(self) -> list[bool]:
        """For each token whether a sentence begins there, by marks and stops; the tree is asked at "U.S." only."""
        words, quoted, line = self.words, self.quoted, self.line
        found = [False] * len(words)
        if found:
            found[0] = True
        starts = set(self.parse.sent_start)
        for token, word in enumerate(words[:-1], 1):
            if line[token] != line[token - 1]:
                found[token] = True
            elif quoted[token - 1] < 0 and word[-1] in ".?!":
                found[token] = len(word) == 1 or (word[-1] == "." and token in starts)
        for number in range(len(self.quotations)):
            after = self.span(number).stop
            if after < len(words) and not found[after]:
                found[after] = self._stops(number) and not words[after][0].islower()
        return found

    def after_dateline(self, first: int) -> int:
        """The token after the dateline at `first`, "OSLO, March 3 (Nordwire) -"; `first` where there is none."""
        opens_line = first == 0 or self.line[first] != self.line[first - 1]
        if not opens_line or not self.words[first].isupper() or len(self.words[first]) < _SHORTEST_PLACE:
            return first
        for token in range(first + 1, min(first + _LONGEST_DATELINE, len(self.words))):
            if self.parse.tag[token] in FINITE or self.quoted[token] >= 0 or self.line[token] != self.line[first]:
                return first
            if self.words[token] in ("-", "–", "—", "--") and self.text[self.parse.start[token] - 1].isspace():
                return token + 1
        return first

    def finite_tag(self, verb: int) -> str:
        """The tag of the finite verb of a clause: its auxiliary's, where it has one."""
        tags = (self.parse.tag[c] for c in self.children(verb, "aux", "auxpass"))
        return next((tag for tag in tags if tag in FINITE), self.parse.tag[verb])

    def _stops(self, number: int) -> bool:
        return self.quotations[number].inside(self.text)[-1:] in ".?!"
