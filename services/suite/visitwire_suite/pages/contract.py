"""The JSON Schema of every topic's message: what a consumer may count on."""

import json
from typing import Any

from visitwire_schemas import FLOW, DeadLetter, Message, Topic

DEAD_LETTERS = "dead-letters"


def topics() -> list[Topic[Any]]:
    """Every topic of the flow once, in the order of the flow, without the dead letters."""
    found = {topic.name: topic for row in FLOW for topic in (row.source, *row.sinks)}
    return list(found.values())


def schema(name: str, message: type[Message]) -> str:
    """The JSON Schema of what we send, with every field that is always there marked as required."""
    made = message.model_json_schema(mode="serialization")
    return json.dumps({"$id": f"urn:visitwire:{name}", **made}, indent=2, ensure_ascii=False) + "\n"


def schemas() -> dict[str, str]:
    """Schema texts by topic name; all `<stage>-dlq` topics share one."""
    return {topic.name: schema(topic.name, topic.message) for topic in topics()} | {
        DEAD_LETTERS: schema(DEAD_LETTERS, DeadLetter)
    }
