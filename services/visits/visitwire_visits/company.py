"""Those who travel with a visitor: "he will be accompanied by the central bank president"."""

from collections.abc import Iterator
from dataclasses import replace

from visitwire_visits.eligible import why_not
from visitwire_visits.figure import Figure
from visitwire_visits.lexicon import Frame
from visitwire_visits.scene import Scene, Sighting
from visitwire_visits.slots import heads

_REACH = 3


def companions(scene: Scene, found: list[Sighting]) -> Iterator[Sighting]:
    """The sightings of a visitor again for each official said to come along, in the same sentence or just before."""
    if not found:
        return
    reading = scene.reading
    for frame in scene.lexicon.frames:
        if frame.aspect == "company":
            for verb in [token for token, lemma in enumerate(reading.lemma) if lemma in frame.verbs]:
                if reading.parse.pos[verb] == "VERB":
                    yield from _with(scene, frame, verb, found)


def _with(scene: Scene, frame: Frame, verb: int, found: list[Sighting]) -> Iterator[Sighting]:
    passive = bool(scene.reading.parse.children(verb, "agent"))
    leads = _people(scene, "object" if not passive else "subject", verb)
    others = _people(scene, "agent" if passive else "subject", verb)
    numbers = scene.reading.sentence_number
    for lead in leads:
        theirs = [s for s in found if s.visitor and s.spot and s.visitor.key == lead.key]
        near = [s for s in theirs if abs(numbers[s.trigger] - numbers[verb]) <= _REACH]
        for other in others:
            companion = replace(other, country=other.country or lead.country)
            fitting = [s for s in near if why_not(scene, frame, companion, s.spot, verb) is None]
            if fitting and companion.key != lead.key:
                yield replace(fitting[0], visitor=companion, frame=frame.name, trigger=verb)
                yield from (replace(sighting, visitor=companion, frame=frame.name) for sighting in fitting)


def _people(scene: Scene, slot: str, verb: int) -> list[Figure]:
    parse = scene.reading.parse
    if slot == "subject" and parse.dep[verb] in ("acl", "advcl") and parse.tag[verb] == "VBN":
        head = parse.head[verb]
        tokens = [head] if parse.pos[head] in ("NOUN", "PROPN") else heads(scene, "subject", head)
    else:
        tokens = heads(scene, slot, verb)
    return [figure for token in tokens for figure in scene.cast.at(token)]
