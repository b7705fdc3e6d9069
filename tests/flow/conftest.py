"""The stages of the suite, with the language model loaded once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from visitwire_runtime import AnyStage
from visitwire_runtime.settings import Settings
from visitwire_suite.stages import LANGUAGE, STAGES, build


@pytest.fixture(scope="session")
def language() -> dict[str, AnyStage]:
    """The stages that remember nothing."""
    return {name: build(name, Settings()) for name in LANGUAGE}


@pytest.fixture
def suite(language: dict[str, AnyStage], tmp_path: Path) -> Callable[..., list[AnyStage]]:
    """Makes the stages with a memory of their own, up to the one called `last`."""

    def make(last: str = "alerting") -> list[AnyStage]:
        names = list(STAGES)[: list(STAGES).index(last) + 1]
        settings = Settings(data_dir=tmp_path)
        return [language[name] if name in language else build(name, settings) for name in names]

    return make
