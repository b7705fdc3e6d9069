"""The source of a visit that is told without one, from the sentences beside it.

"The president will visit Oslo. He will go on to Bergen, the ministry said", "Minister Ruiz was heading for Rome. His
ministry said he hoped to sign a loan": whoever speaks of the visitor next brings the news of the visit too.
"""

from visitwire_schemas import Announcer

from visitwire_visits.scene import Scene, Sighting
from visitwire_visits.sources import announcer, of_quote
from visitwire_visits.words import words

_MOVES = ("going", "departure", "arrival", "stay")


def carried(scene: Scene, reports: list[Sighting]) -> Announcer | None:
    """Who speaks of the visitor or of the trip in the sentence after a report, else before it."""
    sentences = list(scene.reading.parse.sentences())
    for report in reports:
        here = scene.reading.sentence_number[report.trigger]
        for beside in (here + 1, here - 1):
            if 0 <= beside < len(sentences):
                found = _speaker_on(scene, sentences[beside], report)
                if found is not None:
                    return found
    return None


def _speaker_on(scene: Scene, sentence: range, report: Sighting) -> Announcer | None:
    """Who says in this sentence what the visitor is to do, or something of the trip."""
    for token in sentence:
        if not (_is_visitor(scene, token, report) or _is_trip(scene, token)):
            continue
        index = _telling(scene, token)
        found = of_quote(scene, index) if index is not None else announcer(scene, token)
        if found is not None:
            return found
    return None


def _telling(scene: Scene, token: int) -> int | None:
    """The quote told in the speaker's and not the visitor's words that holds the token, told by a verb of telling."""
    at = scene.reading.parse.start[token]
    for index, quote in enumerate(scene.reading.enriched.quotes):
        cues = {scene.reading.lemma[t] for cue in quote.cue for t in scene.reading.parse.within(cue.start, cue.end)}
        if cues & words("timing_saying") and any(span.start <= at < span.end for span in quote.content):
            return index
    return None


def _is_visitor(scene: Scene, token: int, report: Sighting) -> bool:
    """Whether the visitor is the subject of a verb that tells of a visit or what is ahead."""
    parse = scene.reading.parse
    entity = scene.reading.entity_at.get(token)
    if entity is None or report.visitor is None or entity.id != report.visitor.entity or parse.dep[token] != "nsubj":
        return False
    verb = parse.head[token]
    ahead = {scene.reading.lower[child] for child in parse.children(verb, "aux")} & {"will", "would", "'ll", "’ll"}
    lemma = scene.reading.lemma[verb]
    moves = any(frame.aspect in _MOVES for frame in scene.lexicon.by_verb.get(lemma, ()))
    return bool(ahead) or moves or lemma in scene.lexicon.governors["ahead"] | {"hope"}


def _is_trip(scene: Scene, token: int) -> bool:
    """ "The visit", "the talks": spoken of as known."""
    reading, parse = scene.reading, scene.reading.parse
    if reading.lemma[token] not in scene.lexicon.trip_nouns or parse.tag[token] not in ("NN", "NNS"):
        return False
    return any(reading.lower[child] in ("the", "this", "his", "her") for child in parse.children(token, "det", "poss"))
