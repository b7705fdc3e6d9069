"""What a verb of the lexicon takes as the content of an attribution, by the tree."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from visitwire_attribution.clauses import below, finding
from visitwire_attribution.finding import Finding
from visitwire_attribution.lexicon import Takes
from visitwire_attribution.reading import FINITE, Reading
from visitwire_attribution.stretch import cut

_NEAR = 12
"""Tokens from subject to verb in a tag that ends a sentence."""
_TELLING = frozenset(
    {"tell", "inform", "remind", "assure", "reassure", "convince", "warn", "brief", "notify", "persuade"}
)
"""Verbs whose object is who is told."""
_RELATIVE = frozenset({"WDT", "WP", "WP$"})
_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "expl")


def by_verb(reading: Reading, verb: int) -> Finding | None:
    """The attribution by `verb`; None where it takes nothing here, or is negated and then says nothing."""
    takes = reading.takes(verb)
    if reading.children(verb, "neg") and reading.lemmas[verb] not in reading.lexicon.raising:
        return None
    if not takes:
        return _other(reading, verb)
    expected = takes.get("passive") == "thought" and bool(reading.children(verb, "nsubjpass"))
    for take, read in (("passive", _passive), *_READERS.items()) if expected else _READERS.items():
        if take in takes and (content := read(reading, verb)):
            return finding(reading, take, takes[take], verb, content)
    return _preposition(reading, verb, takes)


def _clause(reading: Reading, verb: int) -> list[int]:
    children = reading.children(verb, "ccomp")
    if children:
        lost = _lost_subject(reading, verb, children[0])
        return cut(reading, [*lost, *below(reading, *children)], verb)
    return _host(reading, verb) or _strayed(reading, verb) or _closing(reading, verb)


def _lost_subject(reading: Reading, verb: int, clause: int) -> range:
    """What stands before a finite clause that the parser left without its subject: "state their goal is to win"."""
    parse = reading.parse
    finite = any(parse.tag[t] in FINITE for t in (clause, *reading.children(clause, "aux", "auxpass")))
    if not finite or reading.children(clause, *_SUBJECTS, "mark", "attr"):
        return range(0)
    first, start = min(below(reading, clause)), verb + 1
    while start < first and parse.dep[start] in ("prt", "advmod", "npadvmod"):
        start += 1
    told = parse.dep[start] in ("mark", "prep", "punct", "dative") or reading.lemmas[verb] in _TELLING
    return range(0) if told else range(start, first)


def _host(reading: Reading, verb: int) -> list[int]:
    """The clause around a parenthesis: "The talks, he said, will fail"; "as he put it"."""
    parse = reading.parse
    as_clause = parse.dep[verb] == "advcl" and any(reading.lower[c] == "as" for c in reading.children(verb, "mark"))
    if parse.dep[verb] == "parataxis" or as_clause:
        return below(reading, parse.head[verb], without={verb})
    if parse.dep[verb] == "ccomp" and parse.head[verb] > verb and _that(reading, parse.head[verb]):
        first = next(t for t in range(verb, len(parse)) if reading.lower[t] == "that")
        return [t for t in below(reading, parse.head[verb], without={verb}) if t >= first]
    return []


def _strayed(reading: Reading, verb: int) -> list[int]:
    """The clause that the parser hung on a place or a time: "told guests at a dinner that …"."""
    parse = reading.parse
    if reading.takes(verb)["clause"] != "speech":
        return []
    for child in reading.children(verb, "advcl"):
        for clause in reading.children(child, "ccomp"):
            if child > verb and reading.words[min(below(reading, clause)) - 1] == "," and _that(reading, clause):
                return below(reading, clause)
    told = ("dobj",) if reading.lemmas[verb] in _TELLING else ()
    todo = [c for c in reading.children(verb, "prep", "npadvmod", *told) if c > verb]
    for thing in todo:
        for child in reading.children(thing):
            if parse.dep[child] in ("acl", "relcl", "ccomp"):
                if _that(reading, child):
                    return below(reading, child)
            elif parse.dep[child] in ("pobj", "appos", "prep"):
                todo.append(child)
    return []


def _that(reading: Reading, clause: int) -> bool:
    """Whether "that" opens the clause as a conjunction, or as what the parser took for one object too many."""
    objects = reading.children(clause, "dobj")
    taken = objects if len(objects) > 1 else ()
    return any(reading.lower[c] == "that" for c in (*reading.children(clause, "mark"), *taken))


def _closing(reading: Reading, verb: int) -> list[int]:
    """All before a tag that ends the sentence: "…, he said."; "…, said Lee."."""
    parse = reading.parse
    subjects = reading.children(verb, "nsubj")
    if parse.tag[verb] not in FINITE or "quotation" not in reading.takes(verb):
        return []
    if not subjects or verb - subjects[0] > _NEAR:
        return []
    first = min(verb, *below(reading, subjects[0]))
    sentence = reading.sentence(first)
    before, after = range(sentence.start, first - 1), range(verb + 1, sentence.stop)
    ends = reading.words[first - 1] == "," and not any(parse.tag[t] in FINITE for t in after)
    return list(before) if ends and any(parse.tag[t] in FINITE for t in before) else []


def _infinitive(reading: Reading, verb: int) -> list[int]:
    parse = reading.parse
    for child in reading.children(verb, "xcomp", "ccomp"):
        if child > verb and any(parse.tag[c] == "TO" for c in reading.children(child, "aux")):
            told = reading.lemmas[verb] == "tell"
            things = () if told else (c for c in reading.children(verb, "dobj") if c < child)
            return below(reading, child, *things)
    return []


def _gerund(reading: Reading, verb: int) -> list[int]:
    parse = reading.parse
    return below(reading, *(c for c in reading.children(verb, "xcomp", "pcomp") if c > verb and parse.tag[c] == "VBG"))


def _object(reading: Reading, verb: int) -> list[int]:
    """The object, and "for …", "of …", "as …" after it: "praised him for his courage"."""
    things = [c for c in reading.children(verb, "dobj") if c > verb and not _speaks_itself(reading, c)]
    if not things:
        return []
    tail = (c for c in reading.children(verb, "prep") if c > things[0] and reading.lower[c] in ("for", "of", "as"))
    return below(reading, *things, *tail)


def _speaks_itself(reading: Reading, thing: int) -> bool:
    """Whether an object is no content: "which", or a noun with a clause of its own, "repeated his claim that …"."""
    if reading.parse.tag[thing] in _RELATIVE:
        return True
    if "clause" not in reading.lexicon.nouns.get(reading.lemmas[thing], {}):
        return False
    clauses = reading.children(thing, "acl", "ccomp")
    return any(_that(reading, clause) for clause in clauses)


def _naming(reading: Reading, verb: int) -> list[int]:
    prepositions = [c for c in reading.children(verb, "prep") if c > verb]
    names = [c for c in reading.children(verb, "oprd", "acomp", "attr") if c > verb]
    names += [c for c in prepositions if reading.lower[c] == "as"]
    things = reading.children(verb, "dobj", "nsubjpass")
    hung = any(reading.lower[c] == "as" for thing in things for c in reading.children(thing, "prep"))
    if not names and not hung:
        return []
    to = (c for c in prepositions if reading.lower[c] == "to")
    return below(reading, *things, *to, *names)


def _passive(reading: Reading, verb: int) -> list[int]:
    subjects = reading.children(verb, "nsubjpass")
    if not subjects:
        return []
    rest = (c for c in reading.children(verb, "prep") if reading.lower[c] in ("for", "of", "as"))
    return below(reading, *subjects, *reading.children(verb, "xcomp", "oprd"), *rest)


def _preposition(reading: Reading, verb: int, takes: Takes) -> Finding | None:
    for child in reading.children(verb, "prep"):
        kind = takes.get(f"{reading.lower[child]}*")
        things = reading.children(verb, "dobj") if kind == "stance" else ()
        if kind is not None and (content := below(reading, *reading.children(child, "pobj", "pcomp"), *things)):
            return finding(reading, "preposition", kind, verb, content, (child,))
    for thing in reading.children(verb, "dobj"):
        for child in reading.children(thing, "prep"):
            if takes.get(f"{reading.lower[child]}*") == "stance":
                return finding(reading, "preposition", "stance", verb, below(reading, thing))
    return _demanded(reading, verb, takes) if "for*" in takes else None


def _demanded(reading: Reading, verb: int, takes: Takes) -> Finding | None:
    """ "Called for him to resign": a clause that "for" opens."""
    for child in reading.children(verb, "advcl", "ccomp", "xcomp"):
        if child > verb and any(reading.lower[c] == "for" for c in reading.children(child, "mark")):
            return finding(reading, "preposition", takes["for*"], verb, below(reading, child))
    return None


def _other(reading: Reading, verb: int) -> Finding | None:
    """A verb that the lexicon does not know, with a clause that begins with "that"."""
    if reading.lemmas[verb] in reading.lexicon.never:
        return None
    for child in reading.children(verb, "ccomp"):
        if child > verb and _that(reading, child):
            return finding(reading, "other", "thought", verb, below(reading, child))
    return None


_READERS: Mapping[str, Callable[[Reading, int], list[int]]] = MappingProxyType(
    {
        "clause": _clause,
        "naming": _naming,
        "infinitive": _infinitive,
        "gerund": _gerund,
        "object": _object,
        "passive": _passive,
    }
)
"""How each take is read, in the order of trying."""
