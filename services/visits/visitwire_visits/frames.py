"""Runs every frame over a story: which words fire it, who goes where, and why others are refused."""

from collections.abc import Iterator
from dataclasses import replace

from visitwire_visits.clauses import View, governing_verb, subjects, view
from visitwire_visits.eligible import why_not
from visitwire_visits.figure import Figure
from visitwire_visits.implied import implied_spots, may_imply
from visitwire_visits.lexicon import Frame
from visitwire_visits.reading import Spot
from visitwire_visits.scene import Scene, Sighting
from visitwire_visits.slots import destinations, figures, heads
from visitwire_visits.telling import sighting_of
from visitwire_visits.trips import trip_view
from visitwire_visits.words import words


def sightings(scene: Scene) -> list[Sighting]:
    """Every report of a visit in the story, in text order."""
    found: list[Sighting] = []
    for token in _triggers(scene):
        for frame in _frames_at(scene, token, scene.atlas.tells_place(token)):
            found += _fire(scene, frame, token)
    return found


def _triggers(scene: Scene) -> list[int]:
    """The tokens that a frame may fire on."""
    lemmas, verbs_and_nouns, adjectives = scene.reading.lemma, scene.lexicon.triggers, scene.lexicon.by_adjective
    columns = enumerate(zip(lemmas, scene.reading.lower, strict=True))
    found = [token for token, (lemma, lower) in columns if lemma in verbs_and_nouns or lower in adjectives]
    speech = scene.lexicon.speech_only
    return [token for token in found if lemmas[token] not in speech or _has_place_after(scene, token)]


def _has_place_after(scene: Scene, verb: int) -> bool:
    """Whether "in" or "at" hangs on a verb of speech: most of a story's verbs are such, and few tell where."""
    lower, tells = scene.reading.lower, scene.atlas.tells_place(verb)
    return tells and any(lower[child] in ("in", "at") for child in scene.reading.parse.children(verb, "prep"))


def _frames_at(scene: Scene, token: int, placed: bool) -> Iterator[Frame]:
    """The frames that fire on the token; where its sentence names no place, those that can do without."""
    reading, lexicon = scene.reading, scene.lexicon
    pos, lemma = reading.parse.pos[token], reading.lemma[token]
    if pos in ("VERB", "AUX"):
        for frame in lexicon.by_verb.get(lemma, ()):
            if (placed or _may_be_elsewhere(frame)) and frame.aspect != "company" and _verb_fits(scene, frame, token):
                yield frame
    if pos in ("NOUN", "PROPN"):
        yield from (frame for frame in lexicon.by_noun.get(lemma, ()) if placed or _may_be_elsewhere(frame))
    if reading.lower[token] in lexicon.by_adjective and _before_person(scene, token):
        yield from lexicon.by_adjective[reading.lower[token]]


def _may_be_elsewhere(frame: Frame) -> bool:
    """Whether the frame tells of a visit also where its own sentence does not name the place."""
    return frame.name == "trip" or "event" in frame.destination or may_imply(frame)


def _before_person(scene: Scene, token: int) -> bool:
    """Whether "visiting" stands before somebody, also where the parse made it a verb ("told visiting King Talal")."""
    parse = scene.reading.parse
    if parse.dep[token] in ("amod", "compound", "nmod"):
        return True
    return any(
        child - token < 8 and not scene.atlas.at(child) and scene.cast.one(child)
        for child in parse.children(token, "dobj")
    )


def _verb_fits(scene: Scene, frame: Frame, verb: int) -> bool:
    """Whether the verb stands with the particle, object or subject that the frame asks for."""
    reading, parse = scene.reading, scene.reading.parse
    lemma = reading.lemma[verb]
    if lemma not in frame.verbs and f"{lemma} {reading.particle(verb)}" not in frame.verbs:
        return False
    if frame.with_noun and not any(
        reading.lemma[child] in frame.with_noun for child in parse.children(verb, "dobj", "nsubjpass")
    ):
        return False
    if frame.subject_nouns:
        return any(reading.lemma[subject] in frame.subject_nouns for subject in subjects(reading, verb))
    if lemma == "address":
        return not any(reading.lemma[child] in words("matters") for child in parse.children(verb, "dobj"))
    return lemma != "be" or not (_is_somebody(scene, verb) or parse.dep[verb] in ("aux", "auxpass"))


def _is_somebody(scene: Scene, verb: int) -> bool:
    """ "He was ambassador in Rome", "there are": no being in a place."""
    parse = scene.reading.parse
    told = parse.children(verb, "attr")
    return bool(parse.children(verb, "expl")) or any(parse.pos[child] in ("NOUN", "PROPN") for child in told)


