"""Attributions by nouns, adjectives and "according to": "his claim that …", "is confident that …"."""

from visitwire_language.cues import Takes, cues
from visitwire_language.text import Text

from visitwire_attribution.clauses import finding, pieces
from visitwire_attribution.finding import Finding
from visitwire_attribution.grammar import FINITE, VERBAL, cue_takes
from visitwire_attribution.phrases import phrase, source_of


def by_noun(text: Text, noun: int, takes: Takes) -> Finding | None:
    """ "The claim that …", "his call for …", "their view is that …"."""
    parse = text.parse
    for child in text.parse.children(noun, "acl", "ccomp"):
        words = [text.lower[c] for c in text.parse.children(child, "mark", "aux")]
        take = "clause" if "that" in words else "infinitive" if "to" in words else ""
        if take in takes:
            content = text.below(child)
            return _announced(text, noun, content) or _of(text, f"noun {take}", takes[take], noun, content)
    for child in text.parse.children(noun, "prep"):
        kind = takes.get(f"{text.lower[child]}*")
        if kind is not None:
            content = text.below(*text.parse.children(child, "pobj", "pcomp"))
            return _of(text, "noun preposition", kind, noun, content, child)
    head = parse.head[noun]
    if "clause" in takes and parse.dep[noun] == "nsubj" and text.lemma[head] == "be":
        for child in text.parse.children(head, "ccomp"):
            return _of(text, "noun clause", takes["clause"], noun, text.below(child), head)
    return None


def _announced(text: Text, noun: int, content: list[int]) -> Finding | None:
    """ "said in a statement that …": the verb is the cue."""
    verb = text.parse.head[text.parse.head[noun]]
    if text.parse.dep[noun] != "pobj" or text.parse.pos[verb] != "VERB":
        return None
    kind = cue_takes(text, verb).get("clause")
    return finding(text, "clause", kind, verb, content) if kind else None


def _of(text: Text, frame: str, kind: str, noun: int, content: list[int], *more: int) -> Finding:
    source = tuple(_owner(text, noun))
    return Finding(frame, kind, tuple(sorted((noun, *more))), source, pieces(text, content))


def _owner(text: Text, noun: int) -> list[int]:
    """Whose claim it is: "his", "Lee's", "by Lee", or the subject of the verb that has it for an object."""
    parse, head = text.parse, text.parse.head[noun]
    object_of = parse.dep[noun] in ("dobj", "attr") and parse.pos[head] in VERBAL
    for child in text.parse.children(noun, "poss"):
        own = parse.tag[child] == "PRP$" and object_of
        return (source_of(text, head) if own else []) or phrase(text, child, noun)
    for child in text.parse.children(noun, "prep"):
        if text.lower[child] in ("by", "from"):
            for thing in text.parse.children(child, "pobj"):
                return phrase(text, thing, noun)
    for child in text.parse.children(noun, "amod", "compound"):
        if parse.pos[child] == "PROPN":
            return [child]
    return source_of(text, head) if object_of else []


def by_adjective(text: Text, adjective: int, takes: Takes) -> Finding | None:
    """ "Is confident that …", "made clear that …", "skeptical about …"."""
    parse = text.parse
    head, dep = parse.head[adjective], parse.dep[adjective]
    made = text.lemma[head] == "make" and dep in ("ccomp", "oprd", "acomp")
    if not made and dep not in ("acomp", "advcl", "amod"):
        return None
    copula = head if made or dep == "acomp" else adjective
    for child in (*text.parse.children(adjective, "ccomp", "xcomp"), *text.parse.children(copula, "ccomp")):
        finite = any(parse.tag[t] in FINITE for t in (child, *text.parse.children(child, "aux")))
        take = "clause" if finite else "infinitive"
        if child > adjective and take in takes:
            return _held(text, adjective, f"adjective {take}", takes[take], copula, text.below(child))
    for child in text.parse.children(adjective, "prep"):
        kind = takes.get(f"{text.lower[child]}*")
        if kind is not None:
            content = text.below(*text.parse.children(child, "pobj", "pcomp"))
            return _held(text, adjective, "adjective preposition", kind, copula, content)
    return None


def _held(text: Text, adjective: int, frame: str, kind: str, copula: int, content: list[int]) -> Finding:
    cue = tuple(sorted({copula, adjective}))
    return Finding(frame, kind, cue, tuple(source_of(text, copula)), pieces(text, content))


def according(text: Text, token: int) -> Finding | None:
    """ "According to Lee": the clause that it hangs on, without it."""
    parse, to = text.parse, token + 1
    if to >= len(parse) or text.lower[to] != cues().phrases[text.lower[token]]:
        return None
    source = [t for child in text.parse.children(to, "pobj") for t in phrase(text, child, to)]
    top = next((t for t in text.parse.ancestors(token) if parse.pos[t] in VERBAL), None)
    if top is None:
        top = parse.head[token]
    while parse.dep[top] == "conj" and parse.pos[parse.head[top]] in VERBAL:
        top = parse.head[top]
    drop = set(text.below(token, to))
    content = [t for t in text.below(top) if t not in drop]
    around = frozenset((token, to, *source))
    return Finding("according", "speech", (token, to), tuple(source), pieces(text, content, around))


def by_adverb(text: Text, adverb: int) -> Finding | None:
    """ "Reportedly": its clause, on nobody's word."""
    content = [t for t in text.below(text.parse.head[adverb]) if t != adverb]
    return Finding("adverb", "speech", (adverb,), (), pieces(text, content, frozenset((adverb,))))
