"""Attributions by the tree: every cue of the lexicon with what it takes in its clause, the outermost first."""

from collections.abc import Iterator

from visitwire_attribution import confidence
from visitwire_attribution.finding import Finding
from visitwire_attribution.nominals import according, by_adjective, by_adverb, by_noun
from visitwire_attribution.reading import Reading
from visitwire_attribution.verbs import by_verb

_OPEN_CLASSES = frozenset({"VERB", "NOUN", "ADJ", "ADV"})
"""Parts of speech of cues, "according" aside, which is whichever the tagger likes."""


def frames(reading: Reading, taken: set[int]) -> Iterator[Finding]:
    """Every attribution by a cue outside `taken`, which grows by what is found: a content is not looked into."""
    for token in _outermost_first(reading):
        if token in taken:
            continue
        found = _read(reading, token)
        if found is None or not found.content or confidence.confidence(reading, found) < confidence.LEAST:
            continue
        held = {t for start, end in found.content for t in reading.tokens(start, end)}
        if 2 * len(held & taken) > len(held):
            continue
        taken.update(held)
        yield found


def _outermost_first(reading: Reading) -> list[int]:
    """The tokens outside quotations that may be cues, by their depth in the tree."""
    lexicon, quoted, lemmas, depth = reading.lexicon, reading.quoted, reading.lemmas, reading.depth
    words = {"NOUN": lexicon.nouns, "ADJ": lexicon.adjectives, "ADV": lexicon.tables["adverbs"]}
    found = {
        token: float(depth(token))
        for token, pos in enumerate(reading.parse.pos)
        if pos in _OPEN_CLASSES and quoted[token] < 0 and (pos == "VERB" or lemmas[token] in words[pos])
    }
    # "According to Lee, the minister said …" is Lee's word on what was said: it goes before the verb it hangs on.
    if "according" in reading.lower:
        found |= {t: depth(t) - 1.5 for t, word in enumerate(reading.lower) if word == "according" and quoted[t] < 0}
    return sorted(found, key=lambda token: (found[token], token))


def _accords(reading: Reading, token: int) -> bool:
    return reading.lower[token] == "according"


def _read(reading: Reading, token: int) -> Finding | None:
    if _accords(reading, token):
        return according(reading, token)
    pos, lemma, lexicon = reading.parse.pos[token], reading.lemmas[token], reading.lexicon
    if pos == "VERB":
        return by_verb(reading, token)
    if pos == "NOUN":
        return by_noun(reading, token, lexicon.nouns[lemma])
    if pos == "ADJ":
        return by_adjective(reading, token, lexicon.adjectives[lemma])
    return by_adverb(reading, token)
