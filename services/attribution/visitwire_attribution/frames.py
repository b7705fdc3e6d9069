"""Attributions by the tree: every cue of the lexicon with what it takes in its clause, the outermost first."""

from collections.abc import Iterator

from visitwire_language.cues import cues
from visitwire_language.text import Text

from visitwire_attribution import confidence
from visitwire_attribution.finding import Finding
from visitwire_attribution.nominals import according, by_adjective, by_adverb, by_noun
from visitwire_attribution.verbs import by_verb

_OPEN_CLASSES = frozenset({"VERB", "NOUN", "ADJ", "ADV"})
"""Parts of speech of cues, "according" aside, which is whichever the tagger likes."""


def frames(text: Text, taken: set[int]) -> Iterator[Finding]:
    """Every attribution by a cue outside `taken`, which grows by what is found: a content is not looked into."""
    for token in _outermost_first(text):
        if token in taken:
            continue
        found = _read(text, token)
        if found is None or not found.content or confidence.confidence(text, found) < confidence.LEAST:
            continue
        held = {t for start, end in found.content for t in text.parse.within(start, end)}
        if 2 * len(held & taken) > len(held):
            continue
        taken.update(held)
        yield found


def _outermost_first(text: Text) -> list[int]:
    """The tokens outside quotations that may be cues, by their depth in the tree."""
    known, quoted, lemmas, depth = cues(), text.quoted, text.lemma, text.depth
    words = {"NOUN": known.nouns, "ADJ": known.adjectives, "ADV": known.words["adverbs"]}
    found = {
        token: float(depth[token])
        for token, pos in enumerate(text.parse.pos)
        if pos in _OPEN_CLASSES and quoted[token] < 0 and (pos == "VERB" or lemmas[token] in words[pos])
    }
    # "According to Lee, the minister said …" is Lee's word on what was said: it goes before the verb it hangs on.
    found |= {t: depth[t] - 1.5 for t, word in enumerate(text.lower) if word in known.phrases and quoted[t] < 0}
    return sorted(found, key=lambda token: (found[token], token))


def _accords(text: Text, token: int) -> bool:
    return text.lower[token] in cues().phrases


def _read(text: Text, token: int) -> Finding | None:
    if _accords(text, token):
        return according(text, token)
    pos, lemma = text.parse.pos[token], text.lemma[token]
    if pos == "VERB":
        return by_verb(text, token)
    if pos == "NOUN":
        return by_noun(text, token, cues().nouns[lemma])
    if pos == "ADJ":
        return by_adjective(text, token, cues().adjectives[lemma])
    return by_adverb(text, token)
