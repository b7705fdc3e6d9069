"""Runs every frame over a story: which words fire it, who goes where, and why others are refused."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from visitwire_schemas import VisitStatus

from visitwire_visits.clauses import View, governing_verb, subjects, view
from visitwire_visits.eligible import why_not
from visitwire_visits.lexicon import Frame
from visitwire_visits.people import Figure
from visitwire_visits.reading import Spot
from visitwire_visits.scene import Scene, Sighting
from visitwire_visits.slots import destinations, figures, heads
from visitwire_visits.status import status_of
from visitwire_visits.timing import candidates, looks_ahead
from visitwire_visits.trips import earlier, trip_view
from visitwire_visits.when import Period

_ASIDE = {"during", "before", "after", "ahead", "while", "when", "since", "following", "until", "as", "in"}
_UNTOLD = View("")


def sightings(scene: Scene) -> list[Sighting]:
    """Every report of a visit in the story, in text order."""
    found: list[Sighting] = []
    for token in scene.reading.tokens():
        for frame in _frames_at(scene, token):
            found += _fire(scene, frame, token)
    return found


def _frames_at(scene: Scene, token: int) -> Iterator[Frame]:
    reading, lexicon = scene.reading, scene.lexicon
    pos, lemma = reading.parse.pos[token], reading.lemma[token]
    if pos in ("VERB", "AUX"):
        verbs = (frame for frame in lexicon.by_verb.get(lemma, ()) if frame.aspect != "company")
        yield from (frame for frame in verbs if _verb_fits(scene, frame, token))
    if pos in ("NOUN", "PROPN"):
        yield from lexicon.by_noun.get(lemma, ())
    if reading.lower[token] in lexicon.by_adjective and reading.parse.dep[token] in ("amod", "compound", "nmod"):
        yield from lexicon.by_adjective[reading.lower[token]]


def _verb_fits(scene: Scene, frame: Frame, verb: int) -> bool:
    """Whether the verb stands with the particle, object or subject that the frame asks for."""
    reading, parse = scene.reading, scene.reading.parse
    lemma, particle = reading.lemma[verb], reading.particle(verb)
    if lemma not in frame.verbs and f"{lemma} {particle}" not in frame.verbs:
        return False
    if frame.with_noun and not any(
        reading.lemma[child] in frame.with_noun for child in parse.children(verb, "dobj", "nsubjpass")
    ):
        return False
    if frame.subject_nouns:
        return any(reading.lemma[subject] in frame.subject_nouns for subject in subjects(reading, verb))
    return not (reading.lemma[verb] == "be" and parse.dep[verb] in ("aux", "auxpass"))


def _fire(scene: Scene, frame: Frame, trigger: int) -> Iterator[Sighting]:
    noun = scene.reading.lemma[trigger] in frame.nouns
    if frame.adjectives:
        told = _visiting(scene, trigger)
    else:
        told = trip_view(scene, trigger) if noun else view(scene.reading, scene.lexicon, trigger)
        told = _with_tour(scene, told, trigger) if frame.subject_nouns else told
    spots = destinations(scene, frame, trigger)
    visitors = _visitors(scene, frame, trigger)
    hosts = figures(scene, frame.host, trigger) if frame.host else []
    spots = spots or _implied_spots(scene, frame, trigger, visitors, hosts, told)
    if noun and not spots and _goes_elsewhere(scene, trigger):
        scene.refuse(frame, trigger, "not to a country or a city")
        return
    if noun and frame.name == "trip" and not spots and not visitors and _definite(scene, trigger):
        yield _sighting(scene, frame, trigger, None, None, told, ())
        return
    if not spots and not (noun and visitors and frame.name == "trip"):
        return
    if not visitors:
        if noun and frame.name == "trip":
            yield from (_sighting(scene, frame, trigger, None, spot, told, hosts) for spot in spots)
        else:
            scene.refuse(frame, trigger, "nobody is said to go")
        return
    for visitor in visitors:
        for spot in spots or [None]:
            reason = why_not(scene, frame, visitor, spot, trigger)
            if reason:
                scene.refuse(frame, trigger, f"{visitor.name or visitor.label}: {reason}")
                continue
            sighting = _sighting(
                scene, frame, trigger, visitor, spot, told, hosts or _others(scene, visitors, visitor, spot)
            )
            if sighting.strength < 0:
                scene.refuse(frame, trigger, "the words do not say that the visit is to be")
                continue
            yield replace(sighting, shared=len(spots) > 1 and spot is not spots[0])


def _visiting(scene: Scene, trigger: int) -> View:
    """ "Hu told visiting President Kibaki on Friday": he is there on the day of what is told."""
    verb = governing_verb(scene.reading, trigger)
    return View("progressive", chain=(trigger,) if verb is None else (trigger, verb))


def _with_tour(scene: Scene, told: View, trigger: int) -> View:
    """ "Would start from Dec. 6 a tour which would take him to": the tour's dates are the visits'."""
    tours = subjects(scene.reading, trigger)
    verbs = [verb for tour in tours if (verb := governing_verb(scene.reading, tour)) is not None]
    return replace(told, chain=(*told.chain, *tours, *verbs))


def _goes_elsewhere(scene: Scene, trip: int) -> bool:
    """Whether the trip is to something that is no place on the map: a clinic, a factory, a museum."""
    reading, parse = scene.reading, scene.reading.parse
    for preposition in parse.children(trip, "prep"):
        if reading.lower[preposition] in ("to", "at"):
            for obj in parse.children(preposition, "pobj"):
                if not scene.atlas.is_area(obj) and not scene.atlas.at(obj) and parse.pos[obj] in ("NOUN", "PROPN"):
                    return True
    return False


def _definite(scene: Scene, trip: int) -> bool:
    """ "The trip is set for April 6-8": a visit spoken of before."""
    reading, parse = scene.reading, scene.reading.parse
    return any(reading.lower[child] in ("the", "this", "that") for child in parse.children(trip, "det")) and parse.tag[trip] == "NN"


def _visitors(scene: Scene, frame: Frame, trigger: int) -> list[Figure]:
    """The people in the visitor slots: both sides of a meeting, else the first slot that holds any."""
    if frame.aspect != "event":
        return figures(scene, frame.visitor, trigger)
    found: list[Figure] = []
    for slot in frame.visitor:
        for head in heads(scene, slot, trigger):
            found += [figure for figure in scene.cast.at(head) if all(figure.key != other.key for other in found)]
    return found


def _others(scene: Scene, visitors: list[Figure], visitor: Figure, spot: Spot | None) -> list[Figure]:
    """Those at the meeting who are at home where it takes place."""
    return [other for other in visitors if spot and other.country == spot.country and other.key != visitor.key]


def _implied_spots(
    scene: Scene, frame: Frame, trigger: int, visitors: list[Figure], hosts: list[Figure], told: View
) -> list[Spot]:
    """Where it takes place when no slot says: at the host's home, or where the story is filed from."""
    here = scene.reading.here
    if "home" in frame.destination:
        for host in hosts:
            if (
                host.country
                and host.country not in scene.atlas.gazetteer.homes
                and frame.aspect in ("invitation", "event")
            ):
                if frame.aspect == "invitation" and not _invites_over(scene, trigger):
                    return []
                return [Spot(host.country, None, host.token, "country")]
    if frame.name == "arrival" and here:
        return [here] if visitors and all(visitor.country != here.country for visitor in visitors) else []
    if frame.name == "visiting" and here:
        return (
            [here] if all(visitor.country != here.country for visitor in visitors) else _home_of_subject(scene, trigger)
        )
    if (
        frame.name in ("meet", "hold talks", "host")
        and here
        and told.tense in ("past", "perfect", "progressive", "present")
    ):
        at_home = [figure for figure in visitors if figure.country == here.country and (figure.official or figure.name)]
        if (at_home or any(host.country == here.country for host in hosts)) and len(visitors) + len(hosts) > 1:
            return [here]
    return []


