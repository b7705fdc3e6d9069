"""The model for all tests of the extraction stage."""

import pytest
from spacy.language import Language

from tests.helpers.language_model import language_model


@pytest.fixture(scope="session")
def nlp() -> Language:
    return language_model()
