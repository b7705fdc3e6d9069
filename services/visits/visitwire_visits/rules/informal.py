"""What is told like a visit and is no official one: a private journey, words from afar."""

from collections.abc import Iterator

from visitwire_visits.rules.trigger import Trigger

_PARTS = ("advmod", "amod", "compound", "nmod", "prep", "pobj", "dobj", "agent", "npadvmod", "conj")
_MEETINGS = frozenset({"event", "meeting", "speech"})
_DEEP = 2
_ABOVE = 3


def against(trigger: Trigger) -> Iterator[str]:
    """Reasons why what the trigger tells is no official visit."""
    words, text = trigger.lexicon.words, trigger.scene.text
    told = {text.lower[token] for token in trigger.scene.parse.children(trigger.token)}
    purpose = {text.lower[word] for _, (word,) in trigger.lexicon.patterns["purpose"].find(text, trigger.token)}
    if (words["unofficial"] & told or words["leisure"] & purpose) and not words["official"] & (told | purpose):
        yield "told as a private journey"
    afar = trigger.sentence in trigger.scene.remote
    if afar and words["remote"] & {text.lower[token] for token in _manner(trigger)}:
        yield "told as done from afar"


def _manner(trigger: Trigger) -> Iterator[int]:
    """The words that say how it is done. What is said of a journey by telephone is no journey by telephone."""
    parse, token = trigger.scene.parse, trigger.token
    verbal = parse.pos[token] in ("VERB", "AUX")
    if not verbal and trigger.frame.aspect not in _MEETINGS:
        yield from parse.children(token, "amod", "compound")
        return
    yield from _parts(trigger, token, _DEEP)
    if trigger.frame.aspect not in _MEETINGS:
        return
    for above in list(parse.ancestors(token))[:_ABOVE]:
        if parse.pos[above] in ("VERB", "AUX"):
            if not verbal and _is_attended(trigger, above):  # "addressed the conference by video"
                yield from _parts(trigger, above, _DEEP)
            for thing in parse.children(above, "dobj") if verbal else ():  # "held a phone call to address …"
                yield from parse.children(thing, "amod", "compound")
            return
        yield from _parts(trigger, above, _DEEP)  # "in a video message to the conference"


def _is_attended(trigger: Trigger, verb: int) -> bool:
    frames = trigger.lexicon.verbs.get(trigger.scene.text.lemma[verb], ())
    return any(frame.aspect == "event" for frame in frames)


def _parts(trigger: Trigger, token: int, deep: int) -> Iterator[int]:
    for child in trigger.scene.parse.children(token, *_PARTS):
        if child not in trigger.others:
            yield child
            if deep:
                yield from _parts(trigger, child, deep - 1)