def _fire(scene: Scene, frame: Frame, trigger: int) -> Iterator[Sighting]:
    noun = scene.reading.lemma[trigger] in frame.nouns
    spots = destinations(scene, frame, trigger)
    if not spots and not may_imply(frame) and not (noun and frame.name == "trip"):
        return
    told = _told(scene, frame, trigger, noun)
    against = _told_against(scene, frame, trigger, told)
    if against:
        scene.refuse(frame, trigger, against)
        return
    visitors = _visitors(scene, frame, trigger)
    hosts = figures(scene, frame.host, trigger) if frame.host else []
    spots = spots or implied_spots(scene, frame, trigger, visitors, hosts, told)
    if noun and not spots and _goes_elsewhere(scene, trigger):
        scene.refuse(frame, trigger, "not to a country or a city")
        return
    if noun and frame.name == "trip" and not spots and not visitors and _definite(scene, trigger):
        yield sighting_of(scene, frame, trigger, None, None, told, ())
        return
    if not spots and not (noun and visitors and _said_before(scene, frame, trigger, told)):
        return
    if not visitors:
        if noun and frame.name == "trip":
            yield from (sighting_of(scene, frame, trigger, None, spot, told, hosts) for spot in spots)
        else:
            scene.refuse(frame, trigger, "nobody is said to go")
        return
    for visitor in visitors:
        for spot in _met_in(frame, visitors, visitor, spots) or (None,):
            reason = why_not(scene, frame, visitor, spot, trigger) or _is_host(scene, frame, visitors, visitor, spot)
            if reason:
                scene.refuse(frame, trigger, f"{visitor.name or visitor.label}: {reason}")
                continue
            others = hosts or _others(scene, visitors, visitor, spot)
            visitor = _from_elsewhere(visitor, spot)
            sighting = sighting_of(scene, frame, trigger, visitor, spot, told, others)
            if sighting.strength < 0:
                scene.refuse(frame, trigger, "the words do not say that the visit is to be")
                continue
            yield replace(sighting, shared=sighting.shared or (len(spots) > 1 and spot is not spots[0]))


def _told_against(scene: Scene, frame: Frame, trigger: int, told: View) -> str | None:
    """What the words themselves have against a visit: "should go", "a campaign stop", "flew home"."""
    reading, parse = scene.reading, scene.reading.parse
    if scene.reading.lemma[trigger] not in frame.nouns and not told.tense:
        return "it is only supposed, or wished by others"
    if any(
        reading.lemma[child] in words("unofficial") for child in parse.children(trigger, "compound", "amod", "nmod")
    ):
        return "on no official business"
    if frame.name == "enter" and told.tense != "cancelled":
        return "enters, for whatever reason"
    homeward = frame.aspect in ("going", "arrival", "departure")
    if homeward and any(reading.lower[child] == "home" for child in parse.children(trigger, "advmod")):
        return "goes home"
    return None


def _told(scene: Scene, frame: Frame, trigger: int, noun: bool) -> View:
    """How the frame's words are told: by their verb, by what governs the noun, or by the verb beside an adjective."""
    if frame.adjectives:
        return _visiting(scene, trigger)
    if noun:
        return trip_view(scene, trigger)
    told = view(scene.reading, scene.lexicon, trigger)
    return _with_tour(scene, told, trigger) if frame.subject_nouns else told


def _from_elsewhere(visitor: Figure, spot: Spot | None) -> Figure:
    """Leaves the country open where it was only assumed, and the visit shows that it cannot be."""
    if spot is not None and visitor.assumed and visitor.country == spot.country:
        return replace(visitor, country=None)
    return visitor


def _visiting(scene: Scene, trigger: int) -> View:
    """ "Hu told visiting President Kibaki on Friday": he is there on the day of what is told."""
    verb = governing_verb(scene.reading, trigger)
    return View("progressive", chain=(trigger,) if verb is None else (trigger, verb))


def _with_tour(scene: Scene, told: View, trigger: int) -> View:
    """ "Would start from Dec. 6 a tour which would take him to": the tour's dates are the visits'."""
    tours = subjects(scene.reading, trigger)
    verbs = [verb for tour in tours if (verb := governing_verb(scene.reading, tour)) is not None]
    verbs = [verb for verb in verbs if not _stays_somewhere(scene, verb)]
    return replace(told, chain=(*told.chain, *tours, *verbs))


