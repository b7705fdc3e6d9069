"""Why a report is no official visit: nobody in office, nobody in particular, or nowhere abroad."""

import re

from visitwire_visits.clauses import auxiliaries
from visitwire_visits.figure import Figure
from visitwire_visits.lexicon import Frame
from visitwire_visits.reading import Spot
from visitwire_visits.scene import Scene

_TO_REGIONS = ("trip", "visit", "travel", "leave for", "tour takes", "return from", "lead a delegation")
_SEATS = {"VA": "IT"}  # Rome, to which popes return
_POSTED = ("presence", "speech", "event")


def why_not(scene: Scene, frame: Frame, visitor: Figure, spot: Spot | None, trigger: int) -> str | None:
    """The reason against a visitor and a place, None when they make an official visit."""
    reason = _why_nobody(scene, frame, visitor, spot, trigger)
    if reason or spot is None:
        return reason
    known = scene.atlas.gazetteer
    if spot.country and not known.abroad(visitor.country, spot.country, scene.reading.today):
        moves = frame.aspect in ("arrival", "departure", "stay", "going", "presence")
        if not (visitor.assumed and moves and spot.kind in ("here", "country")):
            return "is at home there"
    if spot.country and frame.aspect in _POSTED and known.homes.get(visitor.country or "") == spot.country:
        return "sits there"
    seat = _SEATS.get(visitor.country or "", known.homes.get(visitor.country or ""))
    if frame.name == "return to" and seat == spot.country:
        return "goes home"
    office = f"{visitor.label or ''} {visitor.told}"
    if "ambassador" in office.lower() and (frame.aspect in _POSTED or spot.country in _countries_of(scene, office)):
        return "is posted there"
    if spot.kind == "region" and frame.name not in _TO_REGIONS:
        return "no country is named"
    return None


def _why_nobody(scene: Scene, frame: Frame, visitor: Figure, spot: Spot | None, trigger: int) -> str | None:
    if visitor.private:
        return "of a company, a team or a club"
    if visitor.plural:
        return "nobody in particular"
    if visitor.country is None and frame.aspect in _POSTED:
        return "is of no country that the story tells"
    if visitor.official:
        return None
    if frame.aspect == "going" and _is_brought(scene, trigger):
        return "is brought there"
    if visitor.name and frame.aspect not in _POSTED and _vouched(scene, visitor, spot, trigger):
        return None
    return "holds no office that the story tells"


def _vouched(scene: Scene, visitor: Figure, spot: Spot | None, trigger: int) -> bool:
    """Whether the sentence itself makes a named person's trip official: a host in office, or an official visit."""
    if "spokes" in visitor.told.lower():
        return False
    if _is_called_official(scene, trigger):
        return True
    for token in scene.reading.parse.sentence(trigger):
        entity = scene.reading.entity_at.get(token)
        if entity is not None and entity.kind.value == "person" and entity.id != visitor.entity:
            host = scene.cast.person(entity)
            if host.official and spot is not None and host.country and host.country == spot.country:
                return True
    return False


def _is_brought(scene: Scene, verb: int) -> bool:
    """ "Will be released and returned to Romania": no journey of his own."""
    passive = scene.reading.parse.tag[verb] == "VBN" and scene.reading.lemma[verb] not in ("go", "head", "bind")
    return passive and bool({"be", "been", "was", "were", "being"} & set(auxiliaries(scene.reading, verb)))


def _is_called_official(scene: Scene, trigger: int) -> bool:
    """Whether the sentence calls it an official visit."""
    sentence = scene.reading.parse.sentence(trigger)
    told = scene.reading.phrase(sentence[0], sentence[-1]).lower()
    return any(kind in told for kind in ("official visit", "state visit", "working visit", "goodwill visit"))


def _countries_of(scene: Scene, office: str) -> set[str]:
    """The countries an office names after "to" or "in": "ambassador to the United States"."""
    found = set()
    for after in re.split(r"\b(?:to|in)\b", office)[1:]:
        for start, end in scene.atlas.gazetteer.names_in(after):
            code = scene.atlas.gazetteer.country_of(after[start:end], scene.reading.today)
            if code:
                found.add(code)
    return found
