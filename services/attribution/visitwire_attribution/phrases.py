"""Noun phrases that name a source, and whose words a verb's are."""

from visitwire_language.cues import cues
from visitwire_language.pronouns import relative
from visitwire_language.text import Text

from visitwire_attribution.grammar import FINITE, VERBAL, cue_takes, finite_tag

_SUBJECTS = ("nsubj", "csubj", "expl")
_CUT = frozenset({"relcl", "acl", "advcl", "ccomp", "parataxis", "dep"})
"""What is said about a source after a comma, and does not name it."""
_DASHES = frozenset({"--", "—", "–", ";", ":"})
_DEPENDENT_CLAUSES = frozenset({"advcl", "xcomp", "pcomp", "conj", "ccomp", "dep", "acomp"})
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET"})
_DEEPEST = 12


def source_of(text: Text, verb: int) -> list[int]:
    """The tokens of the phrase whose words `verb` gives; none where the sentence does not tell."""
    head = speaker_head(text, verb)
    if head is None:
        head = _nearest_before(text, verb)
    if head is None:
        return []
    dash = next((t for t in range(head + 1, verb) if _parts(text, t)), None)
    if dash is not None and _dateline(text, head, dash):
        return noun_phrase_from(text, dash + 1, verb)
    return phrase(text, head, verb)


def _dateline(text: Text, head: int, dash: int) -> bool:
    """Whether `head` stands in a dateline, "LONDON (Reuters) -", which the parser takes for a name."""
    first = head
    while first > 0 and text.paragraph_of[first - 1] == text.paragraph_of[head]:
        first -= 1
    return dash - first < _DEEPEST and not any(text.parse.tag[t] in FINITE for t in range(first, dash))


def speaker_head(text: Text, verb: int) -> int | None:
    """The head of the phrase that speaks: the subject of `verb`, its agent, or that of the verb it hangs on."""
    parse = text.parse
    here = _outer_cue(text, verb)
    asked = parse.tag[verb] == "VBN" or (text.lemma[verb] == "ask" and parse.tag[verb] == "VBD")
    if asked and parse.dep[verb] in ("advcl", "acl") and not text.parse.children(verb, "aux", "agent", *_SUBJECTS):
        return None if here == verb else _own_subject(text, here)
    for _ in range(_DEEPEST):
        if (
            here != verb
            and text.lemma[here] in cues().words["quoting"]
            and (quoted := text.parse.children(here, "nsubjpass"))
        ):
            return quoted[0]
        found = _own_subject(text, here)
        if found is not None:
            return found
        dep, head = parse.dep[here], parse.head[here]
        if head == here or text.parse.children(here, "nsubjpass"):
            return None
        if dep == "xcomp" and here == verb and (objects := text.parse.children(head, "dobj")):
            return objects[-1]
        if dep == "prep" or parse.pos[head] in ("ADP", "SCONJ", "ADJ"):
            here = head
        elif dep in ("acl", "relcl", "appos") and parse.pos[head] not in VERBAL:
            return (_main_subject(text, here) if dep == "acl" and _after_comma(text, here) else None) or head
        elif dep in _DEPENDENT_CLAUSES and (parse.pos[head] in VERBAL or text.parse.children(head, *_SUBJECTS)):
            here = head
        else:
            return None
    return None


def _outer_cue(text: Text, verb: int) -> int:
    """The cue whose speaker goes on speaking at `verb`: "he said Lee had left, adding that …" is not Lee's addition."""
    parse = text.parse
    participle = parse.tag[verb] == "VBG" and _after_comma(text, verb)
    second = parse.dep[verb] == "conj" and parse.tag[verb] in FINITE
    if not (participle or second) or not cue_takes(text, verb) or text.parse.children(verb, *_SUBJECTS):
        return verb
    outer = below = verb
    for above in text.parse.ancestors(verb):
        inside = parse.dep[below] == "ccomp" and above < verb and "clause" in cue_takes(text, above)
        if inside and (participle or text.parse.children(verb, "ccomp") or _same_tense(text, above, verb)):
            outer = above
        below = above
    return outer


def _same_tense(text: Text, cue: int, verb: int) -> bool:
    """Whether `verb` goes with the cue, and not with the clause it hangs on: "said they would go and pledged …"."""
    joined = text.parse.head[verb]
    return text.parse.tag[cue] == text.parse.tag[verb] != finite_tag(text, joined)


def _after_comma(text: Text, token: int) -> bool:
    """Whether a comma parts `token` from what goes before, perhaps inside a closing mark."""
    before = token - 1
    if before >= 0 and text.quoted[before] >= 0 and not text.wordy[before]:
        before -= 1
    return before >= 0 and text.words[before] in (",", "—", "--", "–")


def _main_subject(text: Text, participle: int) -> int | None:
    """The subject of the clause before a participle that a comma parts from the noun it was hung on."""
    parse = text.parse
    for above in text.parse.ancestors(participle):
        if parse.pos[above] in VERBAL and above < participle:
            return _own_subject(text, above)
        if parse.dep[above] in _SUBJECTS:
            return above
    return None


