"""Where a content ends that the parser broke at a quotation mark, and where it gives way to the next cue."""

from bisect import bisect_left
from collections.abc import Container

from visitwire_language.cues import cues
from visitwire_language.text import Text

from visitwire_attribution.finding import Piece
from visitwire_attribution.grammar import FINITE, cue_takes, finite_tag

_ENDS = frozenset({".", "?", "!", ",", ";", ":", "—", "--", "–", "(", ")", "…", "..."})
_DASHES = frozenset({"—", "--", "–", "-"})
_PARTING = _DASHES | frozenset({",", "”", '"', "''", "’"})
_CHAIN = 25


def over_quotation(text: Text, piece: Piece, cue: tuple[int, ...], held: Container[int]) -> Piece:
    """`piece`, stretched over the quotation right after it that nobody holds, and over what hangs on it after that."""
    tokens = text.parse.within(*piece)
    if not tokens:
        return piece
    first, end = tokens.start, tokens.stop
    while end < len(text.parse) and not text.breaks[end]:
        number = text.quoted[end]
        if number >= 0 and number not in held:
            end = text.quotation_tokens(number).stop
        elif _leads_to_small(text, end, held) or _hangs_on(text, end, first, cue):
            end += 1
        else:
            break
    return piece if end == tokens.stop else (piece[0], max(piece[1], text.parse.end[end - 1]))


def _leads_to_small(text: Text, comma: int, held: Container[int]) -> bool:
    """Whether a comma goes before a quotation of nobody yet that begins in the middle of a sentence."""
    number = text.quoted[comma + 1] if comma + 1 < len(text.parse) else -1
    if text.words[comma] != "," or number < 0 or number in held:
        return False
    return text.quotations[number].inside(text.text)[:1].islower()


def _hangs_on(text: Text, token: int, first: int, cue: tuple[int, ...]) -> bool:
    """Whether `token`, just after a quotation, belongs to the content that begins at `first`."""
    before = text.quoted[token - 1]
    if text.quoted[token] >= 0 or text.words[token] in _ENDS or token in cue:
        return False
    if before >= 0 and text.words[token - 2] in (",", ".", "!", "?"):
        return False
    here = token
    for _ in range(_CHAIN):
        head = text.parse.head[here]
        if head == here or head < first:
            return False
        if head < token:
            return True
        here = head
    return False


def to_the_end(text: Text, piece: Piece, phrases: bool) -> Piece:
    """`piece` that ends with an unfinished quotation, with the words up to the next stop: `said "some" of it was lost`.

    Without `phrases` a preposition or a conjunction ends it at once: `called him "a clown" on his show`.
    """
    end = text.parse.within(*piece).stop
    if text.words[end - 2] in (",", ".", "!", "?", "…") or end >= len(text.parse):
        return piece
    if text.parse.pos[end] in ("SCONJ", "CCONJ") or (not phrases and text.parse.pos[end] in ("ADP", "VERB")):
        return piece
    while end < len(text.parse) and not text.breaks[end] and text.words[end] not in _ENDS | {"."}:
        end += 1
    return piece[0], max(piece[1], text.parse.end[end - 1])


def cut(text: Text, content: list[int], cue: int) -> list[int]:
    """`content` up to where a further cue of the same speaker takes over: ", adding that …", "and said …"."""
    content.sort()
    words, pos = text.words, text.parse.pos
    for token in content:
        if token <= cue:
            continue
        if words[token] in _PARTING and _adds(text, token):
            return content[: bisect_left(content, token)]
        if pos[token] == "VERB" and _takes_over(text, token, cue, content):
            return content[: bisect_left(content, _opening(text, token))]
    return content


def _adds(text: Text, token: int) -> bool:
    """Whether the writer goes on after a dash ("- and he left"), or tells where it was said (", in an interview")."""
    following = token + 1
    if text.quoted[token] >= 0 or following + 1 >= len(text.parse):
        return False
    if text.words[token] in _DASHES:
        spaced = text.text[text.parse.start[token] - 1].isspace()
        return spaced and text.lower[following] in cues().words["going on after a dash"]
    near = text.lower[following + 1 : following + 4]
    said = text.words[token] == "," or text.words[token - 1] == ","
    return (
        said and text.lower[following] in ("in", "during", "on") and any(w in cues().words["occasions"] for w in near)
    )


def _takes_over(text: Text, token: int, cue: int, inside: Container[int]) -> bool:
    parse, takes = text.parse, cue_takes(text, token)
    if text.quoted[token] >= 0 or not takes:
        return False
    head, again = parse.head[token], parse.tag[token] == parse.tag[cue]
    if parse.dep[token] == "conj" and again and takes.get("clause") == "speech" and text.parse.children(token, "ccomp"):
        return True
    if parse.dep[token] == "advcl" and "clause" in takes and text.parse.children(token, "nsubj"):
        return any(text.lower[c] in cues().words["contrast"] for c in text.parse.children(token, "mark"))
    if text.parse.children(token, "nsubj", "nsubjpass", "aux"):
        return False
    if parse.tag[token] == "VBG" and parse.dep[token] in ("advcl", "acl"):
        says = "clause" in takes and text.parse.children(token, "ccomp")
        names = "naming" in takes and text.parse.children(token, "dobj")
        return text.words[token - 1] == "," and bool(says or names)
    if parse.dep[token] != "conj" or head not in inside or not takes:
        return False
    if again and parse.tag[token] in FINITE and finite_tag(text, head) != parse.tag[token]:
        return True
    return parse.tag[token] in FINITE and takes.get("clause") == "speech" and bool(text.parse.children(token, "ccomp"))


def _opening(text: Text, token: int) -> int:
    """The comma or conjunction that parts `token`, with its subject, from what goes before."""
    openers = text.parse.children(token, "nsubj", "mark")
    start = min((token, *(min(text.below(c)) for c in openers if c < token)))
    while start > 0 and (
        text.words[start - 1] in (",", "—", "--", "–") or text.parse.pos[start - 1] in ("CCONJ", "ADV")
    ):
        start -= 1
    return start
