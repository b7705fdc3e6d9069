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

    data_dir: Path = Field(Path(".visitwire"), description="Where state lies: database, spooled bytes, a local broker.")
    cache_dir: Path = Field(
        Path("~/.cache/visitwire").expanduser(), description="What can be fetched again: Kafka's jars, a Java."
    )
    database_url: SecretStr | None = Field(
        None, description="SQLAlchemy URL of the ledger; SQLite under `data_dir` unless given."
    )
    model: str = Field("en_core_web_md", description="The spaCy model of the extraction stage.")
    officeholders: Path | None = Field(
        None, description="The table that `visitwire officeholders refresh` wrote, read beside extraction's own."
    )
    batch: int = Field(32, ge=1, le=1024, description="Stories parsed in one batch.")

    broker: str = Field("127.0.0.1:9092", description="Kafka bootstrap servers, host:port, separated by commas.")
    broker_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="How to speak to the broker."
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
        description="With OAUTHBEARER: the OpenID provider's token endpoint, asked with the client's credentials.",
    )
    broker_token_scope: str | None = Field(None, description="Scopes asked for there, separated by spaces.")
    broker_ca: Path | None = Field(
        None, description="PEM file of the authorities that may sign the broker's certificate."
    )
    broker_certificate: Path | None = Field(
        None, description="PEM file of the certificate that we show to the broker (mTLS), with its chain."
    )
    broker_key: Path | None = Field(
        None, description="PEM file of its key, without a passphrase, where that is not in the same file."
    )
    topic_prefix: str = Field(
        "",
        pattern=PREFIX,
        description="What every topic's name begins with on the broker, where others use it too: `news.desk.` makes "
        "`news.desk.alerts-v1` of `alerts-v1`.",
    )
    group_prefix: str = Field(
        "", pattern=PREFIX, description="What the name of every consumer group begins with: `news.desk.`."
    )
    replication: int = Field(
        1, ge=1, description="Copies of each topic that is created; at most the number of brokers."
    )
    session_timeout: float = Field(
        10, ge=2, description="Seconds without a heartbeat after which a worker's partitions go to another."
    )
    read_ahead: int = Field(
        512, ge=16, description="Records a worker reads ahead; fewer need less memory, and are slower to come by."
    )

    metrics_host: str = Field("127.0.0.1", description="Address of metrics and health; 0.0.0.0 opens them to others.")
    metrics_port: int = Field(
        9464, ge=0, le=65535, description="Port of /metrics, /livez and /readyz; 0 picks a free one."
    )

    dead_letter_share: float = Field(0.5, gt=0, le=1, description="A worker stops above this share of rejects …")
    dead_letter_window: int = Field(100, ge=1, description="… among so many of the last messages,")
    dead_letter_row: int = Field(25, ge=1, description="or at so many rejects in a row.")
    message_timeout: float = Field(
        120,
        gt=0,
        description="Seconds that a stage may take for a message, or a batch. A message that takes longer is given up, "
        "tried once more, and then a dead letter.",
    )
    retry_first: float = Field(
        0.5, gt=0, description="Seconds before the first retry of what failed outside, then doubled …"
    )
    retry_most: float = Field(30, gt=0, description="… up to so many seconds.")

    inbox: Path | None = Field(
        None, description="The watched folder for wire files; `inbox` under `data_dir` unless given."
    )
    inbox_settle: float = Field(
        5,
        ge=0,
        description="Seconds for which a file in the inbox must not change before it is taken, where it does not say "
        "itself that it is whole (XML and JSON that end, NNNN, ETX); files that are open for writing are waited for.",
    )
    ingestion_database_url: SecretStr | None = Field(
        None,
        description="SQLAlchemy URL of ingestion's memory, a database of its own, as both have a table `stories`; "
        "SQLite under `data_dir` unless given.",
    )
    push_host: str = Field("127.0.0.1", description="Address of HTTP push for wires; 0.0.0.0 opens it to others.")
    push_port: int | None = Field(
        None, ge=1, le=65535, description="Port of HTTP push (POST /items/PROVIDER); without it there is none."
    )
    push_token: SecretStr | None = Field(None, description="The bearer token that a pushing wire must send.")
    push_most_bytes: int = Field(16_777_216, ge=1024, description="Bytes of the largest request that push takes.")
    feeds: Path | None = Field(None, description="Folder of feed definitions to poll; without it none is polled.")
    fetch_from_private: bool = Field(
        False, description="Whether feeds may be fetched from addresses that are not on the public internet."
    )

    readers: Literal["rules", "llm", "both"] = Field(
        "rules",
        description="Who reads stories for visits: the embedded reader, a language model of yours, or both. Those two"
        " need the distribution visitwire-reader-llm, and fall back to the first. See docs/language-models.md.",
    )
    llm_url: str | None = Field(
        None, description="The language model's server, up to and with `/v1`; it speaks the chat-completions protocol."
    )
    llm_model: str | None = Field(None, description="The model, as that server calls it.")
    llm_key: SecretStr | None = Field(None, description="The key that the server wants; without it none is sent.")
    llm_timeout: float = Field(
        20,
        gt=0,
        description="Seconds by which the language model may delay any story, retries and the stories before it"
        " included; less than `message_timeout`.",
    )
    llm_tries: int = Field(3, ge=1, le=10, description="Times that a story is sent to the server at most.")
    llm_at_once: int = Field(8, ge=1, le=256, description="Stories that are with the server at once.")
    llm_pause: float = Field(
        30, ge=0, description="Seconds for which nobody is asked after the server was away or too slow."
    )
    llm_most_chars: int = Field(12_000, ge=500, description="Characters of a story's text that are sent at most.")
    llm_answer_tokens: int = Field(1024, ge=64, description="Tokens of an answer at most.")
    llm_extra: dict[str, Any] = Field(
        {},
        description='Fields put into every request, as JSON; null takes one away: `{"max_tokens": null, '
        '"max_completion_tokens": 1024}`.',
    )
    llm_gate: float = Field(
        -5, description="Log-odds of the embedded reader's likeliest pair from which a story is worth asking about."
    )
    llm_tokens_a_day: int | None = Field(
        2_000_000, ge=0, description="Tokens that may be spent in a day of UTC, by all workers; null: without a limit."
    )
    llm_money_a_day: float | None = Field(
        None, ge=0, description="Money that may be spent in a day of UTC, in the currency of the prices."
    )
    llm_price_prompt: float = Field(0, ge=0, description="What a million tokens of prompts cost.")
    llm_price_answer: float = Field(0, ge=0, description="What a million tokens of answers cost.")
    llm_database_url: SecretStr | None = Field(
        None,
        description="SQLAlchemy URL of what the model answered and what was spent, one for all workers; SQLite under "
        "`data_dir` unless given.",
    )
    llm_kept: int = Field(
        365, ge=0, le=36500, description="Days after which an answer of the model is forgotten; 0 keeps it for ever."
    )
    llm_ask_again: bool = Field(
        False,
        description="Whether stories that come again are sent to the model where it did not speak the first time; else"
        " a replay gives what the first time gave.",
    )

    alerting_key: SecretStr | None = Field(
        None,
        description="Fernet key that seals addresses and secrets of subscriptions; several, newest first, separated by "
        "commas. Without it the file alerting.key under `data_dir` is made and used.",
    )
    deliver_to_private: bool = Field(
        False, description="Whether webhooks may go to addresses that are not on the public internet."
    )
    delivery_timeout: float = Field(10, gt=0, le=60, description="Seconds that a receiver has to answer.")
    news_for: float = Field(
        2,
        ge=0,
        description="Days after its publication in which a story is news. What is older when it comes is kept, and told"
        " only to subscriptions that ask for old stories; 0: it is news however old.",
    )
    smtp_host: str | None = Field(None, description="The server that takes our e-mail; without it none is sent.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Its port.")
    smtp_security: Literal["starttls", "tls", "none"] = Field("starttls", description="How to speak to it.")
    smtp_username: str | None = Field(None, description="SMTP user name.")
    smtp_password: SecretStr | None = Field(None, description="SMTP password.")
    smtp_sender: str = Field("visitwire@localhost", description="The address that alerts come from.")
    deliveries_at_once: int = Field(64, ge=1, le=1024, description="Deliveries under way at once, per worker.")
    deliveries_kept: int = Field(
        90,
        ge=4,
        le=3650,
        description="Days after which a delivery that is over is forgotten, and can be replayed no more.",
    )

    alerts_kept: int = Field(
        365,
        ge=0,
        description="Days after which an alert that no kept delivery tells leaves the ledger; 0: none does.",
    )
    visits_kept: int = Field(
        1825,
        ge=0,
        description="Days after its last report when a visit leaves the ledger with its reports, and a story that "
        "reports none; at least 400, or 0: none does.",
    )

    gateway_host: str = Field("127.0.0.1", description="Address of the board and the API; 0.0.0.0 opens it to others.")
    gateway_port: int = Field(8080, ge=0, le=65535, description="Port of the board and the API; 0 picks a free one.")
    gateway_database_url: SecretStr | None = Field(
        None, description="SQLAlchemy URL of the gateway's read model; SQLite under `data_dir` unless given."
    )
    gateway_doors: Literal["auto", "closed"] = Field(
        "auto",
        description="auto: whoever sits at this machine comes in while the gateway listens on loopback; closed: nobody"
        " does without a login or an API key.",
    )
    gateway_rate: int = Field(1200, ge=1, description="Requests a minute that one user, key or address may make.")
    gateway_streams: int = Field(
        1000, ge=1, description="Live streams open at once; who asks for one more is told to come back later."
    )
    gateway_kept: int = Field(
        365,
        ge=0,
        description="Days for which the board keeps stories with their quotes and names, changes and dead letters; 0: "
        "for ever.",
    )
    gateway_url: str | None = Field(
        None,
        description="Address at which others reach the board, for links in alerts, calendars and feeds and for logging"
        " in by OpenID Connect.",
    )
    gateway_trusted_proxies: str | None = Field(
        None,
        description="Addresses or networks of proxies before the gateway, separated by commas, that are believed when"
        " they say whom they speak for (X-Forwarded-For, X-Forwarded-Proto); without it nobody is.",
    )
    gateway_oidc_issuer: str | None = Field(
        None, description="The OpenID Connect provider, as it names itself; without it there is no such login."
    )
    gateway_oidc_client_id: str | None = Field(None, description="What the provider calls Visitwire.")
    gateway_oidc_client_secret: SecretStr | None = Field(
        None, description="The secret that goes with it; a public client has none."
    )
    gateway_oidc_name: str = Field("single sign-on", description="The provider's name on the login page.")
    gateway_oidc_scopes: str = Field("openid profile email", description="Scopes asked for, separated by spaces.")
    gateway_oidc_name_claim: str = Field(
        "preferred_username", description="The claim that names a person on pages and in the audit log."
    )
    gateway_oidc_role_claim: str = Field(
        "groups", description="The claim with a person's groups or roles; dots lead inwards: `realm_access.roles`."
    )
    gateway_oidc_roles: dict[str, Literal["reader", "editor", "admin"]] = Field(
        {}, description='What its values make of a person, the highest counting: `{"desk": "editor"}`.'
    )
    gateway_oidc_default_role: Literal["reader", "editor", "admin"] | None = Field(
        None, description="What everybody else is whom the provider knows; without it they are refused."
    )
    gateway_oidc_tenant: str = Field("default", min_length=1, description="The tenant of all who come in this way …")
    gateway_oidc_tenant_claim: str | None = Field(None, description="… or the claim that says whose each is.")
    gateway_oidc_email_domains: str | None = Field(
        None, description="Only people with a verified e-mail address in one of these, separated by commas, come in."
    )

    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least that is logged.")
    log_format: Literal["json", "console"] = Field("json", description="JSON lines, or lines for people.")

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
