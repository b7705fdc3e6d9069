"""Which expression of time belongs to which report of a visit."""

from visitwire_language.time.mentions import Expression
from visitwire_language.time.patterns import WEEKDAYS

from visitwire_visits.clauses import View, governing_verb, marks
from visitwire_visits.reading import Spot
from visitwire_visits.scene import Scene
from visitwire_visits.status import FIXED
from visitwire_visits.words import words

_LIMITS = {"after", "before", "following", "until", "till"}  # "before the April election": not its own day
_ENDING = {"end", "conclude", "finish", "expire"}
_TRANSPARENT = frozenset(
    [
        *("begin", "book", "commence", "due", "expect", "fix", "kick", "last", "open", "plan", "run"),
        *("schedule", "set", "slate", "start"),
    ]
)


def candidates(
    scene: Scene, trigger: int, told: View, spot: Spot | None, there: bool = False
) -> list[tuple[int, Expression]]:
    """The expressions of the sentence that may date the visit, with their rank; the likeliest first.

    `there`: the visitor is told to be there while something is said, so the day of the saying is a day of the visit.
    """
    sentence = scene.reading.parse.sentence(trigger)
    found: list[tuple[int, int, Expression]] = []
    for expression in scene.expressions_in(sentence):
        token = scene.first_token(expression)
        if token is None or token not in sentence:
            continue
        before = scene.reading.lower[max(0, token - 5) : token]
        if {"originally", "initially", "previously"} & set(before) or before[-2:] == ["postponed", "from"]:
            continue
        rank = _rank(scene, trigger, told, token, spot, there)
        if rank is not None:
            found.append((rank, _distance(trigger, spot, token), expression))
    found.sort(key=lambda item: (item[0], not item[2].rule.exact, item[1]))
    return [(rank, expression) for rank, _, expression in found]


def _distance(trigger: int, spot: Spot | None, token: int) -> int:
    """Words between the date and the visit; from its place where one follows, as each stop of a list has its day."""
    if spot is not None and spot.token > trigger and token > trigger:
        return token - spot.token if token > spot.token else 2 * (spot.token - token)
    return abs(token - trigger)


def _rank(scene: Scene, trigger: int, told: View, token: int, spot: Spot | None, there: bool) -> int | None:
    """Below 1: the date hangs on the visit's own words; 1: it stands beside them; None: it dates something else."""
    if _said_then(scene, token) and not there:
        return None
    if told.tense == "postponed" and scene.reading.lower[token - 1] in ("to", "till", "until"):
        return -2
    if _adjoins(scene, trigger, token, told):
        return -1
    if _of_another_trip(scene, trigger, token):
        return None
    decided, rank = _hangs(scene, trigger, told, token, there)
    return rank if decided else _near_by(scene, trigger, told, token, spot, there)


def _hangs(scene: Scene, trigger: int, told: View, token: int, there: bool) -> tuple[bool, int | None]:
    """Whether the words above the date, up to its verb, decide what it dates, and the rank where they do."""
    reading, parse = scene.reading, scene.reading.parse
    chain = {*told.chain, trigger}
    if _when_it_was(scene, trigger, token):
        return True, 0
    for step in (token, *parse.ancestors(token)):
        if step not in chain and step != token and _bounds(scene, step, told):
            return True, None
        if told.tense in FIXED and step in chain and parse.pos[step] == "VERB" and _day_of_change(scene, step, token):
            return True, None
        if step in chain:
            said = reading.lemma[step] in words("timing_saying") and step != trigger and not there
            return True, None if said or _day_of_agreeing(
                scene, trigger, told, step
            ) else 1 if told.tense == "during" and step != trigger else 0
        if parse.pos[step] in ("VERB", "AUX") and step != token and not _opens(scene, step):
            return False, None
        if step != token and _is_trip(scene, step) and not _in_course_of(scene, step, chain):
            verb = governing_verb(reading, step)
            return True, 2 if verb is not None and token < trigger and _goes_on(scene, verb, trigger) else None
    return False, None


def _when_it_was(scene: Scene, trigger: int, token: int) -> bool:
    """ "In July 2008, when he had won and was visiting Rome": the clause hangs on the date's own words."""
    parse, verb = scene.reading.parse, trigger
    while parse.dep[verb] == "conj" and parse.pos[verb] == "VERB" and parse.head[verb] != verb:
        verb = parse.head[verb]
    return parse.head[verb] in range(token, token + 3) and "when" in marks(scene.reading, verb)


