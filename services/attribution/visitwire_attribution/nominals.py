"""Attributions by nouns, adjectives and "according to": "his claim that …", "is confident that …"."""

from visitwire_attribution.clauses import below, finding, pieces
from visitwire_attribution.finding import Finding
from visitwire_attribution.lexicon import Takes
from visitwire_attribution.phrases import phrase, source_of
from visitwire_attribution.reading import FINITE, VERBAL, Reading


def by_noun(reading: Reading, noun: int, takes: Takes) -> Finding | None:
    """ "The claim that …", "his call for …", "their view is that …"."""
    parse = reading.parse
    for child in reading.children(noun, "acl", "ccomp"):
        words = [reading.lower[c] for c in reading.children(child, "mark", "aux")]
        take = "clause" if "that" in words else "infinitive" if "to" in words else ""
        if take in takes:
            content = below(reading, child)
            return _announced(reading, noun, content) or _of(reading, f"noun {take}", takes[take], noun, content)
    for child in reading.children(noun, "prep"):
        kind = takes.get(f"{reading.lower[child]}*")
        if kind is not None:
            content = below(reading, *reading.children(child, "pobj", "pcomp"))
            return _of(reading, "noun preposition", kind, noun, content, child)
    head = parse.head[noun]
    if "clause" in takes and parse.dep[noun] == "nsubj" and reading.lemmas[head] == "be":
        for child in reading.children(head, "ccomp"):
            return _of(reading, "noun clause", takes["clause"], noun, below(reading, child), head)
    return None


def _announced(reading: Reading, noun: int, content: list[int]) -> Finding | None:
    """ "said in a statement that …": the verb is the cue."""
    verb = reading.parse.head[reading.parse.head[noun]]
    if reading.parse.dep[noun] != "pobj" or reading.parse.pos[verb] != "VERB":
        return None
    kind = reading.takes(verb).get("clause")
    return finding(reading, "clause", kind, verb, content) if kind else None


def _of(reading: Reading, frame: str, kind: str, noun: int, content: list[int], *more: int) -> Finding:
    source = tuple(_owner(reading, noun))
    return Finding(frame, kind, tuple(sorted((noun, *more))), source, pieces(reading, content))


def _owner(reading: Reading, noun: int) -> list[int]:
    """Whose claim it is: "his", "Lee's", "by Lee", or the subject of the verb that has it for an object."""
    parse, head = reading.parse, reading.parse.head[noun]
    object_of = parse.dep[noun] in ("dobj", "attr") and parse.pos[head] in VERBAL
    for child in reading.children(noun, "poss"):
        own = parse.tag[child] == "PRP$" and object_of
        return (source_of(reading, head) if own else []) or phrase(reading, child, noun)
    for child in reading.children(noun, "prep"):
        if reading.lower[child] in ("by", "from"):
            for thing in reading.children(child, "pobj"):
                return phrase(reading, thing, noun)
    for child in reading.children(noun, "amod", "compound"):
        if parse.pos[child] == "PROPN":
            return [child]
    return source_of(reading, head) if object_of else []


def by_adjective(reading: Reading, adjective: int, takes: Takes) -> Finding | None:
    """ "Is confident that …", "made clear that …", "skeptical about …"."""
    parse = reading.parse
    head, dep = parse.head[adjective], parse.dep[adjective]
    made = reading.lemmas[head] == "make" and dep in ("ccomp", "oprd", "acomp")
    if not made and dep not in ("acomp", "advcl", "amod"):
        return None
    copula = head if made or dep == "acomp" else adjective
    for child in (*reading.children(adjective, "ccomp", "xcomp"), *reading.children(copula, "ccomp")):
        finite = any(parse.tag[t] in FINITE for t in (child, *reading.children(child, "aux")))
        take = "clause" if finite else "infinitive"
        if child > adjective and take in takes:
            return _held(reading, adjective, f"adjective {take}", takes[take], copula, below(reading, child))
    for child in reading.children(adjective, "prep"):
        kind = takes.get(f"{reading.lower[child]}*")
        if kind is not None:
            content = below(reading, *reading.children(child, "pobj", "pcomp"))
            return _held(reading, adjective, "adjective preposition", kind, copula, content)
    return None


def _held(reading: Reading, adjective: int, frame: str, kind: str, copula: int, content: list[int]) -> Finding:
    cue = tuple(sorted({copula, adjective}))
    return Finding(frame, kind, cue, tuple(source_of(reading, copula)), pieces(reading, content))


def according(reading: Reading, token: int) -> Finding | None:
    """ "According to Lee": the clause that it hangs on, without it."""
    parse, to = reading.parse, token + 1
    if to >= len(parse) or reading.lower[to] != "to":
        return None
    source = [t for child in reading.children(to, "pobj") for t in phrase(reading, child, to)]
    top = next((t for t in reading.ancestors(token) if parse.pos[t] in VERBAL), None)
    if top is None:
        top = parse.head[token]
    while parse.dep[top] == "conj" and parse.pos[parse.head[top]] in VERBAL:
        top = parse.head[top]
    drop = set(below(reading, token, to))
    content = [t for t in below(reading, top) if t not in drop]
    around = frozenset((token, to, *source))
    return Finding("according", "speech", (token, to), tuple(source), pieces(reading, content, around))


def by_adverb(reading: Reading, adverb: int) -> Finding | None:
    """ "Reportedly": its clause, on nobody's word."""
    content = [t for t in below(reading, reading.parse.head[adverb]) if t != adverb]
    return Finding("adverb", "speech", (adverb,), (), pieces(reading, content, frozenset((adverb,))))
