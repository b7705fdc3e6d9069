"""What a lost ledger is rebuilt from is read back from the broker."""

from visitwire_alerting.ledger.rebuild_topics import read_stories, read_visits
from visitwire_runtime.settings import Settings
from visitwire_runtime.topic_sender import Sender
from visitwire_schemas import STORIES_ENRICHED, VISITS, Record

from tests.unit.gateway.samples import story, visit


def test_the_visits_that_stand_and_every_story_are_read(flow: Settings) -> None:
    told = [story("urn:nw:a"), story("urn:nw:b")]
    with Sender(flow) as sender:
        for one in (visit("gone"), visit("stands"), visit("stands", revision=2)):
            sender.send(VISITS.name, VISITS.encode(one))
        sender.send(VISITS.name, Record(b"gone", None))
        for each in told:
            sender.send(STORIES_ENRICHED.name, STORIES_ENRICHED.encode(each))
    last = dict(read_visits(flow))
    assert last == {"gone": None, "stands": visit("stands", revision=2)}
    assert sorted(read_stories(flow), key=lambda each: each.key) == told
