"""Names of topics and groups on the broker."""

import pytest
from pydantic import ValidationError
from visitwire_runtime.settings import Settings
from visitwire_runtime.topic_names import group, on_broker, ours


def test_without_a_prefix_every_name_is_that_of_the_contract() -> None:
    settings = Settings()
    assert on_broker(settings, "alerts-v1") == ours(settings, "alerts-v1") == "alerts-v1"
    assert group(settings, "visits") == "visits"


def test_a_prefix_is_before_every_name_and_there_and_back_is_the_same() -> None:
    settings = Settings(topic_prefix="news.desk.", group_prefix="desk-")
    assert on_broker(settings, "alerts-v1") == "news.desk.alerts-v1"
    assert ours(settings, "news.desk.alerts-v1") == "alerts-v1"
    assert ours(settings, "sport.alerts-v1") == "sport.alerts-v1"
    assert group(settings, "visits") == "desk-visits"


@pytest.mark.parametrize("wrong", ["news/desk", "two words", "x" * 101, "desk\n"])
@pytest.mark.parametrize("field", ["topic_prefix", "group_prefix"])
def test_what_kafka_takes_in_no_name_is_refused(field: str, wrong: str) -> None:
    with pytest.raises(ValidationError, match=field):
        Settings.model_validate({field: wrong})
