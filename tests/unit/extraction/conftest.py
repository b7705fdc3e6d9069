"""One loaded model for all tests of the extraction stage."""

import pytest
from spacy.language import Language
from visitwire_extraction.stage import load


@pytest.fixture(scope="session")
def nlp() -> Language:
    return load("en_core_web_md")
