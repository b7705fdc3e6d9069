"""What is told like a visit and is no official one: a private journey, words from afar."""

from collections.abc import Iterator

from visitwire_visits.rules.links import Trigger

_PARTS = ("advmod", "amod", "compound", "nmod", "prep", "pobj", "dobj", "agent", "npadvmod", "conj")
_DEEP = 2
_ABOVE = 2


def against(trigger: Trigger) -> Iterator[str]:
    """Reasons why what the trigger tells is no official visit."""
    words, text = trigger.lexicon.words, trigger.scene.text
    told = {text.lower[token] for token in trigger.scene.parse.children(trigger.token)}
    if words["unofficial"] & told and not words["official"] & told:
        yield "told as a private journey"
    if words["remote"] & {text.lower[token] for token in _clause(trigger)}:
        yield "told as done from afar"


def _clause(trigger: Trigger) -> Iterator[int]:
    """The words that say how the trigger is done: those below it, and below what it hangs on, up to its verb."""
    parse, at = trigger.scene.parse, trigger.token
    for _ in range(_ABOVE + 1):
        yield from _parts(trigger, at, _DEEP)
        if parse.head[at] == at or (parse.pos[at] in ("VERB", "AUX") and at != trigger.token):
            return
        at = parse.head[at]


def _parts(trigger: Trigger, token: int, deep: int) -> Iterator[int]:
    for child in trigger.scene.parse.children(token, *_PARTS):
        if child not in trigger.others:
            yield child
            if deep:
                yield from _parts(trigger, child, deep - 1)
