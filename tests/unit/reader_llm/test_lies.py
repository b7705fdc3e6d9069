"""A model that lies, and stories that tell it to: nothing is published that the story does not say."""

import json
import logging
import random
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from visitwire_language.time.mentions import find as expressions
from visitwire_reader_llm.answer import Unusable, answer_in
from visitwire_reader_llm.check import check
from visitwire_reader_llm.page import Page
from visitwire_reader_llm.weights import weights_for
from visitwire_runtime import logs
from visitwire_schemas import EnrichedStory, ReadBy, Visit, VisitStatus
from visitwire_visits.filed import Filed
from visitwire_visits.stage import Heard, default, visits_in

from tests.unit.reader_llm.conftest import TRUE, Bench, bench
from tests.unit.reader_llm.model_server import Asked, Said, answered, failed, story_in, visits
from tests.unit.visits.conftest import Parsed

HOSTILE = [line for line in (Path(__file__).parent / "hostile.txt").read_text("utf-8").splitlines() if line]
DAYS = {"Monday": "2026-03-02", "Tuesday": "2026-03-03", "Wednesday": "2026-03-04", "Thursday": "2026-03-05"}
SAID = (ReadBy(reader="llm", spoke=True),)

EVIDENCE = st.sampled_from(
    [
        "President Lucas Andrade of Brazil will visit India on Monday.",
        "will visit India",
        "President Lucas Bastos of Brazil will visit India on Tuesday.",
        "President Lucas Andrade of Brazil will not visit India on Monday.",
        "President Lucas Andrade of Brazil arrived in Chile.",
        "Monday",
        "",
    ]
)
WHO = st.sampled_from(["e1", "e2", "e3", "e9", "Lucas Andrade", "Lucas Bastos", "the pope", "Brazil", "President", ""])
WHERE = st.sampled_from(["e1", "e2", "e3", "e9", "India", "Chile", "Brazil", "New Delhi", "Atlantis", "visit", ""])
WHEN = st.sampled_from([None, "on Monday", "Monday", "on Friday", "2026-05-01", "tomorrow", "will visit", "next week"])
CLAIM = st.fixed_dictionaries(
    {
        "evidence": EVIDENCE,
        "visitor": WHO,
        "destination": WHERE,
        "status": st.sampled_from([*(status.value for status in VisitStatus), "dreamt"]),
        "date": WHEN,
        "host": st.one_of(st.none(), WHO),
        "source": st.one_of(st.none(), WHO, st.just("a spokesman for the palace")),
        "news": st.booleans(),
    }
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=12), inner, max_size=4)),
    max_leaves=12,
)


def says_so(story: EnrichedStory, visit: Visit) -> None:
    """The story is one of `many`, which says one thing: who of Brazil will visit India, and on which day."""
    text = story.story.text
    name, day = re.search(r"(Lucas \w+) .* on (\w+)\.", text).groups()  # type: ignore[union-attr]
    assert (visit.visitor.name, visit.visitor.country) == (name, "BR")
    assert (visit.destination.country, visit.destination.place) == ("IN", None)
    assert visit.status is VisitStatus.PLANNED
    assert visit.dates is None or (visit.dates.start, visit.dates.end) == (DAYS[day], None)
    assert visit.announced_by is None or visit.announced_by.name == name or visit.announced_by.label in text
    assert visit.host is None or (visit.host.name or visit.host.label) in ("Brazil", "India")
    assert [(one.start, one.end) for one in visit.evidence] == [(0, len(text))]


def published(story: EnrichedStory, content: str) -> tuple[Visit, ...]:
    assert story.parse is not None
    try:
        found = check(answer_in(content), Page(story, story.parse, default().read(story)))
    except Unusable:
        return ()
    return visits_in(story, Heard(found.candidates, SAID), weights_for(("llm",)))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(claims=st.lists(CLAIM, max_size=5))
def test_of_any_claims_only_what_the_story_says_is_published(many: list[EnrichedStory], claims: list[Any]) -> None:
    for visit in published(many[0], json.dumps({"visits": claims})):
        says_so(many[0], visit)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=st.one_of(JSON, st.lists(JSON, max_size=3).map(lambda rows: {"visits": rows})))
def test_of_an_answer_in_any_shape_nothing_is_published(many: list[EnrichedStory], answer: Any) -> None:
    assert published(many[0], json.dumps(answer)) == ()


LIES: tuple[dict[str, Any], ...] = (
    {"evidence": "President Maria Lopez will visit Chile on Friday."},
    {"visitor": "Maria Lopez"},
    {"visitor": "e2"},
    {"destination": "Chile"},
    {"destination": "e2"},
    {"status": "cancelled"},
    {"status": "concluded"},
    {"date": "on Friday"},
    {"date": "2026-12-24"},
    {"source": "the palace"},
)


def honest(asked: Asked) -> dict[str, Any]:
    """What a model that reads well says of one of `many`."""
    story = story_in(asked)
    return TRUE | {
        "evidence": story["text"],
        "visitor": story["people"][0]["id"],
        "destination": next(place["id"] for place in story["places"] if place["name"] == "India"),
        "date": "on " + story["text"].rsplit(" ", 1)[1].strip("."),
        "source": None,
    }


