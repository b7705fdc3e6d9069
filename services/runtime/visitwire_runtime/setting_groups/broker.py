"""How to reach the broker, and how to read from it."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from visitwire_runtime.setting_groups.sources import Group

PREFIX = r"^[A-Za-z0-9._-]{0,100}$"
"""What Kafka takes in a name, and short enough to leave room for ours."""


class BrokerSettings(Group):
    """Of whatever speaks to the broker."""

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
