"""Finds the official visits that a story announces, changes or reports."""

from collections.abc import Iterable

from visitwire_runtime.stage import Stage
from visitwire_schemas import STORIES_ENRICHED, STORIES_QUOTED, EnrichedStory, Visit

from visitwire_visits import scene as scenes
from visitwire_visits.company import companions
from visitwire_visits.elsewhere import share
from visitwire_visits.frames import sightings
from visitwire_visits.legs import with_legs
from visitwire_visits.lexicon import Lexicon, default
from visitwire_visits.occasions import gather
from visitwire_visits.presence import with_presence
from visitwire_visits.report import visit
from visitwire_visits.scene import Scene, Sighting
from visitwire_visits.stand_ins import stand_ins


def find(story: EnrichedStory) -> EnrichedStory:
    """The story with its visits, and without its parse. Where it has no parse, nothing can be found."""
    return story.model_copy(update={"visits": visits_of(story), "parse": None})


def visits_of(story: EnrichedStory, lexicon: Lexicon | None = None) -> tuple[Visit, ...]:
    """The visits that `story` reports, in order of their first mention."""
    if story.parse is None or not len(story.parse):
        return ()
    scene = scenes.read(story, story.parse, lexicon or default())
    return tuple(visit(scene, occasion) for occasion in share(scene, gather(scene, sightings_of(scene))))


def sightings_of(scene: Scene) -> list[Sighting]:
    """All that the frames see in a story, companions of the visitors included."""
    found = with_legs(scene, with_presence(scene, [*sightings(scene), *stand_ins(scene)]))
    return [*found, *companions(scene, found)]


def visits() -> Stage[EnrichedStory, EnrichedStory]:
    """The visits stage."""

    def handle(story: EnrichedStory) -> Iterable[EnrichedStory]:
        yield find(story)

    return Stage("visits", source=STORIES_QUOTED, sink=STORIES_ENRICHED, handle=handle)
