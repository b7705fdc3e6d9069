"""What a verb of the lexicon takes as the content of an attribution, by the tree."""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from visitwire_language.cues import Takes, cues
from visitwire_language.data_files import of_language, sections
from visitwire_language.dependency_patterns import Patterns, read_tables
from visitwire_language.text import Text

from visitwire_attribution.clauses import finding
from visitwire_attribution.finding import Finding
from visitwire_attribution.grammar import FINITE, cue_takes
from visitwire_attribution.stretch import cut

_NEAR = 12
"""Tokens from subject to verb in a tag that ends a sentence."""
_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "expl")


def by_verb(text: Text, verb: int) -> Finding | None:
    """The attribution by `verb`; None where it takes nothing here, or is negated and then says nothing."""
    takes = cue_takes(text, verb)
    if text.parse.children(verb, "neg") and text.lemma[verb] not in cues().raising:
        return None
    if not takes:
        return _other(text, verb)
    expected = takes.get("passive") == "thought" and bool(text.parse.children(verb, "nsubjpass"))
    for take, read in (("passive", _READERS["passive"]), *_READERS.items()) if expected else _READERS.items():
        if take in takes and (content := read(text, verb)):
            return finding(text, take, takes[take], verb, content)
    return _preposition(text, verb, takes)


def _clause(text: Text, verb: int) -> list[int]:
    children = text.parse.children(verb, "ccomp")
    if children:
        lost = _lost_subject(text, verb, children[0])
        return cut(text, [*lost, *text.below(*children)], verb)
    return _host(text, verb) or _strayed(text, verb) or _closing(text, verb)


def _lost_subject(text: Text, verb: int, clause: int) -> range:
    """What stands before a finite clause that the parser left without its subject: "state their goal is to win"."""
    parse = text.parse
    finite = any(parse.tag[t] in FINITE for t in (clause, *text.parse.children(clause, "aux", "auxpass")))
    if not finite or text.parse.children(clause, *_SUBJECTS, "mark", "attr"):
        return range(0)
    first, start = min(text.below(clause)), verb + 1
    while start < first and parse.dep[start] in ("prt", "advmod", "npadvmod"):
        start += 1
    told = parse.dep[start] in ("mark", "prep", "punct", "dative") or text.lemma[verb] in cues().words["telling"]
    return range(0) if told else range(start, first)


def _host(text: Text, verb: int) -> list[int]:
    """The clause around a parenthesis: "The talks, he said, will fail"; "as he put it"."""
    parse = text.parse
    if _contents()["parenthesis"].fits(text, verb):
        return text.below(parse.head[verb], without={verb})
    if parse.dep[verb] == "ccomp" and parse.head[verb] > verb and _that(text, parse.head[verb]):
        first = next(t for t in range(verb, len(parse)) if text.lower[t] == "that")
        return [t for t in text.below(parse.head[verb], without={verb}) if t >= first]
    return []


def _strayed(text: Text, verb: int) -> list[int]:
    """The clause that the parser hung on a place or a time: "told guests at a dinner that …"."""
    parse = text.parse
    if cue_takes(text, verb)["clause"] != "speech":
        return []
    for child in text.parse.children(verb, "advcl"):
        for clause in text.parse.children(child, "ccomp"):
            if child > verb and text.words[min(text.below(clause)) - 1] == "," and _that(text, clause):
                return text.below(clause)
    told = ("dobj",) if text.lemma[verb] in cues().words["telling"] else ()
    todo = [c for c in text.parse.children(verb, "prep", "npadvmod", *told) if c > verb]
    for thing in todo:
        for child in text.parse.children(thing):
            if parse.dep[child] in ("acl", "relcl", "ccomp"):
                if _that(text, child):
                    return text.below(child)
            elif parse.dep[child] in ("pobj", "appos", "prep"):
                todo.append(child)
    return []


def _that(text: Text, clause: int) -> bool:
    """Whether "that" opens the clause."""
    return _contents()["that"].fits(text, clause)


