"""How a trip noun is told: "paid a visit", "the planned trip", "ahead of", "cancelled his tour", "his last visit"."""

from dataclasses import replace

from visitwire_visits.clauses import View, governing_verb, negated, view
from visitwire_visits.scene import Scene
from visitwire_visits.status import FIXED
from visitwire_visits.words import words

_BESIDE = {"on", "for", "to", "with", "upon", "during", "in", "at", "about", "through", "as", "of"}
_SETTING_OUT = {"arrive", "come", "land", "fly", "leave", "depart", "set"}
_GONE = {"past": "progressive", "perfect": "progressive"}
_HAPPEN = {"take", "occur", "happen", "come", "be", "go", "last", "run", "coincide", "mark", "follow", "proceed"}


def trip_view(scene: Scene, trip: int, depth: int = 0) -> View:
    """The tense or the fixed status of the noun, from its modifiers and what governs it; "" where it is not told."""
    if scene.reading.lemma[trip] in ("way", "route"):
        before = scene.reading.lower[trip - 1] if trip else ""
        return View("ahead" if before in ("his", "her", "their", "en") else "", chain=(trip,))
    told = _modified(scene, trip)
    if told is not None and told.tense in ("cancelled", "postponed"):
        return told
    related = _related(scene, trip, depth)
    if related.tense in ("", "past", "present", "perfect", "during") and told is not None:
        return replace(told, chain=(*told.chain, *related.chain))
    return related


def earlier(scene: Scene, trip: int) -> bool:
    """Whether the words tell of another occasion: "his last visit", "a previous trip", "who last met in May"."""
    reading, parse = scene.reading, scene.reading.parse
    before = {reading.lower[child] for child in parse.children(trip, "amod", "advmod", "compound") if child < trip}
    if parse.pos[trip] == "VERB":
        return bool(before & {"last", "previously"})
    return bool(before & scene.lexicon.modifiers["earlier"])


def _modified(scene: Scene, trip: int) -> View | None:
    reading, parse = scene.reading, scene.reading.parse
    words = {reading.lower[child] for child in parse.children(trip) if child < trip}
    words |= {reading.lower[child] for child in range(max(reading.left_edge(trip), trip - 5), trip)}
    for tense, kind in (
        ("cancelled", "cancelled"),
        ("postponed", "postponed"),
        ("ahead", "ahead"),
        ("progressive", "now"),
        ("ended", "past"),
    ):
        if words & scene.lexicon.modifiers[kind]:
            return View(tense, chain=(trip,))
    return None


def _related(scene: Scene, trip: int, depth: int) -> View:
    reading, parse = scene.reading, scene.reading.parse
    dep, head = parse.dep[trip], parse.head[trip]
    if depth > 5 or head == trip:
        return View("", chain=(trip,))
    if dep == "conj":
        return (
            trip_view(scene, head, depth + 1)
            if reading.lemma[head] in scene.lexicon.by_noun
            else _related(scene, head, depth + 1)
        )
    if dep in ("dobj", "attr", "oprd", "dative") and parse.pos[head] in ("VERB", "AUX"):
        return _object_of(scene, trip, head)
    if dep in ("nsubj", "nsubjpass"):
        return _subject_of(scene, trip, head)
    if dep == "pobj":
        return _after_preposition(scene, trip, head, depth)
    if dep in ("compound", "poss", "nmod", "appos"):
        return View("", chain=(trip,))
    return View("", chain=(trip,))


def _object_of(scene: Scene, trip: int, verb: int) -> View:
    reading, lexicon = scene.reading, scene.lexicon
    effect = lexicon.governor(reading.lemma[verb], reading.particle(verb))
    told = view(reading, lexicon, verb)
    none = any(reading.lower[child] == "no" for child in reading.parse.children(trip, "det"))
    told = replace(told, negated=told.negated or none, chain=(trip, *told.chain))
    if reading.lemma[verb] == "follow":
        return replace(told, tense="ended", negated=False)
    if reading.lemma[verb] == "be" and reading.parse.dep[trip] == "attr":
        return replace(told, tense="" if told.tense in ("past", "present") else told.tense)
    if told.negated and _undoes(reading.lemma[verb], effect):
        return replace(told, tense="kept", negated=False)
    return _governed(told, effect)


