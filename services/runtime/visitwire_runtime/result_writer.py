"""Writes what became of records: to the stage's sink, or as dead letters."""

from collections.abc import Sequence
from datetime import datetime

from visitwire_schemas import Record, dead_letters

from visitwire_runtime.carrier import Carried
from visitwire_runtime.dead_letters import ProducedRecord, dead_letter, megabytes, size
from visitwire_runtime.setting_groups.worker import WorkerSettings
from visitwire_runtime.sole_writer import SoleWriter
from visitwire_runtime.stage import AnyStage, TooLarge
from visitwire_runtime.topic_writer import Writer


class Results:
    """A stage's way back to the broker; each call returns when the broker has it all."""

    def __init__(self, stage: AnyStage, settings: WorkerSettings, writer: Writer, sole: SoleWriter) -> None:
        self._stage, self._settings, self._writer, self._sole = stage, settings, writer, sole

    async def written(self, deliveries: Sequence[ProducedRecord], outcomes: list[Carried]) -> None:
        """What the broker will never take as too large becomes, in `outcomes` too, a dead letter."""
        sink = self._stage.sink
        if sink is not None:
            try:
                await self._writer.send(sink.name, [record for outcome in outcomes for record in outcome.records])
            except TooLarge:
                await self._one_by_one(sink.name, deliveries, outcomes)
        for outcome in outcomes:
            await self._bury(outcome)

    async def publish(self, topic: str, record: Record) -> None:
        """Sends a record of background work; what the broker will never take is a dead letter."""
        try:
            await self._writer.send(topic, [record])
        except TooLarge:
            await self.bury(topic, record)

    async def take_over(self) -> None:
        """See `SoleWriter`."""
        await self._sole.take_over()

    async def write(self, records: Sequence[tuple[str, Record]], at: datetime) -> None:
        """See `SoleWriter`."""
        await self._sole.write(records, at)

    async def bury(self, topic: str, record: Record) -> None:
        """Makes a record that the broker will never take a dead letter."""
        reason = f"A record of {megabytes(size(record))} is larger than {topic} takes."
        await self._bury(self._refused(ProducedRecord(record, topic), reason))

    async def since(self, topic: str, time: datetime) -> list[Record]:
        """The records put on a topic from `time` on. Raises `Unavailable`."""
        return await self._writer.since(topic, time)

    async def _one_by_one(self, sink: str, deliveries: Sequence[ProducedRecord], outcomes: list[Carried]) -> None:
        """After the broker refused one of several as too large: finds it, and makes it the dead letter."""
        for index, outcome in enumerate(outcomes):
            try:
                await self._writer.send(sink, outcome.records)
            except TooLarge:
                reason = f"What {self._stage.name} made of it is larger than the broker takes on {sink}."
                outcomes[index] = self._refused(deliveries[index], reason)

    def _refused(self, delivery: ProducedRecord, reason: str) -> Carried:
        return Carried(dead=dead_letter(self._stage.name, delivery, reason, "InvalidMessage", self._settings.spool))

    async def _bury(self, outcome: Carried) -> None:
        if outcome.dead is not None:
            topic = dead_letters(self._stage.name)
            await self._writer.send(topic.name, [topic.encode(outcome.dead)])
