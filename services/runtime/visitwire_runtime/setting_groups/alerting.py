"""The ledger, and what becomes of its alerts."""

from typing import Literal

from pydantic import Field, SecretStr

from visitwire_runtime.setting_groups.process import ProcessSettings


class LedgerSettings(ProcessSettings):
    """Of whatever opens alerting's database."""

    database_url: SecretStr | None = Field(
        None, description="SQLAlchemy URL of the ledger; SQLite under `data_dir` by default."
    )
    alerting_key: SecretStr | None = Field(
        None,
        description="Fernet key that seals addresses and secrets of subscriptions; several, newest first, "
        "separated by commas. If not set, the file alerting.key under `data_dir` is created and "
        "used.",
    )
    gateway_url: str | None = Field(
        None,
        description="Public address of the board, for links in alerts, calendars and feeds, and for login "
        "with OpenID Connect.",
    )

    @property
    def database(self) -> SecretStr:
        """The ledger's URL."""
        return self.database_url or SecretStr(f"sqlite:///{self.data_dir.absolute() / 'visitwire.sqlite'}")


class AlertingSettings(LedgerSettings):
    """Of the alerting stage."""

    deliver_to_private: bool = Field(
        False, description="Whether webhooks may go to addresses outside the public internet."
    )
    delivery_timeout: float = Field(10, gt=0, le=60, description="Seconds that a receiver has to answer.")
    news_for: float = Field(
        2,
        ge=0,
        description="Days after its publication during which a story is news. One that arrives later is kept, "
        "but alerts only subscriptions that ask for old stories. 0: every story is news.",
    )
    smtp_host: str | None = Field(None, description="SMTP server for e-mail; no e-mail is sent if not set.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the SMTP server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How to secure the SMTP connection."
    )
    smtp_username: str | None = Field(None, description="SMTP user name.")
    smtp_password: SecretStr | None = Field(None, description="SMTP password.")
    smtp_sender: str = Field("visitwire@localhost", description="Sender address of alerts.")
    deliveries_at_once: int = Field(64, ge=1, le=1024, description="Concurrent deliveries in each worker.")
    deliveries_kept: int = Field(
        90,
        ge=4,
        le=3650,
        description="Days to keep a finished delivery. Afterwards it can no longer be replayed.",
    )
    alerts_kept: int = Field(
        365,
        ge=0,
        description="Days to keep alerts in the ledger, and at least as long as a delivery that carries them; "
        "0 keeps them for ever.",
    )
    visits_kept: int = Field(
        1825,
        ge=0,
        description="Days to keep a visit and its reports after its last report, and stories without visits; "
        "at least 400, or 0 to keep them for ever.",
    )
