"""What the rules ask of grammar: finite verbs, cues, and datelines, which the parser takes for names."""

from visitwire_language.cues import NOTHING, Takes, cues
from visitwire_language.text import Text

FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
VERBAL = frozenset({"VERB", "AUX"})
_LONGEST_DATELINE, _SHORTEST_PLACE = 14, 3


def finite_tag(text: Text, verb: int) -> str:
    """The tag of the finite verb of a clause: its auxiliary's, where it has one."""
    tags = (text.parse.tag[c] for c in text.parse.children(verb, "aux", "auxpass"))
    return next((tag for tag in tags if tag in FINITE), text.parse.tag[verb])


def after_dateline(text: Text, first: int) -> int:
    """The token after the dateline at `first`, "OSLO, March 3 (Nordwire) -"; `first` where there is none."""
    paragraph = text.paragraph_of
    opens = first == 0 or paragraph[first] != paragraph[first - 1]
    if not opens or not text.words[first].isupper() or len(text.words[first]) < _SHORTEST_PLACE:
        return first
    for token in range(first + 1, min(first + _LONGEST_DATELINE, len(text))):
        if text.parse.tag[token] in FINITE or text.quoted[token] >= 0 or paragraph[token] != paragraph[first]:
            return first
        if text.words[token] in ("-", "–", "—", "--") and text.text[text.parse.start[token] - 1].isspace():
            return token + 1
    return first


def cue_takes(text: Text, token: int) -> Takes:
    """What the verb at `token` takes as a cue."""
    return cues().verbs.get(text.lemma[token], NOTHING)


def may_tag(text: Text, token: int) -> bool:
    """Whether the verb at `token` may tag a quotation."""
    takes = cue_takes(text, token)
    return "quotation" in takes or "clause" in takes