def _nearest_before(text: Text, verb: int) -> int | None:
    """The head of the noun phrase that ends just before a finite `verb` to which the parser gave no subject."""
    parse = text.parse
    if parse.tag[verb] not in FINITE and not any(parse.tag[c] in FINITE for c in text.parse.children(verb, "aux")):
        return None
    first = text.written_sentence(verb).start
    here = verb - 1
    while here > first and parse.pos[here] in ("AUX", "ADV", "PART"):
        here -= 1
    if here > first and text.words[here] in (",", "—", "--", "–"):
        here = next((t for t in range(here - 1, first, -1) if text.words[t] == text.words[here]), first) - 1
    if here < first or parse.pos[here] not in _NOMINAL or text.quoted[here] >= 0:
        return None
    while _same_phrase(text, parse.head[here], here, first, verb):
        here = parse.head[here]
    return here if parse.pos[here] in _NOMINAL else None


def _same_phrase(text: Text, head: int, token: int, first: int, stop: int) -> bool:
    """Whether `head` heads the noun phrase of `token`, with no comma that parts the two."""
    if head == token or not first <= head < stop or text.parse.pos[head] in VERBAL:
        return False
    return head > token or "," not in text.words[head + 1 : token]


def _own_subject(text: Text, verb: int) -> int | None:
    parse = text.parse
    for agent in text.parse.children(verb, "agent"):
        for child in text.parse.children(agent, "pobj"):
            return child
    for subject in text.parse.children(verb, *_SUBJECTS):
        if text.quoted[subject] >= 0 and text.quoted[subject] != text.quoted[verb]:
            continue
        if text.lower[subject] in relative() and parse.dep[verb] == "relcl":
            return parse.head[verb]
        if text.wordy[subject]:
            return subject
    return None


def phrase(text: Text, head: int, verb: int) -> list[int]:
    """The tokens of the noun phrase of `head`, with its appositions, up to what merely tells more of it."""
    parse = text.parse
    low, high = (0, verb) if head < verb else (verb + 1, len(parse))
    kept = [head]
    todo = [head]
    while todo:
        here = todo.pop()
        for child in text.parse.children(here):
            if low <= child < high and not _tells_more(text, here, child):
                kept.append(child)
                todo.append(child)
    return _contiguous(text, sorted(kept), head)


def _tells_more(text: Text, head: int, child: int) -> bool:
    """Whether `child` only tells more of `head`: a clause after a comma, a second clause."""
    parse = text.parse
    if text.quoted[child] != text.quoted[head]:
        return text.quoted[child] >= 0 and parse.dep[child] in _CUT
    if parse.dep[child] not in _CUT or child < head:
        return False
    first = min(text.below(child))
    return parse.dep[child] != "acl" or (first > 0 and text.words[first - 1] in (",", "--", "—", "–"))


def _contiguous(text: Text, tokens: list[int], head: int) -> list[int]:
    """The run of `tokens` around `head`, without the punctuation at its ends."""
    at = tokens.index(head)
    first = last = at
    while first > 0 and tokens[first - 1] == tokens[first] - 1 and not _parts(text, tokens[first - 1]):
        first -= 1
    while last + 1 < len(tokens) and tokens[last + 1] == tokens[last] + 1 and not _parts(text, tokens[last + 1]):
        last += 1
    run = tokens[first : last + 1]
    while run and _loose(text.words[run[-1]]):
        run.pop()
    while run and _loose(text.words[run[0]]):
        run.pop(0)
    return run


def _parts(text: Text, token: int) -> bool:
    """Whether `token` is a dash or a colon that stands free, and so parts one phrase from another."""
    word = text.words[token]
    return word in _DASHES or (word == "-" and text.text[text.parse.start[token] - 1].isspace())


def _loose(word: str) -> bool:
    return not any(c.isalnum() for c in word) and word not in ")."


def noun_phrase_from(text: Text, first: int, stop: int) -> list[int]:
    """The noun phrase that begins at `first`, read from left to right, where the tree is not to be trusted."""
    parse = text.parse
    found: list[int] = []
    for token in range(first, stop):
        word, pos = text.words[token], parse.pos[token]
        if text.quoted[token] >= 0 or parse.tag[token] in FINITE or word in (";", ":", "."):
            break
        if word == "," and not _apposition_after(text, token, stop):
            break
        if pos in ("ADV", "SCONJ", "CCONJ", "PART") and not found:
            continue
        if pos == "ADP" and not found and (comma := _comma_after(text, token, stop)) is not None:
            return noun_phrase_from(text, comma + 1, stop)
        if pos in ("SCONJ", "ADV") or text.lower[token] in cues().words["after noun phrase"]:
            break
        found.append(token)
    while found and not (text.wordy[found[-1]] or text.words[found[-1]] == ")"):
        found.pop()
    return found


def _comma_after(text: Text, token: int, stop: int) -> int | None:
    """The comma that ends an opening phrase, "In a statement, …"."""
    return next((t for t in range(token, stop) if text.words[t] == ","), None)


def _apposition_after(text: Text, comma: int, stop: int) -> bool:
    """Whether a comma opens an apposition ("Lee, a senator") and not a clause."""
    following = comma + 1
    return (
        following < stop
        and text.parse.pos[following] in ("DET", "PROPN", "NOUN", "ADJ", "NUM")
        and text.lower[following] not in relative()
    )
