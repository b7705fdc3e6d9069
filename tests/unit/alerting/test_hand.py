"""What a person says of a visit stands over what wires say, is told, shown and taken back."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner
from visitwire_alerting.cli.commands import app
from visitwire_alerting.ledger import rebuild, visit_history
from visitwire_alerting.ledger.correction_form import right_of, written
from visitwire_alerting.ledger.enter_hand import HandRequest, lift, pinned, say
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.ledger.hand_errors import Changed, Unfit, Unknown
from visitwire_alerting.storage.database import open_database, reading
from visitwire_alerting.wording import because, headline
from visitwire_schemas import (
    Alert,
    ChangeKind,
    Destination,
    EnrichedStory,
    Hand,
    HandKind,
    LedgerVisit,
    Party,
    Revision,
    Right,
    VisitStatus,
)

from tests.unit.alerting.conftest import empty
from tests.unit.alerting.makers import START, at, dates, story, visit
from tests.unit.alerting.office import Office, open_office, settings_for, until

PUTIN = visit("planned", when=dates("2025-04-10"))
POSTPONED = Right(status=VisitStatus.POSTPONED)


def enter(engine: Engine, *stories: EnrichedStory) -> None:
    record(engine, stories, lambda: at(9))


def only(engine: Engine) -> LedgerVisit:
    [one] = rebuild.standing(engine)
    return one


def told(engine: Engine) -> list[Alert]:
    with reading(engine) as connection:
        return [alert for _, alert in visit_history.alerts_since(connection, START)]


def correct(engine: Engine, right: Right, day: float = 10, **fields: Any) -> Hand:
    return say(engine, HandRequest(only(engine).id, HandKind.CORRECT, "ada", right=right, **fields), at(day))


def test_a_correction_stands_over_what_wires_say_later(engine: Engine) -> None:
    enter(engine, story("a", PUTIN))
    correct(engine, Right(status=VisitStatus.ACCEPTED, destination=Destination(place="Goa")), note="Ministry says so.")
    enter(engine, story("b", visit("planned", when=dates("2025-04-12")), day=11, wire="south"))
    one = only(engine)
    assert (one.status, one.destination, one.dates) == (
        VisitStatus.ACCEPTED,
        Destination(country="IN", place="Goa"),
        dates("2025-04-12"),
    )
    assert [(hand.by, hand.at, hand.note) for hand in one.hands] == [("ada", at(10), "Ministry says so.")]
    assert [(entry.provider, entry.change) for entry in one.history] == [
        ("north", ChangeKind.ANNOUNCED),
        ("desk", ChangeKind.ACCEPTED),
        ("south", ChangeKind.DATES_CHANGED),
    ]
    assert (len(one.reports), one.sources_independent) == (2, 2)


def test_what_is_lifted_gives_way_to_what_stood_before(engine: Engine) -> None:
    enter(engine, story("a", PUTIN))
    before = only(engine)
    first = correct(engine, POSTPONED)
    second = correct(engine, Right(status=VisitStatus.CANCELLED), 11)
    assert only(engine).status is VisitStatus.CANCELLED
    lift(engine, second.id, "bob", at(12))
    assert only(engine).status is VisitStatus.POSTPONED
    lift(engine, first.id, "bob", at(13))
    assert only(engine).model_copy(update={"revision": 1}) == before
    for id, words in ((first.id, "was taken back already"), ("nothing", "Nobody said nothing")):
        with pytest.raises(Unknown, match=words):
            lift(engine, id, "bob", at(14))


def test_the_later_word_stands_where_the_clock_does_not_tell_which_it_is(engine: Engine) -> None:
    enter(engine, story("a", PUTIN))
    for status in (VisitStatus.CANCELLED, VisitStatus.POSTPONED, VisitStatus.ACCEPTED, VisitStatus.INVITED):
        correct(engine, Right(status=status))
        assert only(engine).status is status
    correct(engine, POSTPONED, day=5)
    assert only(engine).status is VisitStatus.POSTPONED


def test_a_changed_name_and_country_leave_the_visit_its_id(engine: Engine) -> None:
    enter(engine, story("a", PUTIN))
    id = only(engine).id
    correct(engine, Right(visitor=Party(name="Anna Berg", country="NO"), destination=Destination(country="FR")))
    enter(engine, story("b", PUTIN, day=11))
    one = only(engine)
    assert (one.id, one.visitor.name, one.visitor.label, one.destination.country) == (
        id,
        "Anna Berg",
        "President",
        "FR",
    )
    with reading(engine) as connection:
        assert [
            found.id for found in visit_history.list_visits(connection, visit_history.VisitQuery(destination="FR"))
        ] == [id]


def test_what_is_false_stays_off_the_board_until_that_is_taken_back(engine: Engine) -> None:
    enter(engine, story("a", PUTIN))
    id = only(engine).id
    hand = say(engine, HandRequest(id, HandKind.DISMISS, "ada", "A satire."), at(10))
    enter(engine, story("b", PUTIN, day=11, wire="south"))
    assert rebuild.standing(engine) == []
    last = told(engine)[-1]
    assert headline(last) == "President Vladimir Putin (Russia) to India: taken back"
    assert because(last) == "ada at the desk dismissed it as false (6 Apr 2025, 12:00 UTC): A satire."
    assert last.data.visit.history[-1].provider == "desk"
    enter(engine, story("c", visit("planned", when=dates("2025-09-01")), day=12))
    assert only(engine).dates == dates("2025-09-01")
    lift(engine, hand.id, "ada", at(13))
    assert sorted(one.id == id for one in rebuild.standing(engine)) == [False, True]
    assert because(told(engine)[-1]).startswith("ada at the desk took back what the desk had said")


def test_two_visits_are_made_one_and_two_again(engine: Engine) -> None:
    paris, lyon = visit("planned", when=dates("2025-04-10"), to="FR"), visit("planned", to="IN")
    enter(engine, story("a", paris), story("b", lyon, day=1))
    one, other = rebuild.standing(engine)
    hand = say(engine, HandRequest(one.id, HandKind.MERGE, "ada", other=other.id), at(10))
    merged = only(engine)
    assert [report.uri for report in merged.reports] == ["a", "b"]
    gone = next(id for id in (one.id, other.id) if id != merged.id)
    with reading(engine) as connection:
        found = visit_history.find_visit(connection, gone)
    assert found is not None
    assert (found.standing, found.merged_into) == (False, merged.id)
    assert [alert.data.change.kind for alert in told(engine)[:2]] == [ChangeKind.ANNOUNCED] * 2
    assert ChangeKind.RETRACTED not in {alert.data.change.kind for alert in told(engine)}
    lift(engine, hand.id, "ada", at(11))
    assert {one.id, other.id} == {visit.id for visit in rebuild.standing(engine)}


def test_one_visit_is_set_apart_into_two_and_made_one_again(engine: Engine) -> None:
    enter(engine, story("a", PUTIN), story("b", PUTIN, day=1), story("c", PUTIN, day=2))
    one = only(engine)
    hand = say(engine, HandRequest(one.id, HandKind.SPLIT, "ada", apart=("north|b",)), at(10))
    assert sorted([report.uri for report in two.reports] for two in rebuild.standing(engine)) == [["a", "c"], ["b"]]
    lift(engine, hand.id, "ada", at(11))
    assert only(engine).id == one.id


def test_what_is_pinned_is_held_against_later_stories(engine: Engine) -> None:
    enter(engine, story("a", PUTIN))
    correct(engine, pinned(only(engine), ["status", "dates", "host"]))
    enter(engine, story("b", visit("cancelled", when=dates("2025-05-02")), day=11))
    one = only(engine)
    assert (one.status, one.dates, one.host) == (VisitStatus.PLANNED, dates("2025-04-10"), None)
    with pytest.raises(Unfit, match="Say which to hold"):
        pinned(one, ["mood"])


def test_it_rests_while_its_stories_are_killed_and_holds_when_they_are_back(engine: Engine) -> None:
    enter(engine, story("a", PUTIN))
    correct(engine, POSTPONED)
    enter(engine, story("a", day=11, version=2, revision=Revision.KILL))
    assert rebuild.standing(engine) == []
    enter(engine, story("a", PUTIN, day=12, version=3))
    assert only(engine).status is VisitStatus.POSTPONED


def test_two_editors_at_once_lose_nothing(engine: Engine) -> None:
    enter(engine, story("a", PUTIN))
    seen = only(engine).revision
    correct(engine, POSTPONED, revision=seen)
    with pytest.raises(Changed, match="was changed meanwhile"):
        correct(engine, Right(status=VisitStatus.CANCELLED), 11, revision=seen)
    assert only(engine).status is VisitStatus.POSTPONED


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ({"kind": HandKind.CORRECT}, "Say what is right"),
        ({"kind": HandKind.MERGE}, "Say which other visit"),
        ({"kind": HandKind.SPLIT, "apart": ("north|a",)}, "some of them, and not all"),
        ({"kind": HandKind.SPLIT, "apart": ("north|z",)}, r"north\|z does not report this visit"),
    ],
)
def test_what_cannot_be_said_is_refused_in_a_sentence(engine: Engine, word: dict[str, Any], words: str) -> None:
    enter(engine, story("a", PUTIN))
    with pytest.raises(Unfit, match=words):
        say(engine, HandRequest(only(engine).id, by="ada", **word), at(10))
    with pytest.raises(Unknown, match="There is no visit nobody"):
        say(engine, HandRequest("nobody", HandKind.DISMISS, "ada"), at(10))


def test_a_lost_ledger_gets_its_hands_back_from_the_visits(engine: Engine) -> None:
    stories = [story("a", PUTIN), story("b", PUTIN, day=1)]
    enter(engine, *stories)
    correct(engine, POSTPONED)
    known = rebuild.standing(engine)
    empty(engine)
    rebuilt = rebuild.rebuild(rebuild.read(stories), known, rebuild.said(engine, known))
    assert list(rebuilt.differing()) == []
    rebuild.apply(engine, rebuilt)
    assert rebuild.standing(engine) == known
    enter(engine, story("c", PUTIN, day=12))
    assert only(engine).status is VisitStatus.POSTPONED


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_it_is_told_to_those_who_wish_and_travels_on_the_topic(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with open_office(settings_for(database, tmp_path)) as office:
            office.subscribe()
            office.subscribe(id="wires", by_hand=False)
            office.enter([story("a", PUTIN)])
            await until(lambda: len(office.said) == 2)
            hand = correct(office.desk.engine, POSTPONED, note="Ministry.")
            await until(lambda: len(office.said) == 3)
            first, second = office.said[-1].splitlines()
            assert first.endswith("to India: corrected, postponed (now postponed), 10 Apr 2025")
            assert second.strip() == "ada at the desk corrected it (6 Apr 2025, 12:00 UTC): Ministry."
            await until(lambda: len(_sent(office)) == 2)
            assert _sent(office)[-1].hands == (hand,)

    asyncio.run(scenario())


def _sent(office: Office) -> list[LedgerVisit]:
    sent = [record.value or b"" for topic, record in office.published if topic == "visits-v1"]
    return [LedgerVisit.model_validate_json(value) for value in sent]


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ({"status": "called off"}, Right(status=VisitStatus.CANCELLED)),
        ({"country": "France", "place": "Lyon"}, Right(destination=Destination(country="FR", place="Lyon"))),
        ({"office": "Foreign Minister"}, Right(visitor=Party(label="Foreign Minister"))),
        ({"start": "2025-05-01", "end": "2025-05-03"}, Right(dates=dates("2025-05-01", "2025-05-03"))),
        ({"start": "2025-05"}, Right(dates=dates("2025-05", precision="month"))),
        ({"start": ""}, Right(none=("dates",))),
        ({"status": "planned", "host": " "}, None),
    ],
)
def test_what_people_write_is_read(engine: Engine, given: dict[str, str], right: Right | None) -> None:
    enter(engine, story("a", PUTIN))
    found = right_of(only(engine), given)
    if found is not None and found.dates is not None:
        found = found.model_copy(update={"dates": found.dates.model_copy(update={"text": found.dates.start})})
    assert found == right


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"status": "sent"}, "'sent' is not a status; use one of invited"),
        ({"country": "Narnia"}, "'Narnia' is not a country"),
        ({"start": "10 May"}, "Dates are written 2026-12-04"),
        ({"start": "2025-05-09", "end": "2025-05-01"}, "the first before the last"),
        ({"start": "2925-05-09"}, "between the years"),
        ({"visitor": "", "office": ""}, "Somebody must go"),
        ({"country": "", "place": ""}, "A visit goes somewhere"),
        ({"mood": "good"}, "There is no field mood"),
        ({"visitor": "x" * 201}, "visitor: at most 200"),
    ],
)
def test_what_is_wrong_in_it_is_said(engine: Engine, given: dict[str, str], words: str) -> None:
    enter(engine, story("a", PUTIN))
    with pytest.raises(Unfit, match=words):
        right_of(only(engine), given)


def test_a_visit_as_written_differs_in_nothing(engine: Engine) -> None:
    enter(engine, story("a", PUTIN))
    assert right_of(only(engine), written(only(engine))) is None


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """Runs a command of `visitwire visits` over a ledger of one visit."""
    monkeypatch.setenv("VISITWIRE_DATA_DIR", str(tmp_path))

    def command(*asked: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["visits", *asked])
        return result.exit_code, result.output

    return command


def test_the_commands_say_it_list_it_and_take_it_back(tmp_path: Path, run: Callable[..., tuple[int, str]]) -> None:
    assert run("list")[0] == 0
    engine = open_database(f"sqlite:///{tmp_path}/visitwire.sqlite")
    enter(engine, story("a", PUTIN), story("b", PUTIN, day=1))
    id = only(engine).id
    code, output = run("correct", id, "status=postponed", "start=2025-06-01", "--note", "Ministry", "--by", "ada")
    assert (code, only(engine).status) == (0, VisitStatus.POSTPONED)
    hand = output.partition(":")[0]
    listed = run("hands", id)[1]
    assert "correct status, dates" in listed
    assert "Ministry" in listed
    assert run("lift", hand) == (0, f"{hand} is taken back\n")
    assert only(engine).status is VisitStatus.PLANNED
    assert run("pin", id, "status")[0] == 0
    assert run("split", id, "north|b")[0] == 0
    first, second = rebuild.standing(engine)
    assert run("merge", first.id, second.id)[0] == 0
    code, output = run("dismiss", only(engine).id, "--revision", "99")
    assert (code, "was changed meanwhile" in output) == (1, True)
    assert run("dismiss", only(engine).id, "--revision", str(only(engine).revision))[0] == 0
    assert rebuild.standing(engine) == []
    for asked, words in (
        (["correct", id, "status"], "use FIELD=VALUE"),
        (["correct", id, "mood=good"], "There is no field mood"),
        (["correct", "none", "status=planned"], "no visit has the id"),
        (["dismiss", id], "There is no visit"),
        (["dismiss", first.id, "--revision", "99"], "There is no visit"),
        (["lift", "none"], "Nobody said none"),
        (["pin", id, "mood"], "Say which to hold"),
    ):
        code, output = run(*asked)
        assert (code, words in output) == (1, True), output
    engine.dispose()


def test_merged_visits_get_their_own_ids_back_also_where_one_was_corrected_before(engine: Engine) -> None:
    invited, accepted = visit("planned", when=dates("2025-04-10")), visit("accepted")
    enter(engine, story("a", invited), story("b", accepted, day=60))
    standing = {one.id: one.reports for one in rebuild.standing(engine)}
    assert len(standing) == 2
    first, later = sorted(standing, key=lambda id: standing[id][0].uri)
    say(engine, HandRequest(later, HandKind.CORRECT, "ada", right=Right(status=VisitStatus.CANCELLED)), at(70))
    for survivor, gone in ((first, later), (later, first)):
        hand = say(engine, HandRequest(survivor, HandKind.MERGE, "ada", other=gone), at(71))
        assert [one.uri for one in only(engine).reports] == ["a", "b"]
        lift(engine, hand.id, "ada", at(72))
        assert {one.id: one.reports for one in rebuild.standing(engine)} == standing


@pytest.mark.parametrize("name", ["Anna Berg", None])
def test_a_dismissal_hits_the_visitor_so_named_of_two_in_one_story_and_lifting_it_swaps_no_ids(
    engine: Engine, name: str | None
) -> None:
    minister = visit("planned", who="Anna Berg", label="Foreign Minister", of="NO")
    delegation = visit("planned", who=None, label="a delegation", of="NO")
    enter(engine, story("a", minister, delegation))
    before = {one.id: one.visitor.name for one in rebuild.standing(engine)}
    assert sorted(map(str, before.values())) == ["Anna Berg", "None"]
    [wrong] = [id for id, called in before.items() if called == name]
    hand = say(engine, HandRequest(wrong, HandKind.DISMISS, "ada"), at(10))
    [left] = [one.visitor.name for one in rebuild.standing(engine) if one.id != wrong]
    assert left != name
    lift(engine, hand.id, "ada", at(11))
    assert {one.id: one.visitor.name for one in rebuild.standing(engine)} == before


def test_an_id_that_passed_to_other_reports_meanwhile_loses_none_when_a_merge_is_lifted(engine: Engine) -> None:
    berg, president = (
        visit(who="Anna Berg", of="NO", to="FR"),
        visit(who=None, label="the Norwegian president", of="NO"),
    )
    somebody = visit(who=None, label=None, of="NO", to="FR")
    enter(engine, story("a", berg, visit(who="Anna Berg", of="NO"), day=14))
    enter(engine, story("c", president.model_copy(update={"destination": Destination(country="FR")}), day=26))
    enter(engine, story("a", visit(who="Anna Berg", of="NO"), somebody, day=22, version=2))
    enter(engine, story("b", visit(who=None, label=None, of="NO", to=None, when=dates("2025-10-01")), day=7))
    before = {one.id: [report.story for report in one.reports] for one in rebuild.standing(engine)}
    nowhere, led, unnamed, named = (
        next(
            one.id
            for one in rebuild.standing(engine)
            if (one.visitor.name, one.visitor.label, one.destination.country) == said
        )
        for said in (
            (None, None, None),
            (None, "the Norwegian president", "FR"),
            (None, None, "FR"),
            ("Anna Berg", "President", "IN"),
        )
    )
    first = say(engine, HandRequest(nowhere, HandKind.MERGE, "ada", other=led), at(50))
    second = say(engine, HandRequest(unnamed, HandKind.MERGE, "ada", other=named), at(51))
    lift(engine, first.id, "ada", at(60))
    assert {one.id: [report.uri for report in one.reports] for one in rebuild.standing(engine)}[unnamed] == ["c"]
    lift(engine, second.id, "ada", at(61))
    assert {one.id: [report.story for report in one.reports] for one in rebuild.standing(engine)} == before
