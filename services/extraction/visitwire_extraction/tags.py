"""Universal parts of speech from Penn tags.

https://universaldependencies.org/tagset-conversion/en-penn-uposf.html
"""

_UNIVERSAL = {
    "$": "SYM", "''": "PUNCT", ",": "PUNCT", "-LRB-": "PUNCT", "-RRB-": "PUNCT", ".": "PUNCT", ":": "PUNCT",
    "ADD": "X", "AFX": "ADJ", "CC": "CCONJ", "CD": "NUM", "DT": "DET", "EX": "PRON", "FW": "X", "HYPH": "PUNCT",
    "IN": "ADP", "JJ": "ADJ", "JJR": "ADJ", "JJS": "ADJ", "LS": "X", "MD": "AUX", "NFP": "PUNCT", "NN": "NOUN",
    "NNP": "PROPN", "NNPS": "PROPN", "NNS": "NOUN", "PDT": "DET", "POS": "PART", "PRP": "PRON", "PRP$": "PRON",
    "RB": "ADV", "RBR": "ADV", "RBS": "ADV", "RP": "ADP", "SYM": "SYM", "TO": "PART", "UH": "INTJ", "VB": "VERB",
    "VBD": "VERB", "VBG": "VERB", "VBN": "VERB", "VBP": "VERB", "VBZ": "VERB", "WDT": "PRON", "WP": "PRON",
    "WP$": "PRON", "WRB": "SCONJ", "XX": "X", "_SP": "SPACE", "``": "PUNCT",
}  # fmt: skip
MODIFIER_TAGS = frozenset({"JJ", "JJS", "NN", "NNS", "NNP", "NNPS", "VBG", "VBN", "HYPH", "AFX"})
_PRONOUNS = frozenset(
    {"this", "that", "these", "those", "all", "some", "any", "none", "each", "both", "either", "neither"}
)


def universal(tag: str, dep: str, word: str) -> str:
    """The part of speech that tag and arc give; the arc decides where the tag alone cannot."""
    pos = _UNIVERSAL.get(tag, "X")
    if pos == "VERB":
        return "AUX" if dep in ("aux", "auxpass") or word.lower() in _BE else pos
    if tag == "IN" and dep == "mark":
        return "SCONJ"
    if tag == "TO" and dep != "aux":
        return "ADP"
    if tag == "DT" and dep not in ("det", "predet") and word.lower() in _PRONOUNS:
        return "PRON"
    if tag == "RB" and word.lower() in ("not", "n't", "n’t"):
        return "PART"
    return pos


_BE = frozenset({"be", "am", "is", "are", "was", "were", "been", "being", "'s", "’s", "'re", "’re", "'m", "’m"})
