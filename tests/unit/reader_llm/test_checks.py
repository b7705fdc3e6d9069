"""Every check, by a server that lies: what the story does not bear out is dropped with the reason, and counted."""

import json
from itertools import product
from typing import Any

import pytest
from visitwire_reader_llm.answer import answer_in
from visitwire_reader_llm.check import check
from visitwire_reader_llm.page import Page
from visitwire_schemas import EnrichedStory, VisitStatus
from visitwire_visits.stage import default

from tests.unit.reader_llm.conftest import TRUE, bench
from tests.unit.reader_llm.model_server import visits


def page(story: EnrichedStory) -> Page:
    assert story.parse is not None
    return Page(story, story.parse, default().read(story))


def checked(story: EnrichedStory, **lie: Any) -> tuple[int, list[str]]:
    """How many visits are left of a true one with these fields changed, and why what was dropped was."""
    found = check(answer_in(json.dumps({"visits": [TRUE | lie]})), page(story))
    return len(found.candidates), [one.reason for one in found.dropped]


def test_what_the_story_bears_out_passes_whole(story: EnrichedStory) -> None:
    with bench(lambda asked: visits(TRUE)) as it:
        [found] = it.settle(story)[0].visits
    assert (found.visitor.name, found.visitor.country, found.destination.country) == ("Lucas Andrade", "BR", "IN")
    assert (found.status, found.dates and (found.dates.text, found.dates.start, found.dates.end)) == (
        VisitStatus.PLANNED,
        ("10 to 12 March", "2026-03-10", "2026-03-12"),
    )
    assert (found.announced_by and found.announced_by.name, found.focus, found.readers) == (
        "Helena Duarte",
        True,
        ("llm",),
    )
    [evidence] = found.evidence
    assert story.story.text[evidence.start : evidence.end] == story.story.text.split("\n")[0]
    assert found.confidence == 0.82


@pytest.mark.parametrize(
    ("lie", "reason"),
    [
        ({"evidence": "President Lucas Andrade of Brazil will never visit India from 10 to 12 March"}, "evidence"),
        ({"evidence": "President Lucas Andrade of Brazil will visit India from 11 to 12 March"}, "evidence"),
        ({"evidence": "President Andrade flew to New Delhi at the weekend"}, "evidence"),
        ({"evidence": ""}, "evidence"),
        ({"evidence": "Rain fell on the capital."}, "trigger"),
        ({"visitor": "e99"}, "visitor"),
        ({"visitor": "President Maria Lopez"}, "visitor"),
        ({"visitor": "e3"}, "visitor"),
        ({"visitor": "e6", "evidence": "President Lucas Andrade of Brazil will visit India"}, "visitor"),
        ({"destination": "e99"}, "destination"),
        ({"destination": "Atlantis"}, "destination"),
        ({"destination": "Sweden"}, "destination"),
        ({"destination": "e1"}, "destination"),
        ({"destination": "e2"}, "home"),
        ({"evidence": "He has cancelled a trip to Chile", "destination": "e5"}, "status"),
        ({"status": "concluded"}, "status"),
        ({"status": "dreamt"}, "shape"),
        ({"evidence": "x" * 700}, "shape"),
        ({"news": "yes"}, "shape"),
        ({"visitor": None}, "shape"),
    ],
)
def test_a_lie_is_dropped_with_its_reason(story: EnrichedStory, lie: dict[str, Any], reason: str) -> None:
    assert checked(story, **lie) == (0, [reason])


@pytest.mark.parametrize(
    ("lie", "reason"),
    [
        ({"date": "from 17 to 19 May"}, "date"),
        ({"date": "will visit India"}, "date"),
        ({"date": "planned for April"}, None),
        ({"source": "a spokesman for the palace"}, "source"),
        ({"source": "e99"}, "source"),
        ({"host": "e99"}, "host"),
        ({"host": "e1"}, "host"),
    ],
)
def test_of_a_false_detail_only_the_detail_falls(story: EnrichedStory, lie: dict[str, Any], reason: str | None) -> None:
    assert checked(story, **lie) == (1, [reason] if reason else [])


@pytest.mark.parametrize(
    "words",
    [
        "president lucas andrade of brazil will visit  india from 10 to 12 march",
        "President Lucas Andrade of Brazil will visit India from 10 to 12 March, …",
        "“President Lucas Andrade of Brazil will visit India from 10 to 12 March”",
        "President Lucas Andrade of Brasil will visit India from 10 to 12 March",
    ],
)
def test_a_few_letters_are_forgiven(story: EnrichedStory, words: str) -> None:
    assert checked(story, evidence=words) == (1, [])


def test_a_visitor_whom_only_the_words_name_is_found_there(story: EnrichedStory) -> None:
    group = {"evidence": "A Chilean trade delegation arrived in Oslo.", "destination": "Oslo", "status": "under_way"}
    without = story.model_copy(update={"entities": tuple(one for one in story.entities if one.id != "e6")})
    told = TRUE | group | {"visitor": "A Chilean trade delegation", "date": None, "source": None}
    with bench(lambda asked: visits(told)) as it:
        [found] = it.settle(without)[0].visits
    assert (found.visitor.entity, found.visitor.label, found.visitor.country) == (
        None,
        "A Chilean trade delegation",
        "CL",
    )
    assert found.confidence == 0.73


