"""Attributions by the tree: what each cue of the lexicon takes in its clause."""

from collections.abc import Callable, Iterator

from visitwire_attribution.clauses import pieces
from visitwire_attribution.finding import Finding
from visitwire_attribution.lexicon import NOTHING, Lexicon, Takes
from visitwire_attribution.phrases import phrase, source_of, subtree_within
from visitwire_attribution.reading import FINITE, VERBAL, Reading

_RELATIVE = frozenset({"WDT", "WP", "WP$"})


class Frames:
    """Finds the attributions of one story. Outer cues go first: what lies inside a content is not looked at again."""

    def __init__(self, reading: Reading, lexicon: Lexicon, taken: set[int]) -> None:
        self.reading = reading
        self.parse = reading.parse
        self.lexicon = lexicon
        self.taken = taken
        """Tokens that already belong to a content."""

    def findings(self) -> Iterator[Finding]:
        """Every attribution outside `taken`, sentence by sentence."""
        for sentence in self.parse.sentences():
            todo = [token for token in sentence if self.parse.head[token] == token]
            while todo:
                here = todo.pop(0)
                if here not in self.taken:
                    yield from self._at(here)
                todo.extend(self.parse.children(here))

    def _at(self, token: int) -> Iterator[Finding]:
        found = self._read(token)
        if found is not None and found.content:
            for start, end in found.content:
                self.taken.update(self.reading.tokens(start, end))
            yield found

    def _read(self, token: int) -> Finding | None:
        if self.reading.quoted[token] >= 0:
            return None
        pos, lemma = self.parse.pos[token], self.reading.lemmas[token]
        if lemma == "accord" or self.reading.lower[token] == "according":
            return self._according(token)
        if pos == "VERB":
            return self._verb(token, self.lexicon.verbs.get(lemma, NOTHING))
        if pos == "NOUN":
            return self._noun(token, self.lexicon.nouns.get(lemma, NOTHING))
        if pos == "ADJ":
            return self._adjective(token, self.lexicon.adjectives.get(lemma, NOTHING))
        if pos == "ADV" and lemma in self.lexicon.tables["adverbs"]:
            return self._adverb(token)
        return None

    # -- verbs

    def _verb(self, verb: int, takes: Takes) -> Finding | None:
        if self._negated(verb) and self.reading.lemmas[verb] not in self.lexicon.raising:
            return None
        if not takes:
            return self._other(verb)
        for take, read in self._readers.items():
            if take in takes and (content := read(self, verb)):
                return self._finding(take, takes[take], verb, content)
        return self._prepositional(verb, takes)

    def _clause(self, verb: int) -> list[int]:
        children = self.parse.children(verb, "ccomp")
        if children:
            return [token for child in children for token in self._below(child, verb)]
        return self._host(verb)

    def _host(self, verb: int) -> list[int]:
        """The clause around a parenthesis: "The talks, he said, will fail"; "as he put it"."""
        dep, head = self.parse.dep[verb], self.parse.head[verb]
        as_clause = dep == "advcl" and any(self.reading.lower[c] == "as" for c in self.parse.children(verb, "mark"))
        if dep == "parataxis" or as_clause:
            return subtree_within(self.reading, head, {verb})
        return []

    def _infinitive(self, verb: int) -> list[int]:
        for child in self.parse.children(verb, "xcomp", "ccomp"):
            if child > verb and any(self.parse.tag[c] == "TO" for c in self.parse.children(child, "aux")):
                found = self._below(child, verb)
                for thing in self.parse.children(verb, "dobj"):
                    if thing < child and self.reading.lemmas[verb] != "tell":
                        found += self._below(thing, verb)
                return found
        return []

    def _object(self, verb: int) -> list[int]:
        found: list[int] = []
        for child in self.parse.children(verb, "dobj"):
            if child > verb and self.parse.tag[child] not in _RELATIVE:
                found += self._below(child, verb)
                found += self._tail(verb, child)
        return found

    def _tail(self, verb: int, thing: int) -> list[int]:
        """ "for …", "of …", "as …" after the object: "praised him for his courage"."""
        found: list[int] = []
        for child in self.parse.children(verb, "prep"):
            if child > thing and self.reading.lower[child] in ("for", "of", "as"):
                found += self._below(child, verb)
        return found

    def _naming(self, verb: int) -> list[int]:
        names = self.parse.children(verb, "oprd", "acomp", "attr")
        names += tuple(c for c in self.parse.children(verb, "prep") if self.reading.lower[c] == "as")
        names = tuple(c for c in names if c > verb)
        if not names:
            return []
        things = self.parse.children(verb, "dobj", "nsubjpass")
        to = tuple(c for c in self.parse.children(verb, "prep") if self.reading.lower[c] == "to")
        return [token for child in (*things, *to, *names) for token in self._below(child, verb)]

    def _passive(self, verb: int) -> list[int]:
        subjects = self.parse.children(verb, "nsubjpass")
        rest = self.parse.children(verb, "xcomp", "oprd") + tuple(
            c for c in self.parse.children(verb, "prep") if self.reading.lower[c] in ("for", "of", "as")
        )
        return [token for child in (*subjects, *rest) for token in self._below(child, verb)] if subjects else []

    _readers: dict[str, Callable[["Frames", int], list[int]]] = {
        "clause": _clause,
        "naming": _naming,
        "infinitive": _infinitive,
        "object": _object,
        "passive": _passive,
    }

    def _prepositional(self, cue: int, takes: Takes) -> Finding | None:
        for child in self.parse.children(cue, "prep"):
            kind = takes.get(f"{self.reading.lower[child]}*")
            if kind is None:
                continue
            below = [t for c in self.parse.children(child, "pobj", "pcomp") for t in self._below(c, cue)]
            below += (
                [t for c in self.parse.children(cue, "dobj") for t in self._below(c, cue)] if kind == "stance" else []
            )
            if below:
                return self._finding("preposition", kind, cue, below, (child,))
        return None

    def _other(self, verb: int) -> Finding | None:
        if self.reading.lemmas[verb] in self.lexicon.never:
            return None
        for child in self.parse.children(verb, "ccomp"):
            if child > verb and any(self.reading.lower[c] == "that" for c in self.parse.children(child, "mark")):
                return self._finding("other", "thought", verb, self._below(child, verb))
        return None

    def _negated(self, verb: int) -> bool:
        return bool(self.parse.children(verb, "neg"))

    # -- nouns, adjectives, prepositions

    def _noun(self, noun: int, takes: Takes) -> Finding | None:
        if not takes:
            return None
        for child in self.parse.children(noun, "acl", "ccomp", "relcl"):
            lows = [self.reading.lower[c] for c in self.parse.children(child, "mark", "aux")]
            take = "clause" if "that" in lows else "infinitive" if "to" in lows else None
            if take in takes and self.parse.dep[child] != "relcl":
                return self._announced(noun, child) or self._nominal(
                    "noun " + str(take), takes[str(take)], noun, self._below(child, noun)
                )
        for child in self.parse.children(noun, "prep"):
            kind = takes.get(f"{self.reading.lower[child]}*")
            if kind is not None:
                below = [t for c in self.parse.children(child, "pobj", "pcomp") for t in self._below(c, noun)]
                return self._nominal("noun preposition", kind, noun, below, (child,))
        head = self.parse.head[noun]
        if "clause" in takes and self.parse.dep[noun] == "nsubj" and self.reading.lemmas[head] == "be":
            for child in self.parse.children(head, "ccomp"):
                return self._nominal("noun clause", takes["clause"], noun, self._below(child, head), (head,))
        return None

    def _announced(self, noun: int, clause: int) -> Finding | None:
        """ "said in a statement that …": the verb is the cue."""
        preposition = self.parse.head[noun]
        verb = self.parse.head[preposition]
        takes = (
            self.lexicon.verbs.get(self.reading.lemmas[verb], NOTHING) if self.parse.pos[verb] == "VERB" else NOTHING
        )
        if self.parse.dep[noun] != "pobj" or "clause" not in takes:
            return None
        return self._finding("clause", takes["clause"], verb, self._below(clause, noun))

    def _nominal(self, frame: str, kind: str, noun: int, content: list[int], more: tuple[int, ...] = ()) -> Finding:
        source = self._owner(noun)
        return Finding(frame, kind, tuple(sorted((noun, *more))), tuple(source), pieces(self.reading, content))

    def _owner(self, noun: int) -> list[int]:
        """Whose claim it is: "his", "Lee's", "by Lee", or the subject of the verb that has it for an object."""
        for child in self.parse.children(noun, "poss"):
            return phrase(self.reading, child, noun)
        for child in self.parse.children(noun, "prep"):
            if self.reading.lower[child] in ("by", "from"):
                for thing in self.parse.children(child, "pobj"):
                    return phrase(self.reading, thing, noun)
        for child in self.parse.children(noun, "amod", "compound"):
            if self.parse.pos[child] == "PROPN":
                return [child]
        head = self.parse.head[noun]
        if self.parse.dep[noun] in ("dobj", "attr") and self.parse.pos[head] in VERBAL:
            return source_of(self.reading, head)
        return []

    def _adjective(self, adjective: int, takes: Takes) -> Finding | None:
        head = self.parse.head[adjective]
        if not takes or self.parse.dep[adjective] not in ("acomp", "advcl", "amod"):
            return None
        copula = head if self.parse.dep[adjective] == "acomp" else adjective
        for child in (*self.parse.children(adjective, "ccomp", "xcomp"), *self.parse.children(copula, "ccomp")):
            finite = any(self.parse.tag[t] in FINITE for t in (child, *self.parse.children(child, "aux")))
            take = "clause" if finite else "infinitive"
            if child > adjective and take in takes:
                return self._of(adjective, "adjective " + take, takes[take], copula, self._below(child, adjective))
        for child in self.parse.children(adjective, "prep"):
            kind = takes.get(f"{self.reading.lower[child]}*")
            if kind is not None:
                below = [t for c in self.parse.children(child, "pobj", "pcomp") for t in self._below(c, adjective)]
                return self._of(adjective, "adjective preposition", kind, copula, below)
        return None

    def _of(self, adjective: int, frame: str, kind: str, copula: int, content: list[int]) -> Finding:
        cue = tuple(sorted({copula, adjective}))
        return Finding(frame, kind, cue, tuple(source_of(self.reading, copula)), pieces(self.reading, content))

    def _according(self, token: int) -> Finding | None:
        """ "according to Lee": the clause that it hangs on, without it."""
        to = next((t for t in (token + 1,) if t < len(self.parse) and self.reading.lower[t] == "to"), None)
        if to is None:
            return None
        source = [t for c in self.parse.children(to, "pobj") for t in phrase(self.reading, c, to)]
        top = token
        while self.parse.head[top] != top and self.parse.pos[self.parse.head[top]] not in VERBAL:
            top = self.parse.head[top]
        top = self.parse.head[top]
        drop = set(subtree_within(self.reading, token)) | set(subtree_within(self.reading, to))
        content = [t for t in subtree_within(self.reading, top) if t not in drop]
        around = frozenset((token, to, *source))
        return Finding("according", "speech", (token, to), tuple(source), pieces(self.reading, content, around))

    def _adverb(self, adverb: int) -> Finding | None:
        head = self.parse.head[adverb]
        content = [t for t in subtree_within(self.reading, head) if t != adverb]
        return Finding("adverb", "speech", (adverb,), (), pieces(self.reading, content, frozenset((adverb,))))

    # -- shared

    def _below(self, child: int, cue: int) -> list[int]:
        return subtree_within(self.reading, child)

    def _finding(self, frame: str, kind: str, verb: int, content: list[int], more: tuple[int, ...] = ()) -> Finding:
        inside = set(content)
        cue = [verb, *more, *(c for c in self.parse.children(verb, "aux", "neg", "prt", "auxpass") if c not in inside)]
        source = [t for t in source_of(self.reading, verb) if t not in inside]
        around = frozenset((*cue, *source))
        return Finding(frame, kind, tuple(sorted(cue)), tuple(source), pieces(self.reading, content, around))
