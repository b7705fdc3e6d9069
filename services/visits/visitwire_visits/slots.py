"""Finds the parts of a frame in the sentence: who goes, where to, whose guest."""

from itertools import islice

from visitwire_visits.clauses import governing_verb, subjects
from visitwire_visits.figure import Figure
from visitwire_visits.lexicon import Frame
from visitwire_visits.reading import Spot
from visitwire_visits.scene import Scene
from visitwire_visits.words import words

_NOT_PREPOSITIONS = {"object", "here", "event", "home", "visit", "compound"}
_PREPOSITIONAL = {"prep", "dative", "advmod", "agent"}
_OBJECTS = {"dobj", "npadvmod", "attr", "advmod", "acomp", "oprd"}
_UNDERGONE = {"invite", "ask", "send", "host", "receive", "welcome", "greet", "urge"}
_STOPS = {"after", "before", "home", ";", ":", '"', "”", "(", ",", "and"}
_REACH = 9


def destinations(scene: Scene, frame: Frame, trigger: int) -> list[Spot]:
    """The places that the destination slots name by the parse; where none does, those in the words that follow."""
    found: list[Spot] = []
    for slot in frame.destination:
        if slot == "event" and found:
            continue
        for spot in _destination(scene, frame, trigger, slot):
            if all((spot.country, spot.place) != (other.country, other.place) for other in found):
                found.append(spot)
        if found and slot in ("object", "home"):
            break
    if not found and frame.aspect != "speech":
        found = _in_following(scene, trigger, [slot for slot in frame.destination if slot not in _NOT_PREPOSITIONS])
    countries = {spot.country for spot in found if spot.country}
    return [spot for spot in found if spot.country or not countries]


def _destination(scene: Scene, frame: Frame, trigger: int, slot: str) -> list[Spot]:
    if slot not in _NOT_PREPOSITIONS:
        return _after(scene, frame, trigger, slot)
    reading, parse, atlas = scene.reading, scene.reading.parse, scene.atlas
    if slot == "object":
        return [
            spot
            for child in parse.children(trigger, "dobj")
            for spot in atlas.at(child)
            if not _is_gathering(scene, child)
        ]
    if slot == "here":
        return [reading.here] if reading.here and _says_here(scene, trigger) else []
    if slot == "event":
        gone = _where_it_was(scene, trigger)
        if gone is not None:
            return [gone]
        attends = scene.reading.lemma[trigger] == "attend"
        return _events(scene, trigger) or (_event_before(scene, trigger) if attends else [])
    if slot == "compound":
        return [
            atlas.named[child]
            for child in parse.children(trigger, "compound", "nmod", "amod")
            if child in atlas.named and atlas.named[child].kind != "region"
        ]
    return _below_invitation(scene, trigger) if slot == "visit" else []


def _where_it_was(scene: Scene, verb: int) -> Spot | None:
    """ "From Geneva, where he attended a meeting of OPEC": in Geneva, wherever OPEC sits."""
    reading, parse = scene.reading, scene.reading.parse
    where = any(reading.lower[child] == "where" for child in parse.children(verb, "advmod"))
    place = scene.atlas.named.get(parse.head[verb]) if where and parse.dep[verb] in ("relcl", "advcl") else None
    return place if place is not None and place.country else None


def _is_gathering(scene: Scene, token: int) -> bool:
    return scene.atlas.is_event(token) and token not in scene.atlas.named


def _says_here(scene: Scene, trigger: int) -> bool:
    reading, parse = scene.reading, scene.reading.parse
    near = [trigger, *parse.children(trigger, "advmod", "prep", "dobj", "attr", "acomp")]
    verb = governing_verb(reading, trigger)
    if (
        verb is not None
        and parse.pos[trigger] == "NOUN"
        and parse.dep[trigger] in ("dobj", "pobj")
        and trigger - verb < 8
    ):
        near.append(verb)
    return any(
        reading.lower[child] == "here"
        for token in near
        for child in (token, *parse.children(token, "advmod", "pobj", "pcomp"))
    )


def prepositions(scene: Scene, trigger: int) -> list[int]:
    """The prepositions of the trigger: its own, those of its objects, and those of the verb that a trip noun serves."""
    if trigger not in scene.prepositions:
        scene.prepositions[trigger] = _prepositions(scene, trigger)
    return scene.prepositions[trigger]


