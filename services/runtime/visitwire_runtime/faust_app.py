"""The Faust app under a worker. The only file that knows Faust."""

from collections.abc import Mapping
from typing import Any

import faust
from faust.auth import OAuthCredentials
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from visitwire_runtime import oauth
from visitwire_runtime.broker_connection import tls_context, tokens
from visitwire_runtime.setting_groups.worker import WorkerSettings
from visitwire_runtime.stage import AnyStage
from visitwire_runtime.topic_names import group


class _ConsumerThread(driver.AIOKafkaConsumerThread):
    """Goes back, after a rebalance, to the beginning of a partition of which nothing was acknowledged yet.

    Faust drops what it fetched before a rebalance was over, and seeks the committed offsets. A partition without one
    aiokafka leaves where it stands, so that nobody read those records: 40 of 400, once in a dozen runs of two workers
    that start on a new topic.
    """

    async def seek_to_committed(self) -> Mapping[TP, int]:
        offsets: Mapping[TP, int] = await self.call_thread(self._seek_to_unacknowledged)
        return offsets

    async def _seek_to_unacknowledged(self) -> Mapping[TP, int]:
        consumer = self._ensure_consumer()
        offsets: Mapping[TP, int] = await consumer.seek_to_committed()
        if untouched := [partition for partition, offset in offsets.items() if not offset]:
            await consumer.seek_to_beginning(*untouched)
        return offsets


class _Consumer(driver.Consumer):
    def _new_consumer_thread(self) -> _ConsumerThread:
        return _ConsumerThread(self, loop=self.loop, beacon=self.beacon)


class _Transport(driver.Transport):
    Consumer = _Consumer


def _credentials(settings: WorkerSettings) -> Any:
    context = tls_context(settings)
    if not settings.broker_protocol.startswith("SASL"):
        return context and faust.SSLCredentials(context=context)
    if settings.broker_mechanism == "OAUTHBEARER":
        return OAuthCredentials(oauth_cb=oauth.WorkersProvider(tokens(settings)), ssl_context=context)
    return faust.SASLCredentials(
        username=settings.broker_username,
        password=settings.broker_password.get_secret_value() if settings.broker_password else "",
        ssl_context=context,
        mechanism=settings.broker_mechanism,
    )


def faust_app(stage: AnyStage, settings: WorkerSettings) -> Any:
    """The Faust app of a stage's worker: bytes in, acknowledged by hand, no web server, no tables."""
    (settings.data_dir / "faust").mkdir(parents=True, exist_ok=True)
    credentials = _credentials(settings)
    secured: dict[str, Any] = {"broker_credentials": credentials} if credentials else {}
    app = faust.App(
        group(settings, stage.name),
        broker=[f"kafka://{server.strip()}" for server in settings.broker.split(",")],
        datadir=settings.data_dir / "faust" / stage.name,
        store="memory://",
        key_serializer="raw",
        value_serializer="raw",
        web_enabled=False,
        topic_allow_declare=False,  # admin.py makes them, with their partitions and retention
        topic_disable_leader=True,
        broker_session_timeout=settings.session_timeout,
        broker_heartbeat_interval=settings.session_timeout / 4,
        broker_request_timeout=max(40.0, settings.session_timeout + 5),
        broker_max_poll_interval=86_400.0,  # a retry in place may wait for hours; the partition waits with it
        broker_commit_interval=1.0,
        broker_commit_livelock_soft_timeout=86_400.0,
        stream_processing_timeout=86_400.0,
        # Faust's own 4,096 parsed stories would be 160 MB. A short buffer is slow: whenever it is full Faust pauses the
        # partitions, and that takes up to 1.5 s (64: 266 small records a second, 512: 1,100).
        stream_buffer_maxsize=settings.read_ahead,
        broker_max_poll_records=max(1, settings.read_ahead // 4),
        stream_wait_empty=False,
        **secured,
    )
    app.transport = _Transport(app.conf.broker_consumer, app)
    return app