def _stays_somewhere(scene: Scene, verb: int) -> bool:
    """ "Visited Chad on Monday on a tour that included Mali": the day is that of Chad."""
    frames = scene.lexicon.by_verb.get(scene.reading.lemma[verb], ())
    return any(destinations(scene, frame, verb) for frame in frames if frame.aspect != "route")


def _goes_elsewhere(scene: Scene, trip: int) -> bool:
    """Whether the trip is to something that is no place on the map: a clinic, a factory, a museum."""
    reading, parse = scene.reading, scene.reading.parse
    for preposition in parse.children(trip, "prep"):
        if reading.lower[preposition] in ("to", "at"):
            for obj in parse.children(preposition, "pobj"):
                if (
                    reading.lemma[obj] not in ("region", "country", "area", "nation", "capital")
                    and not scene.atlas.at(obj)
                    and parse.pos[obj] in ("NOUN", "PROPN")
                ):
                    return True
    return False


def _definite(scene: Scene, trip: int) -> bool:
    """ "The trip is set for April 6-8": a visit spoken of before."""
    reading, parse = scene.reading, scene.reading.parse
    return (
        any(reading.lower[child] in ("the", "this", "that") for child in parse.children(trip, "det"))
        and parse.tag[trip] == "NN"
    )


def _visitors(scene: Scene, frame: Frame, trigger: int) -> list[Figure]:
    """The people in the visitor slots: both sides of a meeting, else the first slot that holds any."""
    if frame.subject_nouns:
        owners = [figure for tour in subjects(scene.reading, trigger) for figure in _owners(scene, tour)]
        if owners:
            return owners
    if frame.aspect == "sending":
        return [_sent(scene, figure, trigger) for figure in figures(scene, frame.visitor, trigger)]
    if not frame.everybody:
        return figures(scene, frame.visitor, trigger)
    found: list[Figure] = []
    for slot in frame.visitor:
        for head in heads(scene, slot, trigger):
            found += [figure for figure in scene.cast.at(head) if all(figure.key != other.key for other in found)]
    return found


def _sent(scene: Scene, figure: Figure, trigger: int) -> Figure:
    """ "The IMF is sending a mission": whoever is sent by a state or a body is of it, and in office."""
    if figure.country or (figure.private and not figure.group):
        return figure
    for sender in heads(scene, "subject", trigger):
        owners = [scene.cast.one(owner) for owner in scene.reading.parse.children(sender, "poss")]
        country = scene.cast.country_of(sender) or next((owner.country for owner in owners if owner), None)
        person = scene.cast.one(sender)
        country = country or (person.country if person is not None and person.official else None)
        if country:
            return replace(figure, country=country, official=True, private=False)
    return figure


def _said_before(scene: Scene, frame: Frame, trigger: int, told: View) -> bool:
    """Whether another sentence may say where to: of "his visit", of an invitation that is accepted or declined."""
    if frame.aspect == "invitation":
        return told.tense in ("accepted", "cancelled") and _definite(scene, trigger)
    return frame.name == "trip"


def _met_in(frame: Frame, visitors: list[Figure], visitor: Figure, spots: list[Spot]) -> list[Spot]:
    """Where the visitor goes: whoever is met "in London on May 6 and in Paris on May 8" is met in one of them only."""
    met = frame.aspect == "event" and visitor is not visitors[0]
    home = any(spot.country == visitor.country for spot in spots)
    return [spot for spot in spots if spot.country == visitor.country] if met and home else spots


def _is_host(scene: Scene, frame: Frame, visitors: list[Figure], visitor: Figure, spot: Spot | None) -> str | None:
    """Whoever is met in a place, and is of no country that the story tells, is taken to be at home there."""
    guests = [other for other in visitors if other.key != visitor.key and other.country and not other.assumed]
    here = scene.reading.here.country if scene.reading.here else None
    if frame.aspect != "event" or not visitor.assumed or spot is None or visitor is visitors[0]:
        return None
    foreign = visitor.country == here and spot.country != here
    return "receives the other, as it seems" if guests or foreign else None


def _owners(scene: Scene, tour: int) -> list[Figure]:
    """Whose tour it is: "Hu's tour", "the last leg of Hu's visit"."""
    parse = scene.reading.parse
    trips = [tour, *(obj for p in parse.children(tour, "prep") for obj in parse.children(p, "pobj"))]
    return [figure for trip in trips for owner in parse.children(trip, "poss") for figure in scene.cast.at(owner)]


def _others(scene: Scene, visitors: list[Figure], visitor: Figure, spot: Spot | None) -> list[Figure]:
    """Those at the meeting who are at home where it takes place."""
    return [other for other in visitors if spot and other.country == spot.country and other.key != visitor.key]
