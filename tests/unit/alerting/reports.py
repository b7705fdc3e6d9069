"""Random sets of reports for the property tests: few people, places and days, so that they meet often."""

from hypothesis import strategies as st
from visitwire_schemas import EnrichedStory, PubStatus, Revision, Visit, VisitStatus

from tests.unit.alerting.makers import dates, story, visit

VISITORS = (
    {"who": "Anna Berg", "label": "President", "of": "NO"},
    {"who": "Berg", "label": None, "of": "NO"},
    {"who": None, "label": "the Norwegian president", "of": "NO"},
    {"who": "A. Berg", "label": "President", "of": None},
    {"who": "Carlos Diaz", "label": "President", "of": "NO"},
    {"who": None, "label": "a Norwegian trade delegation", "of": "NO"},
    {"who": "Anna Diaz", "label": None, "of": "NO"},
    {"who": "Anna", "label": None, "of": "NO"},
    {"who": "Berg Anna", "label": "Foreign Minister", "of": "NO"},
    {"who": None, "label": None, "of": "NO"},
)
DATES = (None, dates("2025-04-10"), dates("2025-04-10", "2025-04-12"), dates("2025-04"), dates("2025-10-01"))

visits: st.SearchStrategy[Visit] = st.builds(
    lambda who, status, to, when, focus: visit(status.value, **who, to=to, when=when, focus=focus),
    st.sampled_from(VISITORS),
    st.sampled_from(VisitStatus),
    st.sampled_from(("IN", "FR", None)),
    st.sampled_from(DATES),
    st.booleans(),
)


def _story(
    uri: str, wire: str, version: int, day: int, kind: Revision, found: list[Visit], copied: str | None
) -> EnrichedStory:
    made = story(uri, *found, day=day, version=version, wire=wire, revision=kind, same_as=copied)
    if kind is Revision.KILL and day % 2:
        withdrawn = made.story.model_copy(update={"revision": Revision.UPDATE, "pubstatus": PubStatus.CANCELED})
        return made.model_copy(update={"story": withdrawn})
    return made


stories: st.SearchStrategy[EnrichedStory] = st.builds(
    _story,
    st.sampled_from("abcd"),
    st.sampled_from(("north", "south")),
    st.integers(1, 3),
    st.integers(0, 40),
    st.sampled_from((Revision.NEW, Revision.UPDATE, Revision.CORRECTION, Revision.KILL)),
    st.lists(visits, max_size=3),
    st.sampled_from((None, "copy-1")),
)

sets = st.lists(stories, min_size=1, max_size=12)


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[EnrichedStory], list[EnrichedStory]]:
    """A set of reports in one order, and in another with some of them repeated."""
    one = draw(sets)
    repeated = draw(st.lists(st.sampled_from(one), max_size=5))
    return one, draw(st.permutations([*one, *repeated]))
