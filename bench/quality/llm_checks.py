"""What the checks would let a language model tell, that knows every visit and one that lies:
`python -m bench.quality.llm_checks [--left-out] [SET …]`.

Of a model that reads as well as the gold, with the best sentence of the story as evidence, what is dropped is the price
of the checks. Of one that says of everybody that they go to each place that a sentence names beside them, where no
gold visit does, what is not dropped is what they do not see. Stories with gold lie beside the repository (see
bench/quality/stories.py); the development set unless others are named. `--left-out`: the embedded reader, by which
claims are checked, weighs each story with weights that had not seen it, fitted on all the others.
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from visitwire_reader_llm.answer import Answer, Claim, answer_in
from visitwire_reader_llm.check import check
from visitwire_reader_llm.page import PLACES, SOMEBODY, Page
from visitwire_reader_llm.weights import weights_for
from visitwire_schemas import EnrichedStory, Entity, ReadBy, VisitStatus
from visitwire_suite.evaluation.match import same_destination, same_visitor
from visitwire_visits.reader import Reader
from visitwire_visits.rules.reader import RulesReader
from visitwire_visits.stage import Heard, default, visits_in
from visitwire_visits.weights import Weights

from bench.quality.fit import FOLDS, examples_of, fit_reader
from bench.quality.stories import Told, invented, other, told, written

_MOST = 590
"""Characters of evidence."""
_SPOKE = (ReadBy(reader="llm", spoke=True),)


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


def lies(each: Told, page: Page) -> dict[tuple[str, str], list[Claim]]:
    """Of everybody and every country that some sentence names together and no gold visit does, all that may be said."""
    found: dict[tuple[str, str], list[Claim]] = {}
    for visitor in (one for one in each.story.entities if one.kind in SOMEBODY):
        for place in (one for one in each.story.entities if one.kind in PLACES and not _is_gold(each, visitor, one)):
            for number, sentence in enumerate(page.sentences):
                at = range(number, number + 1)
                if all(any(page.holds(at, one) for one in entity.mentions) for entity in (visitor, place)):
                    words = each.story.story.text[sentence.start : sentence.end][:_MOST]
                    found.setdefault((visitor.id, place.country or place.name), []).extend(
                        Claim(evidence=words, visitor=visitor.id, destination=place.id, status=status)
                        for status in VisitStatus
                    )
    return found


def _is_gold(each: Told, visitor: Entity, place: Entity) -> bool:
    """Whether a person found the visit; also "the delegation" of somebody whom they named, which is not untrue."""
    goal = {"country": place.country, "place": place.name}
    return any(
        same_destination(gold["destination"], goal)
        and (
            same_visitor(gold["visitor"], _party(visitor))
            or (not visitor.named and gold["visitor"].get("country") == visitor.country)
        )
        for gold in each.gold
    )


def _party(entity: Entity) -> dict[str, str | None]:
    return {
        "name": entity.name if entity.named else None,
        "label": entity.office or entity.name,
        "country": entity.country,
    }


def _published(story: EnrichedStory, page: Page, made: Sequence[Claim]) -> bool:
    """Whether one of the claims that pass becomes a visit, where the model speaks alone."""
    passed = (check(Answer((claim,)), page).candidates for claim in made)
    return any(visits_in(story, Heard(each, _SPOKE), weights_for(("llm",))) for each in passed if each)


def outcomes(each: Told, reader: Reader) -> Iterator[str]:
    """Of each gold visit of a story: told, dropped, or no entity; of each lie: dropped, published or not."""
    if each.story.parse is None:
        return
    page = Page(each.story, each.story.parse, reader.read(each.story))
    for visit in each.gold:
        made = list(claims(each.story, visit, page))
        passes = any(check(answer_in(json.dumps({"visits": [claim]})), page).candidates for claim in made)
        yield "true: told" if passes else "true: dropped" if made else "true: without an entity"
    for claimed in lies(each, page).values():
        if not any(check(Answer((claim,)), page).candidates for claim in claimed):
            yield "false: dropped"
        else:
            is_published = _published(each.story, page, claimed)
            yield "false: published" if is_published else "false: passes, and the resolver refuses it"


def left_out(stories: Sequence[Told]) -> Callable[[Told], Reader]:
    """For each story the embedded reader with weights fitted on the other four fifths and on what was invented."""
    plain = RulesReader(weights=Weights(), hopeless=math.inf, kept=10**6)
    known = [*stories, *invented(), *written(), *other()]
    examples = [examples_of(number, each, plain.read(each.story)) for number, each in enumerate(known)]
    readers: dict[int, Reader] = {}
    for fold in range(FOLDS):
        seen = [one for each, rows in zip(known, examples, strict=True) if each.fold != fold for one in rows]
        readers[fold] = RulesReader(weights=fit_reader(seen))
    return lambda each: readers[each.fold]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--left-out", action="store_true", help="weights that had not seen the story")
    parser.add_argument("sets", nargs="*", default=["dev"])
    chosen = parser.parse_args()
    stories = told(chosen.sets)
    reader = left_out(stories) if chosen.left_out else lambda each: default()
    found = Counter(outcome for each in stories for outcome in outcomes(each, reader(each)))
    for kind in ("true", "false"):
        some = {outcome: count for outcome, count in found.items() if outcome.startswith(kind)}
        for outcome, count in sorted(some.items(), key=lambda row: -row[1]):
            print(f"{outcome}: {count} of {sum(some.values())}")


if __name__ == "__main__":
    main()