def _invites_over(scene: Scene, trigger: int) -> bool:
    """Whether an invitation without a place is one to come: "accepted an invitation", "invited him for talks"."""
    reading, parse = scene.reading, scene.reading.parse
    clause = parse.children(trigger, "xcomp", "acl", "ccomp", "advcl")
    if clause:
        return any(reading.lemma[child] in ("visit", "come", "travel", "pay", "attend", "tour") for child in clause)
    return any(reading.lower[p] in ("to", "for") for p in parse.children(trigger, "prep")) is False


def _home_of_subject(scene: Scene, trigger: int) -> list[Spot]:
    verb = governing_verb(scene.reading, trigger)
    if verb is None:
        return []
    for figure in figures(scene, ("subject",), verb):
        if figure.official and figure.country and figure.country not in scene.atlas.gazetteer.homes:
            return [Spot(figure.country, None, figure.token, "country")]
    return []


def _sighting(
    scene: Scene,
    frame: Frame,
    trigger: int,
    visitor: Figure | None,
    spot: Spot | None,
    told: View,
    hosts: Iterable[Figure],
) -> Sighting:
    reading = scene.reading
    here = bool(reading.here and spot and spot.country == reading.here.country)
    forward = {
        "ahead": True,
        "maybe": True,
        "beginning": True,
        "accepted": True,
        "invited": True,
        "past": False,
        "perfect": False,
        "ended": False,
        "during": False,
    }.get(told.tense)
    ranked = candidates(scene, trigger, told, frame.aspect == "presence")
    when, period = None, None
    for _, expression in ranked:
        lean = True if expression.lean is None and looks_ahead(scene, expression) else expression.lean
        found = expression.period(reading.today, forward if lean is None else lean)
        if when is None or (period is None and found is not None):
            when, period = expression, found
    status, strength = status_of(scene.lexicon, frame.aspect, told, period, reading.today, here)
    status, period = _retense(scene, when, period, status, told)
    host = next(iter(hosts), None)
    is_earlier = bool(frame.nouns) and earlier(scene, trigger)
    if is_earlier and status in (None, VisitStatus.UNDER_WAY):
        status, strength = VisitStatus.CONCLUDED, 3
    return Sighting(
        frame.name, trigger, visitor, spot, host, status, strength, when, period, is_earlier, _aside(scene, trigger)
    )


