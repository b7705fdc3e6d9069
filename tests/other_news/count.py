"""How many of COUNT stories of other kinds raise a false alert: `python -m tests.other_news.count [COUNT] [SEED]`."""

import sys
from collections import Counter

from visitwire_attribution.stage import attribute
from visitwire_extraction.stage import enrich_many
from visitwire_schemas import EnrichedStory, Visit
from visitwire_visits.resolve.choose import FORWARD
from visitwire_visits.stage import find

from tests.helpers.language_model import language_model
from tests.other_news.stories import stories


def alerts(story: EnrichedStory) -> list[Visit]:
    """The visits that would be alerted: announced or changed, and news of the story."""
    return [visit for visit in story.visits if visit.status in FORWARD and visit.focus]


def read(count: int, seed: int = 7) -> list[EnrichedStory]:
    """The stories after extraction, attribution and visits."""
    return [find(attribute(story)) for story in enrich_many(list(stories(count, seed)), language_model())]


def main(count: int, seed: int) -> None:
    """Prints every false alert, and the share of stories that raised one, by kind."""
    found = read(count, seed)
    wrong = [story for story in found if alerts(story)]
    for story in wrong:
        for visit in alerts(story):
            words = story.story.text[visit.evidence[0].start : visit.evidence[0].end]
            who = visit.visitor.name or visit.visitor.label
            print(f"{story.story.uri}: {who} to {visit.destination.country} ({visit.evidence[0].frame}): {words}")
    kinds = Counter(story.story.uri.rsplit("-", 1)[0] for story in wrong)
    told = sum(bool(story.visits) for story in found)
    print(f"{len(wrong)} of {count} stories raise a false alert ({100 * len(wrong) / count:.2f} %): {dict(kinds)}")
    print(f"{told} of {count} report any visit, past ones included")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:3]]
    main(*(given + [2000, 7][len(given) :]))
