"""A denial of either Kafka client is a sentence that names what to give; any other error is none."""

import pytest
from aiokafka import errors as of_workers  # type: ignore[import-untyped]
from kafka import errors  # type: ignore[import-untyped]
from visitwire_runtime.broker_permissions import denial
from visitwire_runtime.startup_errors import describe


@pytest.mark.parametrize("library", [errors, of_workers])
def test_a_denied_topic_or_group_is_named(library: object) -> None:
    topic, group = library.TopicAuthorizationFailedError, library.GroupAuthorizationFailedError  # type: ignore[attr-defined]
    assert (denial(topic({"b-v1", "a-v1"})) or "").startswith("the broker denies READ on topic a-v1, b-v1: give")
    assert (denial(topic(), "WRITE", "a-v1") or "").startswith("the broker denies WRITE on topic a-v1: give")
    assert (denial(group("visits")) or "").startswith("the broker denies READ on group visits: give")
    assert (denial(group("A request failed: code 30")) or "").startswith("the broker denies READ on group of this")
    assert denial(library.KafkaError("a-v1")) is None  # type: ignore[attr-defined]


def test_a_denied_transactional_id_is_named() -> None:
    wrong = of_workers.TransactionalIdAuthorizationFailed("desk.alerting")
    assert (denial(wrong, "WRITE") or "").startswith(
        "the broker denies WRITE on transactional id desk.alerting: give this service's user that right"
    )


def test_nothing_else_is_a_denial() -> None:
    wrong = OSError(29, "Illegal seek")
    assert denial(wrong) is None


def test_a_process_that_ends_over_it_says_so() -> None:
    words = describe(of_workers.TopicAuthorizationFailedError({"stories-v1"}))
    assert words is not None
    assert "the broker denies READ on topic stories-v1: give" in words