def _retense(
    scene: Scene, when: object, period: Period | None, status: VisitStatus | None, told: View
) -> tuple[VisitStatus | None, Period | None]:
    """A weekday read before the status was known is read again: planned visits look ahead, concluded ones back."""
    from visitwire_visits.dates import Expression

    if not isinstance(when, Expression) or status is None or told.tense not in ("", "present", "progressive"):
        return status, period
    if when.lean is None and status in (VisitStatus.PLANNED, VisitStatus.CONCLUDED):
        return status, when.period(scene.reading.today, status is VisitStatus.PLANNED)
    return status, period


def _aside(scene: Scene, trigger: int) -> bool:
    """Whether the visit is told beside something else ("during a visit to", "before he leaves for")."""
    reading, parse = scene.reading, scene.reading.parse
    if parse.dep[trigger] in ("advcl", "relcl", "acl", "pcomp"):
        return True
    head = parse.head[trigger]
    return parse.dep[trigger] == "pobj" and reading.lower[head] in _ASIDE


def with_presence(scene: Scene, found: list[Sighting]) -> list[Sighting]:
    """Adds visitors told to be in a place by apposition: "Saouma, in Brazil for talks", "here on an official visit"."""
    reading, parse = scene.reading, scene.reading.parse
    added = []
    for token in reading.tokens():
        if parse.pos[token] not in ("PROPN", "NOUN") or parse.dep[token] not in (
            "nsubj",
            "nsubjpass",
            "dobj",
            "pobj",
            "appos",
            "conj",
            "poss",
            "attr",
        ):
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
                sighting = _sighting(scene, frame, token, visitor, spot, told, ())
                added.append(replace(sighting, aside=False))
    return sorted([*found, *added], key=lambda sighting: sighting.trigger)


def _present_at(scene: Scene, token: int) -> Spot | None:
    """The place of ", in PLACE for/on …" or ", here for/on …" after a noun."""
    reading, parse = scene.reading, scene.reading.parse
    children = [child for child in parse.children(token, "prep", "advmod") if child > token]
    purpose = any(reading.lower[child] in ("for", "on") for child in children)
    for child in children:
        below = parse.children(child, "prep")
        if not (purpose or any(reading.lower[b] in ("for", "on") for b in below)):
            continue
        if reading.lower[child] == "here":
            return reading.here
        if reading.lower[child] in ("in", "at") and reading.lower[child - 1] in (",", "who"):
            for obj in parse.children(child, "pobj"):
                spots = scene.atlas.at(obj)
                if spots:
                    return spots[0]
    return None
