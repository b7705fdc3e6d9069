"""Phrases to values, looked up at a word of a text; the longest phrase wins."""

import re
import unicodedata
from collections.abc import Sequence

_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ə": "e", "ħ": "h",
     "ʻ": "'", "ʼ": "'", "’": "'", "–": "-"}
)  # fmt: skip
"""Letters that are none with an accent, as wires romanise them."""
_WORD = re.compile(r"[^\s\-–'’]+|[-–]|['’]s\b|['’]")


def plain(word: str) -> str:
    """The form in which words are compared: lower case, no accents, straight apostrophes."""
    if word.isascii():
        return word.lower()
    folded = unicodedata.normalize("NFKD", word.lower().translate(_LETTERS))
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def words(text: str) -> frozenset[str]:
    """A set of words, written with spaces between them."""
    return frozenset(text.split())


def words_of(phrase: str) -> tuple[str, ...]:
    """A phrase in words, parted as the tokenizer parts them: hyphens and possessives stand alone."""
    return tuple(plain(word) for word in _WORD.findall(phrase))


class Phrases[Value]:
    """`longest(words, at)` gives the end and the value of the longest phrase that starts at a word."""

    def __init__(self) -> None:
        self._phrases: dict[str, list[tuple[tuple[str, ...], Value]]] = {}

    def add(self, phrase: str, value: Value) -> None:
        """Adds a phrase; one that is there already keeps its value."""
        for words in {words_of(phrase), tuple(plain(phrase).split())}:
            if words and self.exact(words) is None:
                known = self._phrases.setdefault(words[0], [])
                known.append((words, value))
                known.sort(key=lambda entry: -len(entry[0]))

    def exact(self, words: Sequence[str]) -> Value | None:
        wanted = tuple(words)
        return next((value for phrase, value in self._phrases.get(wanted[0], ()) if phrase == wanted), None)

    def longest(self, words: Sequence[str], at: int) -> tuple[int, Value] | None:
        for phrase, value in self._phrases.get(words[at], ()):
            end = at + len(phrase)
            if len(phrase) == 1 or tuple(words[at:end]) == phrase:
                return end, value
        return None
