"""How sure an attribution is: the share of its construction that proved right on labelled news.

A construction is a frame and a kind of cue ("clause · speech"). Within it an attribution is graded by what weakens it,
whatever the construction: nobody named as its source, a cue that is not asserted ("to say", "who said"), a scrap of a
content. The shares are in `confidence.toml`.
"""

import tomllib
from functools import cache
from importlib.resources import files

from visitwire_language.pronouns import impersonal
from visitwire_language.text import Text

from visitwire_attribution.finding import Finding

LEAST = 0.42
"""What is less sure than this is not given out. Lower finds a little more and is wrong more often than right."""
WORST = 3
"""The worst grade; 0 is the best."""
_UNKNOWN = 0.5
_EMBEDDED = frozenset({"acl", "relcl", "pcomp", "xcomp", "amod", "csubj"})
_MARKED = frozenset({"tag", "lead", "colon", "label"})
"""Constructions that hold whatever they hold: "No," he said."""
_SCRAP = 5
_SPECK = 2


def confidence(text: Text, finding: Finding) -> float:
    """0..1."""
    table = _table()
    name = f"{finding.frame} · {finding.kind}"
    row = table.get(name) or table.get(finding.frame)
    return row[grade(text, finding)] if row else _UNKNOWN


def grade(text: Text, finding: Finding) -> int:
    """From 0, nothing weakens it, to `WORST`."""
    return min(WORST, _source(text, finding) + _cue(text, finding) + _content(text, finding))


def _source(text: Text, finding: Finding) -> int:
    if not finding.source:
        return 2
    words = [text.lower[t] for t in finding.source]
    if len(words) == 1 and words[0] in impersonal():
        return 1
    parse = text.parse
    named = any(parse.pos[t] == "PROPN" or parse.tag[t] in ("PRP", "PRP$", "WP") for t in finding.source)
    return 0 if named else 1


def _cue(text: Text, finding: Finding) -> int:
    parse = text.parse
    verb = next((t for t in finding.cue if parse.pos[t] == "VERB"), None)
    if verb is None:
        return 0
    auxiliaries = {parse.tag[c] for c in text.parse.children(verb, "aux")}
    weak = parse.dep[verb] in _EMBEDDED and not text.parse.children(verb, "nsubj")
    return int(weak or bool(auxiliaries & {"TO", "MD"}) or parse.dep[verb] == "relcl")


def _content(text: Text, finding: Finding) -> int:
    if finding.frame in _MARKED:
        return 0
    wordy = text.wordy
    words = sum(sum(wordy[span.start : span.stop]) for span in (text.parse.within(*piece) for piece in finding.content))
    return 2 if words <= 1 else 1 if words <= _SCRAP else 0


@cache
def _table() -> dict[str, tuple[float, ...]]:
    data = tomllib.loads(files(__package__).joinpath("confidence.toml").read_text(encoding="utf-8"))
    return {str(name): tuple(float(value) for value in row) for name, row in data["right"].items()}