@pytest.mark.parametrize("is_joint", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_a_server_that_lies_in_every_tenth_answer_publishes_nothing_untrue(
    many: list[EnrichedStory], seed: int, is_joint: bool
) -> None:
    luck, count, lock = random.Random(seed), [0], threading.Lock()

    def script(asked: Asked) -> Said:
        with lock:
            count[0] += 1
            if count[0] % 10:
                return visits(honest(asked))
            wrong = luck.choice([*LIES, None])
        return visits(honest(asked) | wrong) if wrong else luck.choice([answered("{"), failed(400)])

    with bench(script, is_joint=is_joint) as it:
        found = it.settle(*many)
    assert count[0] == len(many) == 40
    for story, out in zip(many, found, strict=True):
        for visit in out.visits:
            says_so(story, visit)
    assert sum(bool(out.visits) for out in found) >= 36


def borne_out(story: EnrichedStory, visit: Visit) -> None:
    """Every word of the visit is of the story, whatever the story is."""
    text, today = story.story.text, Filed(story).today
    names = {entity.id: entity for entity in story.entities}
    assert visit.visitor.entity in names or (visit.visitor.label or "") in text
    countries = {entity.country for entity in story.entities}
    assert visit.destination.country in countries or (visit.destination.place or "") in text
    assert all(0 <= one.start < one.end <= len(text) for one in visit.evidence)
    if visit.dates is not None and visit.dates.text is not None:
        read = [one.period(today, ahead) for one in expressions(text) for ahead in (True, False)]
        assert visit.dates.text in text
        assert visit.dates.start in {period.written()[0] for period in read if period}
    if visit.announced_by is not None:
        assert visit.announced_by.entity in names or (visit.announced_by.label or "") in text


def obedient(asked: Asked) -> Said:
    """A model that does what a story tells it: it answers with the JSON in the story's text, or reports e1 to e5 with
    the story's last line as evidence, and keeps to that whatever it is asked of."""
    text = story_in(asked)["text"]
    lines = [line for line in text.splitlines() if line]
    forged = TRUE | {"evidence": lines[-1], "visitor": "e1", "destination": "e5", "date": None, "source": None}
    for found in re.finditer(r'\{"visits": \[\{.*?\}\]\}', text):
        return answered(found.group())
    return visits(*([forged] if any(line in HOSTILE for line in lines) else []), TRUE)


def test_there_are_fifty_hostile_stories() -> None:
    assert len(set(HOSTILE)) == 50


@pytest.fixture(scope="module")
def infected(story: EnrichedStory, parsed: Parsed) -> Sequence[EnrichedStory]:
    """The same story fifty times, each with other instructions for whoever reads it at its end."""
    return parsed([story.story.text + line for line in HOSTILE])


@pytest.mark.parametrize("is_joint", [False, True])
def test_a_story_with_instructions_changes_nothing_but_itself(
    story: EnrichedStory, many: list[EnrichedStory], infected: list[EnrichedStory], is_joint: bool
) -> None:
    clean = [story, *many[:9]]

    def run(stories: Sequence[EnrichedStory]) -> tuple[dict[str, str], Bench]:
        with bench(obedient, is_joint=is_joint) as it:
            found = it.settle(*stories)
        return {out.story.text: out.model_dump_json(exclude={"story"}) for out in found}, it

    alone, before = run(clean)
    mixed, after = run([*clean[:5], *infected, *clean[5:]])
    assert {text: mixed[text] for text in alone} == alone

    def shape(asked: Asked) -> str:
        fixed = {name: value for name, value in asked.items() if name != "messages"}
        return json.dumps([fixed, asked["messages"][0], [one["role"] for one in asked["messages"]]])

    assert len({shape(asked) for asked in (*before.model.asked, *after.model.asked)}) == 1
    assert {story_in(asked)["text"] for asked in after.model.asked} == {one.story.text for one in (*clean, *infected)}
    assert {key for asked in after.model.asked for key in story_in(asked)} <= {
        "day", "filed_from", "headline", "people", "places", "text"
    }  # fmt: skip


@pytest.mark.parametrize("is_joint", [False, True])
def test_of_a_story_with_instructions_only_what_its_words_say_is_published(
    infected: list[EnrichedStory], is_joint: bool
) -> None:
    with bench(obedient, is_joint=is_joint) as it:
        found = it.settle(*infected)
    for story, out in zip(infected, found, strict=True):
        for visit in out.visits:
            borne_out(story, visit)
            if "llm" in visit.readers and visit.destination.country == "CL":
                assert visit.status is VisitStatus.CANCELLED, story.story.text.splitlines()[-1]


def test_the_key_is_in_no_log(story: EnrichedStory, capsys: pytest.CaptureFixture[str]) -> None:
    key = "sk-visitwire-0123456789abcdef"
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in (*logs.TALKATIVE, logs.WITH_HEADERS))]
    levels = [(one, one.level) for one in loggers]
    logs.configure("debug")
    replies = [failed(500), failed(401), failed(400), answered("{"), Said(b"x", cut=True), visits(TRUE)]
    try:
        for number, reply in enumerate(replies):
            echo = Said(reply.body + key.encode(), reply.status, {"x-key": key}, reply.cut)
            with bench(lambda asked, echo=echo: echo, key=SecretStr(key), model=f"m{number}", pause=0) as it:  # type: ignore[misc]
                it.settle(story)
                assert set(it.model.keys) == {f"Bearer {key}"}
                assert key not in repr(it.panel.llm._options)
        said = capsys.readouterr()
    finally:
        logging.getLogger().handlers.clear()
        for one, level in levels:
            one.setLevel(level)
        structlog.reset_defaults()
    assert "llm_away" in said.err
    assert "llm_cannot_be_used" in said.err
    assert key not in said.err + said.out
