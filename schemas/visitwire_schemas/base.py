"""What every message shares."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Message(BaseModel):
    """A frozen message. Unknown fields are ignored, so a producer may add one first."""

    model_config = ConfigDict(frozen=True, extra="ignore")


type Confidence = Annotated[float, Field(ge=0, le=1)]


class Span(Message):
    """Character offsets into `Story.text`, half-open: `text[start:end]`."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
