"""What the grammar around a verb says: who is its subject, and when and how surely it happens."""

from dataclasses import dataclass, replace

from visitwire_visits.lexicon import Lexicon
from visitwire_visits.reading import Reading
from visitwire_visits.words import words

SUBJECTS = ("nsubj", "nsubjpass")
_AHEAD_AUX = {"will", "shall", "'ll", "wo", "would", "’ll", "sha"}
_MAYBE_AUX = {"may", "might", "could"}
_DUTY_AUX = {"should", "must", "can", "ca", "ought"}
_BEFORE = {"before", "until", "till"}
_AHEAD_MARKS = {"before", "until", "till", "ahead"}
_MATRIX_MARKS = {"when", "while", "as", "where", "once", "after", "because", "since"}
_IF_MARKS = {"if", "whether", "unless", "should"}


@dataclass(frozen=True)
class View:
    """How a verb is told: its tense as the status tables name it, and what it goes through to get there."""

    tense: str
    """past, perfect, present, progressive, ahead, maybe, ended, or a status that a governor fixes; "" is no report."""
    negated: bool = False
    chain: tuple[int, ...] = ()
    """The verb and the governors that told its tense: a date beside any of them is a date of the visit."""

    ends: bool = False
    """The visit is told by its end: a date beside it is its last day."""

    def through(self, token: int) -> "View":
        return View(self.tense, self.negated, (*self.chain, token), self.ends)


def subjects(reading: Reading, verb: int, depth: int = 0) -> list[int]:
    """The heads of the noun phrases that do what `verb` says, through relative clauses, control and conjunction."""
    parse = reading.parse
    own = parse.children(verb, *SUBJECTS)
    if own and parse.dep[verb] == "advcl" and all(_abstract(reading, subject) for subject in own):
        own = ()  # "applied for a visa to attend"
    if own:
        told = [t for subject in reversed(own) for t in _past_dateline(reading, subject)]
        return [head for subject in told for head in _antecedents(reading, verb, subject)]
    misplaced = _just_before(reading, verb)
    if misplaced is not None:
        return [misplaced]
    if depth > 6 or parse.dep[verb] == "ROOT":
        return []
    head, dep = parse.head[verb], parse.dep[verb]
    if dep in ("acl", "relcl"):
        if parse.pos[head] in ("NOUN", "PROPN", "PRON") and not _abstract(reading, head):
            return [head]
        return _owner(reading, head, depth)
    if dep in ("xcomp", "ccomp", "advcl", "conj", "dep", "parataxis"):
        if dep == "xcomp" or (dep in ("ccomp", "advcl") and reading.lemma[head] in words("object_control")):
            objects = parse.children(head, "dobj", "dative")
            if objects and reading.lemma[head] in words("object_control"):
                return [objects[0]]
        return subjects(reading, head, depth + 1)
    if dep in ("pcomp", "prep", "acomp", "attr", "amod", "oprd"):
        barring = _barring(reading, verb)
        if barring is not None and parse.children(barring, "dobj"):
            return [parse.children(barring, "dobj")[0]]
        return (
            subjects(reading, head, depth + 1)
            if parse.pos[head] in ("VERB", "AUX", "ADP", "SCONJ", "ADJ")
            else _owner(reading, head, depth)
        )
    return []


def _just_before(reading: Reading, verb: int) -> int | None:
    """ "At the invitation of Premier Wang, Prime Minister Holm will visit": he was hung on what stands before."""
    parse = reading.parse
    ahead = [t for t in parse.children(verb, "aux") if reading.lower[t] in _AHEAD_AUX and t < verb]
    if not ahead or parse.dep[verb] not in ("ccomp", "ROOT", "parataxis"):
        return None
    before = ahead[0] - 1
    below = before in parse.subtree(verb)
    return before if below and parse.dep[before] in ("appos", "conj", "pobj") and parse.pos[before] == "PROPN" else None


def _past_dateline(reading: Reading, subject: int) -> list[int]:
    """The subject; where the parse took the dateline before the sentence for it, the nouns it hung on that."""
    parse = reading.parse
    if reading.prefix is None or parse.start[subject] >= reading.prefix.end():
        return [subject]
    body = reading.prefix.end()
    return [t for t in parse.children(subject) if parse.start[t] >= body and parse.pos[t] in ("NOUN", "PROPN", "PRON")]


def _abstract(reading: Reading, noun: int) -> bool:
    return reading.lemma[noun] in words("abstract")


