"""Who reads stories for visits, and the language model that may."""

from typing import Any, Literal

from pydantic import Field, SecretStr

from visitwire_runtime.setting_groups.process import ProcessSettings


class ReaderSettings(ProcessSettings):
    """Of the visits stage."""

    readers: Literal["rules", "llm", "both"] = Field(
        "rules",
        description="Which reader finds visits: the embedded one (rules), a language model of yours (llm), or "
        "both. llm and both need the distribution visitwire-reader-llm, and fall back to rules. "
        "See docs/language-models.md.",
    )


class LanguageModelSettings(ReaderSettings):
    """Of the visits stage where a language model reads too."""

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

    @property
    def llm_database(self) -> SecretStr:
        """The URL of what a language model answered."""
        return self.llm_database_url or SecretStr(f"sqlite:///{self.data_dir.absolute() / 'llm.sqlite'}")
