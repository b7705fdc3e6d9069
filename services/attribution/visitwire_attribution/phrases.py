"""Noun phrases that name a source, and whose words a verb's are."""

from visitwire_attribution.reading import FINITE, VERBAL, Reading

_SUBJECTS = ("nsubj", "csubj", "expl")
_CUT = frozenset({"relcl", "acl", "advcl", "ccomp", "parataxis", "dep"})
"""What is said about a source after a comma, and does not name it."""
_DASHES = frozenset({"--", "—", "–", ";", ":"})
_DEPENDENT_CLAUSES = frozenset({"advcl", "xcomp", "pcomp", "conj", "ccomp", "dep", "acomp"})
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET"})
_QUOTING = frozenset({"quote", "cite", "hear", "record"})
""" "He was quoted as saying": the words are his."""
_DEEPEST = 12


def source_of(reading: Reading, verb: int) -> list[int]:
    """The tokens of the phrase whose words `verb` gives; none where the sentence does not tell."""
    head = speaker_head(reading, verb)
    if head is None:
        head = _nearest_before(reading, verb)
    if head is None:
        return []
    dash = next((t for t in range(head + 1, verb) if _parts(reading, t)), None)
    if dash is not None and _dateline(reading, head, dash):
        return noun_phrase_from(reading, dash + 1, verb)
    return phrase(reading, head, verb)


def _dateline(reading: Reading, head: int, dash: int) -> bool:
    """Whether `head` stands in a dateline, "LONDON (Reuters) -", which the parser takes for a name."""
    first = head
    while first > 0 and reading.line[first - 1] == reading.line[head]:
        first -= 1
    return dash - first < _DEEPEST and not any(reading.parse.tag[t] in FINITE for t in range(first, dash))


def speaker_head(reading: Reading, verb: int) -> int | None:
    """The head of the phrase that speaks: the subject of `verb`, its agent, or that of the verb it hangs on."""
    parse = reading.parse
    here = _outer_cue(reading, verb)
    asked = parse.tag[verb] == "VBN" or (reading.lemmas[verb] == "ask" and parse.tag[verb] == "VBD")
    if asked and parse.dep[verb] in ("advcl", "acl") and not reading.children(verb, "aux", "agent", *_SUBJECTS):
        return None if here == verb else _own_subject(reading, here)
    for _ in range(_DEEPEST):
        if here != verb and reading.lemmas[here] in _QUOTING and (quoted := reading.children(here, "nsubjpass")):
            return quoted[0]
        found = _own_subject(reading, here)
        if found is not None:
            return found
        dep, head = parse.dep[here], parse.head[here]
        if head == here or reading.children(here, "nsubjpass"):
            return None
        if dep == "xcomp" and here == verb and (objects := reading.children(head, "dobj")):
            return objects[-1]
        if dep == "prep" or parse.pos[head] in ("ADP", "SCONJ", "ADJ"):
            here = head
        elif dep in ("acl", "relcl", "appos") and parse.pos[head] not in VERBAL:
            return (_main_subject(reading, here) if dep == "acl" and _after_comma(reading, here) else None) or head
        elif dep in _DEPENDENT_CLAUSES and (parse.pos[head] in VERBAL or reading.children(head, *_SUBJECTS)):
            here = head
        else:
            return None
    return None


def _outer_cue(reading: Reading, verb: int) -> int:
    """The cue whose speaker goes on speaking at `verb`: "he said Lee had left, adding that …" is not Lee's addition."""
    parse = reading.parse
    participle = parse.tag[verb] == "VBG" and _after_comma(reading, verb)
    second = parse.dep[verb] == "conj" and parse.tag[verb] in FINITE
    if not (participle or second) or not reading.takes(verb) or reading.children(verb, *_SUBJECTS):
        return verb
    outer = below = verb
    for above in reading.ancestors(verb):
        inside = parse.dep[below] == "ccomp" and above < verb and "clause" in reading.takes(above)
        if inside and (participle or reading.children(verb, "ccomp") or _same_tense(reading, above, verb)):
            outer = above
        below = above
    return outer


def _same_tense(reading: Reading, cue: int, verb: int) -> bool:
    """Whether `verb` goes with the cue, and not with the clause it hangs on: "said they would go and pledged …"."""
    joined = reading.parse.head[verb]
    return reading.parse.tag[cue] == reading.parse.tag[verb] != reading.finite_tag(joined)


def _after_comma(reading: Reading, token: int) -> bool:
    """Whether a comma parts `token` from what goes before, perhaps inside a closing mark."""
    before = token - 1
    if before >= 0 and reading.quoted[before] >= 0 and not reading.is_word(before):
        before -= 1
    return before >= 0 and reading.words[before] in (",", "—", "--", "–")


def _main_subject(reading: Reading, participle: int) -> int | None:
    """The subject of the clause before a participle that a comma parts from the noun it was hung on."""
    parse = reading.parse
    for above in reading.ancestors(participle):
        if parse.pos[above] in VERBAL and above < participle:
            return _own_subject(reading, above)
        if parse.dep[above] in _SUBJECTS:
            return above
    return None