def _owner(reading: Reading, noun: int, depth: int) -> list[int]:
    """Whose plan, decision or trip it is: its possessor, else the subject of the verb that governs it."""
    parse = reading.parse
    if reading.lemma[noun] == "invitation":
        for preposition in parse.children(noun, "prep", "dative"):
            if reading.lower[preposition] in ("to", "for") and parse.children(preposition, "pobj"):
                return [parse.children(preposition, "pobj")[0]]
    owners = parse.children(noun, "poss")
    if owners and reading.lemma[noun] != "invitation":
        return [owners[0]]
    for preposition in parse.children(noun, "prep", "agent"):
        if reading.lower[preposition] in ("by", "for") and parse.children(preposition, "pobj"):
            return [parse.children(preposition, "pobj")[0]]
    verb = governing_verb(reading, noun)
    return subjects(reading, verb, depth + 1) if verb is not None and depth < 6 else []


def _antecedents(reading: Reading, verb: int, subject: int) -> list[int]:
    parse = reading.parse
    if reading.lower[subject] in ("who", "which", "that", "whom") and parse.dep[verb] in (
        "relcl",
        "acl",
        "ccomp",
        "conj",
    ):
        head = parse.head[verb]
        while parse.dep[head] == "conj" and parse.pos[head] in ("VERB", "AUX"):
            head = parse.head[head]
        if parse.pos[head] in ("VERB", "AUX") and parse.dep[head] in ("relcl", "acl"):
            head = parse.head[head]
        if parse.pos[head] in ("NOUN", "PROPN", "PRON"):
            return [head]
        before = [t for t in range(max(0, subject - 3), subject) if parse.pos[t] in ("NOUN", "PROPN")]
        return before[-1:]
    return [subject]


def governing_verb(reading: Reading, token: int) -> int | None:
    """The nearest verb above `token`."""
    for above in reading.parse.ancestors(token):
        if reading.parse.pos[above] in ("VERB", "AUX"):
            return above
    return None


def auxiliaries(reading: Reading, verb: int) -> list[str]:
    """The auxiliaries of a verb; of the first of coordinated verbs where the later have none."""
    parse = reading.parse
    own = [reading.lower[child] for child in parse.children(verb, "aux", "auxpass")]
    head = parse.head[verb]
    if (
        not own
        and parse.dep[verb] == "conj"
        and parse.pos[head] in ("VERB", "AUX")
        and parse.tag[verb] in ("VB", "VBN", "VBG")
    ) and (not parse.children(verb, *SUBJECTS) or parse.tag[verb] == "VB"):
        return auxiliaries(reading, head)
    return own


def negated(reading: Reading, verb: int) -> bool:
    """Whether the verb carries "not", "n't", "never" or has a subject or object with "no"."""
    parse = reading.parse
    if parse.children(verb, "neg"):
        return True
    return any(
        reading.lower[child] in ("never", "no", "neither", "nor")
        for child in parse.children(verb, "advmod", "preconj", "det", "cc")
        if child < verb
    )


def marks(reading: Reading, verb: int) -> set[str]:
    """The words that open its clause: "if", "when", "before"."""
    parse = reading.parse
    found = {reading.lower[child] for child in parse.children(verb, "mark", "advmod") if child < verb}
    if parse.dep[verb] == "pcomp" or (parse.dep[parse.head[verb]] == "prep" and parse.head[verb] < verb):
        found.add(reading.lower[parse.head[verb]])
    return found


def view(reading: Reading, lexicon: Lexicon, verb: int, depth: int = 0) -> View:
    """How `verb` is told."""
    aux = auxiliaries(reading, verb)
    due = _due(reading, lexicon, verb)
    if due is not None:
        return due
    no = negated(reading, verb)
    clause = marks(reading, verb)
    if _barring(reading, verb) is not None:
        return View("cancelled", False, (verb,))
    if clause & _IF_MARKS or _only_wished(reading, verb):
        return View("", no, (verb,))
    if no and {"can", "ca"} & set(aux) and not _of_us(reading, verb):
        return View("ahead", no, (verb,))  # "cannot travel": will not
    told = _by_auxiliary(reading, verb, aux)
    if told is not None:
        return View(told, no, (verb,))
    if "to" in aux:
        found = _governed(reading, lexicon, verb, depth)
        return View(found.tense, found.negated or no, (*found.chain, verb), found.ends)
    found = _by_form(reading, lexicon, verb, clause, depth)
    return View(found.tense, no, (*found.chain, verb), found.ends)