def _undoes(lemma: str, effect: str | None) -> bool:
    """Whether the verb takes back what was settled: who has not cancelled goes, who has not ruled it out may not."""
    return effect in ("cancelled", "postponed") and lemma in words("undoing")


def _governed(told: View, effect: str | None) -> View:
    """The view of a trip whose verb is told so and has this effect on it."""
    if effect in ("cancelled", "postponed"):
        certain = told.tense in ("past", "perfect", "present", "ahead", "ended", "progressive", effect)
        if certain and told.negated:
            return replace(told, tense="maybe")  # what is not ruled out is not announced
        return replace(told, tense=effect if certain else "", negated=False)
    if effect == "start":
        tense = {"past": "progressive", "perfect": "progressive", "present": "beginning"}.get(told.tense, told.tense)
        return replace(told, tense=tense)
    if effect == "end":
        going_on = told.tense in ("ahead", "progressive")
        tense = "progressive" if going_on else "ended" if told.tense in ("past", "perfect", "present") else told.tense
        return replace(told, tense=tense, ends=True)
    if effect in ("ahead", "maybe", "accepted", "invited", "ended"):
        return replace(told, tense=effect)
    if effect == "support":
        return told
    return replace(
        told, tense=told.tense if told.tense in ("ahead", "maybe", "cancelled", "postponed") else "", negated=False
    )


def _subject_of(scene: Scene, trip: int, verb: int) -> View:
    reading, lexicon = scene.reading, scene.lexicon
    lemma = reading.lemma[verb]
    told = view(reading, lexicon, verb)
    told = replace(told, chain=(trip, *told.chain))
    effect = lexicon.governor(lemma, reading.particle(verb))
    if effect in ("start", "end"):
        return _governed(told, effect)
    if effect in ("cancelled", "postponed") and reading.parse.children(verb, "auxpass"):
        kept = told.negated and _undoes(lemma, effect)
        return replace(told, tense="kept", negated=False) if kept else _governed(told, effect)
    if effect in ("ahead", "accepted"):
        settled = lemma in words("settles") and told.tense not in ("", "maybe")
        return replace(told, tense=effect if settled else "")
    if lemma == "be" and told.tense in ("past", "present"):
        return replace(told, tense="", negated=False)
    if lemma in _HAPPEN:
        return told
    return replace(told, tense=told.tense if told.tense in ("ahead", "maybe") else "", negated=False)


def _after_preposition(scene: Scene, trip: int, preposition: int, depth: int) -> View:
    """ "Ahead of the visit", "after a visit", "on a visit", and what a noun or a verb before it makes of it."""
    reading, parse = scene.reading, scene.reading.parse
    word, above = reading.lower[preposition], parse.head[preposition]
    if reading.lower[above] == "out" and parse.pos[above] in ("ADP", "ADV"):
        above = parse.head[above]  # "pulled out of a trip"
    before = word in ("before", "ahead", "until", "pending") or (word == "of" and reading.lemma[above] == "ahead")
    if before or (word == "to" and reading.lower[above] in ("prior", "due")):
        return View("before", chain=(trip,))
    if word in ("after", "following", "since"):
        return View("ended", chain=(trip,))
    if parse.pos[above] in ("NOUN", "PROPN"):
        return _under_noun(scene, trip, preposition, above, depth)
    if parse.pos[above] in ("VERB", "AUX"):
        coming = reading.lemma[above] in ("return", "come", "arrive", "fly", "get")
        if word == "from":
            return View("ended" if coming else "", chain=(trip, above))
        return _beside_verb(scene, trip, word, above)
    if parse.dep[above] == "pobj":
        return _related(scene, above, depth + 1)
    return View("", chain=(trip,))


