"""The contract of the topics, for consumers: a JSON Schema for each message."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path
from visitwire_schemas import FLOW, DeadLetter, Topic
from visitwire_schemas.asyncapi import DEAD_LETTERS, document

from visitwire_gateway.api.shapes import PROBLEMS
from visitwire_gateway.api_model import Shape
from visitwire_gateway.dependencies import Asking

router = APIRouter(prefix="/api/v1", tags=["contract"], responses=PROBLEMS)


class TopicSeen(Shape):
    """A topic on Kafka."""

    name: str
    """Its name."""
    about: str
    """What it carries, and its key."""
    message: str
    """The name of its message."""
    partitions: int
    """How many it has by default."""
    compacted: bool
    """True where only the latest record of each key is kept."""
    schema_url: str
    """Where the JSON Schema of its message is."""


def topics() -> dict[str, Topic[Any]]:
    """Every topic of the flow by name, in its order."""
    return {topic.name: topic for row in FLOW for topic in (row.source, *row.sinks, row.dead_letters)}


@router.get("/topics")
def all_topics(who: Asking) -> list[TopicSeen]:
    """The topics on Kafka, and where the schema of each message is."""
    return [
        TopicSeen(
            name=topic.name,
            about=topic.about,
            message=topic.message.__name__,
            partitions=topic.partitions,
            compacted=topic.compacted,
            schema_url=f"/api/v1/schemas/{topic.name}",
        )
        for topic in topics().values()
    ]


@router.get("/asyncapi.json")
def asyncapi(who: Asking) -> dict[str, Any]:
    """The AsyncAPI 3.0 document of the topics, with their messages' schemas in it."""
    return document(whole=True)


@router.get("/schemas/{name}")
def schema(who: Asking, name: Annotated[str, Path(description="The topic's name.")]) -> dict[str, Any]:
    """The JSON Schema of a topic's message. A change that breaks readers is a new topic (`…-v2`)."""
    topic = topics().get(name)
    if topic is None:
        raise HTTPException(404, f"There is no topic {name}.")
    identifier = DEAD_LETTERS if topic.message is DeadLetter else name
    return {"$id": f"urn:visitwire:{identifier}", **topic.message.model_json_schema(mode="serialization")}