def test_what_is_dropped_is_told_and_counted(story: EnrichedStory) -> None:
    with bench(lambda asked: visits(TRUE | {"visitor": "e99"}, TRUE)) as it:
        [heard] = it.hear(story)
        counted = {
            sample.labels["reason"]: sample.value
            for family in it.panel.llm.metrics.collectors[1].collect()
            for sample in family.samples
            if sample.name.endswith("_total")
        }
    assert heard.dropped == ("'e99' to 'e3', planned: its visitor is nobody of the story",)
    assert counted == {"visitor": 1.0}


def pairs(parsed: Any, text: str) -> list[set[tuple[str, str | None]]]:
    """Of each sentence, whom a model that says everything of everybody gets past the checks, and where to."""
    [told] = parsed([text])
    seen = page(told)
    found: list[set[tuple[str, str | None]]] = [set() for _ in seen.sentences]
    for number, one in enumerate(seen.sentences):
        for visitor, place, status in product(told.entities, told.entities, VisitStatus):
            lie = {
                "evidence": text[one.start : one.end],
                "visitor": visitor.id,
                "destination": place.id,
                "status": status,
            }
            if check(answer_in(json.dumps({"visits": [lie]})), seen).candidates:
                found[number].add((visitor.name, place.country))
    return found


MIXED = (
    (
        "President Lucas Andrade of Brazil will visit India on Monday. Prime Minister Maria Lopez of Peru will visit"
        " Chile on Friday.",
        [{("Lucas Andrade", "IN")}, {("Maria Lopez", "CL")}],
    ),
    (
        "President Lucas Andrade of Brazil will visit India on Monday, and Prime Minister Maria Lopez of Peru will"
        " visit Chile on Friday.",
        [{("Lucas Andrade", "IN"), ("Maria Lopez", "CL")}],
    ),
    (
        "President Lucas Andrade of Brazil will visit India from 10 to 12 March, Foreign Minister Helena Duarte said on"
        " Monday.\nHe has cancelled a trip to Chile that was planned for April.\nPrime Minister Maria Lopez of Peru"
        " arrived in Oslo on Sunday. Rain fell on the capital.\n",
        [{("Lucas Andrade", "IN")}, {("Lucas Andrade", "CL")}, {("Maria Lopez", "NO")}, set()],
    ),
)


@pytest.mark.parametrize(("text", "wanted"), MIXED)
def test_nobody_is_said_to_make_the_visit_that_another_makes(parsed: Any, text: str, wanted: list[Any]) -> None:
    assert pairs(parsed, text) == wanted


STATUSES = [
    ("President Lucas Andrade of Brazil has been invited to visit India.", {"invited", "planned"}),
    ("President Lucas Andrade of Brazil has not been invited to visit India.", set()),
    ("President Lucas Andrade of Brazil has not accepted an invitation to visit India.", {"invited", "cancelled"}),
    ("President Lucas Andrade of Brazil has not cancelled a planned visit to India.", {"planned"}),
    (
        "President Lucas Andrade of Brazil will visit India next week, and said the peace was not in danger.",
        {"planned"},
    ),
    ("President Lucas Andrade of Brazil has accepted an invitation to visit India.", {"accepted", "planned"}),
    ("President Lucas Andrade of Brazil has cancelled his visit to India.", {"cancelled"}),
    ("President Lucas Andrade of Brazil has called off his visit to India.", {"cancelled"}),
    ("President Lucas Andrade of Brazil has postponed his visit to India.", {"postponed"}),
    ("President Lucas Andrade of Brazil put off his visit to India.", {"postponed"}),
    ("President Lucas Andrade of Brazil will not visit India.", {"cancelled"}),
    ("President Lucas Andrade of Brazil did not visit India.", set()),
    ("President Lucas Andrade of Brazil will visit India next week.", {"planned"}),
    (
        "President Lucas Andrade of Brazil denied that he had cancelled his visit to India.",
        {"planned", "under_way", "concluded"},
    ),
    ("President Lucas Andrade of Brazil visited India.", {"under_way", "concluded"}),
    ("President Lucas Andrade of Brazil is on a visit to India.", {"planned", "under_way", "concluded"}),
]


@pytest.mark.parametrize("number", range(len(STATUSES)))
def test_no_status_contradicts_an_operator_of_its_evidence(parsed: Any, number: int) -> None:
    text, wanted = STATUSES[number]
    [told] = parsed([text])
    passes = {
        status.value
        for status in VisitStatus
        if checked(
            told,
            evidence=text,
            destination="India",
            visitor="Lucas Andrade",
            status=status.value,
            date=None,
            source=None,
        )[0]
    }
    assert passes == wanted