def _closing(text: Text, verb: int) -> list[int]:
    """All before a tag that ends the sentence: "…, he said."; "…, said Lee."."""
    parse = text.parse
    subjects = text.parse.children(verb, "nsubj")
    if parse.tag[verb] not in FINITE or "quotation" not in cue_takes(text, verb):
        return []
    if not subjects or verb - subjects[0] > _NEAR:
        return []
    first = min(verb, *text.below(subjects[0]))
    sentence = text.written_sentence(first)
    before, after = range(sentence.start, first - 1), range(verb + 1, sentence.stop)
    ends = text.words[first - 1] == "," and not any(parse.tag[t] in FINITE for t in after)
    return list(before) if ends and any(parse.tag[t] in FINITE for t in before) else []


def _infinitive(text: Text, verb: int) -> list[int]:
    """The infinitive, and whom it asks to act: "urged Lee to go"; not whom it tells, "told Lee to go"."""
    clauses = _picked("infinitive", text, verb)
    things = text.parse.children(verb, "dobj") if text.lemma[verb] != "tell" else ()
    return text.below(clauses[0], *(thing for thing in things if thing < clauses[0])) if clauses else []


def _object(text: Text, verb: int) -> list[int]:
    """The object, and "for …", "of …", "as …" after it: "praised him for his courage"."""
    things = _picked("object", text, verb)
    tail = (c for c in text.parse.children(verb, "prep") if text.lower[c] in ("for", "of", "as") and c > min(things))
    return text.below(*things, *tail) if things else []


def _naming(text: Text, verb: int) -> list[int]:
    prepositions = [c for c in text.parse.children(verb, "prep") if c > verb]
    names = [c for c in text.parse.children(verb, "oprd", "acomp", "attr") if c > verb]
    names += [c for c in prepositions if text.lower[c] == "as"]
    things = text.parse.children(verb, "dobj", "nsubjpass")
    hung = any(text.lower[c] == "as" for thing in things for c in text.parse.children(thing, "prep"))
    if not names and not hung:
        return []
    to = (c for c in prepositions if text.lower[c] == "to")
    return text.below(*things, *to, *names)


def _preposition(text: Text, verb: int, takes: Takes) -> Finding | None:
    for child in text.parse.children(verb, "prep"):
        kind = takes.get(f"{text.lower[child]}*")
        things = text.parse.children(verb, "dobj") if kind == "stance" else ()
        if kind is not None and (content := text.below(*text.parse.children(child, "pobj", "pcomp"), *things)):
            return finding(text, "preposition", kind, verb, content, (child,))
    for thing in text.parse.children(verb, "dobj"):
        for child in text.parse.children(thing, "prep"):
            if takes.get(f"{text.lower[child]}*") == "stance":
                return finding(text, "preposition", "stance", verb, text.below(thing))
    return _demanded(text, verb, takes) if "for*" in takes else None


def _demanded(text: Text, verb: int, takes: Takes) -> Finding | None:
    """ "Called for him to resign": a clause that "for" opens."""
    found = _picked("demand", text, verb)
    return finding(text, "preposition", takes["for*"], verb, text.below(found[0])) if found else None


def _other(text: Text, verb: int) -> Finding | None:
    """A verb that the lexicon does not know, with a clause that begins with "that"."""
    if text.lemma[verb] in cues().never:
        return None
    for child in text.parse.children(verb, "ccomp"):
        if child > verb and _that(text, child):
            return finding(text, "other", "thought", verb, text.below(child))
    return None


@cache
def _contents() -> Mapping[str, Patterns]:
    """Where the contents of the takes hang on the verb."""
    return read_tables("contents.toml", sections(of_language("contents.toml", "en")), {"reporting": reporting()})


def reporting() -> frozenset[str]:
    """Nouns that take a clause: "his claim that"."""
    return frozenset(noun for noun, takes in cues().nouns.items() if "clause" in takes)


def _picked(take: str, text: Text, verb: int) -> list[int]:
    return [content for _, (content,) in _contents()[take].find(text, verb)]


def _all(take: str) -> Callable[[Text, int], list[int]]:
    return lambda text, verb: text.below(*_picked(take, text, verb))


_READERS: Mapping[str, Callable[[Text, int], list[int]]] = MappingProxyType(
    {
        "clause": _clause,
        "naming": _naming,
        "infinitive": _infinitive,
        "gerund": _all("gerund"),
        "object": _object,
        "passive": _all("passive"),
    }
)
"""How each take is read, in the order of trying."""
