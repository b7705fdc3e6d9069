"""The JSON Schema of every topic's message: what a consumer may count on; and that of a subscription."""

import json

from visitwire_alerting.subscriptions.subscription import schema as of_subscription
from visitwire_schemas import DeadLetter, Message
from visitwire_schemas.asyncapi import DEAD_LETTERS, topics


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
