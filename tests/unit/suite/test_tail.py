"""What `visitwire tail` says of a message, in a line."""

from datetime import UTC, datetime

from visitwire_runtime.reader import Found
from visitwire_schemas import VISITS, Destination, LedgerVisit, Party, Report, VisitStatus
from visitwire_suite.kafka_tail import line

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
    found = Found(VISITS.encode(visit), VISITS.name, 0, 0, NOON)
    assert line(found, visit) == "Lucas Andrade (BR) to IN, accepted, no date  (revision 600, 100 reports)"