def _prepositions(scene: Scene, trigger: int) -> list[int]:
    reading, parse = scene.reading, scene.reading.parse
    below = parse.children(trigger)
    found = [child for child in below if parse.dep[child] in _PREPOSITIONAL]
    if parse.pos[trigger] in ("VERB", "AUX"):
        for child in below:
            if parse.dep[child] in _OBJECTS:
                found += [p for p in parse.children(child, "prep") if p > trigger]
        for preposition in list(found):
            found += parse.children(preposition, "prep")
            if reading.lower[preposition] not in ("after", "before", "following", "since", "of"):
                for obj in parse.children(preposition, "pobj"):
                    if reading.lower[preposition] != "from" or reading.lemma[obj] not in scene.lexicon.trip_nouns:
                        found += parse.children(obj, "prep")  # "returned from a visit to Angola" is not to Angola
    else:
        verb = governing_verb(reading, trigger)
        if verb is not None and parse.dep[trigger] in ("dobj", "attr", "nsubjpass"):
            found += [p for p in parse.children(verb, "prep") if p > trigger]
        for preposition in list(parse.children(trigger, "prep")):
            found += list(parse.children(preposition, "prep"))
            for obj in parse.children(preposition, "pobj"):
                found += [p for p in parse.children(obj, "prep") if reading.lower[p] == "to"]
    return sorted(set(found))


def _after(scene: Scene, frame: Frame, trigger: int, preposition: str) -> list[Spot]:
    """The places after one preposition, by the parse, else in the words that follow."""
    lower, fronted = scene.reading.lower, frame.aspect in ("presence", "event")
    return [
        spot
        for token in prepositions(scene, trigger)
        if lower[token] == preposition and (token > trigger or fronted)
        for obj in scene.reading.parse.children(token, "pobj", "pcomp")
        for spot in scene.atlas.at(obj)
    ]


def _in_following(scene: Scene, trigger: int, slots: list[str]) -> list[Spot]:
    """A place after one of the prepositions within a few words, no verb or stop between: where parses went astray."""
    reading, parse, trips = scene.reading, scene.reading.parse, scene.lexicon.trip_nouns
    end = min(trigger + _REACH, parse.sentence(trigger).stop)
    for token in range(trigger + 1, end):
        word, pos = reading.lower[token], parse.pos[token]
        if word in slots and pos in ("ADP", "PART", "SCONJ"):
            for after in range(token + 1, min(token + 5, end)):
                if parse.pos[after] in ("VERB", "AUX", "PUNCT") or reading.lower[after] in ("with", "by", "from"):
                    break
                if after in scene.atlas.named and not parse.children(after, "case"):
                    return scene.atlas.at(after)
            return []
        if word in _STOPS or pos in ("VERB", "AUX") or reading.lemma[token] in trips:
            return []
    return []


def _events(scene: Scene, trigger: int) -> list[Spot]:
    """The place of the event that is attended: the object, or after "in" or "at"."""
    reading, parse = scene.reading, scene.reading.parse
    candidates = list(parse.children(trigger, "dobj"))
    for preposition in prepositions(scene, trigger):
        if reading.lower[preposition] in ("in", "at", "to", "for", "of") and preposition > trigger:
            candidates += parse.children(preposition, "pobj")
        for side in parse.children(preposition, "pobj"):
            if reading.lemma[side] in ("sideline", "margin", "fringe"):
                candidates += [o for p in parse.children(side, "prep") for o in parse.children(p, "pobj")]
    for candidate in candidates:
        if scene.atlas.is_event(candidate):
            spots = scene.atlas.at(candidate)
            if spots:
                return spots
    in_place = [
        spot
        for p in parse.children(trigger, "prep")
        if reading.lower[p] in ("in", "at")
        for o in parse.children(p, "pobj")
        for spot in scene.atlas.at(o)
    ]
    if any(scene.atlas.is_event(candidate) for candidate in candidates):
        if in_place:
            return in_place
        if reading.here and _says_here(scene, trigger):
            return [reading.here]
    return []


def _below_invitation(scene: Scene, trigger: int) -> list[Spot]:
    """ "Invited him to speak in Rome": the place of what he is asked to do, where that is no visiting verb itself."""
    reading, parse = scene.reading, scene.reading.parse
    for clause in parse.children(trigger, "xcomp", "acl", "ccomp"):
        if any(frame.aspect in ("stay", "going") for frame in scene.lexicon.by_verb.get(reading.lemma[clause], ())):
            return []
        for token in parse.subtree(clause):
            if reading.lower[token] in ("in", "at") and parse.pos[token] == "ADP":
                for obj in parse.children(token, "pobj"):
                    spots = scene.atlas.at(obj)
                    if spots:
                        return spots
    return []


