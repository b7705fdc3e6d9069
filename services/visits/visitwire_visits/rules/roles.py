"""Where the phrases of a sentence stand to a trigger: subject, object, possessor, a preposition, bearer …

A role is read from the tree and says nothing about whether anybody travels; links.py turns it into features. `reach`
counts what the reading had to go through: 0 a direct arc, 1 a conjunct or an apposition of it, 2 inherited from another
clause (control, relative clause, coordination), 3 a phrase inside the one that fills the role.
"""

from collections.abc import Iterator
from typing import NamedTuple

from visitwire_language.text import Text

from visitwire_visits.rules.lexicon import Lexicon

_DEEP = 6
_CLAUSES = frozenset({"xcomp", "ccomp", "advcl", "conj", "dep", "parataxis", "acl", "relcl", "pcomp", "prep", "acomp"})
_VERBAL = frozenset({"VERB", "AUX"})
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON"})
_PARTS = frozenset({"poss", "compound", "nmod", "amod", "appos", "conj", "flat", "nummod", "prep", "pobj"})


INSIDE = 3
"""The reach of a phrase inside the one that fills the role."""


class Role(NamedTuple):
    """What a phrase is to a trigger, and through how much it was read."""

    name: str
    reach: int = 0


class Roles:
    """The roles that the tokens of one sentence play to `trigger`."""

    def __init__(self, text: Text, lexicon: Lexicon, trigger: int) -> None:
        self._text, self._parse, self._lexicon = text, text.parse, lexicon
        self.trigger = trigger
        self._at: dict[int, Role] = {}
        self._known: dict[int, Role | None] = {}
        noun = self._parse.pos[trigger] not in _VERBAL and self._parse.tag[trigger][:2] != "VB"
        for token, role in self._of_noun(trigger) if noun else self._of_verb(trigger):
            self._put(token, role)

    def of(self, token: int) -> Role | None:
        """The role of a phrase's head: its own, or that of the phrase it is part of."""
        if token not in self._known:
            self._known[token] = self._at.get(token) or self._of_whole(token)
        return self._known[token]

    def _of_whole(self, token: int) -> Role | None:
        led = self._led(token)
        if led is not None:
            return Role(led.name, max(led.reach, 1))
        below = token
        for above in self._parse.ancestors(token):
            if self._parse.dep[below] not in _PARTS and not self._is_membership(below):
                return None
            role = self._at.get(above)
            if role is not None:
                same = self._parse.dep[below] in ("conj", "appos", "flat") or self._is_membership(below)
                if not same and self._parse.dep[below] == "prep" and self._text.lower[below] in ("in", "at"):
                    return Role(role.name, max(role.reach, 2))  # "visit a school in Rome"
                return Role(role.name, max(role.reach, 1)) if same else Role(role.name, INSIDE)
            below = above
        return None

    def _led(self, token: int) -> Role | None:
        """ "X is leading a delegation that tours Rome": who leads a group plays its role."""
        parse, verb = self._parse, self._parse.head[token]
        if parse.dep[token] != "nsubj" or self._text.lemma[verb] not in ("lead", "head", "chair"):
            return None
        return next((self._at[group] for group in parse.children(verb, "dobj") if group in self._at), None)

    def _is_membership(self, token: int) -> bool:
        """ "A delegation led by X", "leaders including X": whoever is said to be of it plays its role."""
        parse, lemma = self._parse, self._text.lemma
        return parse.dep[token] in ("acl", "relcl", "prep", "agent") and (
            lemma[token] in self._lexicon.words["membership"] or parse.dep[token] == "agent"
        )

    def _put(self, token: int, role: Role) -> None:
        self._at.setdefault(token, role)
        for member in self._text.conjuncts(token):
            self._at.setdefault(member, Role(role.name, max(role.reach, 1)))

    def _of_verb(self, verb: int) -> Iterator[tuple[int, Role]]:
        parse = self._parse
        passive = self.is_passive(verb)
        for subject, reach in subjects(self._text, self._lexicon, verb):
            yield subject, Role("object" if passive else "subject", reach)
            for owner in parse.children(subject, "poss"):
                yield owner, Role("owner", reach)
        if self._text.lemma[verb] == "be" and not parse.children(verb, "nsubj", "expl"):
            for child in parse.children(verb, "attr"):
                yield child, Role("subject", 1)  # "also at the summit is X"
        for child in parse.children(verb, "dobj", "dative", "attr", "oprd"):
            if parse.pos[child] in _NOMINAL or parse.dep[child] == "dobj":
                yield child, Role("object")
        yield from self._prepositions(verb)
        for child in parse.children(verb, "dobj", "attr", "acomp", "oprd", "advmod"):
            yield from self._prepositions(child, reach=1)
        for child in parse.children(verb, "xcomp", "ccomp"):
            yield from self._below(child)

    def _below(self, clause: int) -> Iterator[tuple[int, Role]]:
        """ "Invited him to visit Rome": the parts of the clause below, as "below"."""
        for child in self._parse.children(clause, "dobj"):
            yield child, Role("below", 0)
        for token, role in self._prepositions(clause):
            yield token, Role("below", role.reach)

    def _of_noun(self, noun: int) -> Iterator[tuple[int, Role]]:
        parse = self._parse
        yield noun, Role("self")
        if parse.dep[noun] in ("amod", "compound", "nmod"):
            yield parse.head[noun], Role("head")
        for child in parse.children(noun, "poss"):
            yield child, Role("possessor")
        for child in parse.children(noun, "compound", "nmod", "amod"):
            yield child, Role("compound")
        yield from self._prepositions(noun)
        yield from self._stops(noun)
        for child in parse.children(noun, "acl", "relcl"):
            yield from self._below(child)
            yield from self._prepositions(child, reach=2)
        for bearer, reach in self._bearers(noun):
            yield bearer, Role("bearer", reach)
        verb = self.governing_verb(noun)
        if verb is not None and parse.dep[noun] in ("dobj", "attr", "nsubjpass", "nsubj", "pobj"):
            yield from self._prepositions(verb, reach=1)

    def _stops(self, noun: int) -> Iterator[tuple[int, Role]]:
        """ "A tour that includes Rome", "a trip that will take him to Rome", "a tour including Rome"."""
        parse, lemma, words = self._parse, self._text.lemma, self._lexicon.words
        for child in parse.children(noun, "acl", "relcl", "prep"):
            if lemma[child] in words["comprising"]:
                for stop in parse.children(child, "dobj", "pobj"):
                    yield stop, Role("stops")
            elif lemma[child] in words["taking"]:
                for token, role in self._prepositions(child):
                    if role.name in ("to", "through"):
                        yield token, Role("stops", role.reach)

    def _bearers(self, noun: int) -> Iterator[tuple[int, int]]:
        """Whoever the noun is said of: "Ruiz, on a visit", "Ruiz paid a visit", "Ruiz accepted an invitation"."""
        parse, at, words = self._parse, noun, self._lexicon.words
        for _ in range(_DEEP):
            head, dep = parse.head[at], parse.dep[at]
            if head == at:
                return
            if parse.pos[head] in _VERBAL:
                if dep in ("nsubj", "nsubjpass"):
                    return
                beside = dep == "prep" and self._text.lower[at] in words["beside"]  # "said during a visit"
                looks_on = self._text.lemma[head] in words["saying"] | words["onlooking"]
                for subject, inherited in subjects(self._text, self._lexicon, head):
                    yield subject, max(3 if looks_on and not beside else 0, inherited)
                    if beside:  # "X's remarks came during a visit"
                        yield from ((owner, 1) for owner in parse.children(subject, "poss"))
                return
            if parse.pos[head] in ("NOUN", "PROPN", "PRON"):
                if self._text.lemma[head] not in self._lexicon.words["abstract"]:
                    yield head, 0
                for child in parse.children(head, "poss"):
                    yield child, 1
            at = head

    def _prepositions(self, token: int, reach: int = 0) -> Iterator[tuple[int, Role]]:
        """The objects of the prepositions below a token, each under its preposition's name."""
        parse, text = self._parse, self._text
        for preposition in parse.children(token, "prep", "agent", "dative"):
            name = "agent" if parse.dep[preposition] == "agent" else text.lower[preposition]
            for child in parse.children(preposition, "pobj", "pcomp"):
                yield child, Role(name, reach)
                if child - token < 3 * _DEEP:
                    for inner in parse.children(child, "prep"):
                        for obj in parse.children(inner, "pobj"):
                            yield obj, Role(text.lower[inner], max(reach, 1) + (text.lower[inner] == "of"))
            for inner in parse.children(preposition, "prep"):
                for obj in parse.children(inner, "pobj"):
                    yield obj, Role(text.lower[inner], max(reach, 1))

    def is_passive(self, verb: int) -> bool:
        """Whether the verb is told in the passive, as a clause or as a participle after a noun."""
        parse = self._parse
        if parse.children(verb, "auxpass", "nsubjpass"):
            return True
        return parse.dep[verb] in ("acl", "relcl", "amod") and parse.tag[verb] == "VBN"

    def governing_verb(self, token: int) -> int | None:
        """The nearest verb above a token."""
        return next((above for above in self._parse.ancestors(token) if self._parse.pos[above] in _VERBAL), None)


