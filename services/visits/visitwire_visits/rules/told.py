"""How a trigger is told: a fold of the operators on the path from the trigger up to its clause and the clause above."""

from dataclasses import dataclass
from functools import cached_property

from visitwire_language.text import Text

from visitwire_visits.candidate import Settled, Time, Told
from visitwire_visits.rules.lexicon import Lexicon

_DEEP = 8
_TIMES: dict[str, Time] = {
    "past": "past",
    "perfect": "past",
    "ended": "past",
    "present": "now",
    "progressive": "now",
    "now": "now",
    "during": "now",
    "ahead": "ahead",
    "would": "ahead",
    "may": "ahead",
    "will be": "ahead",
}
_SETTLING: dict[str, Settled] = {
    "invited": "invited",
    "accepted": "accepted",
    "cancelled": "cancelled",
    "postponed": "postponed",
    "started": "started",
    "ended": "ended",
    "barred": "barred",
}
_UNDOING = ("cancelled", "postponed")


@dataclass(frozen=True)
class Path:
    """A trigger and what it hangs on, as one clause reads it."""

    text: Text
    lexicon: Lexicon
    trigger: int

    @cached_property
    def told(self) -> Told:
        told, at, apart = self._start(), self.trigger, False
        for _ in range(_DEEP):
            head, dep = self.text.parse.head[at], self.text.parse.dep[at]
            if head == at:
                break
            told = self._step(told, at, head, dep, apart)
            apart = apart or self._is_apart(head)
            if dep in ("ccomp", "advcl", "relcl", "parataxis") and told.form:
                break
            at = head
        return told

    def _start(self) -> Told:
        verb = self.text.parse.tag[self.trigger][:2] == "VB" or self.text.parse.tag[self.trigger] == "MD"
        if not verb:
            return self._of_modifiers(self.trigger)
        return self._of_tense(Told(), self.trigger)._replace(earlier=self._fits("earlier", self.trigger))

    def _of_modifiers(self, noun: int) -> Told:
        """ "The planned visit", "her last trip", "the cancelled tour"."""
        told = Told(earlier=self._fits("earlier", noun))
        parse, lower = self.text.parse, self.text.lower
        for token in range(self.text.left_edge(noun), noun):
            effect = self.lexicon.modifiers.get(lower[token])
            if effect and parse.pos[token] != "ADP":
                told = self._apply(told, effect, negated=False)
        if self._fits("denied", noun):
            told = told._replace(negated=True)
        return told

    def _fits(self, condition: str, token: int) -> bool:
        return self.lexicon.patterns[condition].fits(self.text, token)

    def _is_apart(self, head: int) -> bool:
        """Whether a verb does something else about the visit: who declines to comment on it does not decline it."""
        lemma, words = self.text.lemma[head], self.lexicon.words
        if self.text.parse.pos[head] != "VERB" or lemma in words["object_control"]:
            return False
        if any(frame.aspect != "speech" for frame in self.lexicon.verbs.get(lemma, ())):
            return False
        return lemma in words["topics"] or self.lexicon.effect(lemma, self.particle(head)) is None

    def _step(self, told: Told, at: int, head: int, dep: str, apart: bool) -> Told:
        text, parse = self.text, self.text.parse
        if parse.pos[head] == "ADP" or dep in ("pobj", "pcomp"):
            relation = self._relation(head)
            return self._apply(told, relation, negated=False) if relation and not told.form else told
        if dep in ("advcl", "relcl", "acl", "ccomp") and (relation := self._mark(at)):
            told = self._apply(told, relation, negated=False) if not told.form else told
        if dep in ("advcl", "relcl", "parataxis") or (parse.dep[at] == "prep" and text.lower[at] in _BESIDE):
            told = told._replace(aside=True)
        effect = self.lexicon.effect(text.lemma[head], self.particle(head))
        if apart and effect in _SETTLING:
            effect = None
        negated = self._negated(head)
        if effect and self._governs(at, head, dep, effect):
            told = self._apply(told, effect, negated)
        elif dep in ("nsubj", "nsubjpass") and text.lemma[head] in self.lexicon.words["happening"]:
            return self._of_tense(told, head)
        elif dep in ("nsubj", "nsubjpass"):
            ahead = not told.form and self._auxiliaries(head) & self.lexicon.words["aux_ahead"]
            return told._replace(time="ahead", form="will be") if ahead else told  # "her visit will help"
        elif dep in ("poss", "compound"):
            return told._replace(aside=True)
        if parse.pos[head] in ("VERB", "AUX") and dep != "ccomp":
            tensed = self._of_tense(told, head)
            if dep == "prep" and effect is None and told.settled is None and tensed.form != told.form:
                return tensed._replace(time="unknown", form=f"beside {tensed.form}")  # "called her before a visit"
            kept = told.settled == "kept" and not told.negated  # its "not" is used up
            told = tensed._replace(negated=False) if kept else tensed
        return told

    def _governs(self, at: int, head: int, dep: str, effect: str) -> bool:
        """Whether a word has its effect on what hangs on it by this arc."""
        if dep == "nsubj":
            return effect in ("started", "ended", "ahead")
        if dep in ("advcl", "relcl", "parataxis"):
            return False
        if dep == "ccomp":
            return effect in ("doubted", "wished", "ahead", "accepted", "invited", *_UNDOING)
        if dep == "prep" and effect == "supported":
            return True
        if dep == "prep" and self.text.lower[at] in self.lexicon.words["during"]:  # "was asked at a summit"
            return effect not in _SETTLING and (effect != "ahead" or self._fits("awaited", head))
        return dep != "conj"

    def _apply(self, told: Told, effect: str, negated: bool) -> Told:
        """One operator over what stands below it."""
        if effect == "doubted":
            return told._replace(doubted=not told.doubted)
        if effect in _UNDOING and told.settled in _UNDOING:
            return told._replace(settled="kept")  # "declined to rule out", "refused to postpone"
        if effect in _SETTLING and told.settled is None:
            if negated and effect in _UNDOING:
                return told._replace(settled="kept")
            return told._replace(settled=_SETTLING[effect], negated=told.negated or negated)
        if effect == "accepted" and told.settled == "invited":
            return told._replace(settled="cancelled" if negated else "accepted")
        if effect in _UNDOING and told.settled in ("invited", "accepted"):
            return told._replace(settled=_SETTLING[effect])
        if effect == "wished":
            modality = "wished" if told.modality == "sure" else told.modality
            return told._replace(modality=modality, negated=told.negated or negated)
        if effect in _TIMES and not told.form:
            return told._replace(time=_TIMES[effect], form=effect, negated=told.negated or negated)
        return told._replace(negated=told.negated or negated)

    def _of_tense(self, told: Told, verb: int) -> Told:
        """What the verb's own form tells, where nothing below told it yet."""
        words, aux = self.lexicon.words, self._auxiliaries(verb)
        negated = told.negated or self._negated(verb)
        modality = told.modality
        if aux & words["aux_maybe"]:
            modality = "possible"
        elif aux & words["aux_duty"]:
            modality = "supposed"
        marks = {self.text.lower[c] for c in self.text.parse.children(verb, "mark", "advmod") if c < verb}
        if marks & words["conditions"]:
            modality = "supposed"
        form = told.form or self._form(verb, aux)
        time = _TIMES.get(form, "unknown") if form else told.time
        return told._replace(time=time, form=form, negated=negated, modality=modality)

    def _form(self, verb: int, aux: set[str]) -> str:
        words, tag = self.lexicon.words, self.text.parse.tag[verb]
        if aux & words["aux_ahead"]:
            return "ahead"
        if aux & words["aux_would"] and tag == "VB":
            return "would"
        if aux & words["aux_maybe"]:
            return "may"
        if "to" in aux:
            head = self.text.parse.head[verb]
            return "ahead" if self.text.lemma[head] == "be" and self.text.parse.dep[verb] == "xcomp" else ""
        if aux & words["aux_perfect"]:
            return "past" if "had" in aux else "perfect"
        if tag == "VBG" and aux & (words["aux_now"] | words["aux_past"]):
            return "progressive"
        if aux & words["aux_past"] or tag == "VBD":
            return "past"
        if tag in ("VBZ", "VBP") or aux & words["aux_now"]:
            return "present"
        if tag == "VBG" and self.text.parse.dep[verb] in ("advcl", "acl", "ROOT", "conj"):
            return "progressive"
        if tag == "VBN" and self.text.parse.dep[verb] in ("acl", "ROOT", "advcl"):
            return "past"
        return ""

    def _auxiliaries(self, verb: int) -> set[str]:
        """The auxiliaries of a verb; a coordinated one without its own takes those of the first."""
        parse = self.text.parse
        own = {self.text.lower[child] for child in parse.children(verb, "aux", "auxpass")}
        head = parse.head[verb]
        if not own and parse.dep[verb] == "conj" and head != verb and parse.tag[verb] in ("VB", "VBN", "VBG"):
            return self._auxiliaries(head) if head < verb else own
        return own

    def _negated(self, token: int) -> bool:
        parse, lower = self.text.parse, self.text.lower
        return bool(parse.children(token, "neg")) or any(
            lower[word] in self.lexicon.words["negations"]
            for child in parse.children(token, "advmod", "preconj", "det")
            if child < token
            for word in (child, *parse.children(child))
        )

    def _relation(self, preposition: int) -> str | None:
        """ "Ahead of", "after", "during" before what is told."""
        lower = self.text.lower
        above = self.text.parse.head[preposition]
        if self.lexicon.effect(self.text.lemma[above], None) == "barred":
            return None  # "barred from visiting"
        if lower[preposition] in ("of", "to") and lower[above] in ("ahead", "prior", "due"):
            return "ahead"
        return self.lexicon.relations.get(lower[preposition])

    def _mark(self, verb: int) -> str | None:
        parse, lower = self.text.parse, self.text.lower
        for child in parse.children(verb, "mark", "advmod"):
            if child < verb and (relation := self.lexicon.relations.get(lower[child])) in ("ahead", "ended"):
                return relation
        return None

    def particle(self, word: int) -> str | None:
        """The particle of a verb ("off" in "put off"), also where the parse made it an adverb."""
        for child in self.text.parse.children(word, "prt", "advmod", "acomp", "oprd", "prep"):
            if child > word and self.text.lower[child] in _PARTICLES:
                if self.text.parse.dep[child] == "prep" and self.text.parse.children(child, "pobj"):
                    continue
                return self.text.lower[child]
        return None


_PARTICLES = frozenset({"ahead", "off", "down", "out", "back", "up", "short", "over", "in", "on", "together"})
_BESIDE = frozenset({"during", "after", "following", "before", "since", "from", "amid"})
