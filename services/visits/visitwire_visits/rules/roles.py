"""Where the phrases of a sentence stand to a trigger: subject, object, possessor, a preposition, bearer …

A role is read from the tree and says nothing about whether anybody travels; links.py turns it into features. `reach`
counts what the reading had to go through: 0 a direct arc, 1 a conjunct or an apposition of it, 2 inherited from another
clause (control, relative clause, coordination), 3 a phrase inside the one that fills the role.
"""

from collections.abc import Iterator

from visitwire_language.dependency_patterns import Role
from visitwire_language.text import Text

from visitwire_visits.rules.lexicon import Lexicon

_DEEP = 6
_NEAR = 18
"""Tokens within which a phrase inside another is looked for."""
_VERBAL = frozenset({"VERB", "AUX"})
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON"})
_PARTS = frozenset({"poss", "compound", "nmod", "amod", "appos", "conj", "flat", "nummod", "prep", "pobj"})


INSIDE = 3
"""The reach of a phrase inside the one that fills the role."""


class Roles:
    """The roles that the tokens of one sentence play to `trigger`."""

    def __init__(self, text: Text, lexicon: Lexicon, trigger: int) -> None:
        self._text, self._parse, self._lexicon = text, text.parse, lexicon
        self.trigger = trigger
        self._at: dict[int, Role] = {}
        self._is_read = False
        self._known: dict[int, Role | None] = {}

    def of(self, token: int) -> Role | None:
        """The role of a phrase's head: its own, or that of the phrase it is part of."""
        if token not in self._known:
            if not self._is_read:  # only now: most triggers stand in sentences that name nobody and no place
                self._read()
            self._known[token] = self._at.get(token) or self._of_whole(token)
        return self._known[token]

    def _read(self) -> None:
        self._is_read = True
        noun = self._parse.pos[self.trigger] not in _VERBAL and self._parse.tag[self.trigger][:2] != "VB"
        (self._at_noun if noun else self._at_verb)(self.trigger)

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
        """Gives a phrase a role that it has not, and so whatever is coordinated with it."""
        self._at.setdefault(token, role)
        for member in self._parse.children(token, "conj"):
            self._put(member, Role(role.name, max(role.reach, 1)))

    def _fill(self, table: str, at: int) -> None:
        for role, picked in self._lexicon.patterns[table].find(self._text, at):
            if len(picked) < 4 or picked[1] - picked[0] < _NEAR:  # the noun that a phrase inside it is read through
                self._put(picked[-1], role if role.name else Role(self._text.lower[picked[-2]], role.reach))

    def _at_verb(self, verb: int) -> None:
        name = "object" if self._lexicon.patterns["passive"].fits(self._text, verb) else "subject"
        for subject, reach in subjects(self._text, self._lexicon, verb):
            self._put(subject, Role(name, reach))
            for owner in self._parse.children(subject, "poss"):
                self._put(owner, Role("owner", reach))
        self._fill("verb", verb)

    def _at_noun(self, noun: int) -> None:
        self._put(noun, Role("self"))
        self._fill("noun", noun)
        for bearer, reach in self._bearers(noun):
            self._put(bearer, Role("bearer", reach))
        verb = self.governing_verb(noun)
        if verb is not None and self._parse.dep[noun] in ("dobj", "attr", "nsubjpass", "nsubj", "pobj"):
            self._fill("beside", verb)

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
                lemma = self._text.lemma[head]
                looks_on = lemma in words["saying"] or lemma in words["onlooking"]
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

    def governing_verb(self, token: int) -> int | None:
        """The nearest verb above a token."""
        return next((above for above in self._parse.ancestors(token) if self._parse.pos[above] in _VERBAL), None)


def subjects(text: Text, lexicon: Lexicon, word: int, table: str = "subject", deep: int = 0) -> list[tuple[int, int]]:
    """The heads of the phrases that do (or undergo) what a verb says, or that a noun is of; each with its reach."""
    found = lexicon.patterns[table].first(text, word) if deep <= _DEEP else None
    if found is None:
        return []
    (kind, _), picked = found
    if kind in ("above", "owner"):
        return subjects(text, lexicon, picked[0][0], kind, deep + 1)
    if kind == "object":
        return [(picked[0][0], 1)]
    return [(antecedent(text, word, subject), 2 if deep else 0) for one in picked for subject in one]


def antecedent(text: Text, verb: int, subject: int) -> int:
    """The noun that "who" or "which" stands for."""
    parse = text.parse
    if text.lower[subject] not in ("who", "which", "that", "whom"):
        return subject
    for above in (verb, *parse.ancestors(verb)):
        if parse.dep[above] in ("relcl", "acl") and parse.pos[parse.head[above]] in _NOMINAL:
            return parse.head[above]
    return subject
