"""Who goes where somebody else was to go: "will not attend the summit. The foreign minister will go in his place"."""

from collections.abc import Iterator
from dataclasses import replace

from visitwire_schemas import VisitStatus

from visitwire_visits.clauses import view
from visitwire_visits.eligible import why_not
from visitwire_visits.lexicon import Frame
from visitwire_visits.scene import Scene, Sighting
from visitwire_visits.slots import destinations, figures
from visitwire_visits.telling import sighting_of

IN_PLACE_OF = "in place of"
_SAID = {"instead", "place", "stead", "behalf"}
_REACH = 3
_TRAVELS = ("going", "event", "stay", "departure")


def stand_ins(scene: Scene) -> Iterator[Sighting]:
    """Everybody who is told to go "instead", "in her place" or "on his behalf"; where to, an earlier sentence says."""
    reading, parse = scene.reading, scene.reading.parse
    columns = enumerate(zip(reading.lower, reading.lemma, strict=True))
    for token in [token for token, (word, lemma) in columns if word in _SAID or lemma == "represent"]:
        word = reading.lower[token]
        if word == "instead" and parse.dep[token] == "advmod":
            yield from _going(scene, parse.head[token])
        elif word in ("place", "stead", "behalf") and parse.dep[token] == "pobj" and parse.children(token, "poss"):
            yield from _going(scene, parse.head[parse.head[token]])
        elif reading.lemma[token] == "represent" and parse.pos[token] == "VERB":
            yield from _going(scene, token)


def _going(scene: Scene, verb: int) -> Iterator[Sighting]:
    lemma = scene.reading.lemma[verb]
    frames = [frame for frame in scene.lexicon.by_verb.get(lemma, ()) if frame.aspect in _TRAVELS]
    if not frames and lemma != "represent":
        return
    if any(destinations(scene, frame, verb) for frame in frames):
        return
    told = view(scene.reading, scene.lexicon, verb)
    aspect = frames[0].aspect if frames else "event"
    if aspect == "event" and told.tense != "ahead":
        return  # who took the chair in his place was there anyway
    frame = Frame(IN_PLACE_OF, aspect, (), ())
    for visitor in figures(scene, ("subject",), verb):
        reason = why_not(scene, frame, visitor, None, verb)
        sighting = sighting_of(scene, frame, verb, visitor, None, told, ())
        if reason:
            scene.refuse(frame, verb, f"{visitor.name or visitor.label}: {reason}")
        elif sighting.status is not None:
            yield sighting


def with_his_place(scene: Scene, report: Sighting, before: list[Sighting]) -> Sighting:
    """The report with the place that the one who stays at home was to go to, where one was told."""
    numbers = scene.reading.sentence_number
    near = [s for s in before if s.spot and s.visitor and numbers[report.trigger] - numbers[s.trigger] <= _REACH]
    for other in reversed(near):
        stays = other.status in (VisitStatus.CANCELLED, VisitStatus.POSTPONED)
        if not stays and scene.reading.lemma[report.trigger] == "represent":
            continue  # to represent somebody is to travel only where he was to travel
        if other.visitor and report.visitor and other.visitor.key != report.visitor.key:
            return replace(report, spot=other.spot)
    return report
