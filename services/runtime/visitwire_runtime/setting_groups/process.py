"""What every process has: its folder, its log, its metrics, and when it gives a message up."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from visitwire_runtime.backoff import Backoff
from visitwire_runtime.dead_letters import Limit
from visitwire_runtime.setting_groups.sources import Group


class ProcessSettings(Group):
    """Of every process."""

    data_dir: Path = Field(
        Path(".visitwire"), description="Folder for state: databases, spooled bytes, a local broker."
    )
    cache_dir: Path = Field(
        Path("~/.cache/visitwire").expanduser(),
        description="Folder for what can be downloaded again: Kafka's jars, a Java runtime.",
    )
    metrics_host: str = Field(
        "127.0.0.1", description="Address of metrics and health; 0.0.0.0 opens them to other machines."
    )
    metrics_port: int = Field(
        9464, ge=0, le=65535, description="Port of /metrics, /livez and /readyz; 0 picks a free one."
    )
    dead_letter_share: float = Field(
        0.5, gt=0, le=1, description="A worker stops reading if more than this share of messages is rejected …"
    )
    dead_letter_window: int = Field(100, ge=1, description="… among this many recent messages,")
    dead_letter_row: int = Field(25, ge=1, description="or if this many are rejected in a row.")
    message_timeout: float = Field(
        120,
        gt=0,
        description="Seconds that a stage may take for a message or a batch. A message that takes longer is "
        "retried once and then dead-lettered.",
    )
    retry_first: float = Field(
        0.5, gt=0, description="Seconds before the first retry after an outside failure, doubled each time …"
    )
    retry_most: float = Field(30, gt=0, description="… up to this many seconds.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Lowest level that is logged.")
    log_format: Literal["json", "console"] = Field("json", description="json: JSON lines; console: lines for people.")

    @property
    def spool(self) -> Path:
        """Where bytes too large for a dead letter lie."""
        return self.data_dir / "spool"

    def limit(self) -> Limit:
        """A fresh limit of dead letters, for one stage."""
        return Limit(share=self.dead_letter_share, window=self.dead_letter_window, row=self.dead_letter_row)

    def backoff(self) -> Backoff:
        return Backoff(self.retry_first, self.retry_most)
