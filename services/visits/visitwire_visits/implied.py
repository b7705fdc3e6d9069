"""Where a visit takes place when the sentence does not say: at the host's home, or where the story is filed from."""

from visitwire_schemas import EntityKind

from visitwire_visits.clauses import View
from visitwire_visits.figure import Figure
from visitwire_visits.lexicon import Frame
from visitwire_visits.reading import Spot
from visitwire_visits.scene import Scene
from visitwire_visits.slots import destinations

_HERE = {"meet", "hold talks", "host", "visiting", "arrive", "arrival"}
_COMING = ("visit", "come", "travel", "pay", "attend", "tour", "make")
_BY_NOW = ("past", "perfect", "progressive", "present")


def may_imply(frame: Frame) -> bool:
    """Whether the frame can tell of a visit without naming its place."""
    return frame.aspect == "invitation" or "home" in frame.destination or frame.name in _HERE


def implied_spots(
    scene: Scene, frame: Frame, trigger: int, visitors: list[Figure], hosts: list[Figure], told: View
) -> list[Spot]:
    """The place that the frame implies, as a list of none or one."""
    if frame.aspect == "invitation":
        keys = {visitor.key for visitor in visitors}
        hosts = [host for host in hosts if host.key not in keys]  # "he accepted the invitation" is not his own
        return _home(scene, hosts) if "home" in frame.destination and _invites_over(scene, trigger) else []
    if "home" in frame.destination and hosts and _home(scene, hosts):
        return _home(scene, hosts)
    if frame.name == "meet":
        gone_to = _where_gone(scene, trigger)
        if gone_to:
            return gone_to
    here = scene.reading.here
    if here is None:
        return _home_of_host(scene, trigger, visitors) if frame.name == "visiting" else []
    if frame.name == "visiting":
        return _home_of_host(scene, trigger, visitors) or [here]
    if frame.name in ("arrival", "arrive"):
        return [here] if visitors and all(visitor.country != here.country for visitor in visitors) else []
    if (
        frame.name in ("meet", "hold talks", "host")
        and told.tense in _BY_NOW
        and _met_here(scene, trigger, visitors, hosts)
    ):
        return [here]
    return []


def _where_gone(scene: Scene, trigger: int) -> list[Spot]:
    """ "Prepared to head to Brussels to meet President Bush": they meet where the journey goes."""
    parse, lexicon = scene.reading.parse, scene.lexicon
    verb = parse.head[trigger]
    top = trigger
    while parse.dep[top] == "xcomp" and parse.head[top] != top:
        top = parse.head[top]
    place = scene.atlas.named.get(parse.head[top])
    if parse.dep[top] in ("relcl", "advcl") and place is not None and place.country:
        return [place]
    if parse.dep[trigger] not in ("xcomp", "advcl") or verb == trigger:
        return []
    for frame in lexicon.by_verb.get(scene.reading.lemma[verb], ()):
        if frame.aspect in ("going", "arrival", "departure"):
            spots = destinations(scene, frame, verb)
            if spots:
                return spots[:1]
    return []


def _home(scene: Scene, hosts: list[Figure]) -> list[Spot]:
    """The first host's own country; a body's people have none."""
    for host in hosts:
        if host.country and host.country not in scene.atlas.gazetteer.homes:
            return [Spot(host.country, None, host.token, "country")]
    return []


def _invites_over(scene: Scene, trigger: int) -> bool:
    """Whether an invitation without a place is one to come: "accepted an invitation", "invited him for talks"."""
    reading, parse = scene.reading, scene.reading.parse
    clause = parse.children(trigger, "xcomp", "acl", "ccomp")
    if clause:
        return any(reading.lemma[child] in _COMING for child in clause)
    return not any(reading.lower[p] == "to" for p in parse.children(trigger, "prep"))


def _home_of_host(scene: Scene, trigger: int, visitors: list[Figure]) -> list[Spot]:
    """Where "the visiting minister" is when an official of a third country, not of this one, receives him."""
    reading = scene.reading
    here = reading.here.country if reading.here else None
    bodies = set(scene.atlas.gazetteer.homes)
    hosts = []
    for token in reading.parse.sentence(trigger):
        entity = reading.entity_at.get(token)
        if entity is not None and entity.kind is EntityKind.PERSON:
            host = scene.cast.person(entity)
            if (
                host.official
                and host.country
                and host.country not in bodies | {visitor.country for visitor in visitors}
            ):
                hosts.append(Spot(host.country, None, token, "country"))
    return [] if any(spot.country == here for spot in hosts) else hosts[:1]


def _met_here(scene: Scene, trigger: int, visitors: list[Figure], hosts: list[Figure]) -> bool:
    """Whether a meeting without a place was held where the story is filed from: with somebody of that country."""
    here = scene.reading.here
    assert here is not None
    below = scene.reading.parse.subtree(trigger)
    if any(scene.reading.lemma[token] in scene.lexicon.trip_nouns for token in below):
        return False  # "met the president during his visit": where that visit went
    if any(one.country == here.country and (one.official or one.name) for one in (*visitors, *hosts)):
        return len(visitors) + len(hosts) > 1
    parse = scene.reading.parse
    sides = [token for child in parse.children(trigger, "nsubj", "dobj") for token in parse.subtree(child)]
    return any(scene.atlas.country_word(token) == here.country for token in sides)
