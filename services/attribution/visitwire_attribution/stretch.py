"""Where a content ends that the parser broke at a quotation mark, and where it gives way to the next cue."""

from bisect import bisect_left
from collections.abc import Container

from visitwire_attribution.finding import Piece
from visitwire_attribution.reading import FINITE, Reading

_ENDS = frozenset({".", "?", "!", ",", ";", ":", "—", "--", "–", "(", ")", "…", "..."})
_DASHES = frozenset({"—", "--", "–", "-"})
_PARTING = _DASHES | frozenset({",", "”", '"', "''", "’"})
_OCCASIONS = frozenset(
    {"interview", "statement", "speech", "tweet", "email", "e-mail", "letter", "appearance", "address"}
)
_CHAIN = 25


def over_quotation(reading: Reading, piece: Piece, cue: tuple[int, ...], held: Container[int]) -> Piece:
    """`piece`, stretched over the quotation right after it that nobody holds, and over what hangs on it after that."""
    tokens = reading.tokens(*piece)
    if not tokens:
        return piece
    first, end = tokens.start, tokens.stop
    while end < len(reading.parse) and not reading.breaks[end]:
        number = reading.quoted[end]
        if number >= 0 and number not in held:
            end = reading.span(number).stop
        elif _leads_to_small(reading, end, held) or _hangs_on(reading, end, first, cue):
            end += 1
        else:
            break
    return piece if end == tokens.stop else (piece[0], max(piece[1], reading.parse.end[end - 1]))


def _leads_to_small(reading: Reading, comma: int, held: Container[int]) -> bool:
    """Whether a comma goes before a quotation of nobody yet that begins in the middle of a sentence."""
    number = reading.quoted[comma + 1] if comma + 1 < len(reading.parse) else -1
    if reading.words[comma] != "," or number < 0 or number in held:
        return False
    return reading.quotations[number].inside(reading.text)[:1].islower()


def _hangs_on(reading: Reading, token: int, first: int, cue: tuple[int, ...]) -> bool:
    """Whether `token`, just after a quotation, belongs to the content that begins at `first`."""
    before = reading.quoted[token - 1]
    if reading.quoted[token] >= 0 or reading.words[token] in _ENDS or token in cue:
        return False
    if before >= 0 and reading.words[token - 2] in (",", ".", "!", "?"):
        return False
    here = token
    for _ in range(_CHAIN):
        head = reading.parse.head[here]
        if head == here or head < first:
            return False
        if head < token:
            return True
        here = head
    return False


def to_the_end(reading: Reading, piece: Piece, phrases: bool) -> Piece:
    """`piece` that ends with an unfinished quotation, with the words up to the next stop: `said "some" of it was lost`.

    Without `phrases` a preposition or a conjunction ends it at once: `called him "a clown" on his show`.
    """
    end = reading.tokens(*piece).stop
    if reading.words[end - 2] in (",", ".", "!", "?", "…") or end >= len(reading.parse):
        return piece
    if reading.parse.pos[end] in ("SCONJ", "CCONJ") or (not phrases and reading.parse.pos[end] in ("ADP", "VERB")):
        return piece
    while end < len(reading.parse) and not reading.breaks[end] and reading.words[end] not in _ENDS | {"."}:
        end += 1
    return piece[0], max(piece[1], reading.parse.end[end - 1])


def cut(reading: Reading, content: list[int], cue: int) -> list[int]:
    """`content` up to where a further cue of the same speaker takes over: ", adding that …", "and said …"."""
    content.sort()
    words, pos = reading.words, reading.parse.pos
    for token in content:
        if token <= cue:
            continue
        if words[token] in _PARTING and _adds(reading, token):
            return content[: bisect_left(content, token)]
        if pos[token] == "VERB" and _takes_over(reading, token, cue, content):
            return content[: bisect_left(content, _opening(reading, token))]
    return content


def _adds(reading: Reading, token: int) -> bool:
    """Whether the writer goes on after a dash ("- and he left"), or tells where it was said (", in an interview")."""
    following = token + 1
    if reading.quoted[token] >= 0 or following + 1 >= len(reading.parse):
        return False
    if reading.words[token] in _DASHES:
        spaced = reading.text[reading.parse.start[token] - 1].isspace()
        return spaced and reading.lower[following] in ("and", "but", "as", "although", "though", "except", "while")
    near = reading.lower[following + 1 : following + 4]
    said = reading.words[token] == "," or reading.words[token - 1] == ","
    return said and reading.lower[following] in ("in", "during", "on") and any(w in _OCCASIONS for w in near)


def _takes_over(reading: Reading, token: int, cue: int, inside: Container[int]) -> bool:
    parse, takes = reading.parse, reading.takes(token)
    if reading.quoted[token] >= 0 or not takes:
        return False
    head, again = parse.head[token], parse.tag[token] == parse.tag[cue]
    if parse.dep[token] == "conj" and again and takes.get("clause") == "speech" and reading.children(token, "ccomp"):
        return True
    if parse.dep[token] == "advcl" and "clause" in takes and reading.children(token, "nsubj"):
        return any(reading.lower[c] in ("while", "whereas") for c in reading.children(token, "mark"))
    if reading.children(token, "nsubj", "nsubjpass", "aux"):
        return False
    if parse.tag[token] == "VBG" and parse.dep[token] in ("advcl", "acl"):
        says = "clause" in takes and reading.children(token, "ccomp")
        names = "naming" in takes and reading.children(token, "dobj")
        return reading.words[token - 1] == "," and bool(says or names)
    if parse.dep[token] != "conj" or head not in inside or not takes:
        return False
    if again and parse.tag[token] in FINITE and reading.finite_tag(head) != parse.tag[token]:
        return True
    return parse.tag[token] in FINITE and takes.get("clause") == "speech" and bool(reading.children(token, "ccomp"))


def _opening(reading: Reading, token: int) -> int:
    """The comma or conjunction that parts `token`, with its subject, from what goes before."""
    openers = reading.children(token, "nsubj", "mark")
    start = min((token, *(min(reading.below([c])) for c in openers if c < token)))
    while start > 0 and (
        reading.words[start - 1] in (",", "—", "--", "–") or reading.parse.pos[start - 1] in ("CCONJ", "ADV")
    ):
        start -= 1
    return start
