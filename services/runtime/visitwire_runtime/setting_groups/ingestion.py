"""How wire items come in, and what ingestion remembers."""

from pathlib import Path

from pydantic import Field, SecretStr

from visitwire_runtime.setting_groups.process import ProcessSettings


class IntakeSettings(ProcessSettings):
    """Where wires put their items; the board tells it to who looks for them."""

    inbox: Path | None = Field(None, description="Watched folder for wire files; `inbox` under `data_dir` by default.")
    push_host: str = Field(
        "127.0.0.1", description="Address of HTTP push for wires; 0.0.0.0 opens it to other machines."
    )
    push_port: int | None = Field(
        None, ge=1, le=65535, description="Port of HTTP push (POST /items/PROVIDER); off if not set."
    )

    @property
    def watched(self) -> Path:
        """The folder that wire files are dropped into."""
        return self.inbox or self.data_dir / "inbox"


class IngestionSettings(IntakeSettings):
    """Of the ingestion stage."""

    inbox_settle: float = Field(
        5,
        ge=0,
        description="Seconds that a file in the inbox must stay unchanged before it is taken, unless its "
        "content shows that it is complete (XML and JSON that close, NNNN, ETX). Files that are "
        "open for writing are waited for.",
    )
    ingestion_database_url: SecretStr | None = Field(
        None,
        description="SQLAlchemy URL of ingestion's memory; SQLite under `data_dir` by default. It may be the "
        "ledger's database.",
    )
    push_token: SecretStr | None = Field(None, description="Bearer token that a pushing wire must send.")
    push_most_bytes: int = Field(16_777_216, ge=1024, description="Largest request that push accepts, in bytes.")
    feeds: Path | None = Field(None, description="Folder of feed definitions to poll; off if not set.")
    fetch_from_private: bool = Field(
        False, description="Whether feeds may be fetched from addresses outside the public internet."
    )

    @property
    def ingestion_database(self) -> SecretStr:
        """The URL of what ingestion remembers."""
        return self.ingestion_database_url or SecretStr(f"sqlite:///{self.data_dir.absolute() / 'ingestion.sqlite'}")
