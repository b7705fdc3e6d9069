"""What an operator set for the language model, complete, and with the key read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from pydantic import SecretStr
from visitwire_runtime.backoff import Backoff
from visitwire_runtime.setting_groups.visits import LanguageModelSettings
from visitwire_runtime.sockets import CannotStart


@dataclass(frozen=True)
class Options:
    """The server, what is asked of it, and the limits; seconds, characters, tokens."""

    url: str
    model: str
    key: SecretStr | None = None
    timeout: float = 20
    tries: int = 3
    at_once: int = 8
    pause: float = 30
    most_chars: int = 12_000
    answer_tokens: int = 1024
    extra: Mapping[str, Any] = field(default_factory=dict)
    gate: float = -5
    tokens_a_day: int | None = None
    money_a_day: float | None = None
    price_prompt: float = 0
    price_answer: float = 0
    ask_again: bool = False
    kept: int = 0
    """Days; 0: for ever."""
    backoff: Backoff = field(default_factory=Backoff)

    def cost(self, prompt_tokens: int, answer_tokens: int) -> float:
        """In the currency of the prices."""
        return (prompt_tokens * self.price_prompt + answer_tokens * self.price_answer) / 1_000_000


def options_of(settings: LanguageModelSettings) -> Options:
    """Raises `CannotStart` where something is missing or cannot be, in words for the operator."""
    if not settings.llm_url or not settings.llm_model:
        missing = "VISITWIRE_LLM_URL" if not settings.llm_url else "VISITWIRE_LLM_MODEL"
        raise CannotStart(
            f"VISITWIRE_READERS is {settings.readers!r}, which needs {missing}; see docs/language-models.md"
        )
    if settings.llm_timeout >= settings.message_timeout:
        raise CannotStart(
            f"VISITWIRE_LLM_TIMEOUT is {settings.llm_timeout:g} s; it must be less than VISITWIRE_MESSAGE_TIMEOUT,"
            f" {settings.message_timeout:g} s, or stories that wait for the model count as hanging"
        )
    if settings.llm_money_a_day is not None and not (settings.llm_price_prompt or settings.llm_price_answer):
        raise CannotStart(
            "VISITWIRE_LLM_MONEY_A_DAY needs prices: VISITWIRE_LLM_PRICE_PROMPT, VISITWIRE_LLM_PRICE_ANSWER"
        )
    names = set(Options.__dataclass_fields__) - {"url", "model", "key", "backoff"}
    return Options(
        url=_url(settings.llm_url),
        model=settings.llm_model,
        key=_key(settings.llm_key),
        backoff=settings.backoff(),
        **{name: getattr(settings, f"llm_{name}") for name in names},
    )


def _url(given: str) -> str:
    try:
        url = httpx.URL(given)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise CannotStart("VISITWIRE_LLM_URL is no address of a server, such as http://127.0.0.1:8000/v1")
    if url.userinfo:
        raise CannotStart(
            "VISITWIRE_LLM_URL holds a password; put the key into a file, and name that by VISITWIRE_LLM_KEY_FILE"
        )
    if url.query or url.fragment:
        raise CannotStart(
            "VISITWIRE_LLM_URL ends in a query; end it with the path, and name a file with the key by"
            " VISITWIRE_LLM_KEY_FILE"
        )
    return given.rstrip("/")


def _key(given: SecretStr | None) -> SecretStr | None:
    """The key as a header carries it. Raises `CannotStart` where none can."""
    if given is None:
        return None
    key = given.get_secret_value().strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise CannotStart("VISITWIRE_LLM_KEY holds no key: one line of letters, digits and signs")
    return SecretStr(key)