def _nearest_before(reading: Reading, verb: int) -> int | None:
    """The head of the noun phrase that ends just before a finite `verb` to which the parser gave no subject."""
    parse = reading.parse
    if parse.tag[verb] not in FINITE and not any(parse.tag[c] in FINITE for c in reading.children(verb, "aux")):
        return None
    first = reading.sentence(verb).start
    here = verb - 1
    while here > first and parse.pos[here] in ("AUX", "ADV", "PART"):
        here -= 1
    if here > first and reading.words[here] in (",", "—", "--", "–"):
        here = next((t for t in range(here - 1, first, -1) if reading.words[t] == reading.words[here]), first) - 1
    if here < first or parse.pos[here] not in _NOMINAL or reading.quoted[here] >= 0:
        return None
    while _same_phrase(reading, parse.head[here], here, first, verb):
        here = parse.head[here]
    return here if parse.pos[here] in _NOMINAL else None


def _same_phrase(reading: Reading, head: int, token: int, first: int, stop: int) -> bool:
    """Whether `head` heads the noun phrase of `token`, with no comma that parts the two."""
    if head == token or not first <= head < stop or reading.parse.pos[head] in VERBAL:
        return False
    return head > token or "," not in reading.words[head + 1 : token]


def _own_subject(reading: Reading, verb: int) -> int | None:
    parse = reading.parse
    for agent in reading.children(verb, "agent"):
        for child in reading.children(agent, "pobj"):
            return child
    for subject in reading.children(verb, *_SUBJECTS):
        if reading.quoted[subject] >= 0 and reading.quoted[subject] != reading.quoted[verb]:
            continue
        if reading.lower[subject] in ("who", "which", "that") and parse.dep[verb] == "relcl":
            return parse.head[verb]
        if reading.is_word(subject):
            return subject
    return None


def phrase(reading: Reading, head: int, verb: int) -> list[int]:
    """The tokens of the noun phrase of `head`, with its appositions, up to what merely tells more of it."""
    parse = reading.parse
    low, high = (0, verb) if head < verb else (verb + 1, len(parse))
    kept = [head]
    todo = [head]
    while todo:
        here = todo.pop()
        for child in reading.children(here):
            if low <= child < high and not _tells_more(reading, here, child):
                kept.append(child)
                todo.append(child)
    return _contiguous(reading, sorted(kept), head)


def _tells_more(reading: Reading, head: int, child: int) -> bool:
    """Whether `child` only tells more of `head`: a clause after a comma, a second clause."""
    parse = reading.parse
    if reading.quoted[child] != reading.quoted[head]:
        return reading.quoted[child] >= 0 and parse.dep[child] in _CUT
    if parse.dep[child] not in _CUT or child < head:
        return False
    first = min(reading.below([child]))
    return parse.dep[child] != "acl" or (first > 0 and reading.words[first - 1] in (",", "--", "—", "–"))


def _contiguous(reading: Reading, tokens: list[int], head: int) -> list[int]:
    """The run of `tokens` around `head`, without the punctuation at its ends."""
    at = tokens.index(head)
    first = last = at
    while first > 0 and tokens[first - 1] == tokens[first] - 1 and not _parts(reading, tokens[first - 1]):
        first -= 1
    while last + 1 < len(tokens) and tokens[last + 1] == tokens[last] + 1 and not _parts(reading, tokens[last + 1]):
        last += 1
    run = tokens[first : last + 1]
    while run and _loose(reading.words[run[-1]]):
        run.pop()
    while run and _loose(reading.words[run[0]]):
        run.pop(0)
    return run


def _parts(reading: Reading, token: int) -> bool:
    """Whether `token` is a dash or a colon that stands free, and so parts one phrase from another."""
    word = reading.words[token]
    return word in _DASHES or (word == "-" and reading.text[reading.parse.start[token] - 1].isspace())


def _loose(word: str) -> bool:
    return not any(c.isalnum() for c in word) and word not in ")."


def noun_phrase_from(reading: Reading, first: int, stop: int) -> list[int]:
    """The noun phrase that begins at `first`, read from left to right, where the tree is not to be trusted."""
    parse = reading.parse
    found: list[int] = []
    for token in range(first, stop):
        word, pos = reading.words[token], parse.pos[token]
        if reading.quoted[token] >= 0 or parse.tag[token] in FINITE or word in (";", ":", "."):
            break
        if word == "," and not _apposition_after(reading, token, stop):
            break
        if pos in ("ADV", "SCONJ", "CCONJ", "PART") and not found:
            continue
        if pos == "ADP" and not found and (comma := _comma_after(reading, token, stop)) is not None:
            return noun_phrase_from(reading, comma + 1, stop)
        if pos in ("SCONJ", "ADV") or reading.lower[token] in (
            "who",
            "which",
            "as",
            "during",
            "after",
            "while",
            "when",
        ):
            break
        found.append(token)
    while found and not (reading.is_word(found[-1]) or reading.words[found[-1]] == ")"):
        found.pop()
    return found


def _comma_after(reading: Reading, token: int, stop: int) -> int | None:
    """The comma that ends an opening phrase, "In a statement, …"."""
    return next((t for t in range(token, stop) if reading.words[t] == ","), None)


def _apposition_after(reading: Reading, comma: int, stop: int) -> bool:
    """Whether a comma opens an apposition ("Lee, a senator") and not a clause."""
    following = comma + 1
    return (
        following < stop
        and reading.parse.pos[following] in ("DET", "PROPN", "NOUN", "ADJ", "NUM")
        and reading.lower[following] not in ("who", "which", "that")
    )
