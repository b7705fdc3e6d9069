"""Visitors told to be in a place by apposition: "Saouma, in Brazil for talks", "here on an official visit"."""

from dataclasses import replace

from visitwire_visits.clauses import View, governing_verb
from visitwire_visits.eligible import why_not
from visitwire_visits.lexicon import Frame
from visitwire_visits.reading import Spot
from visitwire_visits.scene import Scene, Sighting
from visitwire_visits.telling import sighting_of

_OPENERS = {",", "here", "now", "currently"}
_AFTER_COMMA = {"in", "at", "here", "now", "currently"}
_NOMINAL = ("nsubj", "nsubjpass", "dobj", "pobj", "appos", "conj", "poss", "attr")
_PURPOSE = {"for", "on", "to"}


def with_presence(scene: Scene, found: list[Sighting]) -> list[Sighting]:
    """Adds visitors told to be in a place by apposition: "Saouma, in Brazil for talks", "here on an official visit"."""
    reading, parse = scene.reading, scene.reading.parse
    added = []
    for token in _before_openers(reading.lower):
        if parse.pos[token] not in ("PROPN", "NOUN") or parse.dep[token] not in _NOMINAL:
            continue
        spot = _present_at(scene, token)
        if spot is None:
            continue
        frame = Frame("in … for", "presence", (), ())
        for visitor in scene.cast.at(token):
            reason = why_not(scene, frame, visitor, spot, token)
            if reason is None:
                verb = governing_verb(reading, token)
                told = View("progressive", chain=(token,) if verb is None else (token, verb))
                found_there = sighting_of(scene, frame, token, visitor, spot, told, ())
                added.append(replace(found_there, aside=False))
    return sorted([*found, *added], key=lambda sighting: sighting.trigger)


def _before_openers(lower: list[str]) -> list[int]:
    """The tokens before "here", "now" or ", in"."""
    found = [at for at, word in enumerate(lower[:-1]) if word in _OPENERS and at]
    return [at - 1 for at in found if lower[at] != "," or lower[at + 1] in _AFTER_COMMA]


def _present_at(scene: Scene, token: int) -> Spot | None:
    """The place of ", in PLACE for/on …" or ", here for/on …" after a noun, word by word: parses often fail there."""
    reading = scene.reading
    end = reading.parse.sentence(token).stop
    at = token + 1
    if at < end and reading.lower[at] == ",":
        at += 1
    if at + 1 < end and reading.lower[at] in ("currently", "now"):
        at += 1
    if at + 1 >= end:
        return None
    if reading.lower[at] == "here":
        return reading.here if reading.lower[at + 1] in _PURPOSE else None
    if reading.lower[at] not in ("in", "at") or reading.lower[at - 1] not in (",", "currently", "now"):
        return None
    for place in range(at + 1, min(at + 6, end - 1)):
        if place in scene.atlas.named and reading.lower[place + 1] in _PURPOSE:
            return scene.atlas.named[place]
    return None