def _beside_verb(scene: Scene, trip: int, word: str, verb: int) -> View:
    """ "Arrived on a visit", "left for a tour", "agreed to a visit", "said during a visit"."""
    reading, lexicon = scene.reading, scene.lexicon
    lemma = reading.lemma[verb]
    told = view(reading, lexicon, verb)
    told = replace(told, chain=(trip, *told.chain) if lemma in lexicon.governors["support"] else (trip,))
    effect = lexicon.governor(lemma, reading.particle(verb))
    if effect in ("start", "end", "accepted") and word in ("on", "with", "to", "for", "upon"):
        return _governed(told, effect)
    if effect in ("cancelled", "postponed") and word in ("of", "from"):
        return _governed(told, effect)
    if effect in ("ahead", "maybe") and word == "on":
        return replace(told, tense=effect)
    if lemma in _SETTING_OUT and word in ("on", "for") and (lemma != "set" or reading.particle(verb) in ("off", "out")):
        leaving = {"present": "beginning"} if lemma in ("leave", "depart", "set") else {}
        return replace(told, tense=(_GONE | leaving).get(told.tense, told.tense))
    if word == "by" and lemma in ("follow", "precede"):
        after = (told.tense or "ahead") if lemma == "follow" else "ended"
        return replace(told, tense=after, negated=False, chain=(trip, verb))
    return _in_its_course(scene, trip, word, verb, told)


def _in_its_course(scene: Scene, trip: int, word: str, verb: int, told: View) -> View:
    """What is told beside the visit tells when it is: "will meet during a visit", "has said during a visit"."""
    if word not in _BESIDE:
        return View("", chain=(trip,))
    if told.tense in ("ahead", "maybe"):
        return replace(told, negated=False) if word == "during" else told
    if told.tense in FIXED and word in ("on", "to", "for", "with", "upon"):
        return told
    there = (word == "on" and told.tense in ("present", "progressive")) or (
        word == "during" and told.tense == "perfect"
    )
    if there or (scene.reading.lemma[verb] == "be" and told.tense == "present"):
        return replace(told, tense="progressive", negated=False if word == "during" else told.negated)
    if told.tense in ("past", "perfect"):
        return replace(told, tense="during", negated=False, chain=(*told.chain, verb))
    return replace(told, tense="", negated=False)


def _under_noun(scene: Scene, trip: int, preposition: int, noun: int, depth: int) -> View:
    """ "The cancellation of the visit", "the first day of a visit", "preparations for a trip", "Diallo, on a visit"."""
    reading, parse, lexicon = scene.reading, scene.reading.parse, scene.lexicon
    lemma, word = reading.lemma[noun], reading.lower[preposition]
    if lemma in ("eve", "run-up", "runup", "advance", "time"):
        return View("ahead", chain=(trip, noun))
    if lemma in ("day", "start", "beginning", "leg", "stage", "part", "course", "middle", "half") and word in (
        "of",
        "on",
        "in",
    ):
        if lemma == "leg" or lemma == "part" or lemma == "stage":
            related = _related(scene, noun, depth + 1)
            return replace(related, chain=(trip, noun, *related.chain))
        verb = governing_verb(reading, noun)
        if verb is None or lemma not in ("start", "beginning"):
            return View("progressive", chain=(trip, noun))
        ahead = view(reading, lexicon, verb).tense == "ahead"  # "will speak on Monday at the start of a visit"
        return View("ahead" if ahead else "progressive", chain=(trip, noun, verb))
    if lemma in ("end", "conclusion", "close", "completion", "outcome", "result", "success", "failure"):
        return View("ended", chain=(trip, noun), ends=lemma in ("end", "conclusion", "close"))
    if lemma == "return" and word in ("from", "after"):
        return View("ended", chain=(trip, noun))
    effect = lexicon.governor(lemma, None)
    if effect in ("ahead", "maybe", "cancelled", "postponed", "accepted"):
        verb_no = any(reading.lower[child] == "no" for child in parse.children(noun, "det"))
        verb = parse.head[noun] if parse.pos[parse.head[noun]] in ("VERB", "AUX") else None
        no = verb_no or (verb is not None and negated(reading, verb))
        return View(effect, no, (trip, noun) if verb is None else (trip, noun, verb))
    if word in ("on", "during") and scene.cast.one(noun) is not None:
        verb = governing_verb(reading, noun)
        above = view(reading, lexicon, verb) if verb is not None and parse.dep[noun] in ("nsubj", "nsubjpass") else None
        chain = (trip,) if verb is None else (trip, verb)
        return View("ahead" if above and above.tense == "ahead" and word == "during" else "progressive", chain=chain)
    if lemma in ("date", "schedule", "itinerary", "timing"):
        return View("ahead", chain=(trip, noun))
    return View("", chain=(trip,))
