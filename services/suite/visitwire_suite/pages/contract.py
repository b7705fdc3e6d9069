"""The JSON Schema of every topic's message: what a consumer may count on; and that of a subscription."""

import json
from importlib.resources import files

from visitwire_language.gazetteer.groups import askable
from visitwire_schemas import DeadLetter, Message
from visitwire_schemas.asyncapi import DEAD_LETTERS, topics
from visitwire_schemas.subscription import schema as of_subscription


def schema(name: str, message: type[Message]) -> str:
    """The JSON Schema of what we send, with every field that is always there marked as required."""
    made = message.model_json_schema(mode="serialization")
    return json.dumps({"$id": f"urn:visitwire:{name}", **made}, indent=2, ensure_ascii=False) + "\n"


def schemas() -> dict[str, str]:
    """Schema texts by topic name; all `<stage>-dlq` topics share one."""
    return {topic.name: schema(topic.name, topic.message) for topic in topics()} | {
        DEAD_LETTERS: schema(DEAD_LETTERS, DeadLetter)
    }


def subscription() -> str:
    """What an editor checks a subscription with; `visitwire subscriptions schema` prints the same."""
    return json.dumps(of_subscription(), indent=2, ensure_ascii=False) + "\n"


def subscription_names() -> str:
    """What a subscription may name as a country and as a time zone: the lists that the contract carries."""
    zones = files("tzdata").joinpath("zones").read_text().split()
    return json.dumps({"countries": askable(), "zones": zones}, indent=0, ensure_ascii=False) + "\n"