def _event_before(scene: Scene, trigger: int) -> list[Spot]:
    """ "…, and Kuwait's minister is also expected to attend": the event spoken of last, two sentences back."""
    reading, parse = scene.reading, scene.reading.parse
    if parse.children(trigger, "dobj") or parse.children(trigger, "prep"):
        return []
    for token in range(trigger - 1, -1, -1):
        if reading.sentence_number[token] < reading.sentence_number[trigger] - 2:
            return []
        if scene.atlas.is_event(token):
            spot = scene.atlas.event(token)
            if spot is not None:
                return [spot]
    return []


def figures(scene: Scene, slots: tuple[str, ...], trigger: int) -> list[Figure]:
    """The people in the first of the slots that holds any."""
    for slot in slots:
        for head in heads(scene, slot, trigger):
            found = scene.cast.at(head) or _travellers(scene, head)
            if found:
                return found
    return []


def _travellers(scene: Scene, head: int) -> list[Figure]:
    """Whose trip it is, where a tour is the subject: "his tour, which includes stops in Japan"."""
    reading, parse = scene.reading, scene.reading.parse
    for token in (head, *islice(parse.ancestors(head), 3)):
        if parse.pos[token] in ("VERB", "AUX"):
            break
        if reading.lemma[token] in scene.lexicon.trip_nouns:
            slots = ("possessor", "by", "of", "compound", "governor")
            direct = (scene.cast.at(owner) for slot in slots for owner in heads(scene, slot, token))
            return next((found for found in direct if found), [])
    return []


def heads(scene: Scene, slot: str, trigger: int) -> list[int]:
    """The heads of the noun phrases in one slot."""
    reading, parse = scene.reading, scene.reading.parse
    if slot == "subject":
        undergoes = reading.lemma[trigger] in _UNDERGONE and _passive(scene, trigger)
        return [] if undergoes else subjects(reading, trigger)
    if slot == "object":
        if _passive(scene, trigger):
            return subjects(reading, trigger)
        return list(parse.children(trigger, "dobj", "dative")) or _subject_below(scene, trigger)
    if slot == "agent":
        return [obj for agent in parse.children(trigger, "agent") for obj in parse.children(agent, "pobj")]
    if slot == "possessor":
        return list(parse.children(trigger, "poss"))
    if slot == "compound":
        return [
            child for child in parse.children(trigger, "compound", "nmod", "amod") if child not in scene.atlas.named
        ]
    if slot == "head":
        return list(parse.children(trigger, "dobj")) or [parse.head[trigger]]
    if slot == "governor":
        return _governor(scene, trigger)
    return [obj for p in prepositions(scene, trigger) if reading.lower[p] == slot for obj in parse.children(p, "pobj")]


def _passive(scene: Scene, verb: int) -> bool:
    """Whether the verb is told in the passive, as a clause or as a participle after a noun."""
    parse = scene.reading.parse
    if parse.children(verb, "auxpass", "nsubjpass"):
        return True
    return parse.dep[verb] in ("acl", "relcl", "amod") and parse.tag[verb] == "VBN" and not parse.children(verb, "aux")


def _subject_below(scene: Scene, trigger: int) -> list[int]:
    """ "Asked that Obama visit": the subject of the clause below stands for the object."""
    parse = scene.reading.parse
    return [s for clause in parse.children(trigger, "ccomp") for s in parse.children(clause, "nsubj") if s > trigger]


def _governor(scene: Scene, trigger: int) -> list[int]:
    """Who makes the trip: the noun a phrase hangs on ("Saouma, on a visit to"), else the subject of the verb above."""
    reading, parse = scene.reading, scene.reading.parse
    dep, head = parse.dep[trigger], parse.head[trigger]
    if dep == "pobj":
        above = parse.head[head]
        if parse.pos[above] in ("NOUN", "PROPN", "PRON") and parse.dep[head] == "prep":
            if scene.cast.one(above) is not None:
                return [above]
            verb = governing_verb(reading, above)
            return subjects(reading, verb) if verb is not None else []
        if parse.pos[above] in ("VERB", "AUX"):
            return subjects(reading, above)
    verb = governing_verb(reading, trigger)
    if verb is None or dep in ("nsubj", "nsubjpass"):
        return []
    if dep == "dobj" and reading.lemma[verb] in words("onlooking"):
        return []  # "described the visit as …", "welcomed the visit": not his own
    return subjects(reading, verb)