def subjects(text: Text, lexicon: Lexicon, verb: int, depth: int = 0) -> list[tuple[int, int]]:
    """The heads of the phrases that do (or undergo) what the verb says, each with its reach."""
    parse = text.parse
    own = parse.children(verb, "nsubj", "nsubjpass")
    if not own and text.lemma[verb] == "be" and depth > 0:
        own = parse.children(verb, "attr")  # "also due there are X and Y"
    if own:
        return [(antecedent(text, verb, subject), 0 if depth == 0 else 2) for subject in own]
    head, dep = parse.head[verb], parse.dep[verb]
    if depth > _DEEP or head == verb or dep not in _CLAUSES:
        return []
    if dep in ("ccomp", "parataxis") and text.lemma[head] in lexicon.words["saying"]:
        return []  # who says it is not who does it
    if dep == "pcomp" and text.lower[head] == "from" and parse.pos[parse.head[head]] in _VERBAL:
        kept = parse.children(parse.head[head], "dobj", "nsubjpass")  # "barred her from visiting"
        if kept:
            return [(kept[0], 1)]
    if dep in ("acl", "relcl") and parse.pos[head] in _NOMINAL:
        if text.lemma[head] in lexicon.words["abstract"]:
            return _owner(text, lexicon, head, depth)
        return [(head, 0 if depth == 0 else 2)]
    if dep in ("xcomp", "ccomp", "advcl") and text.lemma[head] in lexicon.words["object_control"]:
        objects = parse.children(head, "dobj", "dative", "nsubjpass")
        if objects:
            return [(objects[0], 1)]
    if parse.pos[head] in _NOMINAL:
        return _owner(text, lexicon, head, depth)
    return [(token, max(reach, 1)) for token, reach in subjects(text, lexicon, head, depth + 1)]


def _owner(text: Text, lexicon: Lexicon, noun: int, depth: int) -> list[tuple[int, int]]:
    """Whose plan, decision or invitation it is: its possessor, else the subject of the verb that governs it."""
    parse = text.parse
    invitation = text.lemma[noun] == "invitation"
    for preposition in parse.children(noun, "prep", "dative"):
        if text.lower[preposition] in (("to", "for") if invitation else ("by", "for")):
            return [(token, 1) for token in parse.children(preposition, "pobj")]
    owners = parse.children(noun, "poss")
    if owners and not invitation:
        return [(owners[0], 1)]
    above = next((token for token in parse.ancestors(noun) if parse.pos[token] in _VERBAL), None)
    return subjects(text, lexicon, above, depth + 1) if above is not None and depth < _DEEP else []


def antecedent(text: Text, verb: int, subject: int) -> int:
    """The noun that "who" or "which" stands for."""
    parse = text.parse
    if text.lower[subject] not in ("who", "which", "that", "whom"):
        return subject
    for above in (verb, *parse.ancestors(verb)):
        if parse.dep[above] in ("relcl", "acl") and parse.pos[parse.head[above]] in _NOMINAL:
            return parse.head[above]
    return subject