def _of_us(reading: Reading, verb: int) -> bool:
    """ "I can't go back", "you cannot come here": said of what is possible at all."""
    return any(reading.lower[subject] in ("i", "we", "you", "one") for subject in reading.parse.children(verb, "nsubj"))


def _barring(reading: Reading, verb: int) -> int | None:
    """The verb that keeps somebody "from visiting", where it is done: "barred her from visiting the country"."""
    parse = reading.parse
    preposition = parse.head[verb]
    above = parse.head[preposition]
    if (
        parse.dep[verb] != "pcomp"
        or reading.lower[preposition] != "from"
        or reading.lemma[above] not in words("barring")
    ):
        return None
    return above if parse.tag[above] in ("VBD", "VBN", "VBZ", "VBG") and not negated(reading, above) else None


def _only_wished(reading: Reading, verb: int) -> bool:
    """ "Demanded that Washington cancel the visit": told by no tense of its own."""
    parse = reading.parse
    demanded = parse.dep[verb] == "ccomp" and reading.lemma[parse.head[verb]] in words("demanding")
    return demanded and parse.tag[verb] == "VB" and not parse.children(verb, "aux")


def _due(reading: Reading, lexicon: Lexicon, verb: int) -> View | None:
    """ "Is due in Damascus", "is expected here": told ahead by what follows the copula."""
    if reading.lemma[verb] != "be":
        return None
    for child in reading.parse.children(verb, "acomp", "attr", "oprd"):
        if reading.lemma[child] in ("due", "expect", "set", "bind", "bound", "schedule"):
            return View("ahead", negated(reading, verb), (verb, child))
    return None


def _by_auxiliary(reading: Reading, verb: int, aux: list[str]) -> str | None:
    if not aux:
        return None
    tag = reading.parse.tag[verb]
    if tag == "VBN" and "have" in aux and any(word in _MAYBE_AUX | {"would"} for word in aux):
        return ""
    if any(word in _AHEAD_AUX for word in aux):
        return "maybe" if "would" in aux and reading.lemma[verb] in ("like", "love") else "ahead"
    if any(word in _MAYBE_AUX for word in aux):
        return "maybe"
    if any(word in _DUTY_AUX for word in aux):
        return ""
    if "to" in aux:
        return None
    if any(word in ("has", "have", "had", "'ve", "'d", "having") for word in aux):
        return "perfect" if "had" not in aux else "past"
    if tag == "VBG" and any(
        word in ("is", "are", "was", "were", "am", "be", "been", "'s", "'re", "being") for word in aux
    ):
        return "progressive"
    if any(word in ("was", "were", "did", "got") for word in aux):
        return "past"
    if any(word in ("is", "are", "do", "does", "'s", "am", "being", "be") for word in aux):
        return "present"
    return None


def _by_form(reading: Reading, lexicon: Lexicon, verb: int, clause: set[str], depth: int) -> View:
    parse = reading.parse
    tag, dep, head = parse.tag[verb], parse.dep[verb], parse.head[verb]
    if tag in ("VBZ", "VBP"):
        if clause & _AHEAD_MARKS:
            return View("ahead")
        if clause & _MATRIX_MARKS and depth < 6:
            above = governing_verb(reading, verb)
            if above is not None and view(reading, lexicon, above, depth + 1).tense in ("ahead", "maybe"):
                return View("ahead", chain=(above,))
        return View("ahead" if "when" in clause else "present")
    if tag == "VBD":
        above = governing_verb(reading, verb) if "when" in clause else None
        return View("past", chain=() if above is None else (above,))
    if tag == "VBN":
        return View("past")
    if clause & _BEFORE:
        return _before(reading, lexicon, verb, depth)
    if clause & {"after", "since", "following", "from"}:
        return View("ended")
    if tag == "VBG" and dep in ("advcl", "acl", "conj", "dep", "ccomp", "ROOT", "parataxis"):
        planned = dep == "advcl" and depth < 5 and view(reading, lexicon, head, depth + 1).tense in ("ahead", "maybe")
        return View("ahead" if planned else "progressive")
    if dep in ("pcomp", "xcomp", "ccomp", "conj", "advcl", "acl") and head != verb and depth < 6:
        return _governed(reading, lexicon, verb, depth)
    if tag == "VB" and dep == "ROOT":
        return View("present")
    return View("past" if tag.startswith("VB") and tag != "VB" else "ahead")