def _where_it_was(scene: Scene, trigger: int, spot: Spot | None) -> bool:
    """ "The talks moved on Sunday to China, where he met them": the main verb's day is that of the clause."""
    reading, parse = scene.reading, scene.reading.parse
    place = scene.atlas.named.get(parse.head[trigger])
    opens = parse.dep[trigger] == "relcl" and "where" in marks(reading, trigger)
    return opens and place is not None and spot is not None and place.country == spot.country


def _in_course_of(scene: Scene, trip: int, chain: set[int]) -> bool:
    """ "Will visit Japan during the Nov. 3-14 trip": the days of the whole trip are the visit's too."""
    preposition = scene.reading.parse.head[trip]
    return scene.reading.lower[preposition] in ("during", "on") and scene.reading.parse.head[preposition] in chain


def _near_by(scene: Scene, trigger: int, told: View, token: int, spot: Spot | None, there: bool) -> int | None:
    """1 where a date that another verb governs may still be the visit's: it stands beside it, or beneath its verb."""
    reading, parse = scene.reading, scene.reading.parse
    verb = governing_verb(reading, token)
    if verb is None:
        return _beside(scene, trigger, token)
    if reading.lemma[verb] in ("follow", "precede"):
        return None
    over = told.tense == "ended" or marks(reading, trigger) & {"after", "since"}
    if over and verb in parse.ancestors(trigger):
        return None  # "fired a rocket on Monday, days after the envoy left": the day of the rocket
    if reading.lemma[verb] in words("timing_saying") and _close_to_saying(scene, verb, token):
        return None
    if verb != trigger and _other_report(scene, verb) and not (token < trigger and _goes_on(scene, verb, trigger)):
        chain = {*told.chain, trigger}
        if _elsewhere(scene, verb, chain, spot, told):
            return None
        beneath = parse.dep[verb] != "conj" and any(link in chain for link in parse.ancestors(verb))
        return 1 if not there and beneath and not marks(reading, verb) & {"before", "after", "until"} else None
    if token < trigger and (_goes_on(scene, verb, trigger) or _where_it_was(scene, trigger, spot)):
        return 2
    sideways = verb not in {trigger, *parse.ancestors(trigger)}
    if sideways and parse.dep[verb] in ("acl", "relcl", "conj"):
        return None
    return _beside(scene, trigger, token)


def _goes_on(scene: Scene, verb: int, trigger: int) -> bool:
    """ "Ended his visit on Friday and flew to Rome": the second verb goes on from the day of the first."""
    parse = scene.reading.parse
    told = parse.pos[trigger] == "VERB" and parse.dep[trigger] == "conj" and parse.head[trigger] == verb
    return told and parse.tag[trigger] == parse.tag[verb] == "VBD" and not parse.children(trigger, "nsubj")


def _elsewhere(scene: Scene, verb: int, chain: set[int], spot: Spot | None, told: View) -> bool:
    """ "On his way to Rome, where leaders meet on Tuesday", "ahead of talks that are held this week"."""
    parse = scene.reading.parse
    if "where" in marks(scene.reading, verb) and spot is not None and parse.dep[verb] == "relcl":
        place = scene.atlas.named.get(parse.head[verb])
        return place is not None and place.country != spot.country
    for step in parse.ancestors(verb):
        if step in chain:
            return False
        if _bounds(scene, step, told):
            return True
    return False


def _day_of_agreeing(scene: Scene, trip: int, told: View, verb: int) -> bool:
    """ "The trip was agreed upon in September": when it was, not when it is to be."""
    parse = scene.reading.parse
    return told.tense == "accepted" and parse.head[trip] == verb and parse.dep[trip] in ("nsubj", "nsubjpass")


def _said_then(scene: Scene, token: int) -> bool:
    """ "Said on Friday", "a ministry spokesman Thursday": the day of the saying, whatever the parse hangs it on."""
    lemma, pos = scene.reading.lemma, scene.reading.parse.pos
    if token and lemma[token - 1] in ("spokesman", "spokeswoman", "spokesperson", "briefing", "newsman", "reporter"):
        return True
    verb = token - 2 if token > 1 and scene.reading.lower[token - 1] == "on" else token - 1
    return verb >= 0 and pos[verb] == "VERB" and lemma[verb] in words("timing_saying")


