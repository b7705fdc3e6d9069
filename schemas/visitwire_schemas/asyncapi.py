"""The AsyncAPI 3.0 document of the flow: channels, messages, and which stage sends and receives what."""

from typing import Any

from visitwire_schemas.dead_letter import DeadLetter
from visitwire_schemas.topics import FLOW, WIRE_ITEMS, Row, Topic

DEAD_LETTERS = "dead-letters"
"""What the message of all `<stage>-dlq` topics is called."""


def topics() -> list[Topic[Any]]:
    """Every topic of the flow once, in the order of the flow, without the dead letters."""
    found = {topic.name: topic for row in FLOW for topic in (row.source, *row.sinks)}
    return list(found.values())


def document(whole: bool = False) -> dict[str, Any]:
    """Refers to the JSON Schemas beside it; `whole`, it carries them itself."""
    letters = [row.dead_letters for row in FLOW]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Visitwire",
            "version": "1.0.0",
            "description": "Wire stories in, official visits and their changes out. Made from visitwire_schemas.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic) for topic in [*topics(), *letters]},
        "operations": {name: operation for row in FLOW for name, operation in _operations(row).items()},
        "components": _components(whole),
    }


def _components(whole: bool) -> dict[str, Any]:
    messages = {name: _message(name, topic) for name, topic in _messages().items()}
    if not whole:
        return {"messages": messages}
    carried: dict[str, Any] = {}
    for name, topic in _messages().items():
        made = topic.message.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
        carried |= made.pop("$defs", {})
        carried[topic.message.__name__] = made
        if "$ref" in messages[name]["payload"]:
            messages[name]["payload"] = {"$ref": f"#/components/schemas/{topic.message.__name__}"}
    return {"messages": messages, "schemas": carried}


def _messages() -> dict[str, Topic[Any]]:
    """Message names of the document: the topic's, save that all dead letters are one."""
    return {topic.name: topic for topic in topics()} | {DEAD_LETTERS: FLOW[0].dead_letters}


def _message(name: str, topic: Topic[Any]) -> dict[str, Any]:
    about = (topic.message.__doc__ or "").strip()
    if topic is WIRE_ITEMS:
        return {
            "name": topic.message.__name__,
            "summary": about.splitlines()[0],
            "contentType": "application/octet-stream",
            "headers": {
                "type": "object",
                "properties": {
                    "provider": {"type": "string", "description": "The wire's slug; the record's key where missing"},
                    "name": {"type": "string", "description": "File name or URL, for messages to people"},
                    "content-type": {"type": "string"},
                    "received": {"type": "string", "format": "date-time"},
                },
            },
            "payload": {"type": "string", "format": "binary", "description": "The item, byte for byte, any format"},
        }
    return {
        "name": topic.message.__name__,
        "summary": about.splitlines()[0] if about else topic.about,
        "payload": {"$ref": f"./json/{name}.json"},
    }


def _channel(topic: Topic[Any]) -> dict[str, Any]:
    message = DEAD_LETTERS if topic.message is DeadLetter else topic.name
    policy: dict[str, Any] = {"cleanup.policy": ["compact"] if topic.compacted else ["delete"]}
    if topic.retention is not None:
        policy["retention.ms"] = int(topic.retention.total_seconds() * 1000)
    if topic.compacted:
        policy["delete.retention.ms"] = int(topic.tombstones.total_seconds() * 1000)
    return {
        "address": topic.name,
        "description": topic.about,
        "messages": {topic.message.__name__: {"$ref": f"#/components/messages/{message}"}},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": {**policy, "max.message.bytes": topic.max_bytes},
                "bindingVersion": "0.5.0",
            }
        },
    }


def _operations(row: Row) -> dict[str, Any]:
    read = {f"{row.stage}-receives-{row.source.name}": _operation("receive", row.source, row.stage)}
    written = {f"{row.stage}-sends-{sink.name}": _operation("send", sink) for sink in [*row.sinks, row.dead_letters]}
    return read | written


def _operation(action: str, topic: Topic[Any], group: str | None = None) -> dict[str, Any]:
    operation: dict[str, Any] = {"action": action, "channel": {"$ref": f"#/channels/{topic.name}"}}
    if group is not None:
        operation["bindings"] = {"kafka": {"groupId": {"type": "string", "enum": [group]}, "bindingVersion": "0.5.0"}}
    return operation
