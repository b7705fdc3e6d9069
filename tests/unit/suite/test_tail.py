"""What `visitwire tail` says of a message, in a line, and what it refuses to wait for."""

from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner
from visitwire_runtime.topic_reader import FoundRecord
from visitwire_schemas import VISITS, Destination, LedgerVisit, Party, Report, VisitStatus
from visitwire_suite.kafka_tail import line
from visitwire_suite.main import app

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_reports_of_a_much_told_visit_are_counted_with_those_left_out() -> None:
    report = Report(
        provider="nordwire", uri="a", version=1, published=NOON, status=VisitStatus.ACCEPTED, sentence="He goes."
    )
    visit = LedgerVisit(
        id="v",
        revision=600,
        visitor=Party(name="Lucas Andrade", country="BR"),
        destination=Destination(country="IN"),
        status=VisitStatus.ACCEPTED,
        reports=(report, report),
        reports_left_out=98,
        updated=NOON,
    )
    found = FoundRecord(VISITS.encode(visit), VISITS.name, 0, 0, NOON)
    assert line(found, visit) == "Lucas Andrade (BR) to IN, accepted, no date  (revision 600, 100 reports)"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["--status", "maybe"], "'maybe' is not one of 'invited', 'accepted',"),
        (["--country", "Narnia"], "'Narnia' is not a country"),
    ],
)
def test_what_never_comes_is_not_waited_for(asked: list[str], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    result = CliRunner().invoke(app, ["tail", "alerts", *asked])
    assert (result.exit_code, words in result.output) == (2, True), result.output
