"""Why a visit was found, and why others were not: which frame fired on which words, and what spoke against it."""

from dataclasses import dataclass

from visitwire_schemas import EnrichedStory, Visit

from visitwire_visits import scene as scenes
from visitwire_visits.lexicon import Lexicon, default
from visitwire_visits.occasions import gather
from visitwire_visits.report import visit
from visitwire_visits.scene import Scene, Sighting
from visitwire_visits.stage import sightings_of

_AROUND = 9


@dataclass(frozen=True)
class Firing:
    """A frame that fired on a word, what it took the words to say, and the words around."""

    frame: str
    word: str
    words: str
    visitor: str | None
    destination: str | None
    status: str | None
    strength: int
    when: str | None


@dataclass(frozen=True)
class Because:
    """A visit and the firings it was made of."""

    visit: Visit
    firings: tuple[Firing, ...]


@dataclass(frozen=True)
class Refused:
    """A frame that fired and tells of no visit, and why."""

    frame: str
    word: str
    words: str
    why: str


@dataclass(frozen=True)
class Explanation:
    """All that the frames saw in one story."""

    uri: str
    headline: str | None
    found: tuple[Because, ...]
    refused: tuple[Refused, ...]


def explain(story: EnrichedStory, lexicon: Lexicon | None = None) -> Explanation:
    """What the frames saw in a story that still has its parse. Raises ValueError where it has none."""
    if story.parse is None:
        raise ValueError(f"{story.story.uri}: the story has no parse; give it as it is before the visits stage")
    scene = scenes.read(story, story.parse, lexicon or default())
    found = tuple(
        Because(visit(scene, occasion), tuple(_firing(scene, report) for report in occasion.reports))
        for occasion in gather(scene, sightings_of(scene))
    )
    refused = tuple(
        Refused(no.frame, scene.reading.words[no.trigger], _words(scene, no.trigger), no.why) for no in scene.refusals
    )
    return Explanation(story.story.uri, story.story.headline, found, refused)


def _firing(scene: Scene, report: Sighting) -> Firing:
    spot, visitor = report.spot, report.visitor
    return Firing(
        frame=report.frame,
        word=scene.reading.words[report.trigger],
        words=_words(scene, report.trigger),
        visitor=(visitor.name or visitor.label) if visitor else None,
        destination=", ".join(filter(None, (spot.place, spot.country))) if spot else None,
        status=report.status.value if report.status else None,
        strength=report.strength,
        when=report.when.text if report.when else None,
    )


def _words(scene: Scene, token: int) -> str:
    """The words around the token, inside its sentence."""
    sentence = scene.reading.parse.sentence(token)
    first, last = max(sentence.start, token - _AROUND), min(sentence.stop - 1, token + _AROUND)
    return scene.reading.phrase(first, last)


def lines(explanation: Explanation) -> list[str]:
    """The explanation for people, a line each."""
    told = [f"{explanation.uri}: {explanation.headline or 'no headline'}"]
    for because in explanation.found:
        told.append(f"  {summary(because.visit)}")
        for firing in because.firings:
            date = f", {firing.when}" if firing.when else ""
            told.append(f'    {firing.frame} on "{firing.word}"{date}: … {firing.words} …')
    if not explanation.found:
        told.append("  no visit")
    told += [f'  not: {no.why} ({no.frame} on "{no.word}"): … {no.words} …' for no in explanation.refused]
    return told


def summary(visit: Visit) -> str:
    """A visit in one line: "Lucas Andrade (BR) to IN: accepted, on the word of Helena Duarte"."""
    who = visit.visitor.name or visit.visitor.label or "somebody"
    start = visit.dates.start if visit.dates else None
    source = visit.announced_by
    place = visit.destination.country or visit.destination.place or "?"
    parts = [
        f"{who} ({visit.visitor.country or '?'}) to {place}: {visit.status}",
        f"from {start}" if start else "",
        f"on the word of {source.name or source.label}" if source else "",
        "" if visit.focus else "in passing",
        f"confidence {visit.confidence:.2f}",
    ]
    return ", ".join(part for part in parts if part)
