"""A parsed story as the entity rules read it: words, tags, arcs, the model's entities, paragraphs, marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from spacy.tokens import Doc
from visitwire_language.phrases import plain
from visitwire_schemas import Parse, Story

from visitwire_extraction.paragraphs import INVISIBLE, Piece


@dataclass(frozen=True)
class Ent:
    """What the model took for a name: tokens `[first, end)` and its label ("PERSON", "ORG", "GPE" …)."""

    first: int
    end: int
    label: str


@dataclass(frozen=True)
class Document:
    """The columns are equally long, one entry a token, as those of `parse`."""

    story: Story
    parse: Parse
    words: tuple[str, ...]
    plain: tuple[str, ...]
    paragraph: tuple[int, ...]
    quoted: tuple[bool, ...]
    """Whether the token stands between quotation marks."""
    ents: tuple[Ent, ...]
    label: tuple[str, ...]
    """The label of the model's entity that holds the token, or ""."""

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def _capital(self) -> tuple[bool, ...]:
        return tuple(
            word[:1].isupper() and (word.isalpha() or not any(c.isdigit() or c in "@/&%$<>=_" for c in word))
            for word in self.words
        )

    @cached_property
    def date(self) -> date:
        return self.story.published.date()

    @property
    def is_dated(self) -> bool:
        """Whether the wire says when it published the story."""
        return (self.story.versioncreated or self.story.firstcreated) is not None

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of the story, in its plain form."""
        return frozenset(self.plain)

    @cached_property
    def ent_at(self) -> dict[int, Ent]:
        """The model's entity that holds a token."""
        return {token: ent for ent in self.ents for token in range(ent.first, ent.end)}

    def text(self, first: int, end: int) -> str:
        """The words `[first, end)` as the story has them, line breaks made spaces."""
        return " ".join(_visible(self.story.text[self.parse.start[first] : self.parse.end[end - 1]]).split())

    def same_paragraph(self, one: int, other: int) -> bool:
        return 0 <= one < len(self) and 0 <= other < len(self) and self.paragraph[one] == self.paragraph[other]

    def past_brackets(self, at: int) -> int:
        """The token after a word in brackets that begins at a token, such as "(UNSG)"; else the token itself."""
        bracketed = self.words[at : at + 1] == ("(",) and self.words[at + 2 : at + 3] == (")",)
        return at + 3 if bracketed else at

    def is_capital(self, token: int) -> bool:
        """Whether the word starts with a capital letter and has letters only, but for dots, hyphens, apostrophes."""
        return self._capital[token]

    def starts_sentence(self, token: int) -> bool:
        return token == 0 or token in self._sentence_starts or self.paragraph[token] != self.paragraph[token - 1]

    def is_shouted(self, token: int) -> bool:
        """Whether the word stands in a paragraph of capitals only, such as a headline."""
        return self.paragraph[token] in self._shouted

    def is_headline(self, token: int) -> bool:
        """Whether the word stands in a line written as a headline: nearly every word with a capital, no full stop."""
        return self.paragraph[token] in self._headlines

    @cached_property
    def _headlines(self) -> frozenset[int]:
        lines: dict[int, list[str]] = {}
        for number, word in zip(self.paragraph, self.words, strict=True):
            lines.setdefault(number, []).append(word)
        first = min(lines, default=0)
        return frozenset(
            number
            for number, words in lines.items()
            if len(lines) > 1 and _reads_as_headline(words) and (number == first or words[-1] not in '.!”"')
        )

    @cached_property
    def _shouted(self) -> frozenset[int]:
        small = {number for number, word in zip(self.paragraph, self.words, strict=True) if word.upper() != word}
        return frozenset(self.paragraph) - small

    @cached_property
    def sentence(self) -> tuple[int, ...]:
        """The number of each token's sentence."""
        starts, number, numbers = self._sentence_starts, -1, []
        for token in range(len(self)):
            number += token in starts or number < 0
            numbers.append(number)
        return tuple(numbers)

    @cached_property
    def _sentence_starts(self) -> frozenset[int]:
        return frozenset(self.parse.sent_start)


def _reads_as_headline(words: Sequence[str]) -> bool:
    long = [word for word in words if len(word) > 3 and word[0].isalpha()]
    return 4 <= len(words) <= 30 and len(long) > 2 and all(word[0].isupper() for word in long)


_OPEN, _CLOSE, _EITHER = frozenset("“„«"), frozenset("”»"), frozenset(('"', "``", "''"))


def _visible(text: str) -> str:
    return text if text.isascii() else INVISIBLE.sub("", text)


def document_of(story: Story, parse: Parse, parsed: Sequence[tuple[Piece, Doc]]) -> Document:
    words = tuple(_visible(story.text[start:end]) for start, end in zip(parse.start, parse.end, strict=True))
    paragraph: list[int] = []
    ents: list[Ent] = []
    label = [""] * len(words)
    for piece, doc in parsed:
        last = piece.end
        while len(paragraph) < len(words) and parse.start[len(paragraph)] < last:
            paragraph.append(piece.paragraph)
        for ent in doc.ents:
            tokens = parse.within(*piece.span(ent.start_char, ent.end_char - ent.start_char))
            if tokens:
                ents.append(Ent(tokens.start, tokens.stop, ent.label_))
                for token in tokens:
                    label[token] = ent.label_
    return Document(
        story,
        parse,
        words,
        tuple(plain(word) for word in words),
        tuple(paragraph),
        _quoted(words, paragraph),
        tuple(ents),
        tuple(label),
    )


def _quoted(words: Sequence[str], paragraph: Sequence[int]) -> tuple[bool, ...]:
    """Whether each word stands inside quotation marks. A quotation ends with its paragraph at the latest."""
    quoted, inside, number = [], False, -1
    for word, here in zip(words, paragraph, strict=True):
        if here != number:
            inside, number = False, here
        if word in _OPEN:
            inside = True
        elif word in _CLOSE:
            inside = False
        elif word in _EITHER:
            inside = not inside
        quoted.append(inside)
    return tuple(quoted)