def _adjoins(scene: Scene, trip: int, token: int, told: View) -> bool:
    """ "The visit, slated for Nov. 19", "a tour of Asia that starts on Monday": nothing but its own words between."""
    reading, parse = scene.reading, scene.reading.parse
    if parse.pos[trip] != "NOUN" or not 0 < token - trip < 10:
        return False
    between = range(trip + 1, token)
    planned = any(reading.lemma[t] in _TRANSPARENT for t in between)
    own = words("date_links") | _TRANSPARENT
    return (planned or told.tense not in FIXED) and all(
        reading.lower[t] in own or reading.lemma[t] in own or t in scene.atlas.named for t in between
    )


def _of_another_trip(scene: Scene, trip: int, token: int) -> bool:
    """ "Her visit to Chad reminds one of the king's trip to Mali in 1985": the year is that of the nearer trip."""
    parse = scene.reading.parse
    others = (t for t in range(trip + 1, token) if _is_trip(scene, t) and parse.children(t, "poss"))
    return _is_trip(scene, trip) and any(owner != trip for owner in others)


def _bounds(scene: Scene, step: int, told: View) -> bool:
    """Whether a date there is only a limit: "before the April vote", "since he took office in May", "ends in June"."""
    reading, pos = scene.reading, scene.reading.parse.pos[step]
    if pos in ("VERB", "AUX"):
        return "since" in marks(reading, step) or (pos == "VERB" and reading.lemma[step] in _ENDING)
    if reading.lower[step] == "ahead":
        return True
    return pos == "ADP" and reading.lower[step] in _LIMITS and told.tense != "postponed"


def _day_of_change(scene: Scene, verb: int, token: int) -> bool:
    """ "Called off her visit on Tuesday": the day it was called off, not that of the visit."""
    reading = scene.reading
    day = reading.lower[token] in WEEKDAYS or reading.lower[token] in ("yesterday", "today", "tonight")
    return (
        day
        and reading.lemma[verb] not in ("abort", "cut")
        and scene.lexicon.governor(reading.lemma[verb], reading.particle(verb)) in FIXED
    )


def _opens(scene: Scene, verb: int) -> bool:
    """ "A visit starting next week", "a tour ending on Monday": the participle lets the date through."""
    parse = scene.reading.parse
    return scene.reading.lemma[verb] in _TRANSPARENT and parse.dep[verb] in ("acl", "relcl", "advcl", "amod")


def looks_ahead(scene: Scene, expression: Expression) -> bool:
    """Whether a participle makes the date one to come: "a summit opening on Saturday"."""
    token = scene.first_token(expression)
    if token is None:
        return False
    if {"beginning", "commencing", "opening", "starting"} & set(scene.reading.lower[max(0, token - 4) : token]):
        return True  # whatever the parse made of it
    verb = governing_verb(scene.reading, token)
    if verb is None:
        return False
    return scene.reading.parse.tag[verb] == "VBG" and scene.reading.lemma[verb] in _TRANSPARENT


def _is_trip(scene: Scene, token: int) -> bool:
    return scene.reading.lemma[token] in scene.lexicon.trip_nouns and scene.reading.parse.pos[token] == "NOUN"


def _close_to_saying(scene: Scene, verb: int, token: int) -> bool:
    """ "Said on Tuesday", "told reporters here Monday", "announced Wednesday"."""
    between = range(min(verb, token) + 1, max(verb, token))
    return len(between) <= 5 and not any(
        scene.reading.parse.pos[t] in ("VERB", "AUX") or scene.reading.lower[t] in (",", '"') for t in between
    )


def _other_report(scene: Scene, verb: int) -> bool:
    lemma = scene.reading.lemma[verb]
    return any(frame.aspect != "speech" for frame in scene.lexicon.by_verb.get(lemma, ()))


def _beside(scene: Scene, trigger: int, token: int) -> int | None:
    """Within a few words after the visit's words, or just before, with no clause between."""
    reading, parse = scene.reading, scene.reading.parse
    if not -9 <= token - trigger <= 14:
        return None
    between = range(min(trigger, token) + 1, max(trigger, token))
    if any(reading.lower[t] in (";", '"', "”", ".", ":") or _is_trip(scene, t) for t in between):
        return None
    finite = [t for t in between if parse.pos[t] == "VERB" and parse.tag[t] in ("VBD", "VBZ", "VBP", "VB")]
    return None if finite else 1
