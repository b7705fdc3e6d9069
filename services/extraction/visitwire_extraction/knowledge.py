"""What extraction knows beside the model."""

from dataclasses import dataclass

from visitwire_extraction.columns import Columns
from visitwire_extraction.lemmas import Lemmas
from visitwire_extraction.roster import Roster
from visitwire_extraction.vocabulary import Vocabulary


@dataclass(frozen=True)
class Knowledge:
    """Lemmas, the tables, and who held which office."""

    lemmas: Lemmas
    columns: Columns
    tables: Vocabulary
    roster: Roster
