"""Lemmas from the tables a language model carries, looked up once for each word form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spacy.language import Language

_BE = {"am": "be", "is": "be", "are": "be", "was": "be", "were": "be", "been": "be", "being": "be", "'s": "be",
       "’s": "be", "'re": "be", "’re": "be", "'m": "be", "’m": "be"}  # fmt: skip
_AUXILIARY = {
    **_BE, "'ll": "will", "’ll": "will", "'d": "would", "’d": "would", "'ve": "have", "’ve": "have", "has": "have",
    "had": "have", "having": "have", "does": "do", "did": "do", "wo": "will", "ca": "can", "sha": "shall",
}  # fmt: skip
_PRONOUN = {"me": "I", "him": "he", "her": "she", "us": "we", "them": "they", "i": "I"}
_CACHE = 100_000
_KINDS = ("noun", "verb", "adj", "adv")
_BASE = frozenset({"VB", "VBP", "NN", "JJ", "RB"})


@dataclass(frozen=True)
class LemmaTables:
    """Per part of speech ("noun", "verb", "adj", "adv"): ending rules, irregular forms, and known lemmas."""

    rules: Mapping[str, Sequence[tuple[str, str]]]
    exceptions: Mapping[str, Mapping[str, str]]
    index: Mapping[str, frozenset[str]]


class Lemmas:
    """`lemmas(word, pos, tag)`, by the model's own exceptions and rules; proper names are kept as written."""

    def __init__(self, tables: LemmaTables) -> None:
        self._tables = tables
        self._knows: dict[str, bool] = {}

    def knows(self, word: str) -> bool:
        """Whether a word (in lower case) is in the tables, as it stands or inflected."""
        if word not in self._knows:
            if len(self._knows) >= _CACHE:
                self._knows.clear()
            self._knows[word] = self._is_known(word)
        return self._knows[word]

    def _is_known(self, word: str) -> bool:
        return any(word in forms for forms in self._tables.index.values()) or any(
            word in forms or self._by_rule(word, kind) in self._tables.index.get(kind, frozenset())
            for kind, forms in self._tables.exceptions.items()
        )

    def __call__(self, word: str, pos: str, tag: str) -> str:
        lower = word.lower()
        if pos == "PROPN":
            return word
        if pos == "PRON":
            return _PRONOUN.get(lower, lower) if tag == "PRP" else lower
        if pos == "AUX":
            return _AUXILIARY.get(lower, lower)
        if pos == "PART" and lower in ("n't", "n’t"):
            return "not"
        table = {"NOUN": "noun", "VERB": "verb", "ADJ": "adj", "ADV": "adv"}.get(pos)
        return self._by_rule(lower, table) if table and tag not in _BASE else lower

    def _by_rule(self, lower: str, table: str) -> str:
        irregular = self._tables.exceptions.get(table, {}).get(lower)
        if irregular:
            return irregular
        index = self._tables.index.get(table, frozenset())
        fallback = ""
        for ending, other in self._tables.rules.get(table, ()):
            if lower.endswith(ending):
                form = lower[: len(lower) - len(ending)] + other
                if form in index:
                    return form
                if form.isalpha():
                    fallback = fallback or form
        return lower if lower in index else fallback or lower


def lemmas_of(nlp: Language) -> Lemmas:
    """The lemma tables of a loaded model that has a rule lemmatizer; without one, words are their own lemmas."""
    if "lemmatizer" not in nlp.component_names:
        return Lemmas(LemmaTables({}, {}, {}))
    lookups = nlp.get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
    rules, exceptions, index = (lookups.get_table(f"lemma_{name}", {}) for name in ("rules", "exc", "index"))
    return Lemmas(
        LemmaTables(
            rules={kind: [(old, new) for old, new in rules.get(kind, ())] for kind in _KINDS},
            exceptions={kind: {form: found[0] for form, found in exceptions.get(kind, {}).items()} for kind in _KINDS},
            index={kind: frozenset(index.get(kind, ())) for kind in _KINDS},
        )
    )
