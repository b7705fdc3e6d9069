"""The table of office-holders: every row is well formed, every country is one the contract knows."""

from visitwire_extraction.roster import holders
from visitwire_extraction.vocabulary import vocabulary


def test_every_country_is_known() -> None:
    assert {holder.country for holder in holders()} <= {*vocabulary().states, *vocabulary().by_acronym}


def test_nobody_leaves_an_office_before_taking_it() -> None:
    assert [holder for holder in holders() if holder.end is not None and holder.end < holder.start] == []