def _before(reading: Reading, lexicon: Lexicon, verb: int, depth: int) -> View:
    """ "Before travelling to Rome" is still to come, unless what came before it is told as done and over."""
    above = governing_verb(reading, verb)
    if above is None or depth > 5:
        return View("ahead")
    told = view(reading, lexicon, above, depth + 1)
    not_done = lexicon.governors["start"] | {"leave", "be", "arrive", "say", "tell", "announce", "add", "speak"}
    done = told.tense == "past" and reading.lemma[above] not in not_done
    return View("ended" if done else "ahead")


def _governed(reading: Reading, lexicon: Lexicon, verb: int, depth: int) -> View:
    """The tense of an infinitive or participle by its governor: "plans to visit", "due to arrive", "refused to go"."""
    parse = reading.parse
    head = parse.head[verb]
    if head == verb or depth > 6:
        return View("ahead")
    while parse.dep[verb] == "conj" and parse.pos[head] in ("VERB", "AUX") and head != parse.head[head]:
        verb, head = head, parse.head[head]
    if parse.pos[head] == "ADP":
        if reading.lower[head] in ("after", "since", "following", "from"):
            return View("ended")
        if reading.lower[head] in ("before", "until", "ahead"):
            return View("ahead")
        head = parse.head[head]
    lemma = reading.lemma[head]
    effect = lexicon.governor(lemma, reading.particle(head))
    if lemma == "be" and parse.dep[verb] in ("xcomp", "ccomp"):
        return View("ahead", negated(reading, head), (head,))
    if lemma in ("look", "forward") and parse.tag[verb] == "VBG":
        return View("maybe", chain=(head,))  # "looks forward to meeting him"
    if lemma == "have" or (lemma == "go" and parse.tag[head] == "VBG" and parse.dep[verb] == "xcomp"):
        return View("ahead", negated(reading, head), (head,))
    if effect in ("ahead", "maybe", "accepted", "invited", "cancelled", "postponed"):
        return _effect(reading, lexicon, head, effect, depth)
    return _as_head(reading, lexicon, verb, head, depth)


def _as_head(reading: Reading, lexicon: Lexicon, verb: int, head: int, depth: int) -> View:
    """Told as what it hangs on: "flew to Manila to attend", "the first minister to visit"; else still to come."""
    parse = reading.parse
    if parse.pos[head] in ("VERB", "AUX"):
        above = view(reading, lexicon, head, depth + 1)
        return above.through(head) if above.tense != "perfect" else replace(above, tense="past").through(head)
    above_verb = governing_verb(reading, head)
    if parse.pos[head] == "NOUN" and above_verb is not None and parse.dep[verb] in ("acl", "relcl"):
        ordinals = ("first", "last", "latest", "second", "third", "only")
        first = any(reading.lower[child] in ordinals for child in parse.children(head))
        if first or reading.lemma[head] in ("trip", "visit"):
            return view(reading, lexicon, above_verb, depth + 1).through(head)
    return View("ahead", chain=(head,))


def _effect(reading: Reading, lexicon: Lexicon, head: int, effect: str, depth: int) -> View:
    """A governor's effect, with its own negation ("has no plans to", "is not expected to") and its own hedge."""
    parse = reading.parse
    no = negated(reading, head) or any(reading.lower[child] == "no" for child in parse.children(head, "det"))
    verb = head if parse.pos[head] in ("VERB", "AUX") else governing_verb(reading, head)
    chain = (head,) if verb is None or verb == head else (head, verb)
    if verb is not None:
        no = no or (verb != head and negated(reading, verb))
        if parse.pos[head] == "NOUN":
            own = lexicon.governor(reading.lemma[verb], reading.particle(verb))
            refused = reading.lemma[verb] in ("refuse", "deny") and reading.lemma[head] in ("visa", "permission")
            if refused:
                return View("cancelled", no, chain)
            if own in ("cancelled", "postponed") or (own == "accepted" and effect == "invited"):
                return View(own, no, chain)
        if marks(reading, verb) & _IF_MARKS:
            return View("", no, chain)
    if reading.lemma[head] == "able" and no:
        return View("cancelled", False, chain)
    if (
        reading.lemma[head] in ("ask", "urge", "request", "call", "agree")
        and not parse.children(head, "dobj", "nsubjpass")
        and effect == "invited"
    ):
        return View("", no, chain)
    return View(effect, no, chain)
