"""What every message shares."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Message(BaseModel):
    """A frozen message. Unknown fields are ignored, so a producer may add one first."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)
    """The words under a field are its description in JSON Schema, AsyncAPI and OpenAPI."""


type Confidence = Annotated[float, Field(ge=0, le=1, description="From 0 to 1.")]


class Span(Message):
    """Character offsets into `Story.text`, half-open: `text[start:end]`."""

    start: Annotated[int, Field(ge=0)]
    """The first character."""
    end: Annotated[int, Field(ge=0)]
    """The character after the last one."""
