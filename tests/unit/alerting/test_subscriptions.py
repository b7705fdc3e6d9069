"""What a subscription may be, which alerts it asks for, why, and when they go."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from visitwire_alerting.delivery.timetable import after_quiet, due
from visitwire_alerting.ledger.fold.alerts import alert_of
from visitwire_alerting.ledger.fold.sighting import sightings
from visitwire_alerting.ledger.fold.visits import fold
from visitwire_alerting.subscriptions.address import address
from visitwire_alerting.subscriptions.alert_facts import facts
from visitwire_alerting.subscriptions.matching import matches, why
from visitwire_alerting.subscriptions.matching_index import Index
from visitwire_alerting.subscriptions.subscription_files import Unreadable, read, read_file
from visitwire_schemas import Alert, ChangeKind, Visit
from visitwire_schemas.subscription import Filter, Quiet, Subscription, schema

from tests.unit.alerting.makers import START, dates, story, visit

ROOT = Path(__file__).parents[3]
TODAY = START.date()
GOOD: dict[str, Any] = {"id": "desk", "name": "A desk", "channels": [{"kind": "console"}]}


def told(seen: Visit, *kinds: ChangeKind, wire: str = "north") -> Alert:
    return alert_of(fold(sightings(story("s", seen, wire=wire)), "v", 1), kinds or (ChangeKind.ANNOUNCED,), None, "")


PUTIN = told(visit("planned", when=dates("2025-04-10", "2025-04-12")))


@pytest.mark.parametrize(
    ("asked", "want"),
    [
        ({}, True),
        ({"visitor": ["Putin"]}, True),
        ({"visitor": ["Vladimir Putin", "Nobody"]}, True),
        ({"visitor": ["Anna Berg"]}, False),
        ({"visitor_country": ["RU"]}, True),
        ({"visitor_country": ["BRICS"]}, True),
        ({"visitor_country": ["EU", "NATO"]}, False),
        ({"destination": ["South Asia"]}, True),
        ({"destination": ["Europe"]}, False),
        ({"office": ["president"]}, True),
        ({"office": ["head of state"]}, True),
        ({"office": ["foreign minister"]}, False),
        ({"status": ["planned", "under_way"]}, True),
        ({"status": ["concluded"]}, False),
        ({"change": ["cancelled"]}, False),
        ({"dates": {"days": 30}}, True),
        ({"dates": {"days": 5}}, False),
        ({"dates": {"from": "2025-04-12", "days": 1}}, True),
        ({"dates": {"from": "2025-04-13", "days": 300}}, False),
        ({"confidence": 0.5}, True),
        ({"sources": 2}, False),
        ({"provider": ["North"]}, True),
        ({"provider": ["south"]}, False),
        ({"unless": {"visitor_country": ["RU"]}}, False),
        ({"unless": {"visitor_country": ["RU"], "status": ["concluded"]}}, True),
        ({"host_country": ["IN"]}, False),
    ],
)
def test_a_filter_asks(asked: dict[str, Any], want: bool) -> None:
    asked_ = Filter.model_validate_json(json.dumps(asked))
    assert matches(asked_, PUTIN, TODAY) is want
    assert all(verdict.passed for verdict in why(asked_, PUTIN, TODAY)) is want
    index = Index({"one": Subscription.model_validate_json(json.dumps(GOOD | {"filter": asked}))})
    assert index.matching(facts(PUTIN, TODAY)) == (["one"] if want else [])


NAMES_ = ("Putin", "Vladimir Putin", "V. Putin", "Anna Berg", "Berg", "Anna", "42")
filters_: st.SearchStrategy[Filter] = st.fixed_dictionaries(
    {},
    optional={
        "visitor": st.lists(st.sampled_from(NAMES_), min_size=1, max_size=2),
        "destination": st.lists(st.sampled_from(("IN", "FR", "South Asia", "Asia")), min_size=1, max_size=2),
        "visitor_country": st.lists(st.sampled_from(("RU", "NO", "G20", "Europe")), min_size=1, max_size=2),
        "host_country": st.lists(st.sampled_from(("IN", "FR")), min_size=1, max_size=2),
        "status": st.lists(st.sampled_from(("planned", "cancelled")), min_size=1, max_size=2),
        "change": st.lists(st.sampled_from(("announced", "cancelled", "confirmed")), min_size=1, max_size=2),
        "sources": st.integers(1, 2),
        "unless": st.just({"visitor_country": ["NO"]}),
    },
).map(lambda asked: Filter.model_validate_json(json.dumps(asked)))
seen_: st.SearchStrategy[Alert] = st.builds(
    lambda who, of, to, status, kinds: told(visit(status, who=who, of=of, to=to), *kinds),
    st.sampled_from((*NAMES_, None)),
    st.sampled_from(("RU", "NO", None)),
    st.sampled_from(("IN", "FR", None)),
    st.sampled_from(("planned", "cancelled")),
    st.lists(st.sampled_from(ChangeKind), min_size=1, max_size=2, unique=True),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(filters_, max_size=8), seen_)
def test_the_index_finds_what_a_scan_finds(asked: list[Filter], seen: Alert) -> None:
    made = Subscription.model_validate_json(json.dumps(GOOD))
    index = Index({str(place): made.model_copy(update={"filter": one}) for place, one in enumerate(asked)})
    scanned = [str(place) for place, one in enumerate(asked) if matches(one, seen, TODAY)]
    assert index.matching(facts(seen, TODAY)) == scanned


def test_confirmations_come_only_to_those_who_ask() -> None:
    confirmed = told(visit("planned"), ChangeKind.CONFIRMED)
    assert not matches(Filter(), confirmed, TODAY)
    assert matches(Filter(change=(ChangeKind.CONFIRMED,)), confirmed, TODAY)


def test_why_says_what_was_asked_and_found() -> None:
    asked = Filter(destination=("FR", "DE"), sources=2)
    words = [(verdict.passed, verdict.words) for verdict in why(asked, PUTIN, TODAY)][1:]
    assert words == [(False, "destination: asks for FR or DE, found IN"), (False, "sources: asks for 2, found 1")]


def test_a_subscription_reads_the_same_from_yaml_and_json() -> None:
    written = "\n".join(
        (
            "id: oslo",
            "name: Norway abroad",
            "filter:",
            "  visitor_country: [NO]",
            "  dates: {from: 2025-05-01, days: 31}",
            "quiet: {from: 22:00, to: 06:30, zone: Europe/Oslo}",
            "channels:",
            "  - {kind: email, to: [desk@paper.test]}",
        )
    )
    [one] = read(written)
    assert read(one.model_dump_json(by_alias=True)) == [one]
    assert (one.filter.visitor_country, one.quiet and one.quiet.from_) == (("NO",), "22:00")
    assert one.filter.dates is not None
    assert one.filter.dates.from_ == date(2025, 5, 1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"id": "Desk 1"}, "s: id: must be lower-case letters, digits and hyphens, at most 63"),
        ({"channels": []}, "s: channels: must have at least 1"),
        ({"filtre": {}}, "s: there is no field 'filtre'; did you mean 'filter'?"),
        ({"zzz": 1}, "s: there is no field 'zzz'"),
        ({"filter": {"destinaton": []}}, "s: filter: there is no condition 'destinaton'; did you mean 'destination'?"),
        (
            {"filter": {"unless": {"visiter": []}}},
            "s: filter.unless: there is no condition 'visiter'; did you mean 'visitor'?",
        ),
        (
            {"filter": {"dates": {"dayz": 3, "days": 3}}},
            "s: filter.dates: there is no field 'dayz'; did you mean 'days'?",
        ),
        (
            {"channels": [{"kind": "webhook", "url": "https://a.test", "secrit": ""}]},
            "s: channels.0.webhook: there is no field 'secrit'; did you mean 'secret'?",
        ),
        (
            {"channels": [{"kind": "pigeon"}]},
            "s: channels.0: unknown kind 'pigeon'; use one of webhook, email, chat, console",
        ),
        ({"channels": [{}]}, "s: channels.0: has no kind"),
        ({"channels": [{"kind": "webhook"}]}, "s: channels.0.webhook.url: is missing"),
        (
            {"channels": [{"kind": "webhook", "url": "desk"}]},
            "s: channels.0.webhook.url: must be a web address, as https://desk.example/hook",
        ),
        (
            {"filter": {"destination": ["India"]}},
            "s: filter.destination.0: 'India' is not a country code (ISO 3166: IN, FR), bloc (EU, BRICS) or region "
            "(South Asia); did you mean IN?",
        ),
        ({"filter": {"destination": "IN"}}, "s: filter.destination: must be a list"),
        ({"filter": {"status": ["planed"]}}, "s: filter.status.0: 'planed' is not known; did you mean 'planned'?"),
        (
            {"filter": {"status": ["maybe"]}},
            "s: filter.status.0: 'maybe' is not known; use one of invited, accepted, planned, under_way, concluded, "
            "postponed, cancelled",
        ),
        ({"filter": {"sources": "two"}}, "s: filter.sources: must be a whole number"),
        ({"filter": {"confidence": 2}}, "s: filter.confidence: must be 1 or less"),
        ({"filter": 7}, "s: filter: must be a mapping"),
        ({"enabled": "perhaps"}, "s: enabled: must be true or false"),
        ({"quiet": {"from": "22", "to": "06:30"}}, "s: quiet.from: must be a time of day, as 07:30"),
        ({"wait": -1}, "s: wait: must be 0 or more"),
    ],
)
def test_what_is_wrong_is_said_plainly(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(json.dumps(GOOD | change), "s")
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("content", "want"),
    [(None, "No such file or directory"), (b"id: caf\xe9", "no text in UTF-8"), (b" " * 1_000_001, "larger than")],
)
def test_a_file_that_cannot_be_read_is_said_plainly(tmp_path: Path, content: bytes | None, want: str) -> None:
    file = tmp_path / "desk.yaml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Unreadable, match=f"^{file}: {want}"):
        read_file(file)


@pytest.mark.parametrize("text", ["", "- 1", "a: [", "&a [*a]", "x: !!python/object:os.system {}", "{" * 5000])
def test_what_is_no_subscription_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)


def test_the_samples_are_good() -> None:
    for path in sorted((ROOT / "seeds/subscriptions").glob("*.yaml")):
        assert read_file(path)


SCHEMA = schema()
CHECK = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)

leaves: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 5000),
    st.floats(-1, 2),
    st.sampled_from(
        ("IN", "EU", "South Asia", "India", "planned", "announced", "22:00", "24:00", "UTC", "Europe/Oslo", "Mars/Base")
    ),
    st.sampled_from(("2025-02-28", "2025-02-30", "desk@paper.test", "no address", "https://x.test/a", "ftp://x", "a")),
    st.text(max_size=5),
)
lists = st.lists(leaves, max_size=3)
NAMES = sorted(Filter.model_fields)
conditions = st.dictionaries(st.sampled_from([*NAMES, "other"]), st.one_of(leaves, lists), max_size=3)
filters = st.one_of(
    conditions,
    st.fixed_dictionaries({"unless": conditions}),
    st.fixed_dictionaries({"dates": st.dictionaries(st.sampled_from(("from", "days", "to")), leaves, max_size=3)}),
)
urls = st.text(alphabet="a1.:/@[]?#$ \x1c\ufeff\u2003é", max_size=12).map("https://".__add__)
channels = st.lists(
    st.one_of(
        st.fixed_dictionaries({"kind": st.just("webhook"), "url": urls}),
        st.fixed_dictionaries({"kind": st.sampled_from(("webhook", "chat", "fax")), "url": leaves}),
        st.fixed_dictionaries({"kind": st.just("webhook"), "url": leaves, "secret": leaves}),
        st.fixed_dictionaries({"kind": st.just("email"), "to": st.one_of(leaves, lists)}),
        st.just({"kind": "console"}),
    ),
    max_size=3,
)
clocks = st.dictionaries(st.sampled_from(("from", "to", "zone", "at", "but")), st.one_of(leaves, lists), max_size=4)
written = st.fixed_dictionaries(
    {"id": st.one_of(st.just("desk"), leaves), "name": st.one_of(st.just("A desk"), leaves), "channels": channels},
    optional={
        "filter": filters,
        "quiet": clocks,
        "digest": clocks,
        "wait": leaves,
        "enabled": leaves,
        "owner": st.one_of(leaves, channels.map(lambda found: found[0] if found else {})),
        "other": leaves,
    },
)


@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(written)
def test_the_schema_refuses_exactly_what_the_code_refuses(item: dict[str, Any]) -> None:
    try:
        Subscription.model_validate_json(json.dumps(item))
        taken = True
    except ValidationError:
        taken = False
    assert CHECK.is_valid(item) is taken


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://receiver.example", True),
        ("http://user:pa:ss@receiver.example:8080/in?a=[b]", True),
        ("https://[2001:db8::1]:8443/in", True),
        ("https://müller.example?x", True),
        ("https://]-", False),
        ("https://[x]/", False),
        ("https://a[b/", False),
        ("https://two words/", False),
        ("https://receiver.example:port/", False),
        ("https://receiver.example:65535/", True),
        ("https://receiver.example:65536/", False),
        ("https://receiver.example:99999", False),
        ("https://a@b@receiver.example/", False),
        ("https:///in", False),
    ],
)
def test_a_webhook_goes_to_an_address_that_can_be_read(url: str, taken: bool) -> None:
    given = GOOD | {"channels": [{"kind": "webhook", "url": url}]}
    assert CHECK.is_valid(given) is taken
    if taken:
        assert address(Subscription.model_validate(given).channels[0]).startswith(url.partition("://")[0])
    else:
        with pytest.raises(ValidationError):
            Subscription.model_validate(given)


@settings(suppress_health_check=[HealthCheck.filter_too_much])  # of random addresses few are any
@given(st.text(alphabet="a:[]@./-1℀", max_size=12))
def test_every_address_that_is_taken_can_be_shown(rest: str) -> None:
    given = GOOD | {"channels": [{"kind": "webhook", "url": f"https://{rest}"}]}
    assume(CHECK.is_valid(given))
    assert address(Subscription.model_validate(given).channels[0]).startswith("https://")


def test_the_published_schema_is_that_of_the_code() -> None:
    published = (ROOT / "schemas/subscription.json").read_text("utf-8")
    assert json.loads(published) == SCHEMA, "visitwire subscriptions schema > schemas/subscription.json"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "recorded", "want"),
    [
        ({"wait": 0.0}, "2025-03-27 12:00", "2025-03-27 12:00"),
        ({}, "2025-03-27 12:00", "2025-03-27 12:00:30"),
        ({"quiet": {"from": "22:00", "to": "06:00"}}, "2025-03-27 23:00", "2025-03-28 06:00"),
        ({"quiet": {"from": "22:00", "to": "06:00"}}, "2025-03-28 05:59", "2025-03-28 06:00"),
        ({"quiet": {"from": "22:00", "to": "06:00"}}, "2025-03-28 06:30", "2025-03-28 06:30:30"),
        ({"quiet": {"from": "12:00", "to": "13:00", "zone": "Europe/Oslo"}}, "2025-07-01 10:30", "2025-07-01 11:00"),
        ({"quiet": {"from": "22:00", "to": "06:00", "but": ["announced"]}}, "2025-03-27 23:00", "2025-03-27 23:00:30"),
        ({"digest": {"at": "07:00", "zone": "Asia/Kolkata"}}, "2025-03-27 00:00", "2025-03-27 01:30"),
        ({"digest": {"at": "07:00", "zone": "Asia/Kolkata"}}, "2025-03-27 01:30", "2025-03-28 01:30"),
        # the night in which 02:00 to 03:00 comes twice in Paris, and the one in which it does not come
        ({"quiet": {"from": "22:00", "to": "02:30", "zone": "Europe/Paris"}}, "2025-10-26 00:10", "2025-10-26 00:30"),
        ({"quiet": {"from": "22:00", "to": "02:30", "zone": "Europe/Paris"}}, "2025-10-26 01:10", "2025-10-26 01:30"),
        ({"quiet": {"from": "22:00", "to": "02:30", "zone": "Europe/Paris"}}, "2025-03-30 00:10", "2025-03-30 01:30"),
        ({"digest": {"at": "02:30", "zone": "Europe/Paris"}}, "2025-10-26 00:10", "2025-10-26 00:30"),
        ({"digest": {"at": "02:30", "zone": "Europe/Paris"}}, "2025-10-26 01:10", "2025-10-27 01:30"),
        ({"digest": {"at": "02:30", "zone": "Europe/Paris"}}, "2025-03-30 00:10", "2025-03-30 01:30"),
    ],
)
def test_the_timetable(fields: dict[str, Any], recorded: str, want: str) -> None:
    subscription = Subscription.model_validate_json(json.dumps(GOOD | fields))
    assert due(subscription, frozenset({ChangeKind.ANNOUNCED}), moment(recorded), None) == moment(want)


@pytest.mark.parametrize(
    ("released", "want"),
    [("11:00", "2025-03-28 07:00"), ("07:00", "2025-03-27 07:00"), ("06:00", "2025-03-27 07:00")],
)
def test_what_was_embargoed_comes_with_the_next_digest_too(released: str, want: str) -> None:
    subscription = Subscription.model_validate_json(json.dumps(GOOD | {"digest": {"at": "07:00"}}))
    at, until = moment("2025-03-27 05:00"), moment(f"2025-03-27 {released}")
    assert due(subscription, frozenset({ChangeKind.ANNOUNCED}), at, until) == moment(want)


clocks = st.times().map(lambda time: time.strftime("%H:%M"))


@settings(deadline=None)
@given(
    clocks, clocks, st.sampled_from(("Europe/Paris", "Australia/Lord_Howe", "America/St_Johns")), st.integers(0, 10**5)
)
def test_quiet_hours_only_put_off_and_only_once(start: str, end: str, zone: str, fives: int) -> None:
    """Over a year of five-minute steps, whatever the clocks do."""
    quiet = Quiet.model_validate({"from": start, "to": end, "zone": zone})
    when = moment("2025-01-01 00:00") + timedelta(minutes=5 * fives)
    over = after_quiet(quiet, when)
    assert when <= over <= when + timedelta(hours=25)
    assert after_quiet(quiet, over) == over
