"""Expressions of a filter: what they may say, how they are refused, and that none takes long or much."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from visitwire_alerting.subscriptions.alert_facts import facts
from visitwire_alerting.subscriptions.expression import DECLARED, LOOPS, compile_expression, values
from visitwire_alerting.subscriptions.matching import matches, why
from visitwire_alerting.subscriptions.subscription_files import Unreadable, accept
from visitwire_schemas.subscription import LONGEST_EXPRESSION, Filter

from tests.unit.alerting.makers import dates, visit
from tests.unit.alerting.test_subscriptions import GOOD, TODAY, told

PUTIN = told(visit("planned", when=dates("2025-04-10", "2025-04-12")))
UNDATED = told(visit("planned"))


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("visitor == 'Vladimir Putin' && destination in ['IN', 'PK']", True),
        ("visitor.matches('^V.*n$') && sources >= 1", True),
        ("days_until < 14 || office.contains('Minister')", False),
        ("days_until < 15", True),
        ("starts >= '2025-04-01' && ends < '2025-05-01'", True),
        ("'announced' in changes ? confidence > 0.3 : status == 'cancelled'", True),
        ("providers == ['north'] && host == '' && place == ''", True),
        ("sources / (sources - 1) > 0", False),
        ("visitor.matches('(')", False),
    ],
)
def test_an_expression_asks(text: str, want: bool) -> None:
    assert matches(Filter(expression=text), PUTIN, TODAY) is want


def test_no_date_is_later_than_any() -> None:
    assert matches(Filter(expression="days_until > 5000 && starts == ''"), UNDATED, TODAY)


def test_every_declared_name_has_a_value() -> None:
    assert list(values(facts(UNDATED, TODAY))) == list(DECLARED)


def test_why_says_what_it_looked_at() -> None:
    verdict = why(Filter(expression="sources >= 2 || visitor == 'Xi'"), PUTIN, TODAY)[-1]
    assert (verdict.passed, verdict.words) == (
        False,
        "expression: asks for sources >= 2 || visitor == 'Xi', found visitor Vladimir Putin, sources 1",
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("visitr == 'Xi'", "undeclared reference to 'visitr' (at character 1)"),
        ("sources > confidence", "found no matching overload for '_>_' applied to '(int, double)' (at character 9)"),
        ("sources + 1", "an expression must be true or false, not int"),
        ("providers.exists(p, p == 'north')", LOOPS),
        ("!" * (LONGEST_EXPRESSION + 1), f"must have at most {LONGEST_EXPRESSION} characters"),
    ],
)
def test_what_is_wrong_is_said_plainly(text: str, sentence: str) -> None:
    with pytest.raises(Unreadable) as refused:
        accept(GOOD | {"filter": {"expression": text}}, "s")
    assert str(refused.value).partition("filter.expression: ")[2] == sentence


def test_one_that_cannot_be_read_asks_for_nothing_and_says_why() -> None:
    verdict = why(Filter(expression="visitr == 'Xi'"), PUTIN, TODAY)[-1]
    assert (verdict.passed, verdict.found) == (False, "undeclared reference to 'visitr' (at character 1)")


LIST = "[1,2,3,4,5,6,7,8,9,10]"
HOSTILE = (
    "(" * 240 + "true" + ")" * 240,
    "[" * 240 + "]" * 240 + " == []",
    "!" * 490 + "true",
    "true?" * 70 + "true" + ":true" * 10,
    "+".join(["1"] * 240) + " > 0",
    "+".join(["visitor"] * 60) + " == ''",
    "||".join(["false"] * 70),
    f"{LIST}.all(a,{LIST}.all(b,{LIST}.all(c,{LIST}.all(d,{LIST}.all(e,{LIST}.all(f,true))))))",
    "[visitor].map(a,a+a+a+a+a+a)" + ".map(a,a+a+a+a+a+a)" * 20 + " == []",
    "cel.bind(a, visitor, a + a) == ''",
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'.matches('^(a+)+$')",
    "visitor.matches('(((a{100}){100}){100}){100}')",
    "visitor.matches('" + "(" * 230 + ")" * 230 + "')",
    "visitor.matches('" + "(x?)" * 100 + "x{100}')",
    "9223372036854775807 + sources > 0",
    "timestamp('99999-01-01T00:00:00Z') > timestamp('x')",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_expression_gets_out_of_hand(text: str) -> None:
    """Each is refused or answers; what loops or binds a name, by which cost could multiply, is refused."""
    answer: Any
    try:
        answer = compile_expression(text)(facts(PUTIN, TODAY))
    except ValueError as refused:
        answer = str(refused)
    if any(word in text for word in (".all(", ".map(", "bind(")):
        assert answer == LOOPS or "undeclared reference" in str(answer)


@given(st.text(st.sampled_from("()[]!?:+-*/%<>=&|.,'\"0 aestvior1"), max_size=60))
def test_whatever_is_written_is_refused_or_asks(text: str) -> None:
    try:
        asks = compile_expression(text)
    except ValueError:
        return
    assert asks(facts(PUTIN, TODAY)) in (True, False)


def test_an_expression_is_kept_as_it_was_written() -> None:
    found = accept(GOOD | {"filter": {"expression": "sources >= 2"}})
    assert accept(json.loads(found.model_dump_json(by_alias=True))) == found
