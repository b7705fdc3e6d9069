"""What an operator may set: environment variables `VISITWIRE_*`, over a file visitwire.toml or visitwire.yaml.

`VISITWIRE_CONFIG` names the file where it lies elsewhere. A secret may come from a file of its own: see `secret_files`.
"""

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
    YamlConfigSettingsSource,
)

from visitwire_runtime.carrier import Backoff
from visitwire_runtime.dead_letters import Limit
from visitwire_runtime.secret_files import SecretFiles

PREFIX = r"^[A-Za-z0-9._-]{0,100}$"
"""What Kafka takes in a name, and short enough to leave room for ours."""


class Settings(BaseSettings):
    """Every setting, with its default. A setting misspelt in the file is an error."""

    model_config = SettingsConfigDict(
        env_prefix="VISITWIRE_",
        extra="forbid",
        frozen=True,
    )

    data_dir: Path = Field(
        Path(".visitwire"), description="Folder for state: databases, spooled bytes, a local broker."
    )
    cache_dir: Path = Field(
        Path("~/.cache/visitwire").expanduser(),
        description="Folder for what can be downloaded again: Kafka's jars, a Java runtime.",
    )
    database_url: SecretStr | None = Field(
        None, description="SQLAlchemy URL of the ledger; SQLite under `data_dir` by default."
    )
    model: str = Field("en_core_web_md", description="spaCy model of the extraction stage.")
    officeholders: Path | None = Field(
        None, description="Table written by `visitwire officeholders refresh`, read in addition to the built-in one."
    )
    batch: int = Field(32, ge=1, le=1024, description="Stories parsed in one batch.")

    broker: str = Field("127.0.0.1:9092", description="Kafka bootstrap servers, host:port, separated by commas.")
    broker_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="Security protocol of the broker."
    )
    broker_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"] = Field(
        "SCRAM-SHA-512", description="SASL mechanism, with a SASL protocol."
    )
    broker_username: str | None = Field(None, description="SASL user name; with OAUTHBEARER the client's id.")
    broker_password: SecretStr | None = Field(
        None, description="SASL password; with OAUTHBEARER the client's secret at the token endpoint."
    )
    broker_token_url: str | None = Field(
        None,
        pattern="^https?://",
        description="With OAUTHBEARER: the OpenID provider's token endpoint, called with the client's credentials.",
    )
    broker_token_scope: str | None = Field(
        None, description="With OAUTHBEARER: scopes to request, separated by spaces."
    )
    broker_ca: Path | None = Field(
        None, description="PEM file of the authorities that may sign the broker's certificate."
    )
    broker_certificate: Path | None = Field(
        None, description="PEM file of our client certificate for the broker (mTLS), with its chain."
    )
    broker_key: Path | None = Field(
        None, description="PEM file of its key, without a passphrase, if it is not in the same file."
    )
    topic_prefix: str = Field(
        "",
        pattern=PREFIX,
        description="Prefix of every topic's name, for a shared broker: `news.desk.` turns `alerts-v1` into "
        "`news.desk.alerts-v1`.",
    )
    group_prefix: str = Field(
        "", pattern=PREFIX, description="Prefix of every consumer group's name, such as `news.desk.`."
    )
    replication: int = Field(
        1, ge=1, description="Copies of each topic that is created; at most the number of brokers."
    )
    session_timeout: float = Field(
        10, ge=2, description="Seconds without a heartbeat after which a worker's partitions go to another worker."
    )
    read_ahead: int = Field(
        512, ge=16, description="Records that a worker reads ahead. Fewer need less memory and are slower."
    )
    refetch_rate: float = Field(
        5,
        ge=0,
        description="Stories a second that a worker of attribution or visits fetches again from `stories-v1` if "
        "retention removed its records before it read them. 0: only `visitwire reprocess --lost` does.",
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

    inbox: Path | None = Field(None, description="Watched folder for wire files; `inbox` under `data_dir` by default.")
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
    push_host: str = Field(
        "127.0.0.1", description="Address of HTTP push for wires; 0.0.0.0 opens it to other machines."
    )
    push_port: int | None = Field(
        None, ge=1, le=65535, description="Port of HTTP push (POST /items/PROVIDER); off if not set."
    )
    push_token: SecretStr | None = Field(None, description="Bearer token that a pushing wire must send.")
    push_most_bytes: int = Field(16_777_216, ge=1024, description="Largest request that push accepts, in bytes.")
    feeds: Path | None = Field(None, description="Folder of feed definitions to poll; off if not set.")
    fetch_from_private: bool = Field(
        False, description="Whether feeds may be fetched from addresses outside the public internet."
    )

    readers: Literal["rules", "llm", "both"] = Field(
        "rules",
        description="Which reader finds visits: the embedded one (rules), a language model of yours (llm), or "
        "both. llm and both need the distribution visitwire-reader-llm, and fall back to rules. "
        "See docs/language-models.md.",
    )
    llm_url: str | None = Field(
        None,
        description="Language model server, up to and including `/v1`; it must speak the chat-completions protocol.",
    )
    llm_model: str | None = Field(None, description="Name of the model on that server.")
    llm_key: SecretStr | None = Field(None, description="API key for the server; none is sent if not set.")
    llm_timeout: float = Field(
        20,
        gt=0,
        description="Longest delay of any story by the language model, in seconds, including retries and "
        "queueing; less than `message_timeout`.",
    )
    llm_tries: int = Field(3, ge=1, le=10, description="Most attempts to send a story to the server.")
    llm_at_once: int = Field(8, ge=1, le=256, description="Stories sent to the server at once.")
    llm_pause: float = Field(
        30, ge=0, description="Seconds without requests after the server was unavailable or too slow."
    )
    llm_most_chars: int = Field(12_000, ge=500, description="Most characters of a story's text to send.")
    llm_answer_tokens: int = Field(1024, ge=64, description="Most tokens of an answer.")
    llm_extra: dict[str, Any] = Field(
        {},
        description='Fields put into every request, as JSON; null takes one away: `{"max_tokens": null, '
        '"max_completion_tokens": 1024}`.',
    )
    llm_gate: float = Field(
        -5, description="Log-odds of the embedded reader's likeliest pair from which a story is sent to the model."
    )
    llm_tokens_a_day: int | None = Field(
        2_000_000, ge=0, description="Token budget for a UTC day, of all workers; null for no limit."
    )
    llm_money_a_day: float | None = Field(
        None, ge=0, description="Money budget for a UTC day, in the currency of the prices."
    )
    llm_price_prompt: float = Field(0, ge=0, description="Price of a million prompt tokens.")
    llm_price_answer: float = Field(0, ge=0, description="Price of a million answer tokens.")
    llm_database_url: SecretStr | None = Field(
        None,
        description="SQLAlchemy URL of the model's answers and spending, shared by all workers; SQLite under "
        "`data_dir` by default.",
    )
    llm_kept: int = Field(365, ge=0, le=36500, description="Days to keep the model's answers; 0 keeps them for ever.")
    llm_ask_again: bool = Field(
        False,
        description="Whether to ask again about stories that return and that the model did not answer the "
        "first time. Otherwise a replay repeats the first result.",
    )

    alerting_key: SecretStr | None = Field(
        None,
        description="Fernet key that seals addresses and secrets of subscriptions; several, newest first, "
        "separated by commas. If not set, the file alerting.key under `data_dir` is created and "
        "used.",
    )
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

    gateway_host: str = Field(
        "127.0.0.1", description="Address of the board and the API; 0.0.0.0 opens it to other machines."
    )
    gateway_port: int = Field(8080, ge=0, le=65535, description="Port of the board and the API; 0 picks a free one.")
    gateway_database_url: SecretStr | None = Field(
        None, description="SQLAlchemy URL of the gateway's read model; SQLite under `data_dir` by default."
    )
    gateway_doors: Literal["auto", "closed"] = Field(
        "auto",
        description="auto: requests from this machine need no login while the gateway listens on loopback. "
        "closed: everybody needs a login or an API key.",
    )
    gateway_rate: int = Field(1200, ge=1, description="Requests a minute for each user, key or address.")
    gateway_streams: int = Field(
        1000, ge=1, description="Most live streams open at once; further ones are rejected with 503 and retry later."
    )
    gateway_kept: int = Field(
        365,
        ge=0,
        description="Days to keep stories with their quotes and names, changes and dead letters on the board; "
        "0 keeps them for ever.",
    )
    gateway_url: str | None = Field(
        None,
        description="Public address of the board, for links in alerts, calendars and feeds, and for login "
        "with OpenID Connect.",
    )
    gateway_trusted_proxies: str | None = Field(
        None,
        description="Addresses or networks of proxies before the gateway, separated by commas, whose "
        "X-Forwarded-For and X-Forwarded-Proto are trusted; none by default.",
    )
    gateway_oidc_issuer: str | None = Field(
        None, description="Issuer of the OpenID Connect provider; this login is off if not set."
    )
    gateway_oidc_client_id: str | None = Field(None, description="Client id of Visitwire at the provider.")
    gateway_oidc_client_secret: SecretStr | None = Field(
        None, description="Client secret; leave it out for a public client."
    )
    gateway_oidc_name: str = Field("single sign-on", description="Name of the provider on the login page.")
    gateway_oidc_scopes: str = Field("openid profile email", description="Scopes to request, separated by spaces.")
    gateway_oidc_name_claim: str = Field(
        "preferred_username", description="The claim that names a person on pages and in the audit log."
    )
    gateway_oidc_role_claim: str = Field(
        "groups",
        description="The claim with a person's groups or roles; dots reach into objects: `realm_access.roles`.",
    )
    gateway_oidc_roles: dict[str, Literal["reader", "editor", "admin"]] = Field(
        {}, description='Role for each value of that claim; the highest wins: `{"desk": "editor"}`.'
    )
    gateway_oidc_default_role: Literal["reader", "editor", "admin"] | None = Field(
        None, description="Role of people without a mapped value; they are rejected if not set."
    )
    gateway_oidc_tenant: str = Field("default", min_length=1, description="Tenant of everybody who logs in this way …")
    gateway_oidc_tenant_claim: str | None = Field(None, description="… or the claim that names each person's tenant.")
    gateway_oidc_email_domains: str | None = Field(
        None,
        description="Admit only people with a verified e-mail address in one of these domains, separated by commas.",
    )

    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Lowest level that is logged.")
    log_format: Literal["json", "console"] = Field("json", description="json: JSON lines; console: lines for people.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        named = os.environ.get("VISITWIRE_CONFIG")
        if named and not Path(named).is_file():
            raise FileNotFoundError(f"VISITWIRE_CONFIG names {named}, which is not a file")
        files = [Path(named)] if named else [Path("visitwire.toml"), Path("visitwire.yaml"), Path("visitwire.yml")]
        toml, yaml = ([file for file in files if (file.suffix == ".toml") is wanted] for wanted in (True, False))
        return (
            init_settings,
            env_settings,
            SecretFiles(settings_cls),
            TomlConfigSettingsSource(settings_cls, toml),
            YamlConfigSettingsSource(settings_cls, yaml),
        )

    @property
    def database(self) -> SecretStr:
        """The ledger's URL."""
        return self.database_url or SecretStr(f"sqlite:///{self.data_dir.absolute() / 'visitwire.sqlite'}")

    @property
    def ingestion_database(self) -> SecretStr:
        """The URL of what ingestion remembers."""
        return self.ingestion_database_url or SecretStr(f"sqlite:///{self.data_dir.absolute() / 'ingestion.sqlite'}")

    @property
    def llm_database(self) -> SecretStr:
        """The URL of what a language model answered."""
        return self.llm_database_url or SecretStr(f"sqlite:///{self.data_dir.absolute() / 'llm.sqlite'}")

    @property
    def watched(self) -> Path:
        """The folder that wire files are dropped into."""
        return self.inbox or self.data_dir / "inbox"

    @property
    def gateway_database(self) -> SecretStr:
        """The URL of the gateway's read model."""
        return self.gateway_database_url or SecretStr(f"sqlite:///{self.data_dir.absolute() / 'gateway.sqlite'}")

    @property
    def spool(self) -> Path:
        """Where bytes too large for a dead letter lie."""
        return self.data_dir / "spool"

    def limit(self) -> Limit:
        """A fresh limit of dead letters, for one stage."""
        return Limit(share=self.dead_letter_share, window=self.dead_letter_window, row=self.dead_letter_row)

    def backoff(self) -> Backoff:
        return Backoff(self.retry_first, self.retry_most)
