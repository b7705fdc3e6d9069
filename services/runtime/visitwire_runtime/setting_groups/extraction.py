"""What the extraction stage reads with."""

from pathlib import Path

from pydantic import Field

from visitwire_runtime.setting_groups.process import ProcessSettings


class ExtractionSettings(ProcessSettings):
    """Of the extraction stage."""

    model: str = Field("en_core_web_md", description="spaCy model of the extraction stage.")
    officeholders: Path | None = Field(
        None, description="Table written by `visitwire officeholders refresh`, read in addition to the built-in one."
    )
    batch: int = Field(32, ge=1, le=1024, description="Stories parsed in one batch.")
