"""The commands about Kafka, as one Typer app."""

import typer

from visitwire_suite import kafka_dlq, kafka_topics
from visitwire_suite.kafka_feed import feed
from visitwire_suite.kafka_tail import tail
from visitwire_suite.kafka_up import up
from visitwire_suite.kafka_worker import worker

app = typer.Typer(no_args_is_help=True)
for command in (up, worker, feed, tail):
    app.command()(command)
app.add_typer(kafka_topics.app, name="topics")
app.add_typer(kafka_dlq.app, name="dlq")
