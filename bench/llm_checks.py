"""How many visits that a person found the checks would let a language model tell: `python -m bench.llm_checks [SET …]`.

Of a model that reads as well as the gold, with the best sentence of the story as evidence: what is dropped of that is
the price of the checks. Stories with gold lie beside the repository (see bench/quality/stories.py); the development set
unless others are named.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from visitwire_reader_llm.answer import answer_in
from visitwire_reader_llm.check import check
from visitwire_reader_llm.page import PLACES, SOMEBODY, Page
from visitwire_schemas import EnrichedStory, Entity
from visitwire_suite.evaluation.match import same_visitor
from visitwire_visits.stage import default

from bench.quality.stories import Told, told

_MOST = 590
"""Characters of evidence."""


def claims(story: EnrichedStory, visit: dict[str, Any], page: Page) -> Iterator[dict[str, Any]]:
    """Every way in which a model could tell a gold visit: by any sentence, and any entity that may be meant."""
    visitors = [one for one in story.entities if one.kind in SOMEBODY and same_visitor(visit["visitor"], _party(one))]
    country = visit["destination"].get("country")
    places = [one for one in story.entities if one.kind in PLACES and one.country == country]
    for visitor in visitors:
        for place in places:
            for sentence in page.sentences:
                yield {
                    "evidence": story.story.text[sentence.start : sentence.end][:_MOST],
                    "visitor": visitor.id,
                    "destination": place.id,
                    "status": visit["status"],
                }


def _party(entity: Entity) -> dict[str, str | None]:
    return {
        "name": entity.name if entity.named else None,
        "label": entity.office or entity.name,
        "country": entity.country,
    }


def outcomes(each: Told) -> Iterator[str]:
    """Of each gold visit of a story: told, dropped, or no entity."""
    if each.story.parse is None:
        return
    page = Page(each.story, each.story.parse, default().read(each.story))
    for visit in each.gold:
        made = list(claims(each.story, visit, page))
        passes = any(check(answer_in(json.dumps({"visits": [claim]})), page).candidates for claim in made)
        yield "told" if passes else "dropped" if made else "without an entity"


def main(names: list[str]) -> None:
    found = Counter(outcome for each in told(names or ["dev"]) for outcome in outcomes(each))
    for outcome, count in found.most_common():
        print(f"{outcome}: {count} of {found.total()}")


if __name__ == "__main__":
    main(sys.argv[1:])
