"""What is remembered over deliveries, restarts and wires."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.event import listens_for
from visitwire_ingestion.sql_tables import engine
from visitwire_ingestion.story_store import Keeper
from visitwire_schemas import PubStatus, Revision, Story, WireItem

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WORDS = "The harbour of Port Selka will be dredged before the summer so that larger ferries can call there, the port "
LONG = (
    WORDS + "authority said on Monday, and two new berths are to be built by a consortium from three countries nearby."
)


def item(raw: bytes = b"x", minute: int = 0, provider: str = "mercury") -> WireItem:
    return WireItem(raw=raw, provider=provider, received=NOON + timedelta(minutes=minute))


def story(uri: str = "m:1", version: int = 1, **fields: object) -> Story:
    values: dict[str, object] = {"provider": "mercury", "uri": uri, "version": version, "received": NOON}
    return Story.model_validate(values | {"versioncreated": NOON, "text": f"Text {version}."} | fields)


def keeper(path: Path | None = None, now: datetime = NOON) -> Keeper:
    return Keeper(engine(f"sqlite:///{path}" if path else "sqlite://"), clock=lambda: now)


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    killed = story(version=2, pubstatus=PubStatus.CANCELED, revision=Revision.KILL)
    first = keeper(tmp_path / "a.sqlite")
    assert first.receive(item(b"1"), [story()]) == [story()]
    assert first.receive(item(b"2"), [killed]) == [killed]
    first.close()
    second = keeper(tmp_path / "a.sqlite")
    assert second.receive(item(b"3", 5), [story(version=3)]) == []
    second.close()


def test_an_embargo_is_repeated_when_its_hour_has_come(tmp_path: Path) -> None:
    embargoed = story(embargoed=NOON + timedelta(hours=1))
    early = keeper(tmp_path / "a.sqlite")
    assert (early.receive(item(), [embargoed]), early.due()) == ([], [])
    early.close()
    late = keeper(tmp_path / "a.sqlite", NOON + timedelta(hours=1))
    assert late.due() == [item()]
    assert late.receive(item(), [embargoed]) == [embargoed]
    late.released([item()])
    assert late.due() == []
    late.close()


def test_what_a_crash_left_between_two_versions_is_passed_on_again(tmp_path: Path) -> None:
    """Both were remembered in one batch and neither was passed on: the broker delivers both again."""
    kept = keeper(tmp_path / "a.sqlite")
    for _ in range(2):
        assert kept.receive(item(b"1"), [story()]) == [story()]
        assert kept.receive(item(b"2"), [story(version=2)]) == [story(version=2)]
    assert kept.receive(item(b"1", minute=5), [story()]) == []  # the wire's own repetition, not the broker's
    assert kept.receive(item(b"0"), [story(version=0)]) == []
    killed = story(version=3, pubstatus=PubStatus.CANCELED, revision=Revision.KILL)
    assert kept.receive(item(b"3"), [killed]) == [killed]
    assert kept.receive(item(b"1"), [story()]) == []
    kept.close()


def own(number: int, **fields: object) -> Story:
    uri = f"urn:visitwire:lupa:lpa:{number}:2026-03-02"
    identifiers = {"item": f"lpa{number}"}
    return story(uri, **({"provider": "lupa", "identifiers": identifiers, "slugline": "Rwanda/Belgium"} | fields))


def kill(**fields: object) -> Story:
    values = {"pubstatus": PubStatus.CANCELED, "revision": Revision.KILL, "versioncreated": NOON + timedelta(hours=1)}
    return story("urn:visitwire:lupa:lpa:900:2026-03-02", **({"provider": "lupa"} | values | fields))


def test_a_kill_in_words_finds_the_item_it_names() -> None:
    made = keeper()
    made.receive(item(b"1"), [own(157)])
    made.receive(item(b"2"), [own(158, slugline="Other")])
    (taken,) = made.receive(item(b"3"), [kill(identifiers={"kills": "lpa157"})])
    assert (taken.uri, taken.version, taken.pubstatus) == (own(157).uri, 2, PubStatus.CANCELED)
    assert made.receive(item(b"1", 9), [own(157, text="Again.")]) == []


def test_a_kill_in_words_that_comes_first_meets_its_story_later() -> None:
    made = keeper()
    assert made.receive(item(b"3"), [kill(identifiers={"kills": "lpa157"})]) == []
    assert made.receive(item(b"1"), [own(157)]) == []
    assert made.receive(item(b"2"), [own(158)]) == [own(158)]


def test_a_kill_without_a_number_takes_the_slug_of_the_day() -> None:
    made = keeper()
    made.receive(item(b"1"), [own(157)])
    (taken,) = made.receive(item(b"3"), [kill(slugline="Rwanda/Belgium")])
    assert (taken.uri, taken.revision) == (own(157).uri, Revision.KILL)


def test_a_lead_is_linked_to_the_story_it_follows_by_slug_and_day() -> None:
    made = keeper()
    made.receive(item(b"1"), [own(157)])
    later = own(160, revision=Revision.UPDATE, versioncreated=NOON + timedelta(hours=2))
    (linked,) = made.receive(item(b"2"), [later])
    assert linked.evolvedfrom == own(157).uri


def test_copies_on_two_wires_are_one_group() -> None:
    made = keeper()
    (one,) = made.receive(item(b"1"), [story(text=LONG)])
    (two,) = made.receive(item(b"2", provider="lupa"), [story("l:9", provider="lupa", text=LONG + " Ends.")])
    (other,) = made.receive(item(b"3"), [story("m:3", text=LONG[::-1])])
    assert one.same_as is not None
    assert (two.same_as == one.same_as, other.same_as == one.same_as) == (True, False)


def test_two_keepers_of_one_database_agree(tmp_path: Path) -> None:
    one, two = keeper(tmp_path / "a.sqlite"), keeper(tmp_path / "a.sqlite")
    assert one.receive(item(b"1"), [story(version=2)]) == [story(version=2)]
    assert two.receive(item(b"2"), [story(version=1)]) == []
    assert two.standing() == {"live": 1}
    one.close()
    two.close()


def test_forgetting_keeps_the_dead() -> None:
    made = Keeper(engine("sqlite://"), clock=lambda: NOON)
    made.receive(item(b"1"), [story(), story("m:2", pubstatus=PubStatus.CANCELED, revision=Revision.KILL)])
    late = Keeper(made._engine, clock=lambda: NOON + timedelta(days=40))
    assert late.forget() > 0
    assert late.standing() == {"killed": 1}


def test_an_embargo_that_came_twice_is_released_once() -> None:
    """The second receipt counts, and must not keep the first from being let go."""
    made = Keeper(engine("sqlite://"), clock=lambda: NOON)
    embargoed = story(embargoed=NOON + timedelta(hours=1))
    again = story(embargoed=NOON + timedelta(hours=1), received=NOON + timedelta(minutes=5))
    assert (made.receive(item(b"1"), [embargoed]), made.receive(item(b"1", 5), [again])) == ([], [])
    late = Keeper(made._engine, clock=lambda: NOON + timedelta(hours=1))
    (due,) = late.due()
    assert late.receive(due, [embargoed]) == [embargoed]
    late.released([due])
    assert (late.due(), late.standing()) == ([], {"live": 1})
    made.close()


def test_what_an_earlier_release_remembered_is_read() -> None:
    made = keeper()
    assert made.receive(item(b"1"), [story()]) == [story()]
    with made._engine.begin() as connection:
        (said,) = connection.execute(text("SELECT rank FROM ingestion_stories")).one()
        five = json.dumps([part for place, part in enumerate(json.loads(said)) if place != 1])
        connection.execute(text("UPDATE ingestion_stories SET rank = :five"), {"five": five})
    later = story(text="Corrected.", received=NOON + timedelta(minutes=1))
    assert [each.text for each in made.receive(item(b"2", 1), [later])] == ["Corrected."]
    made.close()


ARRIVALS = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from(["usable", "withheld", "kill", "usable"]), st.integers(0, 2)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(ARRIVALS, st.randoms(use_true_random=False))
def test_the_store_ends_the_same_in_any_order_and_never_revives(
    arrivals: list[tuple[int, str, int]], random: object
) -> None:
    shuffled = list(arrivals)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    ends = []
    for order in (arrivals, shuffled):
        made, dead = keeper(), False
        for version, status, repeat in order:
            fields: dict[str, object] = {"versioncreated": NOON + timedelta(minutes=version)}
            if status == "withheld":
                fields["pubstatus"] = PubStatus.WITHHELD
            if status == "kill":
                fields |= {"pubstatus": PubStatus.CANCELED, "revision": Revision.KILL}
            for turn in range(repeat + 1):
                fields["received"] = NOON + timedelta(minutes=turn)
                passed = made.receive(item(f"{version}{status}".encode(), turn), [story(version=version, **fields)])
                dead = dead or status == "kill"
                assert not dead or all(each.revision == Revision.KILL for each in passed)
        ends.append(made.standing())
        made.close()
    assert ends[0] == ends[1]


def test_a_story_costs_a_handful_of_statements() -> None:
    """The bands of a text go in by one statement: by one each they were the largest part of what a story cost here."""
    store, said = engine("sqlite://"), []
    kept = Keeper(store, clock=lambda: NOON)
    listens_for(store, "before_cursor_execute")(lambda *told: said.append(told[2]))
    assert len(kept.receive(item(), [story(text=LONG)])) == 1
    assert len(said) <= 12
    kept.close()
