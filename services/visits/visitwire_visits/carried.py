"""The source of a visit that is told without one, from the sentences beside it.

"The president will visit Oslo. He will go on to Bergen, the ministry said", "Minister Ruiz was heading for Rome. His
ministry said he hoped to sign a loan": whoever speaks of the visitor next brings the news of the visit too.
"""

from collections.abc import Iterator

from visitwire_schemas import Announcer, EntityKind

from visitwire_visits.scene import Scene, Sighting
from visitwire_visits.sources import announcement, announcer, of_quote
from visitwire_visits.stand_ins import IN_PLACE_OF
from visitwire_visits.words import words

_MOVES = ("going", "departure", "arrival", "stay")


def carried(scene: Scene, reports: list[Sighting], ahead: bool) -> Announcer | None:
    """Who speaks of the visitor or of the trip in the sentence after a report, else before it.

    A statement on what is `ahead` goes on for some sentences; of others, the visitor must name the trip himself.
    """
    for report in reports:
        for sentence in _beside(scene, report, ahead):
            found = _speaker_on(scene, sentence, report, ahead)
            if found is not None:
                return found
    return None


def _beside(scene: Scene, report: Sighting, ahead: bool) -> Iterator[range]:
    """The sentences next to a report's, in the order in which they are asked."""
    sentences = scene.reading.sentences
    here = scene.reading.sentence_number[report.trigger]
    for other in (here + 1, here - 1, here - 2) if ahead else (here + 1, here - 1):
        if 0 <= other < len(sentences):
            yield sentences[other]


def _speaker_on(scene: Scene, sentence: range, report: Sighting, ahead: bool) -> Announcer | None:
    """Who says in this sentence what the visitor is to do, or something of the trip, or who makes the announcement."""
    made = announcement(scene, sentence)
    if made is not None and _brings_news(scene, made):
        return made
    for token in sentence:
        if not (_is_visitor(scene, token, report) or _is_trip(scene, token, report) or _is_place(scene, token, report)):
            continue
        index = _telling(scene, token)
        found = of_quote(scene, index) if index is not None else announcer(scene, token)
        own = found is not None and report.visitor is not None and found.entity == report.visitor.entity
        if own and not ahead and not _is_trip(scene, token, report):
            continue
        if found is not None and _brings_news(scene, found):
            return found
    return None


def _brings_news(scene: Scene, source: Announcer) -> bool:
    """Whether the source is an office or somebody in one; others only comment."""
    told = f"{source.label or ''} {source.name or ''}".lower().replace("-", " ").split()
    if words("bringers") & set(told):
        return True
    entity = scene.reading.entities.get(source.entity) if source.entity else None
    if entity is not None and entity.kind is EntityKind.PERSON:
        return scene.cast.person(entity).official
    return entity is not None


def _telling(scene: Scene, token: int) -> int | None:
    """The quote told by a verb of telling that holds the token."""
    at = scene.reading.parse.start[token]
    for index, quote in enumerate(scene.reading.enriched.quotes):
        cues = {scene.reading.lemma[t] for cue in quote.cue for t in scene.reading.parse.within(cue.start, cue.end)}
        if cues & words("timing_saying") and any(span.start <= at < span.end for span in quote.content):
            return index
    return None


def _is_visitor(scene: Scene, token: int, report: Sighting) -> bool:
    """Whether the visitor is the subject of a verb that tells of a visit or what is ahead."""
    parse = scene.reading.parse
    if report.visitor is None or parse.dep[token] != "nsubj":
        return False
    known = scene.cast.one(token)
    if known is None or known.key != report.visitor.key:
        return False
    verb = parse.head[token]
    ahead = {scene.reading.lower[child] for child in parse.children(verb, "aux")} & {"will", "would", "'ll", "’ll"}
    lemma = scene.reading.lemma[verb]
    moves = any(frame.aspect in _MOVES for frame in scene.lexicon.by_verb.get(lemma, ()))
    told = {lemma, *(scene.reading.lemma[child] for child in parse.children(verb, "acomp"))}
    return bool(ahead) or moves or bool(told & (scene.lexicon.governors["ahead"] | {"hope"}))


def _is_trip(scene: Scene, token: int, report: Sighting) -> bool:
    """ "The visit", "the talks": spoken of as known; or a trip to the same country."""
    reading, parse = scene.reading, scene.reading.parse
    if reading.lemma[token] not in scene.lexicon.trip_nouns or parse.tag[token] not in ("NN", "NNS"):
        return False
    if any(reading.lower[child] in ("the", "this", "his", "her") for child in parse.children(token, "det", "poss")):
        return True
    country = report.spot.country if report.spot else None
    below = (scene.atlas.named.get(t) for t in parse.subtree(token))
    return country is not None and any(spot.country == country for spot in below if spot)


def _is_place(scene: Scene, token: int, report: Sighting) -> bool:
    """Where the other was to go whom the visitor stands in for."""
    spot = scene.atlas.named.get(token)
    return report.frame == IN_PLACE_OF and spot is not None and report.spot is not None and spot == report.spot
