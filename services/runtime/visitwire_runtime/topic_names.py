"""What topics and consumer groups are called on a broker that is shared: our names with a prefix before them.

Only what speaks to a broker knows prefixes. Everything else, messages and stores too, has the names of the contract, so
that they mean the same on every broker.
"""

from visitwire_runtime.setting_groups.broker import BrokerSettings


def on_broker(settings: BrokerSettings, topic: str) -> str:
    """The broker's name of a topic of ours."""
    return settings.topic_prefix + topic


def ours(settings: BrokerSettings, topic: str) -> str:
    """Our name of a topic on the broker; one of somebody else's stays as it is."""
    return topic.removeprefix(settings.topic_prefix)


def group(settings: BrokerSettings, stage: str) -> str:
    """The consumer group of a stage's workers."""
    return settings.group_prefix + stage
