"""What everything that the API shows or takes shares."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """The words under a field are its description in the OpenAPI document."""

    model_config = ConfigDict(use_attribute_docstrings=True)
